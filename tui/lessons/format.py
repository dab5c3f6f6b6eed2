"""The format of a lesson's file in words: what ``nn-explore lesson --format`` prints."""

from __future__ import annotations

from collections.abc import Mapping

from tui.lessons.checks import KINDS, Kinds, Known
from tui.lessons.format_tables import (
    actions,
    experiments,
    measures,
    paragraph,
    rows,
    screens,
    settings,
)
from tui.lessons.lesson import CHOICES, MAX_TITLE, MAX_WORDS
from tui.lessons.steps import CLAIM_KEYS, MOST_SECONDS, PREDICT_KEYS, STEP_KEYS, TOP_KEYS

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
text = "Least squares needs no training. The table compares its numbers with the network's."
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

BEGIN = """A lesson is a text file in TOML (toml.io), saved as UTF-8, whose name ends in .toml.

  nn-explore lesson mine.toml             opens it; each mistake is told, with its line
  nn-explore lesson mine.toml --markdown  prints it as a handout, claims measured; try that first

An example"""

ORDER = (
    ("1", "The experiment is opened at step 0 of training, with the settings in place of its own."
     " Without experiment the run of the step before goes on. The first step needs an experiment"
     " and a screen."),
    ("2", "The screen is shown; without screen it stays. The run goes to the training step at,"
     " on or back. Then the pane has the focus, and fills the screen if zoom = true."),
    ("3", "The actions are done, one after the other, as if their keys were pressed."),
    ("4", "The panel shows title and text, then what is asked: to press the key of the action ask,"
     " and, with until, to train to that step."),
    ("5", "The question is asked. t answers it; the claim is not shown before."),
    ("6", "The claim is measured on the run as it is now, and again whenever training goes on."
     " It has no mark until the reader has done what is asked, then ✓ or ✗."),
    ("7", "t goes to the next step. In a handout, and where the reader goes back, what is asked is"
     " done by itself: training to until, or the action."),
)  # fmt: skip

FILE = {
    "title": "of the lesson",
    "about": "a sentence on it",
    "step": "each begins with the line [[step]]",
}
STEP = {
    "title": f"at most {MAX_TITLE} characters",
    "text": f"at most {MAX_WORDS} words; {{play}} stands for the key of the action play, so any "
    "action; {{ for a brace",
    "experiment": "one of the experiments below; or a file beside the lesson: data (.csv, .tsv), "
    "or what nn-explore has saved as an experiment (.toml)",
    "settings": "of the experiment, in place of its own: { hidden = [8], seed = 2 }",
    "at": "the step of training to go to",
    "screen": "one of the screens below",
    "pane": "one of the panes of the screen, which gets the focus",
    "zoom": "whether the pane fills the screen; in a presentation it always does",
    "actions": "actions that are done when the step opens",
    "ask": "the action that the reader is asked to do",
    "until": "the step of training up to which the action that is asked, such as play, goes on",
    "predict": "a question, see below",
    "claim": "see below",
    "train": "steps of training that are made when the step opens, back if below 0",
    "seconds": "in a presentation: how long the movement of train or until takes, at most "
    f"{MOST_SECONDS}; 4 if not given",
}
PREDICT = {
    "question": "asked before the claim is shown",
    "choices": f"2 to {len(CHOICES)} answers, of which the reader types the letter",
    "answer": "the choice that is right, word for word",
    "measure": "in place of choices: the answer is a number, this measure of the run",
    "within": "by how much a number that is typed may be off",
}
CLAIM = {
    "says": "a sentence: {value} is the number measured, {bound} what it is compared with",
    "measure": "one of the measures below; what it is told (degree = 3) is a key beside it",
    "within": "with equals: by how much the two numbers may differ",
    "below": "the bound: the claim holds if the number measured is below it. Of the measures those "
    "that need not be told anything can be bounds",
    "above": "in place of below",
    "equals": "in place of below; without within the two numbers must be the same",
}
ADVICE = """\
A claim must hold on every computer, and computers differ in the last digits; after long training
they may differ more. Leave room: below = 1e-9 for what is 0 but for rounding, within = 0.01 for
what training comes near. Use equals alone for counts only. Where a claim holds only after training,
ask for it, with until; or let at go there."""


def format_text(known: Known, panes: Mapping[str, Mapping[str, str]]) -> str:
    """All that a lesson's file can say, with an example that works; ``panes`` says what the panes
    of each screen show."""
    return "\n".join(
        [
            *(BEGIN, ""),
            *(f"    {line}".rstrip() for line in EXAMPLE.split("\n")),
            *rows("What happens in a step, in this order", ORDER),
            *_table("The file; values are texts in quotes, or what is said", TOP_KEYS, FILE),
            *_table("[[step]]; only title and text are needed in each", STEP_KEYS, STEP),
            *_table("[step.predict], below the keys of its step", PREDICT_KEYS, PREDICT),
            *_table("[step.claim], below the keys of its step", CLAIM_KEYS, CLAIM),
            *paragraph("Claims that hold", ADVICE),
            *screens(panes),
            *experiments(known),
            *measures(),
            *settings(),
            *actions(known),
        ]
    ).rstrip()


def _table(heading: str, kinds: Mapping[str, Kinds], meanings: Mapping[str, str]) -> list[str]:
    """The keys of a table, with their kinds and what they mean."""
    entries = []
    for key, kind in kinds.items():
        what = "" if kind is str else f" ({KINDS[kind]})"
        entries.append((key, f"{meanings[key]}{what}"))
    return rows(heading, entries)
