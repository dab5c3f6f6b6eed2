"""Screen 2, Backprop: one training step as a sequence of micro-steps."""

from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.keys.action import Action
from tui.model.frame import Frame
from tui.panes.backprop.equation import EquationPane
from tui.panes.backprop.microsteps import MicroStepsPane
from tui.panes.backprop.network import BackpropNetworkPane
from tui.panes.base.status_bars import BackpropStatusBar
from tui.screens.frame_screen import FrameScreen


class BackpropScreen(FrameScreen):
    """The network and the micro-steps; below them, over the full width, the equation."""

    NAME = "backprop"
    FIRST = "equation"

    def compose_panes(self) -> ComposeResult:
        with Horizontal(id="taken-apart", classes="box"):
            yield BackpropNetworkPane(id="backprop-network")
            yield MicroStepsPane(id="microsteps")
        with Horizontal(id="worked-out", classes="box"):
            yield EquationPane(id="equation")

    def brief_of(self, action: Action[Any], frame: Frame) -> str:
        hidden = frame.backprop is not None and frame.backprop.hidden
        return "guess" if action.id == "explain" and hidden else action.brief

    def status_bar(self) -> BackpropStatusBar:
        return BackpropStatusBar()
