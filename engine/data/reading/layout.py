"""What the top rows of a file are: title, comments, names, units; and which rows are data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.data.reading.numbers import INFINITE, is_missing, is_number_like
from engine.data.reading.options import ReadOptions
from engine.data.reading.splitting import Record, usual_length
from engine.errors import DataError
from engine.quoting import shown
from engine.wording import listed, plural

YEARS = range(1500, 2200)
YEAR = re.compile("[0-9]{4}")


@dataclass(frozen=True)
class Layout:
    """How the rows are read.

    Attributes:
        names: The names of the columns.
        skipped: The lines of the file that are no data: title, comments, names, units.
        width: The number of cells of a row of data.
        notes: What was guessed.
        line, row_width: The first line of the table, and its number of cells.
    """

    names: tuple[str, ...]
    skipped: frozenset[int]
    width: int
    notes: tuple[str, ...]
    line: int
    row_width: int


def find_layout(path: str, top: Sequence[Record], options: ReadOptions) -> Layout:
    """The layout of a file with these records at its top. DataError where it has none."""
    lengths = [len(record.cells) for record in top if not record.is_comment]
    width = usual_length(lengths or [len(record.cells) for record in top])
    comments = [r for r in top if r.is_comment and r.without_end(width) is None]
    rows = [record for record in top if record not in comments and not record.is_empty]
    notes = []
    titles = _titles(rows, width)
    rows = rows[len(titles) :]
    notes += [f"row {r.line} is skipped as a title: {shown(_joined(r))}" for r in titles]
    if not rows:
        raise DataError(f"{path} is empty; it needs a row of names and rows of data")
    first, below = rows[0], rows[1:]
    width = _trimmed(first, below, width)
    short = len(first.cells) == width - 1 and any(first.cells)
    if short and options.header is not False and _all_have(below, width):
        names = ("", *first.cells)
        notes.append(f"row {first.line} is one cell short: it names the columns from the second on")
        has_names: bool | None = True
    else:
        cells = first.without_end(width)
        if cells is None:
            raise _unlike(path, first, below)
        has_names = options.header
        if has_names is None:
            has_names, told = _guessed_header(first.line, cells, [r.cells for r in below])
            notes += told
        names = tuple(f"x{j}" for j in range(1, width + 1))
        if has_names:
            names = (cells[0], *(c or n for c, n in zip(cells[1:], names[1:], strict=True)))
        elif options.header is None:
            notes.append(
                f"row {first.line} is read as data, not as names: the columns are "
                f"{' … '.join(dict.fromkeys((names[0], names[-1])))} (--header)"
            )
    _check_names(path, names)
    skipped = {record.line for record in (*titles, *comments)}
    if has_names:
        skipped.add(first.line)
        if below and (units := _units(below, width)):
            skipped.add(below[0].line)
            notes.append(f"row {below[0].line} is skipped as a row of units: {listed(units, 4)}")
    return Layout(names, frozenset(skipped), width, tuple(notes), first.line, len(first.cells))


def _titles(rows: Sequence[Record], width: int) -> list[Record]:
    """The first rows with one text only, above a table of several columns."""
    titles: list[Record] = []
    for record, following in pairwise(rows):
        alone = bool(record.cells[0]) and not any(record.cells[1:])
        if width < 2 or not alone or is_number_like(record.cells[0]):
            break
        if len(record.cells) >= width and not all(following.cells[:width]):
            break  # a row of data in which cells are missing
        if width == 2 and len(record.cells) == 1 and any(map(is_number_like, following.cells)):
            break  # the name of one column beside names of rows
        titles.append(record)
    return titles


def _trimmed(first: Record, below: Sequence[Record], width: int) -> int:
    """The number of columns without empty ones at the end of every row."""
    rows = [record for record in (first, *below) if len(record.cells) >= width]
    while width > 1 and not any(record.cells[width - 1] for record in rows):
        width -= 1
    return width


def _all_have(rows: Sequence[Record], width: int) -> bool:
    return bool(rows) and all(record.without_end(width) is not None for record in rows)


def _unlike(path: str, first: Record, below: Sequence[Record]) -> DataError:
    other = next((r for r in below if len(r.cells) != len(first.cells)), first)
    return DataError(uneven(path, other, first.line, len(first.cells)))


def uneven(path: str, record: Record, line: int, width: int) -> str:
    """The message about two rows with different numbers of cells."""
    cells = plural(len(record.cells), "cell")
    return (
        f"{path}, row {record.line} has {cells}, but row {line} has {plural(width, 'cell')}; "
        "make them the same number"
    )


def _guessed_header(
    line: int, first: list[str], below: list[list[str]]
) -> tuple[bool, tuple[str, ...]]:
    """Whether the first row holds names: it does not if it is a row of numbers, perhaps beside
    texts that occur again below (categories), except for years above other numbers."""
    numbers = [_may_be_number(cell) for cell in first]
    if not first[0]:
        return True, ()
    if not any(numbers):
        return True, ()
    if all(numbers):
        if not _are_years(first, below):
            return False, ()
        told = f"row {line} is read as names, although all are numbers: years? (--no-header)"
        return True, (told,)
    is_header = any(
        not number and all(row[j : j + 1] != first[j : j + 1] for row in below)
        for j, number in enumerate(numbers)
    )
    if not is_header:
        return False, ()
    named = [cell for cell in first if is_number_like(cell)]
    told = f"row {line} is read as names, although some are numbers: {listed(named, 4)}"
    return True, (f"{told} (--no-header)",) if named else ()


def _may_be_number(cell: str) -> bool:
    return is_number_like(cell) or is_missing(cell) or INFINITE.fullmatch(cell) is not None


def _are_years(first: list[str], below: list[list[str]]) -> bool:
    """Whether these are years in steps of one length, above columns of other numbers."""
    if len(first) < 2 or not all(YEAR.fullmatch(cell) and int(cell) in YEARS for cell in first):
        return False
    years = [int(cell) for cell in first]
    steps = {later - earlier for earlier, later in pairwise(years)}
    others = any(YEAR.fullmatch(c) and int(c) in YEARS for row in below for c in row)
    return len(steps) == 1 and 0 not in steps and not others


def _check_names(path: str, names: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if (earlier := seen.setdefault(name, position)) != position:
            raise DataError(
                f"{path}: columns {earlier} and {position} are both named {name!r}; rename one"
            )


def _units(below: Sequence[Record], width: int) -> list[str]:
    """The units in the first row below the names: texts above columns of numbers; else none."""
    rows = [record.cells[:width] for record in below]
    first, others = rows[0], rows[1:]
    if not others or len(first) < width:
        return []
    units, columns_of_numbers = [], 0
    for j, cell in enumerate(first):
        column = [row[j] for row in others if len(row) > j and not is_missing(row[j])]
        numeric = bool(column) and all(map(_may_be_number, column))
        if cell[:1].isdigit() or (_may_be_number(cell) and not is_missing(cell)):
            return []
        if numeric and not is_missing(cell):
            units.append(cell)
        elif not numeric and not is_missing(cell):
            return []  # a row of data with a text of its own
        columns_of_numbers += numeric
    return units if 2 * len(units) >= columns_of_numbers else []


def _joined(record: Record) -> str:
    return " ".join(cell for cell in record.cells if cell)
