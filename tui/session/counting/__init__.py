"""Counting regions exactly, without making the user wait."""
