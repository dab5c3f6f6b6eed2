"""Screen 3, Regions: the linear pieces into which the network divides its input."""

from collections.abc import Iterable

from tui.model.frame import Frame
from tui.panes.base.maps.place import label_margin
from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import RegionsStatusBar
from tui.panes.regions.count import RegionCountPane
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.no_regions import no_regions
from tui.panes.regions.table import RegionTablePane
from tui.screens.frame_screen import FrameScreen
from tui.screens.layout.boxes import Needs


class RegionsScreen(FrameScreen):
    """The map, the table, the selected region and the count."""

    NAME = "regions"
    FIRST = "region-table"
    COUNTS = True

    def compose_panes(self) -> Iterable[Pane]:
        yield RegionMapPane(id="region-map")
        yield RegionTablePane(id="region-table")
        yield RegionDetailPane(id="region-detail")
        yield RegionCountPane(id="region-count")

    def status_bar(self) -> RegionsStatusBar:
        return RegionsStatusBar()

    def needs(self, frame: Frame) -> Needs:
        """The columns of the labels at the left of the map, and the panes without anything to show:
        without regions a list of them, and with a single one a count that does not change."""
        without: tuple[str, ...] = ()
        if no_regions(frame):
            without = ("region-table", "region-count")
        elif len(frame.network.sizes) == 2:
            without = ("region-count",)
        return Needs(label_margin(frame, self.app.look.glyphs.y_hat), without=without)
