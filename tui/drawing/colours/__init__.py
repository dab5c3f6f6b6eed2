"""Colour arithmetic, the colours that terminals can show, and the app's themes."""
