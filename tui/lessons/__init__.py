"""Lessons: steps, each with a set-up, a text, something to do, and a claim that is measured."""
