"""Values of settings as error messages quote them: shortened, and spelt as in TOML."""

from datetime import date, datetime, time
from reprlib import Repr
from typing import Any

MAX_CHARACTERS = 60  # of a quoted text
TOO_LONG = "(too long to show)"


class _Short(Repr):
    """``repr``, with TOML's spelling of None, booleans, dates and tuples."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = MAX_CHARACTERS

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
    """A value as an error message quotes it."""
    try:
        return _Short().repr(value)
    except ValueError:  # Python refuses to format an integer of thousands of digits
        return TOO_LONG
