"""The table in a file."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from os import PathLike, fspath
from pathlib import Path

from engine.atomic_files import PIPE_WAIT, read_whole
from engine.data.reading.columns import columns_of, written_in
from engine.data.reading.encoding import decoded
from engine.data.reading.large import LARGE, large_table
from engine.data.reading.options import ReadOptions
from engine.data.reading.parquet import is_parquet, parquet_table
from engine.data.reading.parts import Part, parts_of
from engine.data.reading.table import Table
from engine.data.reading.top import top_of
from engine.errors import DataError

MAX_BYTES = 1_000_000_000
"""Of a file: a million rows of twenty columns are 400 MB, and take 2 GB to read."""

GUESSED = ReadOptions()


def read_table(
    path: str | PathLike[str], options: ReadOptions = GUESSED, pipe_wait: float = PIPE_WAIT
) -> Table:
    """The table in a text or Parquet file, with cells as written, numbers, and what is missing.

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
    with ThreadPoolExecutor(1) as beside:  # hashing releases the lock of the interpreter
        digest = beside.submit(lambda: sha256(content).hexdigest())
        try:
            table = _read(path, content, options)
        except MemoryError:
            raise DataError(f"{path} is too large for the memory") from None
    return replace(table, digest=digest.result())


def _read(path: str, content: bytes, options: ReadOptions) -> Table:
    if is_parquet(path):
        return parquet_table(path, content)
    table = large_table(path, content, options) if len(content) >= LARGE else None
    if table is None:
        text, notes = decoded(path, content, options.encoding)
        table = _table(path, text, options)
        table = replace(table, notes=(*notes, *table.notes))
    return table


def _table(path: str, text: str, options: ReadOptions) -> Table:
    text, delimiter, _, layout, notes = top_of(path, text, options)
    parts = [*parts_of(path, text, delimiter, layout)]
    if not parts:
        raise DataError(f"{path} has no rows of data below its names")
    lines = _lines(parts)
    written = written_in(layout.names, parts)
    columns, marks = columns_of(path, written, lines, delimiter, options.decimal)
    return Table(path, columns, (*notes, *marks, *layout.notes), lines=lines)


def _lines(parts: Sequence[Part]) -> Sequence[int]:
    if len(parts) == 1:
        return tuple(parts[0].lines)
    return tuple(chain.from_iterable(part.lines for part in parts))
