"""Screen 1, Explore: what is the network doing now?"""

from collections import deque

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.frame import Frame
from tui.panes.bars import KeyBar, StatusBar, TopBar
from tui.panes.layers import LayersPane
from tui.panes.loss import LossPane
from tui.panes.network import NetworkPane
from tui.panes.output import OutputPane
from tui.panes.pane import Drawn, Look, Pane

SMALLEST = (60, 20)
BOXED = (100, 30)  # from this size on panes have boxes


class ExploreScreen(Screen[None]):
    """The network, its output, its layers and its loss, of one Frame."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Drawn] = deque()

    def compose(self) -> ComposeResult:
        yield TopBar()
        with Horizontal(id="upper", classes="row"):
            yield NetworkPane(id="network")
            yield OutputPane(id="output")
        with Horizontal(id="lower", classes="row"):
            yield LayersPane(id="layers")
            yield LossPane(id="loss")
        yield StatusBar()
        yield KeyBar()
        yield Static(id="too-small")

    def on_mount(self) -> None:
        self.query_one("#network").focus()

    def show(self, frame: Frame, look: Look, message: str, at_once: bool) -> None:
        """Give a frame to every pane; a message takes the place of the keys.

        If not at once, then pane by pane, so that a key need not wait for all of them.
        """
        for bar in self.query(KeyBar):
            bar.message = message
        self._waiting = deque() if at_once else deque(self.query(Drawn))
        if at_once:
            for pane in self.query(Drawn):
                pane.show(frame, look)
        else:
            self.call_later(self._show_next, frame, look, self._waiting)

    def _show_next(self, frame: Frame, look: Look, waiting: deque[Drawn]) -> None:
        if waiting is self._waiting and waiting:  # else a newer frame has come
            waiting.popleft().show(frame, look)
            self.call_later(self._show_next, frame, look, waiting)

    @property
    def busy(self) -> bool:
        """Whether panes still wait for the last frame."""
        return bool(self._waiting)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(small, "small")
        self.set_class(width < BOXED[0] or height < BOXED[1], "compact")
        needed = f"{SMALLEST[0]}×{SMALLEST[1]}"
        self.query_one("#too-small", Static).update(
            f"nn-explore needs {needed} cells; this terminal has {width}×{height}."
        )
        self.call_after_refresh(self.app.show)  # type: ignore[attr-defined]

    def toggle_zoom(self) -> None:
        """Let the focused pane fill the screen, or put it back."""
        self._zoom(None if self.has_class("zoom") else self.focused)

    def on_descendant_focus(self) -> None:
        if self.has_class("zoom"):  # the zoom goes with the focus
            self._zoom(self.focused)

    def _zoom(self, chosen: Widget | None) -> None:
        self.set_class(isinstance(chosen, Pane), "zoom")
        for row in self.query(".row"):
            row.set_class(chosen in row.children, "zoomed")
        for pane in self.query(Pane):
            pane.set_class(pane is chosen, "zoomed")
