"""Screen 1, Explore: the network, its output, its layers and the loss."""

from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.panes.explore.layers import LayersPane
from tui.panes.explore.loss import LossPane
from tui.panes.explore.network import NetworkPane
from tui.panes.explore.output import OutputPane
from tui.screens.frame_screen import FrameScreen


class ExploreScreen(FrameScreen):
    """The network, its output, its layers and its loss."""

    NAME = "explore"
    FIRST = "network"

    def compose_panes(self) -> ComposeResult:
        with Horizontal(id="upper", classes="box"):
            yield NetworkPane(id="network")
            yield OutputPane(id="output")
        with Horizontal(id="lower", classes="box"):
            yield LayersPane(id="layers")
            yield LossPane(id="loss")
