"""Panes of screen 1, Explore."""
