"""Generalised linear models, and the equivalent one-layer networks."""
