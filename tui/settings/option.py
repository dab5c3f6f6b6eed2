"""Options: a row of the settings panel, with its label, help, value and ways to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine import Experiment
from engine.training.fields import FIELDS, SWITCH, WHOLE
from engine.training.ladders import Ladder
from tui.session.settings_draft import AT_ONCE, Changes, DataFacts
from tui.settings.value_ladders import (
    NOTHING,
    number_text,
    others_from,
    read_integer,
    read_number,
)

Turn = Callable[[Experiment, DataFacts, int], Iterable[Changes]]
MAX_RUNGS = 50  # of a ladder whose values are listed or offered
YES_NO = ("yes", "no")


def no_choices(experiment: Experiment, facts: DataFacts) -> Sequence[str]:
    """The choices of an option that has too many to be listed, or whose value is typed."""
    return ()


def yes_or_no(experiment: Experiment, facts: DataFacts) -> Sequence[str]:
    """The choices of a switch."""
    return YES_NO


@dataclass(frozen=True)
class Option:
    """One row of the settings panel, for one or more ``fields`` of the Experiment.

    ``show`` gives the present value as text. ``turn`` gives the changes that a step back (−1) or on
    (+1) may make, best first; ``nudge`` does the same for − and + (None: as ``turn``). ``read``
    turns typed text into changes, or raises ValueError (None: nothing can be typed); ``text`` is
    what to type for the present value. ``choices`` are the values that ``turn`` steps through, as
    ``show`` gives them.
    """

    id: str
    fields: tuple[str, ...]
    label: str
    help: str
    show: Callable[[Experiment, DataFacts], str]
    turn: Turn
    nudge: Turn | None = None
    read: Callable[[str, Experiment, DataFacts], Changes] | None = None
    text: Callable[[Experiment, DataFacts], str] = lambda experiment, facts: ""
    choices: Callable[[Experiment, DataFacts], Sequence[str]] = no_choices

    @property
    def needs_restart(self) -> bool:
        """Whether a change begins a new run; else it applies from the next step."""
        return not AT_ONCE.issuperset(self.fields)

    @property
    def is_field(self) -> bool:
        """Whether it is a whole field, not part of one."""
        return self.id in self.fields


def field_option(name: str) -> Option:
    """The option of a field by its row of ``FIELDS``: names, a number or a switch."""
    field = FIELDS[name]
    if field.names:
        return _named_option(name, field.names)
    if field.ladder:
        return _number_option(name, field.ladder)
    assert field.value_kind == SWITCH, f"{name} needs names or a ladder, or a row in SPECIAL"
    return _switch_option(name)


def _named_option(field: str, names: Sequence[str]) -> Option:
    def turn(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
        return ({field: name} for name in others_from(names, getattr(e, field), by))

    def read(text: str, e: Experiment, facts: DataFacts) -> Changes:
        return {field: text}

    def show(e: Experiment, facts: DataFacts) -> str:
        return str(getattr(e, field))

    label, note = label_and_help(field)
    return Option(
        field, (field,), label, note, show, turn, read=read, text=show, choices=lambda e, f: names
    )


def _number_option(field: str, ladder: Ladder) -> Option:
    read = read_integer if FIELDS[field].value_kind == WHOLE else read_number

    def turn(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
        return _change_to(e, field, ladder.step(getattr(e, field), by))

    def nudge(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
        return _change_to(e, field, ladder.nudge(getattr(e, field), by))

    def typed(text: str, e: Experiment, facts: DataFacts) -> Changes:
        return {field: None if ladder.nothing and text in NOTHING else read(text)}

    def choices(e: Experiment, facts: DataFacts) -> Sequence[str]:
        return listed(ladder, getattr(e, field))

    return Option(
        field,
        (field,),
        *label_and_help(field),
        show=lambda e, facts: number_text(getattr(e, field), ladder.nothing),
        turn=turn,
        nudge=nudge,
        read=typed,
        text=lambda e, facts: "" if getattr(e, field) is None else repr(getattr(e, field)),
        choices=choices,
    )


def listed(ladder: Ladder, value: float | None, unit: str = "") -> Sequence[str]:
    """The rungs of a ladder with the present value among them; () if there are too many."""
    if len(ladder.rungs) > MAX_RUNGS:
        return ()
    values = sorted({*ladder.rungs} if value is None else {*ladder.rungs, value})
    nothing = [ladder.nothing] if ladder.nothing else []
    return (*nothing, *(number_text(number) + unit for number in values))


def _switch_option(field: str) -> Option:
    def turn(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
        yield {field: not getattr(e, field)}

    def show(e: Experiment, facts: DataFacts) -> str:
        return "yes" if getattr(e, field) else "no"

    return Option(field, (field,), *label_and_help(field), show, turn, choices=yes_or_no)


def label_and_help(field: str) -> tuple[str, str]:
    """The label of a field, and its help in the panel."""
    return FIELDS[field].label, FIELDS[field].help + FIELDS[field].hint


def _change_to(e: Experiment, field: str, value: Any) -> Iterator[Changes]:
    if value != getattr(e, field):
        yield {field: value}
