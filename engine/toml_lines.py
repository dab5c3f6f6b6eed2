"""TOML texts read with the line numbers of their keys, so that error messages can name a line."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from typing import Any

DIGITS = "a number has thousands of digits; the largest is 2^63 - 1"
_HEADING = re.compile(r"\s*\[")
_LONG_NUMBER = re.compile(r"[0-9_]{4000}")


def table_of(text: str) -> dict[str, Any]:
    """The table that a TOML text contains; ValueError names the line of an error."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("not valid TOML: lists are nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        end = f"at the end, line {text.rstrip().count(chr(10)) + 1}"
        message = str(error).replace("at end of document", end)
        raise ValueError(f"not valid TOML: {message}") from None
    except ValueError:  # Python refuses to read an integer of thousands of digits
        raise ValueError(f"line {_line_of_digits(text)}: {DIGITS}") from None


def _line_of_digits(text: str) -> int:
    match = _LONG_NUMBER.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def line_of(key: str, text: str, table: str | None = None) -> int:
    """The line, counted from 1, of a key, or of a table of that name, in a TOML text.

    ``table`` is the table that contains the key (None: the key is at the top level). If the key is
    not found, as in an inline table, the result is the line of the table, or else 1.
    """
    lines = list(enumerate(text.split("\n"), start=1))  # splitlines would split at more characters
    if table is None:
        return next(_matching(lines, rf"(?:\[+\s*)?{_spelt(key)}\s*[=.\]]"), 1)
    heading = line_of(table, text)
    table_lines = _until_heading(lines[heading:])
    dotted = _matching(lines, rf"{_spelt(table)}\s*\.\s*{_spelt(key)}\s*[=.]")
    return next(chain(_matching(table_lines, rf"{_spelt(key)}\s*[=.]"), dotted), heading)


def _spelt(key: str) -> str:
    return rf"""["']?{re.escape(key)}["']?"""


def _matching(lines: list[tuple[int, str]], pattern: str) -> Iterator[int]:
    expression = re.compile(r"\s*" + pattern)
    return (number for number, line in lines if expression.match(line))


def _until_heading(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    end = next((i for i, (_, line) in enumerate(lines) if _HEADING.match(line)), len(lines))
    return lines[:end]
