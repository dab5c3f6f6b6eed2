"""The target and the curves of screen Approximate."""
