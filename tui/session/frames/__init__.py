"""Making frames: what there is to draw, read from a session."""
