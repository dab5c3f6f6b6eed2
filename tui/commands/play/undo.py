"""Undo and redo of what the user did to the experiment: events of the run, a new run in its place,
another experiment that was opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import Experiment
from engine.training.fields import FIELDS
from engine.wording import count, noun_for, plural

if TYPE_CHECKING:
    from engine.training.record.history import Undone
    from engine.training.record.state import Event
    from tui.base_app import BaseApp

EDITS = {"add": "an example added", "delete": "an example deleted", "move": "an example moved"}


def undo(app: BaseApp) -> None:
    """Undo what was done last, and say what it was and what goes with it."""
    session = app.session
    undone = session.undo()
    if undone is None:
        if step := min((event.step for event in session.trainer.history.events), default=0):
            app.tell(f"no event up to this step: the first one is at step {count(step)}")
        elif not app.undo_opening():
            app.tell("there is nothing to undo")
        return
    app.do(lambda: None, pause=True)
    back = app.shown_keys["redo"]
    if isinstance(undone, Experiment):
        text = f"undone: {_restart(app, session.experiment, undone)}"
        app.tell(f"{text}; {back} brings it back", text)
        return
    gone, number = _removed(undone)
    text = f"undone: {_event(undone)}"
    if not gone:
        app.tell(f"{text}; {back} brings it back", text)
        return
    goes, them = noun_for(number, "goes", "go"), "them" if number > 1 else "it"
    app.tell(f"{text}; {gone} {goes}, {back} brings {them} back", f"{text}; {back} redoes", text)


def redo(app: BaseApp) -> None:
    """Bring back what was undone last, and say what that is."""
    session = app.session
    redone = session.redo()
    if redone is None:
        if not app.redo_opening():
            app.tell("there is nothing to redo")
        return
    app.do(lambda: None, pause=True)
    if isinstance(redone, Experiment):
        app.tell(f"redone: {_restart(app, redone, session.experiment)}")
        return
    gone, number = _removed(redone)
    text = f"redone: {_event(redone)}"
    app.tell(text + (f"; {gone} {noun_for(number, 'is', 'are')} back" * bool(gone)), text)


def _restart(app: BaseApp, before: Experiment, after: Experiment) -> str:
    """What a new run has changed: ``restart, η 0.1 → 0.03``, ``an example deleted``."""
    from tui.session.settings_draft import Draft
    from tui.settings.all_options import differences

    # a run that goes on from the present weights is not said to be given weights
    before, after = (replace(one, weights=None, biases=None) for one in (before, after))
    parts = [
        f"{'η' if label == FIELDS['learning_rate'].label else label.strip()} {old} → {new}"
        for label, old, new in differences(Draft(present=app.session.prepared), before, after)
    ]
    edits = after.edits[len(before.edits) :]
    parts = ["restart", *parts] if before.edits == after.edits else parts
    if edits:
        parts.append(EDITS["move" if len(edits) > 1 else edits[0][0]])  # a move may be two edits
    return ", ".join(parts or ["a data edit taken back"])


def _event(undone: Undone) -> str:
    """The event and its step: ``η 0.03 → 0.015 at step 147``."""
    return f"{event_label(undone.event)} at step {count(undone.event.step)}"


def event_label(event: Event) -> str:
    """What the event has changed: ``η 0.03 → 0.015``, ``batch size 10 → 5``."""
    if event.settings is None:
        return event.label
    parts = (part.partition(" ") for part in event.label.split(", "))
    return ", ".join(f"{_setting(name)} {change}" for name, _, change in parts)


def _setting(name: str) -> str:
    """The setting of this name in words: ``batch size``."""
    if name == "learning_rate":
        return "η"
    indented = name in FIELDS and FIELDS[name].label.startswith(" ")  # only clear in its table
    return name.replace("_", " ") if indented or name not in FIELDS else FIELDS[name].label


def _removed(undone: Undone) -> tuple[str, int]:
    """What was removed with the event, and how much: ``12 377 steps and 1 later event``."""
    counts = ((undone.steps, "step"), (len(undone.later), "later event"))
    parts = [plural(number, noun) for number, noun in counts if number]
    return " and ".join(parts), sum(number for number, _ in counts)
