"""Environment variables: invalid values, at which Textual would fail or hang, are removed."""

import os

COLOUR_SYSTEMS = ("auto", "standard", "256", "truecolor", "windows")
MAX_CELLS = 2000  # of a screen's width or height


def remove_invalid_variables() -> None:
    """Remove invalid values before Textual is imported, which then uses its defaults."""
    checks = {
        "TEXTUAL_COLOR_SYSTEM": lambda value: value not in COLOUR_SYSTEMS,
        "TEXTUAL_DRIVER": lambda value: not value.startswith("textual"),
        "TEXTUAL_LOG": _cannot_be_written,
        "COLUMNS": _is_invalid_size,
        "LINES": _is_invalid_size,
    }
    for name, is_invalid in checks.items():
        if is_invalid(os.environ.get(name, "")):
            os.environ.pop(name, None)


def _cannot_be_written(name: str) -> bool:
    if os.path.lexists(name):
        return os.path.isdir(name) or not os.access(name, os.W_OK)
    return not os.access(os.path.dirname(name) or ".", os.W_OK)


def _is_invalid_size(value: str) -> bool:
    return not (value.isascii() and value.isdecimal() and 0 < len(value) < 5) or not (
        0 < int(value) <= MAX_CELLS
    )


def is_linux_console() -> bool:
    """Whether the terminal is the console of Linux, whose fonts often lack braille."""
    return os.environ.get("TERM") == "linux"
