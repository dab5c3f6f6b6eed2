"""How play goes: its speed, and what it goes on to."""
