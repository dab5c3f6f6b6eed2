"""Environment variables: what the drawing library would stop at, or draw for ever, is taken out."""

import os

COLOUR_SYSTEMS = ("auto", "standard", "256", "truecolor", "windows")
MOST_CELLS = 2000  # of a screen that is wide, or high


def tidy() -> None:
    """Forget wrong values, before Textual is imported; it then looks for itself."""
    wrong = {
        "TEXTUAL_COLOR_SYSTEM": lambda value: value not in COLOUR_SYSTEMS,
        "TEXTUAL_DRIVER": lambda value: not value.startswith("textual"),
        "TEXTUAL_LOG": _cannot_be_written,
        "COLUMNS": _is_no_size,
        "LINES": _is_no_size,
    }
    for name, is_wrong in wrong.items():
        if is_wrong(os.environ.get(name, "")):
            os.environ.pop(name, None)


def _cannot_be_written(name: str) -> bool:
    if os.path.lexists(name):
        return os.path.isdir(name) or not os.access(name, os.W_OK)
    return not os.access(os.path.dirname(name) or ".", os.W_OK)


def _is_no_size(value: str) -> bool:
    return not (value.isascii() and value.isdecimal() and 0 < len(value) < 5) or not (
        0 < int(value) <= MOST_CELLS
    )
