"""Panes of screen 3, Regions."""
