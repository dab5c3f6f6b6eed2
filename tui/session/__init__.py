"""The session: the only owner of mutable state."""
