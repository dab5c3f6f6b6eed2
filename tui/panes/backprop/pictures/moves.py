"""The update of each weight of a unit: old and new, with an arrow as long as the move."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import norm, num

NUMBER = 7  # cells of a number, with the gap before it
HIDDEN = "?"


@dataclass(frozen=True)
class Moves:
    """``labels`` of parameters with their ``old`` and ``new`` values, None for a hidden one. The
    longest move of the unit, among those shown, has the longest arrow."""

    labels: Sequence[str]
    old: Sequence[float]
    new: Sequence[float | None]
    selected: int

    def moves(self) -> list[float | None]:
        """new − old of each."""
        return [
            None if new is None else new - old for old, new in zip(self.old, self.new, strict=True)
        ]

    def draw(self, canvas: Canvas) -> None:
        """A row each below a head; of more than fit, those about the selected."""
        palette, width = canvas.palette, canvas.width
        moves = self.moves()
        longest = max((abs(m) for m in moves if m is not None and isfinite(m)), default=0.0)
        text = first_fitting(
            (f"the longest arrow: a move of {norm(longest).strip()}", "arrows: the moves"),
            width * (longest > 0.0),
        )
        rows = canvas.height - 1 - 2 * bool(text)
        first = max(0, min(self.selected - rows // 2, len(self.old) - rows))
        shown = range(first, min(len(self.old), first + rows))
        cells = max(len(self.labels[i]) for i in shown)
        left, right = cells + NUMBER, width - NUMBER
        centre = (left + right) // 2
        half = min(centre - left - 1, right - centre - 2)
        canvas.right(left, 0, "old", palette.low)
        canvas.text(centre - 1, 0, "move", palette.low)
        canvas.right(width, 0, "new", palette.low)
        for y, i in enumerate(shown, start=1):
            chosen, old, new, move = i == self.selected, self.old[i], self.new[i], moves[i]
            if chosen:
                canvas.paint(0, y, width, 1, palette.sel)
            canvas.text(0, y, self.labels[i], palette.hi if chosen else palette.mid, bold=chosen)
            canvas.right(left, y, num(old), palette.ink(old))
            value, ink = (HIDDEN, palette.hi) if new is None else (num(new), palette.ink(new))
            canvas.right(width, y, value, ink, bold=chosen)
            canvas.text(centre, y, "┼" if not canvas.glyphs.ascii else "+", palette.low)
            if move and isfinite(move):
                self._draw_arrow(canvas, centre, y, half, move / longest)
        canvas.text(0, len(shown) + 2, text, palette.mid)

    def _draw_arrow(self, canvas: Canvas, centre: int, y: int, half: int, share: float) -> None:
        """From the centre to the right where the weight grows, else to the left."""
        cells = max(1, round(abs(share) * half))
        shaft, ink = canvas.glyphs.bar * (cells - 1), canvas.palette.ink(share)
        if share > 0.0:
            canvas.text(centre + 1, y, shaft + canvas.glyphs.marker_right, ink)
        else:
            canvas.right(centre, y, "◂" + shaft, ink)
