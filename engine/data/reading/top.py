"""The top of a text: what separates its cells, and how its rows are laid out."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.data.reading.layout import Layout, find_layout
from engine.data.reading.options import ReadOptions
from engine.data.reading.parts import chunks
from engine.data.reading.splitting import BLANKS, Record, guessed_delimiter, records
from engine.errors import DataError

SEPARATOR = re.compile(r'"?sep=(.)"?[;,\t]*(?:\n|\Z)', re.IGNORECASE)


class Top(NamedTuple):
    """The ``text`` from the first line of its file on, its delimiter, the records at its top, their
    layout, and what was guessed of the delimiter."""

    text: str
    delimiter: str
    records: list[Record]
    layout: Layout
    notes: tuple[str, ...]


def top_of(path: str, text: str, options: ReadOptions) -> Top:
    """The top of a text. DataError where it is no table."""
    delimiter = options.delimiter
    notes: tuple[str, ...] = ()
    if told := SEPARATOR.match(text):  # for Excel; an empty line is left, so that lines count on
        text = "\n" + text[told.end() :]
        delimiter = delimiter or told[1]
    if delimiter is None:
        delimiter = "\t" if path.lower().endswith(".tsv") else guessed_delimiter(text)
        if delimiter == BLANKS:
            notes = ("cells are separated by blanks (--delimiter)",)
    top = records(path, next(chunks(text, delimiter), ""), delimiter)
    if not top:
        raise DataError(f"{path} is empty; it needs a row of names and rows of data")
    return Top(text, delimiter, top, find_layout(path, top, options), notes)
