"""How play goes: how fast, and until when."""
