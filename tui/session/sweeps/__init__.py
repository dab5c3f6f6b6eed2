"""Errors of constructed curves by their width, computed in the background."""
