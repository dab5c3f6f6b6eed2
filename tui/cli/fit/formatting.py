"""Formatting of numbers and columns in the text of a fit."""

from collections.abc import Sequence
from math import isnan

from tui.drawing.numbers import NONE

WIDTH = 80


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


def columns(cells: Sequence[str], widths: int | Sequence[int]) -> str:
    """Cells aligned right in columns of these widths, with a space before each."""
    all_widths = [widths] * len(cells) if isinstance(widths, int) else widths
    return "".join(f" {cell:>{width - 1}}" for cell, width in zip(cells, all_widths, strict=True))
