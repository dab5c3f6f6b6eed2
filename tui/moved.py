"""A number at two moments."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Moved:
    """A weight, a bias, or the place of a knot, at two moments or in two runs."""

    name: str
    before: float
    after: float

    @property
    def by(self) -> float:
        """How far it has moved."""
        return self.after - self.before
