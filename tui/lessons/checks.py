"""Checks of the tables of a lesson's file. Mistakes are noted with their lines; reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from engine import Experiment
from engine.quoting import shown
from tui.lessons.lines import Lines
from tui.system.output import INVISIBLE

Kinds = type | tuple[type, ...]
NUMBER = (int, float)
BOUND = (int, float, str)
KINDS: dict[Kinds, str] = {
    str: "text in quotes",
    dict: "a table",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    NUMBER: "a number",
    BOUND: "a number, or the name of a measure",
}


class KnownAction(NamedTuple):
    """What an action does, and on which screens ((): all). ``is_typed``: it asks for a text;
    ``leaves``: it leaves the lesson, or the run."""

    title: str
    screens: Collection[str] = ()
    is_typed: bool = False
    leaves: bool = False


class Known(NamedTuple):
    """What a lesson may name: actions by their ids; the panes of each screen; experiments, with
    their titles.

    ``opened`` makes an experiment of a name, settings in place of its own, and the folder of the
    lesson, in which the name of a file is looked up.
    """

    actions: Mapping[str, KnownAction]
    panes: Mapping[str, Collection[str]]
    experiments: Mapping[str, str]
    opened: Callable[[str, Mapping[str, Any], Path], Experiment]


class Checks:
    """The mistakes of a file so far; ``step`` is the number, from 0, of the step that is read,
    ``screen`` the one that is shown there, "" where that is not known."""

    def __init__(self, lines: Lines, known: Known, folder: Path) -> None:
        self.known, self.folder = known, folder
        self.mistakes: list[tuple[int, str]] = []
        self.step: int | None = None
        self.screen = ""
        self._lines = lines

    @property
    def line(self) -> int:
        """The line where the step begins."""
        return 1 if self.step is None else self._lines.of_step(self.step)

    def tell(self, key: str, mistake: str, table: str = "") -> None:
        """Note a mistake at a key of the step, or of a table in it."""
        if self.step is None:
            line = self._lines.of_key(key)
        else:
            line = self._lines.of_step(self.step, key, table)
        self.mistakes.append((line, mistake.replace("\n", " ")))

    def table(
        self,
        entries: Mapping[str, Any],
        keys: Mapping[str, Kinds],
        needed: Collection[str] = (),
        table: str = "",
        elsewhere: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The entries whose keys and values are right; the others are mistakes.

        ``elsewhere`` says of keys of other tables where they belong.
        """
        right, meant = {}, set()
        for key, value in entries.items():
            if key not in keys:
                place = (elsewhere or {}).get(key)
                meant.update(get_close_matches(key, keys, n=1))
                self.tell(key, place or self.unknown("key", key, keys), table)
            elif not self._is_kind(value, keys[key]):
                self.tell(key, f"{key} must be {KINDS[keys[key]]}, not {shown(value)}", table)
            elif isinstance(value, float) and not isfinite(value):
                self.tell(key, f"{key} must be a finite number, not {value}", table)
            elif isinstance(value, str) and (hidden := INVISIBLE.search(" ".join(value.split()))):
                code = f"U+{ord(hidden[0]):04X}"
                self.tell(key, f"{key} has a character that is not visible: {code}", table)
            else:
                right[key] = value
        place = table or ("the lesson" if self.step is None else "the step")
        for key in needed:
            if key not in entries and key not in meant:  # else it is misspelt
                self.tell("", f"{place} needs {key}", table)
            elif isinstance(right.get(key), str) and not right[key].strip():
                self.tell(key, f"{key} is empty", table)
        return right

    @staticmethod
    def _is_kind(value: Any, kinds: Kinds) -> bool:
        if isinstance(value, bool):  # which Python takes for a number
            return kinds is bool
        return isinstance(value, kinds)

    def name(self, key: str, name: str, names: Collection[str], what: str, table: str = "") -> bool:
        """Whether a name is one of these; else it is a mistake."""
        if name in names:
            return True
        self.tell(key, self.unknown(what, name, names), table)
        return False

    @staticmethod
    def unknown(what: str, name: str, names: Collection[str]) -> str:
        """A message that a name is unknown, with the one that may be meant, or all."""
        near = get_close_matches(name, names, n=1)
        meant = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names)}"
        return f"unknown {what} {shown(name)}; {meant}"

    def placeholders(
        self, key: str, text: str, names: Collection[str], what: str, table: str = ""
    ) -> None:
        """Check that a text has only these names in braces."""
        try:
            found = [
                (name, form or conversion)
                for _, name, form, conversion in Formatter().parse(text)
                if name is not None
            ]
        except ValueError:
            self.tell(key, f"a brace without its partner; write {{{{ for a brace in {key}", table)
            return
        for name, form in found:
            if self.name(key, name, names, what, table) and form:
                self.tell(key, f"in braces stands the name alone: {{{name}}}", table)
