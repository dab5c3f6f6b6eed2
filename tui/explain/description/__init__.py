"""The present state of a run in plain sentences, and the same facts as numbers."""
