"""Tables from CSV and TSV files: named columns, each of numbers or of text."""

import csv
import io
import re
from dataclasses import dataclass, replace
from math import isfinite
from os import PathLike, fspath
from pathlib import Path

import numpy as np

from engine.activations import Array
from engine.errors import DataError
from engine.read_only import read_only

DELIMITERS = ("\t", ";", ",")
# a decimal comma and NaN look like numbers, so that they can be refused by name
LIKE_A_NUMBER = re.compile(
    r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]+)?|nan|[+-]?inf(inity)?", re.IGNORECASE
)
MISSING = {"", "na", "n/a", "null"}  # in lower case: what programs write for no number
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+")  # or a decimal comma: nobody can tell
# a number in a dress: with a currency, a percent sign, or blanks or commas between thousands
DRESSED = re.compile(
    r"[$€£¥]? ?[+-]?(?:[0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f,'’][0-9]{3})+)(?:\.[0-9]+)? ?[%$€£¥]?"
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


def read_table(path: str | PathLike[str]) -> Table:
    """The table in a CSV or TSV file; DataError says where it is at fault.

    Cells are separated by comma, semicolon or tab. The first row holds the names unless it
    could be data; then the columns are x1, x2, …. A column is numeric when at least half of
    its cells are numbers, and then all must be.
    """
    path = fspath(path)
    text = _read_text(path)
    delimiter = "\t" if path.lower().endswith(".tsv") else _delimiter(text)
    records = _records(path, text, delimiter)
    if not records:
        raise DataError(f"{path} is empty; it needs a row of names and two rows of data")
    first = records[0]
    for record in records:
        if len(record.cells) != len(first.cells):
            raise DataError(
                f"{path}, row {record.line} has {len(record.cells)} cells, but row {first.line} "
                f"has {len(first.cells)}; make them the same number"
            )
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


def _read_text(path: str) -> str:
    try:
        # a named pipe may wait for ever; those of the shell are in /dev, and are read once
        if Path(path).is_fifo() and not path.startswith("/dev/"):
            raise DataError(f"{path} is a pipe; save what comes out of it in a file")
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise DataError(f"there is no file {path}; check its name and folder") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder; name a CSV or TSV file in it") from None
    except PermissionError:
        raise DataError(f"{path} may not be read; allow it, or copy the file") from None
    except (OSError, ValueError) as error:
        shown = path if len(path) <= 60 else f"{path[:59]}…"
        why = getattr(error, "strerror", None) or error
        raise DataError(f"{shown} cannot be read: {why}") from None
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
    """The first that splits the top rows into equally many cells, else into most."""
    lines = text[:100_000].splitlines()[:20]
    counts = {d: [len(row) for row in csv.reader(lines, delimiter=d) if row] for d in DELIMITERS}
    for delimiter, cells in counts.items():
        if len(set(cells)) == 1 and cells[0] > 1:
            return delimiter
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter][:1])


def _records(path: str, text: str, delimiter: str) -> list[_Record]:
    """The rows that are not blank lines, their cells without the spaces around them."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True, strict=True)
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
    for position, name in enumerate(names, start=1):
        if name in names[: position - 1]:
            earlier = names.index(name) + 1
            raise DataError(
                f"{path}: columns {earlier} and {position} are both named {name!r}; rename one"
            )


def _column(path: str, name: str, records: list[_Record], cells: list[str]) -> Column:
    if not name:
        return Column(name, tuple(cells), None)  # the names of the rows: whatever they are
    plain = [cell.replace("−", "-") for cell in cells]  # as the app itself writes it
    present = [cell for cell in plain if cell.lower() not in MISSING]
    numbers = sum(bool(LIKE_A_NUMBER.fullmatch(cell) or _dressed(cell)) for cell in present)
    numeric = 2 * numbers >= len(present)
    if numeric:
        cells = plain
    faults = [_fault(cell, numeric) for cell in cells]
    if any(faults):
        at, fault = next((i, fault) for i, fault in enumerate(faults) if fault)
        shown = cells[at] if len(cells[at]) <= 40 else cells[at][:39] + "…"
        more = faults.count(fault) - 1
        says = f"{path}, row {records[at].line}, column {name!r}: {shown!r} {fault}"
        raise DataError(says + (f" ({more} more like it in this column)" if more else ""))
    if not numeric:
        return Column(name, tuple(cells), None)
    return Column(name, tuple(cells), read_only(np.array(cells, dtype=np.float64)))


def _dressed(cell: str) -> bool:
    return bool(DRESSED.fullmatch(cell)) and not LIKE_A_NUMBER.fullmatch(cell)


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
