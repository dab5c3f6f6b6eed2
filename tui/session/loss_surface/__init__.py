"""The loss surface around the current step."""
