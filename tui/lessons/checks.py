"""Checks of the tables of a lesson's file. Mistakes are noted with their lines; reading goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from engine.quoting import shown
from tui.lessons.lines import Lines

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


class Known(NamedTuple):
    """What a lesson may name: actions by their ids, with what they do; the panes of each screen;
    experiments."""

    actions: Mapping[str, str]
    panes: Mapping[str, Collection[str]]
    experiments: Collection[str]


class Checks:
    """The mistakes of a file so far; ``step`` is the number, from 0, of the step that is read."""

    def __init__(self, lines: Lines, known: Known, folder: Path) -> None:
        self.known, self.folder = known, folder
        self.mistakes: list[tuple[int, str]] = []
        self.step: int | None = None
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
        self.mistakes.append((line, mistake))

    def table(
        self,
        entries: Mapping[str, Any],
        keys: Mapping[str, Kinds],
        needed: Collection[str] = (),
        table: str = "",
    ) -> dict[str, Any]:
        """The entries whose keys and kinds of values are right; the others are mistakes."""
        right = {}
        for key, value in entries.items():
            if key not in keys:
                self.tell(key, self.unknown("key", key, keys), table)
            elif not self._is_kind(value, keys[key]):
                self.tell(key, f"{key} must be {KINDS[keys[key]]}, not {shown(value)}", table)
            else:
                right[key] = value
        place = table or ("the lesson" if self.step is None else "the step")
        for key in needed:
            if key not in entries:
                self.tell("", f"{place} needs {key}", table)
            elif right.get(key) == "":
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
            found = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        except ValueError:
            self.tell(key, f"a brace without its partner; write {{{{ for a brace in {key}", table)
            return
        for name in found:
            self.name(key, name, names, what, table)
