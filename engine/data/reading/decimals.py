"""Which mark of a table is the decimal mark: decided for all its columns together."""

from collections.abc import Iterable, Mapping, Sequence

from engine.data.reading.numbers import (
    COMMA_IN_THOUSANDS,
    COMMA_IS_DECIMAL,
    COMMA_ONLY,
    IN_THREES,
    is_missing,
    is_number_like,
)
from engine.data.reading.options import DELIMITERS

WORDS = {sign: word for word, sign in DELIMITERS.items()} | {" ": "blanks", "\t": "tabs"}


def is_mostly_numbers(counts: Mapping[str, int]) -> bool:
    """Whether at least half of the cells that are not missing are numbers, and there are any.
    ``counts`` are the cells and how often each occurs."""
    present = {cell: n for cell, n in counts.items() if not is_missing(cell)}
    numbers = sum(n for cell, n in present.items() if is_number_like(cell))
    return bool(present) and 2 * numbers >= sum(present.values())


def guessed_decimal(
    columns: Sequence[Mapping[str, int]], plain_cells: Iterable[str], delimiter: str
) -> tuple[str, tuple[str, ...]]:
    """The decimal mark, and a note if it is a comma or was in doubt.

    ``columns`` are the cells, with their numbers, of the columns that are not plain numbers;
    ``plain_cells`` all cells of the others. A comma with three digits behind it may stand between
    thousands: of cells that are separated by semicolons it is taken as decimal, else as that.
    """
    cells = [cell for counts in columns if is_mostly_numbers(counts) for cell in counts]
    cells = [cell.replace("−", "-") for cell in cells]
    with_comma = [cell for cell in cells if "," in cell]
    grouped = [cell for cell in with_comma if COMMA_IN_THOUSANDS.fullmatch(cell)]
    doubtful = [cell for cell in grouped if IN_THREES.fullmatch(cell)]
    commas = [cell for cell in with_comma if COMMA_ONLY.fullmatch(cell) and cell not in grouped]
    commas += [cell for cell in cells if cell.count(".") > 1 and COMMA_IS_DECIMAL.fullmatch(cell)]
    commas += [cell for cell in with_comma if "." in cell and COMMA_IS_DECIMAL.fullmatch(cell)]
    points = [cell for cell in grouped if cell not in doubtful]
    if not commas and (not doubtful or points):
        return ".", ()
    dotted = [cell for cell in cells if "." in cell and cell not in with_comma]
    dotted += [cell for cell in plain_cells if "." in cell]
    points += [cell for cell in dotted if cell.count(".") == 1 and not IN_THREES.fullmatch(cell)]
    if points:
        return ".", ()
    separated = f"decimal comma, cells separated by {WORDS.get(delimiter, delimiter)}"
    if commas:
        return ",", (separated,)
    if delimiter == ";":
        doubt = f"{doubtful[0]!r} is read as {doubtful[0].replace(',', '.')}"
        return ",", (f"{separated}: {doubt} (--decimal . if it is a mark between thousands)",)
    doubt = f"{doubtful[0]!r} is read as {doubtful[0].replace(',', '')}"
    return ".", (f"{doubt} (--decimal , if it is a decimal comma)",)


def doubtful_point(cells: Iterable[str]) -> str:
    """The first cell with a point that may stand between thousands, if all points may; else ""."""
    first = ""
    for cell in cells:
        if "." in cell:
            if not IN_THREES.fullmatch(cell):
                return ""
            first = first or cell
    return first
