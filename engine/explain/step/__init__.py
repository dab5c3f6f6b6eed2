"""Explanations of the numbers of a training step: forward, cost, backward, update."""
