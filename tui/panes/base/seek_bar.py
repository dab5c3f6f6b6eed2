"""The seek bar: the history of a run beneath its plot, and where in it we are."""

from typing import NamedTuple

from tui.drawing.canvas import Canvas
from tui.model.frame import Frame

NOW, EVENT, PAST, AHEAD = "●", "▾", "━", "─"


class SeekBar(NamedTuple):
    """``width`` cells from column ``left`` on for the steps 0 … ``last``, in a row of a canvas."""

    left: int
    width: int
    row: int
    last: float

    def column(self, step: float) -> int:
        """Where a step is."""
        return self.left + round(step / self.last * (self.width - 1))

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell is one of the bar's."""
        return y == self.row and 0 <= x - self.left < self.width

    def step_at(self, x: int, latest: int) -> int:
        """The step in a column; before the bar the first, beyond its end the latest."""
        if x >= self.column(latest):
            return latest
        return round(max(0, x - self.left) / max(1, self.width - 1) * self.last)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        """Draw the bar as far as the history goes: thick up to now, thin and dim what lies ahead;
        the events; and now."""
        palette, now = canvas.palette, self.column(frame.step)
        end = self.column(frame.latest_step) + 1
        canvas.text(self.left, self.row, PAST * (now - self.left), ink=palette.mid)
        canvas.text(now, self.row, AHEAD * (end - now), ink=palette.low)
        for event in frame.events:
            canvas.text(self.column(event.step), self.row, EVENT, ink=palette.hi)
        canvas.text(now, self.row, NOW, ink=palette.hi, bold=True)
