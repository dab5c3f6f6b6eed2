"""Small matrices as text: pasted from NumPy, PyTorch, MATLAB or a table, or typed by hand.

Numbers are separated by blanks, commas or tabs, rows by line ends, semicolons or brackets.
"""

import re
from math import isfinite

import numpy as np

from engine.arrays import Array
from engine.errors import DataError
from engine.quoting import shown
from engine.wording import plural

TRANSPOSED = (".T", "'", "ᵀ")  # at the end: in NumPy, in MATLAB, in print
SEPARATOR = re.compile(r"\s*,\s*|\s+")
NAME = re.compile(r"\s*([^\W\d_]\w*)\s*=(.*)", re.DOTALL)  # W = …
CALL = re.compile(r"\s*(?:Parameter containing:\s*)?[\w.]*(?:array|matrix|tensor)\s*\(")
OPTIONS = re.compile(r"(?:\s*,\s*\w+\s*=[^,=\[\]]+)*\s*,?\s*\)")  # , dtype=float32)
GROUP = re.compile(r"\[([^\[\]]*)\]")  # innermost
AROUND = re.compile(r"[\s,;]*|\s*\[[\s,;]*\]\s*")  # the groups of a matrix
LEFT_OUT = {"...", "…"}
LONG_LINE = 45  # characters of a line at least where NumPy has broken a vector, before 75
BRACKETS = "brackets do not match: write [[1, 2], [3, 4]] or [1 2; 3 4]"


def numbers_in(text: str) -> list[float]:
    """The finite numbers of one row, as Python reads them, or with − for the minus.

    DataError says what is none.

    Example:
        >>> numbers_in("1.5, -2 3e-1")
        [1.5, -2.0, 0.3]
    """
    row = text.replace("−", "-").strip()
    return [_number(word) for word in SEPARATOR.split(row.removesuffix(",").rstrip()) if row]


def split_transpose(text: str) -> tuple[str, bool]:
    """The text without .T or ' at its end, and whether it had that."""
    text = text.strip()
    mark = next(filter(text.endswith, TRANSPOSED), "")
    return text.removesuffix(mark).rstrip(), bool(mark)


def named_matrix(text: str) -> tuple[str, Array]:
    """The name in front of a matrix, W of ``W = [1 2; 3 4]`` ("" if it has none), and the matrix
    (n, m). A vector is one row.

    DataError says what cannot be read.

    Example:
        >>> name, matrix = named_matrix("W = [[1, 2], [3, 4]]")
        >>> name, matrix.tolist()
        ('W', [[1.0, 2.0], [3.0, 4.0]])
    """
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    name, body = "", text.strip().rstrip(";")
    if named := NAME.fullmatch(body):
        name, body = named.groups()
    rows = [numbers_in(row) for row in _rows(_argument(body)) if row.strip()]
    if not rows:
        raise DataError("no number: type rows such as 1 2; 3 4")
    for i, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            first = plural(len(rows[0]), "number")
            raise DataError(f"row 1 has {first}, row {i} has {len(row)}: rows must be equally long")
    return name, np.array(rows)


def _number(word: str) -> float:
    if word in LEFT_OUT:
        raise DataError(f"{word} leaves numbers out: paste all of them")
    if not word:
        raise DataError("a number is missing beside a comma")
    try:
        value = float(word)
    except ValueError:
        raise DataError(f"{shown(word)} is not a number") from None
    if not isfinite(value):
        raise DataError(f"{word} is not a finite number")
    return value


def _argument(text: str) -> str:
    """What is in the parentheses of array(…) or tensor(…), without dtype; other text as it is."""
    if not (call := CALL.match(text)):
        return text
    end = text.rfind("]") + 1
    if end <= call.end() or not OPTIONS.fullmatch(text[end:].rstrip()):
        raise DataError(BRACKETS)
    return text[call.end() : end]


def _rows(text: str) -> list[str]:
    """The text of each row."""
    text = text.translate({ord("("): "[", ord(")"): "]"})  # tuples
    if "[" not in text and "]" not in text:
        return [row for line in text.splitlines() for row in line.split(";")]
    groups: list[str] = GROUP.findall(text)
    around = GROUP.sub(" ", text)
    if not groups or not AROUND.fullmatch(around):
        raise DataError(BRACKETS)
    return groups if len(groups) > 1 or "[" in around else _rows_in_one_bracket(groups[0])


def _rows_in_one_bracket(text: str) -> list[str]:
    """MATLAB's rows, or those of a vector that was broken into lines when it was printed."""
    if ";" in text:
        return text.split(";")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    broken = any(line.endswith(",") or len(line) >= LONG_LINE for line in lines[:-1])
    return [" ".join(lines)] if broken else lines
