"""What the user can do: a module for each theme, with its functions and its keys."""
