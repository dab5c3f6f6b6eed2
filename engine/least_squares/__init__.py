"""Least squares: exact for small data, in float64 for large data."""
