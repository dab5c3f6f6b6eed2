"""The rows of the table of keys, by theme."""
