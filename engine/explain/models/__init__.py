"""Explanations of models: linear pieces, collapsed layers, fits, counts."""
