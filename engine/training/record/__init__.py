"""What a run records: its settings, events and states, and numbers along its checkpoints."""
