"""What the session shows of its runs at one moment."""
