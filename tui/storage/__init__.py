"""Sessions as files: saving, opening, recovery, sharing."""
