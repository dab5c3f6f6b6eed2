"""Screen 1, Explore: the network, its output, its layers and the loss."""

from collections.abc import Iterable
from typing import Any

from tui.actions.action import Action
from tui.model.frame import Frame
from tui.panes.base.maps.place import label_margin
from tui.panes.base.pane import Pane
from tui.panes.explore.layers import LayersPane
from tui.panes.explore.loss import LossPane
from tui.panes.explore.network import NetworkPane
from tui.panes.explore.output import OutputPane
from tui.screens.frame_screen import FrameScreen
from tui.screens.layout.boxes import Needs


class ExploreScreen(FrameScreen):
    """The network, its output, its layers and its loss."""

    NAME = "explore"
    FIRST = "network"

    def compose_panes(self) -> Iterable[Pane]:
        yield NetworkPane(id="network")
        yield OutputPane(id="output")
        yield LayersPane(id="layers")
        yield LossPane(id="loss")

    def on_network_pane_unit_pointed(self, message: NetworkPane.UnitPointed) -> None:
        """Show the picture of the unit under the mouse large."""
        self.query_one(OutputPane).show_unit(message.unit)

    def needs(self, frame: Frame) -> Needs:
        """The columns of the labels at the left of the map, and what the layers' table lists."""
        margin = label_margin(frame, self.app.look.glyphs.y_hat)
        network = frame.network
        return Needs(margin, sizes=network.sizes, bias=network.bias, details=frame.details)

    def brief_of(self, action: Action[Any], frame: Frame) -> str:
        """What the key of the details does now."""
        if action.id == "details":
            return "less" if frame.details else "more"
        return super().brief_of(action, frame)
