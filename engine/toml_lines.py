"""Where a TOML text says what: so that a mistake in a file can be shown on its line."""

import re
from collections.abc import Iterator
from itertools import chain

_HEADING = re.compile(r"\s*\[")


def line_of(key: str, text: str, table: str | None = None) -> int:
    """The line, counted from 1, on which a TOML text gives a key, or a table of that name.

    ``table`` names the table that the key is in; without it the key is at the top. Where the key
    itself is not found, as in a table within one line, this is the line of the table, or else 1.
    """
    lines = list(enumerate(text.split("\n"), start=1))  # not at what else Python takes for one
    if table is None:
        return next(_matching(lines, rf"(?:\[+\s*)?{_spelt(key)}\s*[=.\]]"), 1)
    heading = line_of(table, text)
    below = _until_heading(lines[heading:])
    dotted = _matching(lines, rf"{_spelt(table)}\s*\.\s*{_spelt(key)}\s*[=.]")
    return next(chain(_matching(below, rf"{_spelt(key)}\s*[=.]"), dotted), heading)


def _spelt(key: str) -> str:
    return rf"""["']?{re.escape(key)}["']?"""


def _matching(lines: list[tuple[int, str]], pattern: str) -> Iterator[int]:
    found = re.compile(r"\s*" + pattern)
    return (number for number, line in lines if found.match(line))


def _until_heading(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    end = next((i for i, (_, line) in enumerate(lines) if _HEADING.match(line)), len(lines))
    return lines[:end]
