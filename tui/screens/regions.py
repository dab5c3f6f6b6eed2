"""Screen 3, Regions: the linear pieces into which the network divides its input."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import RegionsStatusBar
from tui.panes.regions.count import RegionCountPane
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.table import RegionTablePane
from tui.screens.frame_screen import BOXED, FrameScreen

# all in cells, compact and boxed
MAP_MARGIN = 8, 12  # columns of the map's pane besides the map: box, padding, labels
MIN_SIDE = 36, 40  # columns of the panes at its right
MAP_FRAME = 2, 3  # rows of the map's pane besides the map
BARS = 3  # rows of the screen's bars


class RegionsScreen(FrameScreen):
    """The map over the full height; at its right the table, the selected region and the count."""

    NAME = "regions"
    FIRST = "region-map"
    COUNTS = True

    def compose_panes(self) -> ComposeResult:
        with Horizontal(classes="box"):
            yield RegionMapPane(id="region-map")
            with Vertical(id="side", classes="box"):
                yield RegionTablePane(id="region-table")
                yield RegionDetailPane(id="region-detail")
                yield RegionCountPane(id="region-count")

    def status_bar(self) -> RegionsStatusBar:
        return RegionsStatusBar()

    def lay_out(self, width: int, height: int) -> None:
        """Make the map square (two columns are as wide as a row is high), if the side has room."""
        region_map = self.query_one("#region-map")
        if self.has_class("zoom"):
            region_map.styles.width = None  # so that the style sheet's applies
            return
        boxed = width >= BOXED[0] and height >= BOXED[1]
        square = 2 * (height - BARS - MAP_FRAME[boxed]) + MAP_MARGIN[boxed]
        region_map.styles.width = min(square, width - MIN_SIDE[boxed])

    def reveal(self, pane: Pane) -> None:
        """In a small terminal, show either the count or the selected region."""
        if pane.id in ("region-detail", "region-count"):
            self.set_class(pane.id == "region-count", "counts")
        super().reveal(pane)
