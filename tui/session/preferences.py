"""Preferences: what the user wants to see, in all sessions."""

from dataclasses import dataclass

from tui.session.play.speed import MAX


@dataclass
class ViewPreferences:
    """The app has one instance, which all its sessions use."""

    predicting: bool = False  # on Backprop, results are hidden until they are guessed
    shows_test: bool = True  # the maps show the test examples
    discretised: bool = False  # the maps show the decision alone, without shades
    shows_bias: bool = False  # Explore's network has a node 1 whose weights are the biases
    speed: float | None = MAX  # steps a second while training plays; None: slow at first
    details: bool = True  # Explore shows the numbers of every unit, not of whole layers alone
