"""A number at two moments."""

from dataclasses import dataclass

from engine.notation import Name


@dataclass(frozen=True)
class Moved:
    """A weight, a bias, or the place of a knot, at two moments or in two runs."""

    of: Name
    before: float
    after: float

    @property
    def name(self) -> str:
        """As it is written."""
        return self.of.written()

    @property
    def by(self) -> float:
        """How far it has moved."""
        return self.after - self.before
