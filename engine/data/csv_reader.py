"""Reading of CSV and TSV files: tables of named columns, each of numbers or of text."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from math import isfinite
from os import PathLike, fspath
from pathlib import Path

import numpy as np

from engine.arrays import Array, read_only
from engine.atomic_files import PIPE_WAIT, read_whole
from engine.errors import DataError
from engine.wording import plural

MAX_BYTES = 32_000_000  # some 350 000 rows of ten columns, which take 4 s and 500 MB to read
BLOCK = 1000  # cells that are checked together
DELIMITERS = ("\t", ";", ",")
# with decimal commas and NaN, so that their messages can name them
NUMBER_LIKE = re.compile(
    r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]+)?|nan|[+-]?inf(inity)?", re.IGNORECASE
)
# lines of a plain number each
PLAIN_LINES = re.compile(r"(?:[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\n)*")
MISSING = {"", "na", "n/a", "null"}  # missing values, in lower case
COMMA_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")  # thousands, or a decimal comma
# formatted numbers: with a currency, a percent sign or a thousands separator
FORMATTED = re.compile(
    r"[$€£¥]? ?[+-]?(?:[0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f,'’_][0-9]{3})+)(?:\.[0-9]+)? ?[%$€£¥]?"
)


@dataclass(frozen=True)
class Column:
    """A column: its cells as written, and their values (n,), None for text."""

    name: str
    cells: tuple[str, ...]
    values: Array | None

    @property
    def levels(self) -> tuple[str, ...]:
        """The different cells, in order of appearance."""
        return tuple(dict.fromkeys(self.cells))


@dataclass(frozen=True)
class Table:
    """Columns of equal length. Only the first may have an empty name.

    ``notes`` say how the file was read; ``digest`` is the SHA-256 of the file. ``lines`` are the
    lines of the file, from 1, where the rows begin.
    """

    path: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    digest: str = ""
    lines: tuple[int, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def without(self, name: str) -> tuple[Column, "Table"]:
        """The column of this name, and the table without it."""
        (column,) = (column for column in self.columns if column.name == name)
        return column, replace(self, columns=tuple(c for c in self.columns if c is not column))

    def __len__(self) -> int:
        """The number of data rows."""
        return len(self.columns[0].cells)


@dataclass(frozen=True)
class _Record:
    """The cells of a row, and the line of the file where it starts, from 1."""

    line: int
    cells: list[str]


def read_table(path: str | PathLike[str], pipe_wait: float = PIPE_WAIT) -> Table:
    """The table in a CSV or TSV file. DataError says which cell or row is wrong.

    Cells are separated by commas, semicolons or tabs. The first row holds the names, unless it
    could be data; then the columns are named x1, x2, …. A column is numeric if at least half of
    its cells are numbers, and then all must be. ``pipe_wait`` is how many seconds to wait for each
    part of what comes out of a pipe.
    """
    path = fspath(path)
    content = read_whole(Path(path), MAX_BYTES, pipe_wait)
    digest = sha256(content).hexdigest()
    try:
        return replace(_table(path, _text(path, content)), digest=digest)
    except MemoryError:
        raise DataError(f"{path} is too large for the memory") from None


def _table(path: str, text: str) -> Table:
    delimiter = "\t" if path.lower().endswith(".tsv") else _delimiter(text)
    records = _records(path, text, delimiter)
    if not records:
        raise DataError(f"{path} is empty; it needs a row of names and rows of data")
    first = records[0]
    for record in records:
        if len(record.cells) != len(first.cells):
            raise DataError(_uneven(path, first, record))
    names = [f"x{position}" for position in range(1, len(first.cells) + 1)]
    notes: tuple[str, ...] = ()
    if not _is_header(first.cells, [record.cells for record in records[1:]]):
        notes = (
            f"row {first.line} is read as data, not as names: the columns are {_range(names)}",
        )
    else:
        names = [cell or name for cell, name in zip(first.cells, names, strict=True)]
        names[0] = first.cells[0]
        records = records[1:]
    _check_names(path, names)
    if not records:
        raise DataError(f"{path} has no rows of data below its names")
    columns = (
        _column(path, name, records, [record.cells[j] for record in records])
        for j, name in enumerate(names)
    )
    return Table(path, tuple(columns), notes, lines=tuple(record.line for record in records))


def _range(names: list[str]) -> str:
    return " … ".join(dict.fromkeys((names[0], names[-1])))


def _uneven(path: str, first: _Record, other: _Record) -> str:
    """The message about two rows with different numbers of cells."""
    if first.cells[0].startswith("#"):
        return (
            f"{path}, row {first.line} is {_shown(','.join(first.cells))}, not a row of names; "
            "delete it if it is a comment"
        )
    return (
        f"{path}, row {other.line} has {_cells(other)}, but row {first.line} has {_cells(first)}; "
        "make them the same number"
    )


def _cells(record: _Record) -> str:
    return plural(len(record.cells), "cell")


def _text(path: str, data: bytes) -> str:
    if b"\0" in data:
        raise DataError(f"{path} is binary or UTF-16, not a text file; save it as CSV in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}, row {line}: byte 0x{data[error.start]:02x} is not UTF-8; "
            "save the file as CSV in UTF-8"
        ) from None


def _delimiter(text: str) -> str:
    """The first delimiter that splits the top rows into equal numbers of cells; if none does, the
    one with the largest median number of cells."""
    lines = text[:100_000].splitlines()[:20]
    counts = {d: [len(row) for row in csv.reader(lines, delimiter=d) if row] for d in DELIMITERS}
    for delimiter, cells in counts.items():
        if len(set(cells)) == 1 and cells[0] > 1:
            return delimiter
    return max(DELIMITERS, key=lambda delimiter: _median(counts[delimiter]))


def _median(counts: list[int]) -> int:
    return sorted(counts)[len(counts) // 2] if counts else 0


def _records(path: str, text: str, delimiter: str) -> list[_Record]:
    """The rows, without blank lines; cells without the spaces around them."""
    reader = csv.reader(_lines(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    records, line = [], 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if len(cells) > 1 or any(cells):
                records.append(_Record(line, cells))
            line = reader.line_num + 1  # a quoted cell may run over several lines
    except csv.Error as error:
        raise DataError(f"{path}, row {line}: {error}; check its quotation marks") from None
    return records


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their line ends, one by one to save memory."""
    return (match[0] for match in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text))


def _is_header(first: list[str], below: list[list[str]]) -> bool:
    """Whether the first row holds names: it does not if it is a row of numbers, perhaps beside
    texts that occur again below (categories)."""
    numbers = [_is_number_or_missing(cell) for cell in first]
    if not first[0] or not any(numbers):
        return True
    return any(
        not number and all(row[j] != first[j] for row in below) for j, number in enumerate(numbers)
    )


def _is_number_or_missing(cell: str) -> bool:
    return bool(NUMBER_LIKE.fullmatch(cell)) or cell.lower() in MISSING


def _check_names(path: str, names: list[str]) -> None:
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if (earlier := seen.setdefault(name, position)) != position:
            raise DataError(
                f"{path}: columns {earlier} and {position} are both named {name!r}; rename one"
            )


def _column(path: str, name: str, records: list[_Record], cells: list[str]) -> Column:
    if not name:
        return Column(name, tuple(cells), None)  # row names
    plain = [cell.replace("−", "-") for cell in cells]  # the app writes − itself
    values = _plain_numbers(plain)
    if values is not None:
        return Column(name, tuple(plain), read_only(values))
    present = [cell for cell in plain if cell.lower() not in MISSING]
    numbers = sum(bool(NUMBER_LIKE.fullmatch(cell) or _is_formatted(cell)) for cell in present)
    numeric = 2 * numbers >= len(present)
    if numeric:
        cells = plain
    faults = [_fault(cell, numeric) for cell in cells]
    if any(faults):
        row, fault = next((i, fault) for i, fault in enumerate(faults) if fault)
        more = faults.count(fault) - 1
        message = f"{path}, row {records[row].line}, column {name!r}: {_shown(cells[row])} {fault}"
        raise DataError(message + (f" ({more} more like it in this column)" if more else ""))
    if not numeric:
        return Column(name, tuple(cells), None)
    return Column(name, tuple(cells), read_only(np.array(cells, dtype=np.float64)))


def _plain_numbers(cells: list[str]) -> Array | None:
    """The values of a column of plain finite numbers; None if any cell is not one."""
    for start in range(0, len(cells), BLOCK):  # to save memory
        block = cells[start : start + BLOCK]
        text = "\n".join(block) + "\n"
        if text.count("\n") > len(block) or not PLAIN_LINES.fullmatch(text):
            return None
    values = np.array(cells, dtype=np.float64)
    return values if np.isfinite(values).all() else None


def _shown(cell: str) -> str:
    """A cell in quotation marks, cut if it is long."""
    return repr(cell if len(cell) <= 40 else cell[:39] + "…")


def _is_formatted(cell: str) -> bool:
    if NUMBER_LIKE.fullmatch(cell):
        return False
    return bool(FORMATTED.fullmatch(cell)) or (not cell.isascii() and _has_other_digits(cell))


def _has_other_digits(cell: str) -> bool:
    """Whether a cell is a number in digits of another script, such as full-width ones."""
    return bool(FORMATTED.fullmatch("".join("0" if c.isdecimal() else c for c in cell)))


def _fault(cell: str, numeric: bool) -> str:
    """What is wrong with a cell of the column and how to correct it; "" for a good cell."""
    if not cell or (numeric and cell.lower() in MISSING):
        return "is missing; fill it in, or delete the row"
    if not numeric:
        return ""
    if COMMA_GROUPS.fullmatch(cell):
        return "has a comma; write a decimal point, and nothing between thousands"
    if _is_formatted(cell):
        return "is not a plain number; write digits and a decimal point, with nothing else"
    if not NUMBER_LIKE.fullmatch(cell):
        return "is not a number, as most of the column is; correct it, or delete the row"
    if "," in cell:
        return "has a decimal comma; write a decimal point"
    if not isfinite(float(cell)):
        return "is not a finite number; correct it, or delete the row"
    return ""
