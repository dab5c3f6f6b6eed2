"""Which towers are built on screen Approximate for data over two inputs, and which is selected."""

from dataclasses import dataclass

from tui.model.approximation.towers import MOST


@dataclass
class TowerChoice:
    """How many boxes along an input, and which of them all is selected: by columns of boxes from
    the left, each from below."""

    per_side: int = 4
    box: int = 0

    def grow(self, by: int) -> None:
        """More boxes along each input, or fewer; the selection stays about where it is."""
        column, row = divmod(self.box, self.per_side)
        before, self.per_side = self.per_side, min(max(self.per_side + by, 1), MOST)
        scaled = [int((place + 0.5) * self.per_side / before) for place in (column, row)]
        self.box = scaled[0] * self.per_side + scaled[1]

    def select(self, by: int) -> None:
        """The box so many places further, from the last on to the first."""
        self.box = (self.box + by) % self.per_side**2

    def move(self, dx: int, dy: int) -> None:
        """The box so many columns to the right and rows up, as far as the last."""
        column, row = divmod(self.box, self.per_side)
        column, row = (min(max(place, 0), self.per_side - 1) for place in (column + dx, row + dy))
        self.box = column * self.per_side + row
