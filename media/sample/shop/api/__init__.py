"""Handlers of the web interface: they take a session and give plain values."""
