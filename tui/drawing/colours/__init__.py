"""Colour arithmetic, and the colours that terminals can show."""
