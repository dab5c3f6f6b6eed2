"""Data sets: where they come from, their tables, and what is made of their columns."""
