"""Panes of screen Approximate."""
