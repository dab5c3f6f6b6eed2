"""The pane of the loss surface."""
