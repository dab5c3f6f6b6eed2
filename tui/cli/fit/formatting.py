"""Numbers and columns of the fit's plain text."""

from collections.abc import Sequence
from math import isnan

from tui.drawing.numbers import NONE

WIDTH = 80


def figure(x: float, digits: int = 6, width: int = 14) -> str:
    """x to so many significant digits, fewer where the width asks for it; NaN, which is what does
    not exist, is –."""
    if isnan(x):
        return NONE
    for count in range(digits, 0, -1):
        text = f"{float(x):.{count}g}"
        if len(text) <= width:
            break
    return "0" if text == "-0" else text


def p_value(p: float) -> str:
    """Four decimals, or from below 0.001 two digits: ``0.0480``, ``5.4e-71``; NaN is –."""
    if isnan(p):
        return NONE
    if p == 0.0:
        return "0"
    return f"{p:.1e}" if p < 0.001 else f"{p:.4f}"


def plural(n: int, what: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def columns(cells: Sequence[str], widths: int | Sequence[int]) -> str:
    """Cells set to the right in columns, at least a space before each."""
    each = [widths] * len(cells) if isinstance(widths, int) else widths
    return "".join(f" {cell:>{width - 1}}" for cell, width in zip(cells, each, strict=True))
