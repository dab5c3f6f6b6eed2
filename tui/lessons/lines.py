"""The lines of a lesson's TOML text: where each step and each of its keys stands."""

import re
from itertools import pairwise

STEP = re.compile(r"\s*\[\[\s*step\s*\]\]")
HEADING = re.compile(r"\s*\[")


class Lines:
    """Line numbers, from 1, in a text with ``[[step]]`` tables."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        starts = [at for at, line in enumerate(self._lines) if STEP.match(line)]
        self._steps = list(pairwise([*starts, len(self._lines)]))

    def of_key(self, key: str) -> int:
        """The line of a key at the top level, or 1."""
        first = self._steps[0][0] if self._steps else len(self._lines)
        return self._find(key, 0, first) or 1

    def of_step(self, number: int, key: str = "", table: str = "") -> int:
        """The line of a key of a step (from 0), in a table of it; where it is not found, that of
        the table, or of the step."""
        if number >= len(self._steps):  # steps written as a list
            return 1
        start, end = self._steps[number]
        if not table:
            inside = self._find(key, start + 1, end) or self._heading(key, start, end)
            return inside or start + 1
        heading = self._heading(table, start, end)
        if heading:
            return self._find(key, heading, end) or heading
        return self._find(table, start + 1, end) or start + 1

    def _heading(self, table: str, start: int, end: int) -> int:
        """The line of ``[step.table]``; 0 if there is none."""
        pattern = re.compile(rf"\s*\[\s*step\s*\.\s*{re.escape(table)}\s*\]")
        return next((at + 1 for at in range(start, end) if pattern.match(self._lines[at])), 0)

    def _find(self, key: str, start: int, end: int) -> int:
        """The line of a key between two lines, before the next heading; 0 if there is none."""
        pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
        for at in range(start, end):
            if HEADING.match(self._lines[at]):
                break
            if pattern.match(self._lines[at]):
                return at + 1
        return 0
