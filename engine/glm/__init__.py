"""Generalised linear models, and the one-layer networks that they are."""
