"""Texts with a character for each cell that a terminal needs, and which form of a text fits.

A character of a wide script, such as Chinese, takes two cells. In a *padded* text an invisible
``FILLER`` follows it: then ``len``, slices and ``ljust`` count cells.
"""

from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from rich.cells import cell_len

FILLER = "\N{WORD JOINER}"
"""The second cell of a wide character; ``unpadded`` removes it from texts that are stored."""
_SKIN_TONES = range(0x1F3FB, 0x1F400)  # colours of the picture before, wide ones of their own
_FLAGS = range(0x1F1E6, 0x1F200)  # letters, two of which make a flag
RELATIONS = {"≤": "<=", "≥": ">=", "≠": "!=", "≈": "~=", "±": "+-", "∞": "inf", "½": "1/2"}
"""In ASCII. One character for these would say something else; so a text becomes longer."""
_NO_CELL = frozenset("\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}\N{SOFT HYPHEN}")


def cell_count(text: str) -> int:
    """The cells that a terminal needs for a text: two for a character of a wide script."""
    return cell_len(text)


def most_cells(text: str) -> int:
    """The cells that a text needs at most, in Unicode or ASCII: by this texts are laid out."""
    if text.isascii():
        return len(text)
    return cell_count(text) + sum(len(RELATIONS[char]) - 1 for char in text if char in RELATIONS)


def first_fitting(forms: Iterable[str], room: int) -> str:
    """The first of a text's forms, long ones first, that fits into so many cells; "" if none."""
    return next((form for form in forms if most_cells(form) <= room), "")


@lru_cache(maxsize=4096)
def padded(text: str) -> str:
    """The text with a character a cell. Marks that a letter cannot take up are left out; control
    characters become ``?``: neither may shift a row. Padding again changes nothing."""
    if text.isascii() and text.isprintable():
        return text
    cells: list[str] = []
    owed = False  # whether the next filler belongs to the wide character before
    for char in normalize("NFC", text):
        if char == FILLER:
            cells += [] if owed else [" "]
            owed = False
            continue
        drawn = _drawn(char)
        owed = len(drawn) == 2
        cells += drawn
    return "".join(cells)


def unpadded(text: str) -> str:
    """The text without fillers: as the user typed it."""
    return text.replace(FILLER, "")


def _drawn(char: str) -> str:
    """A character as it is drawn: one that takes a cell, one that takes two with its filler, or
    nothing."""
    if char.isspace():
        return " "
    code = ord(char)
    if code in _FLAGS:
        return chr(code - _FLAGS.start + ord("A"))
    if char in _NO_CELL or code in _SKIN_TONES:
        return ""
    width = cell_len(char)
    if not char.isprintable():
        return "" if width == 0 and code > 0x9F else "?"
    return ("", char, char + FILLER)[width]


def without_halves(text: str) -> str:
    """A padded text with a blank where only half of a wide character is left."""
    return "".join(map(_whole, " " + text, text, text[1:] + " "))


def _whole(before: str, char: str, after: str) -> str:
    """The character of a cell between two others; blank for half a wide one."""
    if char == FILLER:
        return FILLER if cell_count(before) == 2 else " "
    return " " if after != FILLER and cell_count(char) == 2 else char


def half_cells(fraction: float, width: int) -> int:
    """The half cells of a bar, of ``width`` cells for 1: one at least, unless it is 0."""
    if not fraction > 0:  # NaN too
        return 0
    return max(1, round(2 * width * min(fraction, 1.0)))
