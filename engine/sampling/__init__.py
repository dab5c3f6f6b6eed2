"""Repeated sampling: many data sets from one true model, each fitted anew."""
