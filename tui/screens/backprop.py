"""Screen 2, Backprop: one training step as a sequence of micro-steps."""

from collections.abc import Iterable
from typing import Any

from tui.actions.action import Action
from tui.model.frame import Frame
from tui.panes.backprop.chain_rule import ChainRulePane
from tui.panes.backprop.equation import EquationPane
from tui.panes.backprop.gradient_vector import GradientPane
from tui.panes.backprop.microsteps import MicroStepsPane
from tui.panes.backprop.network import BackpropNetworkPane
from tui.panes.backprop.slips import SlipsPane
from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import BackpropStatusBar
from tui.screens.frame_screen import FrameScreen
from tui.screens.layout.boxes import Needs


class BackpropScreen(FrameScreen):
    """The network, the list of the micro-steps, and the equation of the current one; in its place
    also the chain rule by name, the gradient as one vector, and usual slips."""

    NAME = "backprop"
    FIRST = "equation"

    def compose_panes(self) -> Iterable[Pane]:
        yield BackpropNetworkPane(id="backprop-network")
        yield MicroStepsPane(id="microsteps")
        yield EquationPane(id="equation")
        yield ChainRulePane(id="chain-rule")
        yield GradientPane(id="gradient-vector")
        yield SlipsPane(id="slips")

    def needs(self, frame: Frame) -> Needs:
        return Needs(layers=len(frame.network.weights))

    def brief_of(self, action: Action[Any], frame: Frame) -> str:
        hidden = frame.backprop is not None and frame.backprop.hidden
        return "guess" if action.id == "explain" and hidden else super().brief_of(action, frame)

    def status_bar(self) -> BackpropStatusBar:
        return BackpropStatusBar()
