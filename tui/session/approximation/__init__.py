"""Screen Approximate: its target, the curves built for it, and the search for knots."""
