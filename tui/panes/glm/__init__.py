"""Panes of screen 5, GLM."""
