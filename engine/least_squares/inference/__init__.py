"""Predictions and tests of several coefficients, of least squares and generalised linear models."""
