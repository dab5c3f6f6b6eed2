"""Options: a row of the settings panel, with its label, help, value and ways to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine import Experiment
from engine.training.fields import FIELDS
from tui.session.settings_draft import AT_ONCE, Changes, Facts
from tui.settings.value_ladders import (
    NOTHING,
    Ladder,
    number_text,
    others_from,
    read_integer,
    read_number,
)

Turn = Callable[[Experiment, Facts, int], Iterable[Changes]]


@dataclass(frozen=True)
class Option:
    """One row of the settings panel, for one or more ``fields`` of the Experiment.

    ``show`` gives the present value as text. ``turn`` gives the changes that a step back (−1) or on
    (+1) may make, best first; ``nudge`` does the same for − and + (None: as ``turn``). ``read``
    turns typed text into changes, or raises ValueError (None: nothing can be typed); ``text`` is
    what to type for the present value.
    """

    id: str
    fields: tuple[str, ...]
    label: str
    help: str
    show: Callable[[Experiment, Facts], str]
    turn: Turn
    nudge: Turn | None = None
    read: Callable[[str, Experiment, Facts], Changes] | None = None
    text: Callable[[Experiment, Facts], str] = lambda experiment, facts: ""

    @property
    def needs_restart(self) -> bool:
        """Whether a change begins a new run; else it applies from the next step."""
        return not AT_ONCE.issuperset(self.fields)

    @property
    def is_field(self) -> bool:
        """Whether it is a whole field, not part of one."""
        return self.id in self.fields


def named_option(field: str, names: Iterable[str], hint: str = "") -> Option:
    """A choice among names. ``hint`` is added to the help of the setting."""
    all_names = [*names]

    def turn(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        return ({field: name} for name in others_from(all_names, getattr(e, field), by))

    def read(text: str, e: Experiment, facts: Facts) -> Changes:
        return {field: text}

    def show(e: Experiment, facts: Facts) -> str:
        return str(getattr(e, field))

    return Option(field, (field,), *_label_and_help(field, hint), show, turn, read=read, text=show)


def number_option(
    field: str,
    ladder: Ladder,
    hint: str = "",
    read: Callable[[str], float] = read_number,
    format_value: Callable[[float | None, str], str] = number_text,
) -> Option:
    """A number, chosen from a ladder or typed."""

    def turn(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        return _change_to(e, field, ladder.step(getattr(e, field), by))

    def nudge(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        return _change_to(e, field, ladder.nudge(getattr(e, field), by))

    def typed(text: str, e: Experiment, facts: Facts) -> Changes:
        return {field: None if ladder.nothing and text in NOTHING else read(text)}

    return Option(
        field,
        (field,),
        *_label_and_help(field, hint),
        show=lambda e, facts: format_value(getattr(e, field), ladder.nothing),
        turn=turn,
        nudge=nudge,
        read=typed,
        text=lambda e, facts: "" if getattr(e, field) is None else repr(getattr(e, field)),
    )


def integer_option(field: str, ladder: Ladder, hint: str = "") -> Option:
    return number_option(field, ladder, hint, read_integer)


def switch_option(field: str) -> Option:
    """Yes or no."""

    def turn(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        yield {field: not getattr(e, field)}

    def show(e: Experiment, facts: Facts) -> str:
        return "yes" if getattr(e, field) else "no"

    return Option(field, (field,), *_label_and_help(field), show, turn)


def _label_and_help(field: str, hint: str = "") -> tuple[str, str]:
    return FIELDS[field].label, FIELDS[field].help + hint


def _change_to(e: Experiment, field: str, value: Any) -> Iterator[Changes]:
    if value != getattr(e, field):
        yield {field: value}
