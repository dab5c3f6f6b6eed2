"""How a file with a table is read; what is left open is guessed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, fields
from typing import Any

from engine.errors import DataError, ExperimentError
from engine.quoting import shown

NA = ("drop", "error", "level", "mean")
"""What becomes of rows with missing cells: see ``complete``."""


def na_named(name: str) -> str:
    """The name, if it is one of ``NA``; else ExperimentError."""
    if name not in NA:
        raise ExperimentError(f"na = {shown(name)}: it is {', '.join(NA[:-1])} or {NA[-1]}")
    return name


DELIMITERS = {"tab": "\t", "blanks": " "}
"""The words for delimiters that are not seen, or lost, on a command line."""

HEADER = {"yes": True, "no": False}


@dataclass(frozen=True)
class ReadOptions:
    """How a file is read. None: as it looks, and a note tells what was guessed.

    Arguments:
        delimiter: What separates the cells: a character, or " " for any number of blanks.
        decimal: "." or ",".
        header: Whether the first row holds the names of the columns.
        encoding: A name that Python knows, such as "utf-8", "latin-1" or "utf-16".

    Raises:
        DataError: Where one of them is not possible.

    Example:
        >>> from engine.data.reading.options import ReadOptions
        >>> options = ReadOptions.from_text("delimiter=; decimal=, header=no")
        >>> options.delimiter, options.decimal, options.header, options.encoding
        (';', ',', False, None)
        >>> options.text
        'delimiter=; decimal=, header=no'
    """

    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        delimiter = self.delimiter
        if delimiter is not None:
            delimiter = DELIMITERS.get(delimiter, delimiter).replace("\\t", "\t")
            if len(delimiter) != 1 or delimiter.isalnum() or delimiter in "\"'\r\n.+-\0\ud800":
                raise DataError(
                    f"delimiter {shown(self.delimiter)}: it is one character, such as ; or |, "
                    "or tab or blanks"
                )
            object.__setattr__(self, "delimiter", delimiter)
        if self.decimal not in (None, ".", ","):
            raise DataError(f"decimal {shown(self.decimal)}: it is . or ,")
        if self.decimal == "," == delimiter:
            raise DataError("a comma cannot separate the cells and be the decimal mark as well")
        if self.encoding is not None:
            _check_encoding(self.encoding)

    @classmethod
    def from_text(cls, text: str | None) -> ReadOptions:
        """The options in one line, as an experiment holds them; None: all are guessed."""
        values: dict[str, Any] = {}
        for part in (text or "").split():
            name, _, value = part.partition("=")
            if name not in [field.name for field in fields(cls)] or not value:
                raise DataError(
                    f"reading {shown(part)}: write delimiter=; decimal=, header=yes "
                    "encoding=latin-1, or some of these"
                )
            if name == "header" and value not in HEADER:
                raise DataError(f"header {shown(value)}: it is yes or no")
            values[name] = HEADER[value] if name == "header" else value
        return cls(**values)

    @property
    def text(self) -> str:
        """The options in one line, which ``from_text`` reads; "" if all are guessed."""
        words = {sign: word for word, sign in DELIMITERS.items()}
        values = {
            "delimiter": self.delimiter and words.get(self.delimiter, self.delimiter),
            "decimal": self.decimal,
            "header": None if self.header is None else "yes" if self.header else "no",
            "encoding": self.encoding,
        }
        return " ".join(f"{name}={value}" for name, value in values.items() if value)


def _check_encoding(name: str) -> None:
    try:
        known = "" if codecs.lookup(name)._is_text_encoding else "no encoding of text"
        b"".decode(name)
    except (LookupError, ValueError, UnicodeError):
        known = "not known; utf-8, latin-1, cp1252, utf-16 are"
    if known:
        raise DataError(f"encoding {shown(name)}: it is {known}")
