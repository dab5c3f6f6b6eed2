"""Values of files as messages repeat them: shortened, and as TOML writes them."""

from datetime import date, datetime, time
from reprlib import Repr
from typing import Any

LONGEST = 60  # characters of a text
TOO_LONG = "(too long to show)"


class _Short(Repr):
    """What ``repr`` says, less what only Python says."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = LONGEST

    def repr1(self, x: Any, level: int) -> str:
        if x is None:
            return "nothing"
        if isinstance(x, bool):
            return "true" if x else "false"
        if isinstance(x, date | datetime | time):
            return x.isoformat()
        if isinstance(x, tuple):
            x = [*x]
        return super().repr1(x, level)


def shown(value: Any) -> str:
    """A value in a message."""
    try:
        return _Short().repr(value)
    except ValueError:  # Python writes out no number of thousands of digits
        return TOO_LONG
