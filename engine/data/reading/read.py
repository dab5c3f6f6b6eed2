"""The table in a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from os import PathLike, fspath
from pathlib import Path

from engine.atomic_files import PIPE_WAIT, read_whole
from engine.data.reading.columns import columns_of
from engine.data.reading.encoding import decoded
from engine.data.reading.layout import find_layout
from engine.data.reading.options import ReadOptions
from engine.data.reading.parts import Part, chunks, parts_of
from engine.data.reading.splitting import BLANKS, guessed_delimiter, records
from engine.data.reading.table import Table
from engine.errors import DataError

MAX_BYTES = 1_000_000_000
"""Of a file: a million rows of twenty columns are 400 MB, and take 2 GB to read."""

SEPARATOR = re.compile(r'"?sep=(.)"?[;,\t]*(?:\n|\Z)', re.IGNORECASE)
GUESSED = ReadOptions()


def read_table(
    path: str | PathLike[str], options: ReadOptions = GUESSED, pipe_wait: float = PIPE_WAIT
) -> Table:
    """The table in a text file, with cells as written, numbers, and what is missing.

    A fault of a column is kept in it, for whoever uses the column. A column is numeric if at least
    half of its cells that are not missing are numbers. What had to be guessed is in the notes.

    Arguments:
        path: A file; what comes out of a pipe of the shell may be read as well.
        options: How it is read; what they leave open is guessed.
        pipe_wait: How many seconds to wait for each part of what comes out of a pipe.

    Returns:
        The table.

    Raises:
        DataError: Where the file cannot be read, or is no table; it says which row is wrong.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from engine.data.reading.read import read_table
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "d.csv"
        ...     _ = file.write_bytes(b"x;y\\n1,5;2\\n2,5;NA\\n")
        ...     table = read_table(file)
        >>> table.columns[0].cells, table.columns[1].values.tolist(), table.notes
        (('1.5', '2.5'), [2.0, nan], ('decimal comma, cells separated by ;',))
    """
    path = fspath(path)
    content = read_whole(Path(path), MAX_BYTES, pipe_wait)
    digest = sha256(content).hexdigest()
    try:
        text, notes = decoded(path, content, options.encoding)
        del content
        table = _table(path, text, options)
    except MemoryError:
        raise DataError(f"{path} is too large for the memory") from None
    return replace(table, digest=digest, notes=(*notes, *table.notes))


def _table(path: str, text: str, options: ReadOptions) -> Table:
    told = SEPARATOR.match(text)
    delimiter = options.delimiter
    notes: tuple[str, ...] = ()
    if told:  # the line that Excel reads stays in the text, as an empty one
        text = "\n" + text[told.end() :]
        delimiter = delimiter or told[1]
    if delimiter is None:
        delimiter = "\t" if path.lower().endswith(".tsv") else guessed_delimiter(text)
        if delimiter == BLANKS:
            notes = ("cells are separated by blanks (--delimiter)",)
    top = records(path, next(chunks(text, delimiter), ""), delimiter)
    if not top:
        raise DataError(f"{path} is empty; it needs a row of names and rows of data")
    layout = find_layout(path, top, options)
    parts = [*parts_of(path, text, delimiter, layout)]
    if not parts:
        raise DataError(f"{path} has no rows of data below its names")
    lines = _lines(parts)
    columns, marks = columns_of(path, layout.names, parts, lines, delimiter, options.decimal)
    return Table(path, columns, (*notes, *marks, *layout.notes), lines=lines)


def _lines(parts: Sequence[Part]) -> Sequence[int]:
    if len(parts) == 1:
        return tuple(parts[0].lines)
    return tuple(chain.from_iterable(part.lines for part in parts))
