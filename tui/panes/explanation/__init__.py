"""How an explanation is laid out."""
