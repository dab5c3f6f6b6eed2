"""Preferences: how the user wants to be shown things, whatever the session."""

from dataclasses import dataclass


@dataclass
class Preferences:
    """The app has one, and each of its sessions shows it."""

    predicting: bool = False  # on Backprop, results are hidden until they are guessed
    shows_test: bool = True  # the maps show the test examples
    discretised: bool = False  # the maps show the decision alone, without shades
