"""What is asked of a fitted generalised linear model: predictions, over-dispersion."""
