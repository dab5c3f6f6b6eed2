"""How many cells a text takes, and which of its forms fits."""

from collections.abc import Iterable

from rich.cells import cell_len


def cell_count(text: str) -> int:
    """The cells that a terminal needs for a text: two for a character of a wide script."""
    return cell_len(text)


def first_fitting(forms: Iterable[str], room: int) -> str:
    """The first of a text's forms, long ones first, that fits into so many cells; "" if none."""
    return next((form for form in forms if cell_count(form) <= room), "")
