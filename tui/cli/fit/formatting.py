"""Formatting of numbers and columns in the text of a fit."""

import textwrap
from collections.abc import Sequence
from math import isnan
from unicodedata import combining, east_asian_width

from tui.drawing.numbers import NONE

WIDTH = 80
FILLER = "\N{WORD JOINER}"  # stands for the second cell of a wide character while lines are made


def figure(x: float, digits: int = 6, width: int = 14) -> str:
    """x to this many significant digits, or fewer to fit the width; NaN (undefined) is –."""
    if isnan(x):
        return NONE
    for count in range(digits, 0, -1):
        text = f"{float(x):.{count}g}"
        if len(text) <= width:
            break
    return "0" if text == "-0" else text


def p_value(p: float) -> str:
    """Four decimals, below 0.001 two significant digits: ``0.0480``, ``5.4e-71``; NaN is –."""
    if isnan(p):
        return NONE
    if p == 0.0:
        return "0"
    return f"{p:.1e}" if p < 0.001 else f"{p:.4f}"


def percent(share: float) -> str:
    """``95 %``, of a share such as 0.95."""
    return f"{100.0 * share:.6g} %"


def columns(cells: Sequence[str], widths: int | Sequence[int]) -> str:
    """Cells aligned right in columns of these widths, with a space before each."""
    all_widths = [widths] * len(cells) if isinstance(widths, int) else widths
    return "".join(f" {cell:>{width - 1}}" for cell, width in zip(cells, all_widths, strict=True))


def cell_count(text: str) -> int:
    """The cells of a terminal that a text takes. What the screens use would load all of Rich."""
    return len(text) + sum(map(_is_wide, text)) - sum(combining(char) > 0 for char in text)


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF"


def shortened(text: str, width: int) -> str:
    """The text in at most so many cells."""
    if cell_count(text) <= width:
        return text
    while cell_count(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def left(text: str, width: int) -> str:
    """The text with blanks up to so many cells of a terminal."""
    return text + " " * (width - cell_count(text))


def wrap(text: str, width: int, initial_indent: str = "", subsequent_indent: str = "") -> list[str]:
    """The text in lines of at most so many cells."""
    filled = "".join(char + FILLER * _is_wide(char) for char in text)
    lines = textwrap.wrap(
        filled, width, initial_indent=initial_indent, subsequent_indent=subsequent_indent
    )
    return [line.replace(FILLER, "") for line in lines]
