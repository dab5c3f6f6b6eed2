"""Screen 3, Regions: into how many linear pieces does it cut the input, and what is each?"""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import RegionsStatusBar
from tui.panes.regions.count import RegionCountPane
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.table import RegionTablePane
from tui.screens.frame_screen import BOXED, FrameScreen

MAP_FRAME = 12  # columns of the map's pane beside the map: box, padding, the axes' labels
COMPACT_FRAME = 8  # of a pane without a box
SIDE = 40  # columns of the panes beside it, at the least
COMPACT_SIDE = 36
BARS = 3  # rows of the screen
AROUND = 3, 2  # rows of the map's pane that are not the map, boxed and compact


class RegionsScreen(FrameScreen):
    """The map over the full height; beside it the regions, the selected one, and the count."""

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
        """The map is a square, two columns of it as high as a row, where the side has room."""
        region_map = self.query_one("#region-map")
        if self.has_class("zoom"):
            region_map.styles.width = None  # which would go before the style sheet's
            return
        boxed = width >= BOXED[0] and height >= BOXED[1]
        rows = height - BARS - AROUND[not boxed]
        wanted = 2 * rows + (MAP_FRAME if boxed else COMPACT_FRAME)
        region_map.styles.width = min(wanted, width - (SIDE if boxed else COMPACT_SIDE))

    def reveal(self, pane: Pane) -> None:
        """In a small terminal the count and the selected region share one place."""
        if pane.id in ("region-detail", "region-count"):
            self.set_class(pane.id == "region-count", "counts")
        super().reveal(pane)
