"""The format of a lesson's file in words: what ``nn-explore lesson --format`` prints."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from textwrap import wrap

from engine.measures.measure import Measure
from engine.measures.table import MEASURES
from tui.lessons.checks import Known
from tui.lessons.lesson import CHOICES, MAX_TITLE, MAX_WORDS

WIDTH = 96

EXAMPLE = """title = "A line, twice"
about = "Training and a formula find the same line."

[[step]]
title = "Training finds a line"
text = "Dots are examples. {play} trains: each step moves w and b so that C falls."
experiment = "line"            # opened at step 0 of training; without it the last run goes on
settings = { learning_rate = 0.01 }
at = 0
screen = "explore"
ask = "play"                   # the panel says: Press space, and wait for step 400
until = 400

[step.claim]                   # measured live: ✓ if it holds, ✗ if it fails
says = "C is {value}; the best line has {bound}."
measure = "cost"
equals = "line_cost"
within = 0.01

[[step]]
title = "So does a formula"
text = "Least squares needs no training. The table compares its coefficients with the network's."
screen = "linear"
pane = "coefficients"

[step.predict]                 # asked first, answered by a letter
question = "How far apart are the two lines?"
choices = ["not at all, to two digits", "far apart"]
answer = "not at all, to two digits"

[step.claim]
says = "The largest difference of a coefficient is {value}."
measure = "ols_gap"
below = 0.05
"""

FILE = (
    ("title", "of the lesson"),
    ("about", "a sentence on it"),
    ("[[step]]", "begins a step"),
)
STEP = (
    ("title", f"at most {MAX_TITLE} characters"),
    ("text", f"at most {MAX_WORDS} words; {{play}} stands for the key of the action play"),
    ("experiment", "opened first: a name below, or a .toml, .csv or .tsv beside the lesson"),
    ("settings", "of the experiment, as in an experiment's file"),
    ("at", "the step of training to go to"),
    ("screen, pane", "what is shown, and which pane has the focus"),
    ("zoom", "true: the pane fills the screen"),
    ("actions", "a list of actions that are done when the step opens"),
    ("ask, until", "the action that the reader is asked to do, until a step of training"),
    ("seconds, train", "for a presentation: how long it lasts, and how many steps are trained"),
)
PREDICT = (
    ("question", "asked before the claim is shown"),
    ("choices, answer", f"a list of 2 to {len(CHOICES)}, and which of them is right"),
    ("measure, within", "instead: the answer is a number, right within so much"),
)
CLAIM = (
    ("says", "a sentence with {value}, and perhaps {bound}, for the numbers measured"),
    ("measure", "one of those below; what it needs stands behind it, as a key of its own"),
    ("below, above, equals", "one of them: a number, or the name of another measure"),
    ("within", "by how much equals may be off"),
)


def format_text(known: Known) -> str:
    """All that a lesson's file can say, with an example that works."""
    measures = [(name, _measure(one)) for name, one in MEASURES.items()]
    return "\n".join(
        [
            "A lesson is one TOML file. nn-explore lesson FILE opens it, and tells each mistake",
            "with its line. An example:",
            "",
            *(f"    {line}".rstrip() for line in EXAMPLE.split("\n")),
            *_table("The file", FILE),
            *_table("A step; all but title and text may be left out", STEP),
            *_table("[step.predict]", PREDICT),
            *_table("[step.claim]", CLAIM),
            *_table("Measures", measures),
            *_table("Screens and their panes", [(s, ", ".join(p)) for s, p in known.panes.items()]),
            *_list("Experiments", known.experiments),
            *_table("Actions", [*known.actions.items()]),
        ]
    )


def _measure(one: Measure) -> str:
    """Its meaning, and what it needs."""
    return f"{one.meaning} ({', '.join(one.arguments)})" if one.arguments else one.meaning


def _table(heading: str, rows: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows) + 2
    lines = [heading]
    for name, text in rows:
        first, *others = wrap(text, WIDTH - width - 2, break_on_hyphens=False)
        lines += [f"  {name:<{width}}{first}", *(" " * (width + 2) + line for line in others)]
    return [*lines, ""]


def _list(heading: str, names: Collection[str]) -> list[str]:
    lines = wrap(", ".join(names), WIDTH - 2, break_on_hyphens=False)
    return [heading, *(f"  {line}" for line in lines), ""]
