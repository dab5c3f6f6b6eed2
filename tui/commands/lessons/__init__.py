"""What the user can do with lessons."""
