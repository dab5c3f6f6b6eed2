"""The loss surface, a screen that any other leads to by a key, and esc back from."""

from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal

from engine import Trainer
from tui.keys.action import Action
from tui.model.frame import Frame
from tui.panes.base.bars import KeyBar
from tui.panes.base.pane import Look
from tui.panes.surface.surface import SurfacePane
from tui.screens.frame_screen import FrameScreen
from tui.session.session import Session
from tui.session.surface_tracker import Surveyor

LOOK = 0.1  # seconds between looks at what has been computed
FEWEST_STEPS = 2  # with which there is a path that spans a plane


class SurfaceScreen(FrameScreen):
    """C around the run, on a plane through its parameters."""

    NAME = "surface"
    FIRST = "surface"

    def __init__(self) -> None:
        super().__init__()
        self.surveyor = Surveyor()

    def compose_panes(self) -> ComposeResult:
        with Horizontal(classes="box"):
            yield SurfacePane(id="surface")

    def enter(self) -> None:
        """Where there is no path yet, begin with another plane."""
        if self._trainer.step_count < FEWEST_STEPS:
            self.surveyor.kind = "random"

    def on_mount(self) -> None:
        super().on_mount()
        self.app.clock.every(self, LOOK, self.look_again)

    def show(self, frame: Frame, look: Look, message: str, at_once: bool) -> None:
        self._pane.facts = self.surveyor.facts(self._trainer)
        super().show(frame, look, message, at_once)

    def look_again(self) -> None:
        """Follow the run, and draw what has been computed since the last look."""
        if not self.is_current:
            return
        self.surveyor.follow(self._trainer, self._session.time.playing)
        if self.surveyor.news:
            self.draw_surface()

    def draw_surface(self) -> None:
        """Draw the surface of the frame on the screen, and the keys: one of them may stop it."""
        pane = self._pane
        if pane.view is not None:
            pane.facts = self.surveyor.facts(self._trainer)
            pane.show(pane.view, pane.look)
            self.query_one(KeyBar).redraw()

    def on_screen_suspend(self) -> None:
        self.surveyor.cancel()
        super().on_screen_suspend()

    def on_surface_pane_pointed(self, message: SurfacePane.Pointed) -> None:
        self.surveyor.cursor = message.position
        self.draw_surface()

    # keys

    def stop(self) -> bool:
        if not self.surveyor.busy:
            return False
        self.surveyor.cancel()
        self.draw_surface()
        return True

    def next_kind(self) -> None:
        self.surveyor.next_kind(self._trainer)
        self.draw_surface()

    def draw_again(self) -> None:
        self.surveyor.draw_again(self._trainer)
        self.draw_surface()

    def compute(self) -> None:
        self.surveyor.compute(self._trainer)
        self.draw_surface()

    def brief_of(self, action: Action[Any], frame: Frame) -> str:
        words = {"up": "cursor", "leave": "stop" if self.surveyor.busy else "back"}
        return words.get(action.id, action.brief)

    @property
    def _pane(self) -> SurfacePane:
        return self.query_one(SurfacePane)

    @property
    def _session(self) -> Session:
        return self.app.session

    @property
    def _trainer(self) -> Trainer:
        return self._session.trainer
