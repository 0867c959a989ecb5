"""What the back office reads in the morning."""
