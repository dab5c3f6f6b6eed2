"""Keys and actions as data."""
