"""Use cases that change something or combine several aggregates."""
