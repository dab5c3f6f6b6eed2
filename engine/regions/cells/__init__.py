"""Cutting a box into convex cells by the hidden units of a network."""
