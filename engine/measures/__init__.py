"""Numbers that lessons and scripts can ask of a run, by name."""
