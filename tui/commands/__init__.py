"""What the user can do, and the table of keys."""
