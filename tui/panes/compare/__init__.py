"""Panes of screen Compare."""
