"""Tables from CSV and TSV files: named columns, each of numbers or of text."""

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
from engine.atomic_files import read_whole
from engine.errors import DataError

MOST_BYTES = 32_000_000  # some 350 000 rows of ten columns: 4 s to read, and 500 MB
BLOCK = 1000  # cells looked at together
PIPE_WAIT = 3.0  # seconds that a pipe may take, where there is no way to interrupt
DELIMITERS = ("\t", ";", ",")
# a decimal comma and NaN look like numbers, so that they can be refused by name
LIKE_A_NUMBER = re.compile(
    r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]+)?|nan|[+-]?inf(inity)?", re.IGNORECASE
)
# any number of numbers that are written plainly, each on a line
PLAIN = re.compile(r"(?:[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\n)*")
MISSING = {"", "na", "n/a", "null"}  # in lower case: what programs write for no number
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")  # or a decimal comma: nobody can tell
# a number in a dress: with a currency, a percent sign, or a sign between thousands
DRESSED = re.compile(
    r"[$€£¥]? ?[+-]?(?:[0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f,'’_][0-9]{3})+)(?:\.[0-9]+)? ?[%$€£¥]?"
)


@dataclass(frozen=True)
class Column:
    """One column: its cells as written, and their (n,) values, or None where they are text."""

    name: str
    cells: tuple[str, ...]
    values: Array | None

    @property
    def levels(self) -> tuple[str, ...]:
        """The different cells, in order of appearance."""
        return tuple(dict.fromkeys(self.cells))


@dataclass(frozen=True)
class Table:
    """A file's columns, of equal length. Only the first may have an empty name."""

    path: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()  # on how the file was read
    digest: str = ""  # SHA-256 of the file

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def without(self, name: str) -> tuple[Column, "Table"]:
        """The column of that name, and the table of the others."""
        (column,) = (column for column in self.columns if column.name == name)
        return column, replace(self, columns=tuple(c for c in self.columns if c is not column))

    def __len__(self) -> int:
        """The number of data rows."""
        return len(self.columns[0].cells)


@dataclass(frozen=True)
class _Record:
    """The cells of one row, and the line of the file it starts on, from 1."""

    line: int
    cells: list[str]


def read_table(path: str | PathLike[str], pipe_wait: float = PIPE_WAIT) -> Table:
    """The table in a CSV or TSV file; DataError says where it is at fault.

    Cells are separated by comma, semicolon or tab. The first row holds the names unless it
    could be data; then the columns are x1, x2, …. A column is numeric when at least half of
    its cells are numbers, and then all must be. A pipe of the shell may take ``pipe_wait`` seconds
    for each part of the table.
    """
    path = fspath(path)
    content = read_whole(Path(path), MOST_BYTES, pipe_wait)
    digest = sha256(content).hexdigest()
    try:
        return replace(_table(path, _text(path, content)), digest=digest)
    except MemoryError:
        raise DataError(f"{path} is too large for the memory") from None


def _table(path: str, text: str) -> Table:
    delimiter = "\t" if path.lower().endswith(".tsv") else _delimiter(text)
    records = _records(path, text, delimiter)
    if not records:
        raise DataError(f"{path} is empty; it needs a row of names and two rows of data")
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
    if len(records) < 2:
        count = "one row" if records else "no rows"
        raise DataError(f"{path} has {count} of data below its names; it needs two or more")
    columns = (
        _column(path, name, records, [record.cells[j] for record in records])
        for j, name in enumerate(names)
    )
    return Table(path, tuple(columns), notes)


def _range(names: list[str]) -> str:
    return " … ".join(dict.fromkeys((names[0], names[-1])))


def _uneven(path: str, first: _Record, other: _Record) -> str:
    """Two rows have not equally many cells: which, and what would do."""
    if first.cells[0].startswith("#"):
        return (
            f"{path}, row {first.line} is {_shown(','.join(first.cells))}, no row of names; "
            "delete it, if it is a comment"
        )
    return (
        f"{path}, row {other.line} has {_cells(other)}, but row {first.line} has {_cells(first)}; "
        "make them the same number"
    )


def _cells(record: _Record) -> str:
    return "one cell" if len(record.cells) == 1 else f"{len(record.cells)} cells"


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
    """The first that splits the top rows into equally many cells, else most of them into most."""
    lines = text[:100_000].splitlines()[:20]
    counts = {d: [len(row) for row in csv.reader(lines, delimiter=d) if row] for d in DELIMITERS}
    for delimiter, cells in counts.items():
        if len(set(cells)) == 1 and cells[0] > 1:
            return delimiter
    return max(DELIMITERS, key=lambda delimiter: _usual(counts[delimiter]))


def _usual(counts: list[int]) -> int:
    """Cells in a row: the median."""
    return sorted(counts)[len(counts) // 2] if counts else 0


def _records(path: str, text: str, delimiter: str) -> list[_Record]:
    """The rows that are not blank lines, their cells without the spaces around them."""
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
    """The lines of a text with their ends, one by one: all at once would take twice the memory."""
    return (match[0] for match in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text))


def _is_header(first: list[str], below: list[list[str]]) -> bool:
    """False for a row of numbers, alone or with texts that recur below (categories)."""
    numbers = [_is_number_or_missing(cell) for cell in first]
    if not first[0] or not any(numbers):
        return True
    return any(
        not number and all(row[j] != first[j] for row in below) for j, number in enumerate(numbers)
    )


def _is_number_or_missing(cell: str) -> bool:
    return bool(LIKE_A_NUMBER.fullmatch(cell)) or cell.lower() in MISSING


def _check_names(path: str, names: list[str]) -> None:
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if (earlier := seen.setdefault(name, position)) != position:
            raise DataError(
                f"{path}: columns {earlier} and {position} are both named {name!r}; rename one"
            )


def _column(path: str, name: str, records: list[_Record], cells: list[str]) -> Column:
    if not name:
        return Column(name, tuple(cells), None)  # the names of the rows: whatever they are
    plain = [cell.replace("−", "-") for cell in cells]  # as the app itself writes it
    values = _plain_numbers(plain)
    if values is not None:
        return Column(name, tuple(plain), read_only(values))
    present = [cell for cell in plain if cell.lower() not in MISSING]
    numbers = sum(bool(LIKE_A_NUMBER.fullmatch(cell) or _dressed(cell)) for cell in present)
    numeric = 2 * numbers >= len(present)
    if numeric:
        cells = plain
    faults = [_fault(cell, numeric) for cell in cells]
    if any(faults):
        at, fault = next((i, fault) for i, fault in enumerate(faults) if fault)
        more = faults.count(fault) - 1
        says = f"{path}, row {records[at].line}, column {name!r}: {_shown(cells[at])} {fault}"
        raise DataError(says + (f" ({more} more like it in this column)" if more else ""))
    if not numeric:
        return Column(name, tuple(cells), None)
    return Column(name, tuple(cells), read_only(np.array(cells, dtype=np.float64)))


def _plain_numbers(cells: list[str]) -> Array | None:
    """The values of a column in which every cell is a finite number; None where one is not."""
    for start in range(0, len(cells), BLOCK):  # all at once would take much memory
        block = cells[start : start + BLOCK]
        text = "\n".join(block) + "\n"
        if text.count("\n") > len(block) or not PLAIN.fullmatch(text):
            return None
    values = np.array(cells, dtype=np.float64)
    return values if np.isfinite(values).all() else None


def _shown(cell: str) -> str:
    """A cell between quotes, of a long one the beginning."""
    return repr(cell if len(cell) <= 40 else cell[:39] + "…")


def _dressed(cell: str) -> bool:
    if LIKE_A_NUMBER.fullmatch(cell):
        return False
    return bool(DRESSED.fullmatch(cell)) or (not cell.isascii() and _is_of_digits(cell))


def _is_of_digits(cell: str) -> bool:
    """Whether it is a number in digits of another script, such as full-width ones."""
    return bool(DRESSED.fullmatch("".join("0" if c.isdecimal() else c for c in cell)))


def _fault(cell: str, numeric: bool) -> str:
    """What is wrong with a cell of such a column, and what would do; "" for a good one."""
    if not cell or (numeric and cell.lower() in MISSING):
        return "is missing; fill it in, or delete the row"
    if not numeric:
        return ""
    if THOUSANDS.fullmatch(cell):
        return "has a comma; write a decimal point, and nothing between thousands"
    if _dressed(cell):
        return "is not a plain number; write digits and a decimal point, with nothing else"
    if not LIKE_A_NUMBER.fullmatch(cell):
        return "is not a number, as most of the column is; correct it, or delete the row"
    if "," in cell:
        return "has a decimal comma; write a decimal point"
    if not isfinite(float(cell)):
        return "is not a finite number; correct it, or delete the row"
    return ""
