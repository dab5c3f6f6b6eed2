"""What is shown of a run at one moment: the Frame and the facts computed from it."""
