"""Counting regions beside the app: exact, and never so that a key waits for it."""
