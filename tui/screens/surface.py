"""The loss surface, a screen that any other leads to by a key, and esc back from."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from engine import EngineError, Trainer
from tui.canvas import Canvas
from tui.frame import Frame
from tui.panes.bars import KeyBar, StatusBar, TopBar
from tui.panes.pane import Look
from tui.panes.surface import SurfacePane
from tui.screens.frame_screen import FrameScreen
from tui.session import Session
from tui.surveyor import Surveyor

LOOK = 0.1  # seconds between looks at what has been computed
FEWEST_STEPS = 2  # with which there is a path that spans a plane
KEYS = (
    ("↑↓ h l", "cursor"),
    ("p", "plane"),
    ("d", "redraw"),
    ("c", "compute"),
    ("→", "step"),
    ("space", "play"),
    ("F1", "help"),
)


class SurfaceScreen(FrameScreen):
    """C around the run, on a plane through its parameters."""

    NAME = "surface"
    FIRST = "surface"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "stop computing, or back"),
        Binding("p", "next_kind", "the next kind of plane"),
        Binding("d", "draw_again", "the next random directions"),
        Binding("c", "compute", "compute here, now"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.back = "explore"
        self.surveyor = Surveyor()

    def compose(self) -> ComposeResult:
        yield TopBar()
        yield from self.compose_panes()
        yield StatusBar()
        yield SurfaceKeys()
        yield Static(id="too-small")

    def compose_panes(self) -> ComposeResult:
        with Horizontal(classes="box"):
            yield SurfacePane(id="surface")

    def enter(self, back: str) -> None:
        """Begin to look at the run; ``back`` is the screen to which esc leads."""
        self.back = back
        if self._trainer.step_count < FEWEST_STEPS:
            self.surveyor.kind = "random"

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(LOOK, self.look_again)

    def show(self, frame: Frame, look: Look, message: str, at_once: bool) -> None:
        self._pane.facts = self.surveyor.facts(self._trainer)
        super().show(frame, look, message, at_once)

    def look_again(self) -> None:
        """Follow the run, and draw what has been computed since the last look."""
        if not self.is_current:
            return
        self.surveyor.follow(self._trainer, self._session.playing)
        if self.surveyor.news:
            self.draw_surface()

    def draw_surface(self) -> None:
        """Draw the surface of the frame on the screen."""
        pane = self._pane
        if pane.view is not None:
            pane.facts = self.surveyor.facts(self._trainer)
            pane.show(pane.view, pane.look)

    def on_screen_suspend(self) -> None:
        self.surveyor.cancel()
        super().on_screen_suspend()

    def on_surface_pane_pointed(self, message: SurfacePane.Pointed) -> None:
        self.surveyor.cursor = message.position
        self.draw_surface()

    # keys

    def action_leave(self) -> None:
        if self.surveyor.busy:
            self.surveyor.cancel()
            self.draw_surface()
        else:
            self.app.show_screen(self.back)  # type: ignore[attr-defined]

    def action_next_kind(self) -> None:
        self.surveyor.next_kind(self._trainer)
        self.draw_surface()

    def action_draw_again(self) -> None:
        try:
            self.surveyor.draw_again(self._trainer)
        except EngineError as error:
            self.app.notify(str(error), severity="error", markup=False)
        self.draw_surface()

    def action_compute(self) -> None:
        self.surveyor.compute(self._trainer)
        self.draw_surface()

    @property
    def _pane(self) -> SurfacePane:
        return self.query_one(SurfacePane)

    @property
    def _session(self) -> Session:
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    @property
    def _trainer(self) -> Trainer:
        return self._session.trainer


class SurfaceKeys(KeyBar):
    """The keys of this screen, and advice."""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        palette, glyphs = canvas.palette, canvas.glyphs
        if self.message:
            canvas.text(1, 0, self.message, bold=True)
            return
        end = canvas.width - 1
        if frame.advice:
            end -= len(frame.advice) + 2
            canvas.right(canvas.width - 1, 0, frame.advice)
        x = 1
        screen = self.screen
        busy = isinstance(screen, SurfaceScreen) and screen.surveyor.busy
        for keys, brief in (("esc", "stop" if busy else "back"), *KEYS):
            if x + len(keys) + len(brief) + 1 >= end:
                break
            canvas.text(x, 0, glyphs.text(keys), bold=True)
            canvas.text(x + len(keys) + 1, 0, brief, ink=palette.low)
            x += len(keys) + len(brief) + 3
