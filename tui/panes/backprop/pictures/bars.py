"""Bars from 0: the shares of a softmax, the costs of the examples of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tui.drawing.canvas import Canvas
from tui.drawing.numbers import norm
from tui.drawing.text_lines import draw_line, fitting_lines


@dataclass(frozen=True)
class Bars:
    """``labels`` with their ``values`` ≥ 0, None for one that is hidden; bars are as long as their
    share of ``whole``. Of more than there is room for, the largest are shown, and the selected."""

    labels: Sequence[str]
    values: Sequence[float | None]
    whole: float
    selected: int | None = None
    sentences: Sequence[str] = ()

    def draw(self, canvas: Canvas) -> None:
        """Draw them over the whole canvas, a row each."""
        palette, width = canvas.palette, canvas.width
        lines = fitting_lines(self.sentences, palette.mid, width, min(2, canvas.height - 4))
        rows = canvas.height - len(lines) - bool(lines)
        sizes = [np.inf if v is None else v for v in self.values]
        if self.selected is not None:
            sizes[self.selected] = np.inf
        shown, more = list(range(len(self.values))), ""
        if len(self.values) > rows:
            shown = sorted(np.argsort(-np.array(sizes), kind="stable")[: rows - 1].tolist())
            more = f"+ {len(self.values) - len(shown)} more"
        cells = max(len(self.labels[i]) for i in shown)
        for y, i in enumerate(shown):
            value, chosen = self.values[i], i == self.selected
            if chosen:
                canvas.paint(0, y, width, 1, palette.sel)
            ink = palette.hi if chosen else palette.mid
            canvas.text(0, y, self.labels[i], ink, bold=chosen)
            text = "?" if value is None else norm(value)
            canvas.right(width, y, text, ink, bold=chosen)
            if value is not None and np.isfinite(value) and self.whole > 0.0:
                canvas.bar(cells + 1, y, width - cells - 9, value / self.whole, ink)
        if more:
            canvas.text(0, len(shown), more, palette.low)
        for y, line in enumerate(lines, start=len(shown) + bool(more) + 1):
            draw_line(canvas, y, line)
