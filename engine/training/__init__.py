"""Training: an experiment and its settings, the steps of a run, and its history."""
