"""The error of a text of terms: what is wrong, where, and what would do."""

from engine.errors import DataError
from engine.quoting import shown


class TermError(DataError):
    """A text that is no term. ``fault`` is the message without the text and the place."""

    def __init__(self, text: str, position: int, fault: str) -> None:
        self.fault = fault
        super().__init__(f"{shown(text)}, at character {position + 1}: {fault}")


class NoColumnError(TermError):
    """A name in a text of terms that no column has."""
