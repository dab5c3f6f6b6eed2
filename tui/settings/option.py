"""An option of an experiment: what it is called, what it is for, and how it is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine import Experiment
from engine.training.fields import FIELDS
from tui.session.settings_draft import AT_ONCE, Changes, Facts
from tui.settings.value_ladders import NOTHING, Ladder, following, read_number, read_whole, written

Turn = Callable[[Experiment, Facts, int], Iterable[Changes]]


@dataclass(frozen=True)
class Option:
    """One row of the panel: ``fields`` of the Experiment, and a line that explains them.

    ``show`` is the value as it stands. ``turn`` gives what a step back (−1) or on (+1) may choose,
    best first, ``nudge`` likewise for − and + (None: the same). ``read`` makes changes of what is
    typed (None: not typed), and raises ValueError; ``text`` is what to type for the value now.
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
        """Whether it makes a new run; else it applies from the next step."""
        return not AT_ONCE.issuperset(self.fields)

    @property
    def is_field(self) -> bool:
        """Whether it is a whole field, not a part of one."""
        return self.id in self.fields


def named_option(field: str, names: Iterable[str], hint: str = "") -> Option:
    """A choice among names; a hint says more than the setting's own help."""
    every = [*names]

    def turn(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        return ({field: name} for name in following(every, getattr(e, field), by))

    def read(text: str, e: Experiment, facts: Facts) -> Changes:
        return {field: text}

    def show(e: Experiment, facts: Facts) -> str:
        return str(getattr(e, field))

    return Option(field, (field,), *_words(field, hint), show, turn, read=read, text=show)


def number_option(
    field: str,
    ladder: Ladder,
    hint: str = "",
    read: Callable[[str], float] = read_number,
    spell: Callable[[float | None, str], str] = written,
) -> Option:
    """A number, stepped through and typed."""

    def turn(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        return _other(e, field, ladder.step(getattr(e, field), by))

    def nudge(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        return _other(e, field, ladder.nudge(getattr(e, field), by))

    def typed(text: str, e: Experiment, facts: Facts) -> Changes:
        return {field: None if ladder.nothing and text in NOTHING else read(text)}

    return Option(
        field,
        (field,),
        *_words(field, hint),
        show=lambda e, facts: spell(getattr(e, field), ladder.nothing),
        turn=turn,
        nudge=nudge,
        read=typed,
        text=lambda e, facts: "" if getattr(e, field) is None else repr(getattr(e, field)),
    )


def whole_option(field: str, ladder: Ladder, hint: str = "") -> Option:
    return number_option(field, ladder, hint, read_whole)


def switch_option(field: str) -> Option:
    """Yes or no."""

    def turn(e: Experiment, facts: Facts, by: int) -> Iterator[Changes]:
        yield {field: not getattr(e, field)}

    def show(e: Experiment, facts: Facts) -> str:
        return "yes" if getattr(e, field) else "no"

    return Option(field, (field,), *_words(field), show, turn)


def _words(field: str, hint: str = "") -> tuple[str, str]:
    """Label and help."""
    return FIELDS[field].label, FIELDS[field].help + hint


def _other(e: Experiment, field: str, value: Any) -> Iterator[Changes]:
    if value != getattr(e, field):
        yield {field: value}
