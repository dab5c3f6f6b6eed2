"""The change of a number between two moments or two runs."""

from dataclasses import dataclass

from engine.notation import Name


@dataclass(frozen=True)
class ValueChange:
    """A weight, a bias, or the position of a knot, at two moments or in two runs."""

    symbol: Name
    before: float
    after: float

    @property
    def name(self) -> str:
        """The symbol as text."""
        return self.symbol.written()

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before
