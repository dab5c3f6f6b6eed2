"""Least squares: exact where that is affordable, fast where data are large."""
