"""Panes of screen 2, Backprop."""
