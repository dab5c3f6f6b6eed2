"""Repeated sampling on screen Linear: a job, and when it is done."""
