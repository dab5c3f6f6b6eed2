"""Where a TOML text says what: so that a mistake in a file can be shown on its line."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from typing import Any

DIGITS = "a number has thousands of digits; the largest is 2^63 - 1"
_HEADING = re.compile(r"\s*\[")
_LONG_NUMBER = re.compile(r"[0-9_]{4000}")


def table_of(text: str) -> dict[str, Any]:
    """What a TOML text says; ValueError says in which line it is not TOML."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("not valid TOML: lists in lists without end") from None
    except tomllib.TOMLDecodeError as error:
        end = f"at the end, line {text.rstrip().count(chr(10)) + 1}"
        where = str(error).replace("at end of document", end)
        raise ValueError(f"not valid TOML: {where}") from None
    except ValueError:  # Python reads no whole number of so many digits
        raise ValueError(f"line {_line_of_digits(text)}: {DIGITS}") from None


def _line_of_digits(text: str) -> int:
    found = _LONG_NUMBER.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


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
