"""Panes of screen 4, Linear."""
