"""Comparison of nested models: analysis of variance by term, terms left out one at a time."""
