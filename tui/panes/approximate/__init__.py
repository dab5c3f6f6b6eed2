"""Panes of screen Approximate: curves built from knots, steps and bumps."""
