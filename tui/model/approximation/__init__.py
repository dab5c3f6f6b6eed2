"""Facts of screen Approximate."""
