"""Numbers as people and programs write them, and missing cells."""

import re

MISSING = {
    "", "na", "n/a", "nan", "null", "none", "#n/a", "<na>", "?", ".", "-", "−", "–", "—",
}  # fmt: skip
"""Cells that stand for nothing, in lower case."""

PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
WITH_COMMA = re.compile(r"[+-]?(?:[0-9]+,?[0-9]*|,[0-9]+)(?:[eE][+-]?[0-9]+)?")
INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
SIGNS = "$€£¥"
_GROUP = "[ \u00a0\u202f'’_{}]"
_GROUPED = r"[0-9]{{1,3}}(?P<mark>{group})[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*"
_FORMATTED = r"(?P<sign>[+-]?)[{signs}]? ?(?P<inner>[+-]?)(?P<whole>[0-9]+|{grouped})"
_FORMATTED += r"(?P<part>{decimal}[0-9]+)? ?[%{signs}]?"


def _formatted(decimal: str, group: str) -> re.Pattern[str]:
    grouped = _GROUPED.format(group=_GROUP.format(group))
    pattern = _FORMATTED.format(signs=SIGNS, grouped=grouped, decimal=re.escape(decimal))
    return re.compile(pattern)


FORMATTED = {".": _formatted(".", ","), ",": _formatted(",", ".")}
"""By decimal mark, numbers with a currency, a percent sign or marks between thousands."""

_NUMBER = r"[+-]?[{signs}]? ?[+-]?{number} ?[%{signs}]?"
COMMA_ONLY = re.compile(_NUMBER.format(signs=SIGNS, number=r"[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?"))
IN_THREES = re.compile(_NUMBER.format(signs=SIGNS, number=r"[1-9][0-9]{0,2}[.,][0-9]{3}"))
COMMA_IS_DECIMAL = re.compile(
    _NUMBER.format(signs=SIGNS, number=r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
)
COMMA_IN_THOUSANDS = re.compile(
    _NUMBER.format(signs=SIGNS, number=r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
)


def is_missing(cell: str) -> bool:
    """Whether a cell stands for nothing."""
    return cell.lower() in MISSING


def plain(cell: str, decimal: str) -> str | None:
    """A number as plain digits with a decimal point; None if the cell is no number.

    A percent sign is left out: ``42 %`` is 42.
    """
    cell = cell.replace("−", "-")
    if not cell.isascii():
        cell = "".join(str(int(c)) if c.isdecimal() else c for c in cell)
    if decimal == ".":
        if PLAIN.fullmatch(cell):
            return cell
    elif WITH_COMMA.fullmatch(cell):
        return cell.replace(",", ".")
    if match := FORMATTED[decimal].fullmatch(cell):
        if match["sign"] and match["inner"]:
            return None
        digits = re.sub("[^0-9]", "", match["whole"])
        part = (match["part"] or "").replace(",", ".")
        return f"{match['sign']}{match['inner']}{digits}{part}"
    return None


def is_number_like(cell: str) -> bool:
    """Whether a cell is a number with one of the decimal marks."""
    return plain(cell, ".") is not None or plain(cell, ",") is not None
