"""Screen Surface: the loss surface around the run. A key leads to it from any other screen."""

from collections.abc import Iterable

from tui.panes.base.key_bar import KeyBar
from tui.panes.base.pane import Pane
from tui.panes.surface.surface import SurfacePane
from tui.screens.frame_screen import FrameScreen
from tui.session.session import Session

LOOK = 0.1  # seconds between looks at what has been computed


class SurfaceScreen(FrameScreen):
    """C around the run, on a plane through its parameters."""

    NAME = "surface"
    FIRST = ""  # tab focuses the map

    def compose_panes(self) -> Iterable[Pane]:
        yield SurfacePane(id="surface")

    def enter(self) -> None:
        self._session.surface.require_path(self._session.trainer)

    def on_mount(self) -> None:
        self.app.clock.every(self, LOOK, self.look_again)

    def look_again(self) -> None:
        """Draw what has been computed since the last frame."""
        if not self.is_current:
            return
        self._session.advance(self.NAME)
        view = self.query_one(SurfacePane).view
        if view and view.surface and view.surface.state != self._session.surface.state:
            self.draw_surface()

    def draw_surface(self) -> None:
        """Draw the surface, and the keys: one of them may stop its computation."""
        pane, frame = self.query_one(SurfacePane), self._session.frame(self.NAME)
        if pane.view is not None:
            pane.show(frame, pane.look)
            self.query_one(KeyBar).show(frame, pane.look)

    def on_screen_suspend(self) -> None:
        self._session.surface.cancel()

    def on_surface_pane_pointed(self, message: SurfacePane.Pointed) -> None:
        self._session.surface.put_cursor(message.position)
        self.draw_surface()

    # keys

    @property
    def is_computing(self) -> bool:
        """Whether a surface is being computed."""
        return self._session.surface.busy

    def stop(self) -> None:
        """Stop computing."""
        self._session.surface.cancel()
        self.draw_surface()

    def next_kind(self) -> None:
        self._session.surface.next_kind(self._session.trainer)
        self.draw_surface()

    def draw_again(self) -> None:
        self._session.surface.draw_again(self._session.trainer)
        self.draw_surface()

    def compute(self) -> None:
        self._session.surface.compute(self._session.trainer)
        self.draw_surface()

    @property
    def _session(self) -> Session:
        return self.app.session
