"""What the list of keys and the palette offer: actions, settings, experiments, colours."""
