"""The lines of a lesson's TOML text: where each step and each of its keys stands."""

import re
from itertools import pairwise

STEP = re.compile(r"""\s*\[\[\s*["']?step["']?\s*\]\]""")
HEADING = re.compile(r"\s*\[")
TOKENS = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}'''
    r"""|'{3}.*?'{3,5}"""
    r'''|"(?:\\.|[^"\\\n])*"'''
    r"""|'[^'\n]*'"""
    r"""|#[^\n]*""",
    re.DOTALL,
)
"""Texts and comments, of one line or several."""


class Lines:
    """Line numbers, from 1, in a text with ``[[step]]`` tables."""

    def __init__(self, text: str) -> None:
        self._lines = TOKENS.sub(_without_content, text).split("\n")
        starts = [at for at, line in enumerate(self._lines) if STEP.match(line)]
        self._steps = list(pairwise([*starts, len(self._lines)]))

    def of_key(self, key: str) -> int:
        """The line of a key at the top level, or of the table of that name, or 1."""
        first = self._steps[0][0] if self._steps else len(self._lines)
        return self._find(key, 0, first) or self._heading(_spelt(key), 0, len(self._lines)) or 1

    def of_step(self, number: int, key: str = "", table: str = "") -> int:
        """The line of a key of a step (from 0), in a table of it; where it is not found, that of
        the table, or of the step."""
        if number >= len(self._steps):  # steps written as a list
            return self.of_key("step")
        start, end = self._steps[number]
        if not table:
            heading = self._heading(rf"step\s*\.\s*{_spelt(key)}", start, end)
            return self._find(key, start + 1, end) or heading or start + 1
        heading = self._heading(rf"step\s*\.\s*{_spelt(table)}", start, end)
        if heading:
            return self._find(key, heading, end) or heading
        return self._find(table, start + 1, end) or start + 1

    def _heading(self, name: str, start: int, end: int) -> int:
        """The line of ``[name]``, a pattern, or of a table in it; 0 if there is none."""
        pattern = re.compile(rf"\s*\[+\s*{name}\s*[\].]")
        return next((at + 1 for at in range(start, end) if pattern.match(self._lines[at])), 0)

    def _find(self, key: str, start: int, end: int) -> int:
        """The line of a key between two lines, before the next heading; 0 if there is none."""
        pattern = re.compile(rf"\s*{_spelt(key)}\s*[=.]")
        for at in range(start, end):
            if HEADING.match(self._lines[at]):
                break
            if pattern.match(self._lines[at]):
                return at + 1
        return 0


def _without_content(token: re.Match[str]) -> str:
    """A text of several lines, or a comment, without its words; the lines stay."""
    text = token[0]
    if text.startswith(('"""', "'''", "#")):
        return '""' * (text[0] != "#") + "\n" * text.count("\n")
    return text


def _spelt(key: str) -> str:
    return rf"""["']?{re.escape(key)}["']?"""
