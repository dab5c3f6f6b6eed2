"""What a lesson is. ``reading`` makes one from a TOML text."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from engine.measures.claim import Claim

MAX_WORDS = 60  # of a step's text
MAX_TITLE = 40  # characters
CHOICES = "abcde"  # how the choices of a prediction are numbered


class StatedClaim(NamedTuple):
    """A claim and its sentence, with ``{value}`` and ``{bound}`` for the numbers measured."""

    says: str
    claim: Claim


class Prediction(NamedTuple):
    """A question that the reader answers before the step goes on.

    The answer is one of ``choices``, or the value of a measure, typed, up to ``within``.
    """

    question: str
    choices: tuple[str, ...] = ()
    answer: str = ""
    measure: str = ""
    within: float = 0.0


@dataclass(frozen=True)
class Step:
    """One thing, on the live screen that it speaks of.

    Attributes:
        title, text: ``{id}`` in the text stands for the key of the action of that id.
        line: where it begins in its file.
        experiment: what it opens: a name of the gallery, a data set, or a file beside the
            lesson's. "": the run of the step before goes on.
        settings: of the experiment, in place of its own.
        at: the training step to go to; None: the run stays where it is.
        screen: the screen to go to, with a pane to focus ("": its first), which fills the screen
            if ``zoom``.
        actions: ids of actions that are done then, as if their keys were pressed.
        ask: the id of the action that the reader is asked to do, and ``until`` which step; "":
            nothing.
        prediction: asked before the claim is shown.
        claim: measured live.
        seconds, train: how long it is shown by itself in a demo, and how many steps are made
            meanwhile, back if below 0.
    """

    title: str
    text: str
    line: int = 1
    experiment: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    at: int | None = None
    screen: str = ""
    pane: str = ""
    zoom: bool = False
    actions: tuple[str, ...] = ()
    ask: str = ""
    until: int | None = None
    prediction: Prediction | None = None
    claim: StatedClaim | None = None
    seconds: float = 0.0
    train: int = 0


@dataclass(frozen=True)
class Lesson:
    """A title, a sentence on what it is about, and steps; ``path`` is its file."""

    name: str
    title: str
    about: str
    steps: tuple[Step, ...]
    path: Path
