"""How knots, steps and width build a curve: networks that are constructed, not trained."""
