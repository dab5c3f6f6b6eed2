"""The engine's errors. Each message says what was wrong, where, and what would be right."""

from collections.abc import Sequence

from engine.wording import count, noun_for


class EngineError(Exception):
    """Base class of the engine's errors; the message can be shown to a user."""


class DataError(EngineError):
    """A data set or a file cannot be used."""


class RowError(DataError):
    """A value of one row, or of several, cannot be used.

    ``row`` is the first of them, from 0. ``at`` writes the message for a caller that knows the
    row by another name, such as its place in a file.
    """

    def __init__(self, subject: str, rows: Sequence[int], fault: str) -> None:
        self.subject, self.row, self.more, self.fault = subject, int(rows[0]), len(rows) - 1, fault
        super().__init__(self.at(f"{subject}, row {self.row + 1}"))

    def at(self, place: str) -> str:
        """The message with this name of the place, and how many more rows there are like it."""
        more = f" ({count(self.more)} more {noun_for(self.more, 'row')} like it)"
        return f"{place}: {self.fault}{more if self.more else ''}"


class ExperimentError(EngineError):
    """A setting, or a combination of settings, is invalid."""


class ShapeError(EngineError):
    """The shapes of arrays do not fit the network or each other."""


class NotPiecewiseLinearError(EngineError):
    """A hidden activation is not piecewise linear, so there are no regions or knots."""


class NotAffineError(EngineError):
    """A layer is not linear, so the network is not one affine map."""


class MemoryBoundError(EngineError):
    """A computation needs more memory than is allowed or available."""
