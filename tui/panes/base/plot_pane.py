"""Base class of panes with a plot: plots are slow to build, so fewer are drawn while playing."""

from tui.model.frame import Frame
from tui.panes.base.pane import Look, Pane

PLAYING_PERIOD = 0.24  # seconds between plots while training plays


class PlotPane(Pane):
    """A pane that draws its first frame late and, while training plays, not every one."""

    _drawn_at = 0.0

    def show(self, frame: Frame, look: Look) -> None:
        """Draw a frame; while training plays, at most one per ``PLAYING_PERIOD``."""
        now = self.app.clock.now()  # type: ignore[attr-defined]
        if self.view is None:
            # plotext is imported when the other panes are on the screen
            self.view, self.look = frame, look
            self.call_after_refresh(self._show_latest)
        elif not frame.playing or now - self._drawn_at > PLAYING_PERIOD:
            self._drawn_at = now
            super().show(frame, look)

    def _show_latest(self) -> None:
        if self.view is not None:  # by then a newer frame may have come
            self.show(self.view, self.look)
