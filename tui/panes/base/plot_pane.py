"""Base class of panes with a plot: plots are slow to build, so fewer are drawn while playing."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from tui.drawing.canvas import Canvas
from tui.drawing.plot import Axis, Series, draw_plot
from tui.model.frame import Frame
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane

PLAYING_PERIOD = 0.24  # seconds between plots while training plays


class Plot(NamedTuple):
    """A plot as it was drawn last, with its axes."""

    canvas: Canvas
    x: Axis
    y: Axis


class PlotPane(Pane):
    """A pane that draws its first frame late.

    While training plays, it draws the numbers of every frame, but not the lines of ``plot``: these
    stay for ``PLAYING_PERIOD``, and while a key waits.
    """

    SKIPS: ClassVar[bool] = False  # whole frames, as no other pane shows numbers of it

    _waits = False  # with its first frame, until the other panes are on the screen
    _drawn_at = 0.0
    _keeps_lines = False
    _last: Plot | None = None

    def show(self, frame: Frame, look: Look) -> None:
        """Draw a frame; while training plays, lines at most once per ``PLAYING_PERIOD``."""
        now = self.app.clock.now()  # type: ignore[attr-defined]
        if self.view is None:
            self.view, self.look, self._waits = frame, look, True  # plotext is imported then
            self.app.call_after_refresh(self._show_latest)
            return
        self._waits = False
        is_recent = now - self._drawn_at <= PLAYING_PERIOD
        self._keeps_lines = frame.playing and (self.hurries or is_recent)
        if not self._keeps_lines:
            self._drawn_at = now
        elif self.SKIPS:
            return
        super().show(frame, look)

    def plot(
        self,
        canvas: Canvas,
        area: tuple[int, int, int],
        series: Sequence[Series],
        x: Axis,
        y: Axis,
    ) -> tuple[Axis, Axis]:
        """Draw series, or as long as the axes stay their lines as they were, into an ``area``: its
        top row, width and height. Returns the axes."""
        top, width, height = area
        last = self._last
        if (
            not self._keeps_lines
            or last is None
            or (last.canvas.width, last.canvas.height) != (width, height)
            or (last.x, last.y) != (x, y)  # what else is drawn is of this frame
            or last.canvas.palette is not canvas.palette
        ):
            lines = canvas.blank(width, height)
            draw_plot(lines, 0, width, height, series, x, y)
            self._last = last = Plot(lines, x, y)
        canvas.paste(last.canvas, 0, top)
        return x, y

    def resized(self) -> None:
        if not self._waits:
            super().resized()

    def _show_latest(self) -> None:
        if self._waits and self.view is not None:  # else a newer frame has come
            self.show(self.view, self.look)
