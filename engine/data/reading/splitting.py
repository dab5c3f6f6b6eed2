"""Lines of a text split into cells, and the guess of what separates them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.data.reading.numbers import is_missing, is_number_like
from engine.errors import DataError

BLANKS = " "
GUESSES = ("\t", ";", ",", "|", BLANKS)
SAMPLE_LINES = 200
_EXCEL_ERROR = re.compile(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)", re.IGNORECASE)
# a cell in quotation marks, in which they are doubled or follow a backslash, or one without blanks
_CELL = re.compile(r'\s*(?:"((?:[^"\\]|""|\\.)*)"(?=\s|$)|\'([^\']*)\'(?=\s|$)|([^\s"\']\S*))')


def starts_comment(line: str) -> bool:
    """Whether a line starts with #, and not with an error of Excel such as #N/A."""
    return line.startswith("#") and not _EXCEL_ERROR.match(line)


@dataclass(frozen=True)
class Record:
    """The cells of a row, and the line of the file where it starts, from 1."""

    line: int
    cells: list[str]

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)

    @property
    def is_comment(self) -> bool:
        """Whether it starts as comments do; it may also be a row of names."""
        return starts_comment(self.cells[0])

    def without_end(self, width: int) -> list[str] | None:
        """Its cells without empty ones beyond ``width``; None if their number is another one."""
        if len(self.cells) < width or any(self.cells[width:]):
            return None
        return self.cells[:width]


def records(path: str, text: str, delimiter: str, first_line: int = 1) -> list[Record]:
    """The rows, without blank lines; cells without the spaces around them."""
    if delimiter == BLANKS:
        return _split_at_blanks(path, text, first_line)
    rows = csv.reader(
        _lines(text, delimiter), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    found, line = [], 1
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if len(cells) > 1 or any(cells):
                found.append(Record(first_line + line - 1, cells))
            line = rows.line_num + 1  # a quoted cell may run over several lines
    except csv.Error as error:
        raise DataError(
            f"{path}, row {first_line + line - 1}: {error}; check its quotation marks"
        ) from None
    return found


def _lines(text: str, delimiter: str) -> Iterator[str]:
    """The lines of a text with their line ends, one by one to save memory.

    A quotation mark in a comment has no meaning.
    """
    for match in re.finditer(r"[^\n]*\n|[^\n]+", text):
        line = match[0]
        yield line.replace('"', "'") if starts_comment(line) and line.count('"') % 2 else line


def _split_at_blanks(path: str, text: str, first_line: int) -> list[Record]:
    found = []
    for line, content in enumerate(text.split("\n"), start=first_line):
        if ('"' not in content and "'" not in content) or starts_comment(content):
            cells = content.split()
        else:
            cells = _quoted_cells(path, line, content)
        if cells:
            found.append(Record(line, cells))
    return found


def _quoted_cells(path: str, line: int, content: str) -> list[str]:
    cells, end = [], 0
    content = content.rstrip()
    while end < len(content):
        match = _CELL.match(content, end)
        if match is None:
            raise DataError(f"{path}, row {line}: check its quotation marks")
        double, single, bare = match.groups()
        if double is not None:
            double = double.replace('""', '"').replace('\\"', '"')
        cells.append(next(part for part in (double, single, bare) if part is not None).strip())
        end = match.end()
    return cells


def guessed_delimiter(text: str) -> str:
    """What splits the top rows best into equal numbers of cells, with numbers in them.

    The number of rows of the commonest length counts first, then how many cells can be read as
    numbers: ``1,5 2,5`` are two numbers. Blanks are the last resort, as texts have blanks in them.
    """
    sample = text[:100_000]
    lines = sample.split("\n")[:SAMPLE_LINES]
    lines = [line for line in lines if line.strip() and not starts_comment(line)]
    best, highest = ",", (0.0, 0.0)
    for delimiter in GUESSES:
        rows = _split(lines, delimiter)
        common = usual_length([len(row) for row in rows])
        if common < 2:
            continue
        even = sum(len(row) == common for row in rows) / len(rows)
        below = [cell for row in rows[1:] for cell in row]
        score = (round(even, 2), _share_of_numbers(below))
        if score > highest:
            best, highest = delimiter, score
    return best


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The cells of lines; of faulty ones as well as they can be told."""
    if delimiter == BLANKS:
        lines = ["\t".join(quoted_as_tabs(line)) for line in lines]
        delimiter = "\t"
    try:
        rows = [*csv.reader([f"{line}\n" for line in lines], delimiter=delimiter)]
    except csv.Error:
        rows = [line.split(delimiter) for line in lines]
    return [[cell.strip() for cell in row] for row in rows if row]


def quoted_as_tabs(line: str) -> list[str]:
    """The cells of a line of blanks, without a check of its quotation marks."""
    cells = [match.groups() for match in _CELL.finditer(line)]
    return [next((part for part in parts if part is not None), "") for parts in cells]


def usual_length(lengths: Sequence[int]) -> int:
    """The commonest of the lengths of rows, of several the larger one; 0 without any."""
    if not lengths:
        return 0
    counts = Counter(lengths)
    return max(counts, key=lambda length: (counts[length], length))


def _share_of_numbers(cells: list[str]) -> float:
    present = [cell for cell in cells if not is_missing(cell)]
    numbers = sum(is_number_like(cell) for cell in present)
    return round(numbers / len(present), 2) if present else 0.0
