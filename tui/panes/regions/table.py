"""The table pane of screen Regions: the regions, a walk, the knots of a curve, or the cases."""

from engine.wording import count, plural
from tui.drawing.table import Sheet, Table
from tui.explain.explainable import Explainable
from tui.explain.network import affine_map_entries
from tui.model.frame import Frame
from tui.panes.base.table_pane import TablePane
from tui.panes.regions.case_table import case_table
from tui.panes.regions.knot_table import knot_table
from tui.panes.regions.no_regions import no_regions
from tui.panes.regions.piece_details import why_no_map
from tui.panes.regions.region_table import region_table
from tui.panes.regions.walk_table import walk_table


def no_table(frame: Frame, sheet: Sheet) -> Table:
    """A text: why there is no table."""
    regions = frame.regions
    title = "Regions" if frame.view.flat else "Pieces"
    if regions.count is not None:
        title = plural(regions.count, "region")
        if regions.step != frame.step:
            title += f" of step {count(regions.step)}"
    return Table.of_words(title, no_regions(frame) or f"No map: {why_no_map(regions)}", sheet)


class RegionTablePane(TablePane):
    """A table whose selected row is the one at the cursor; selecting moves the cursor."""

    HELP = """
Table: every region of the map, the largest first; its number is the same everywhere.
area% is its share of the box, n how many examples lie in it (of more than two inputs: whose
projections do), then the slopes of the affine map that holds there, and its value at 0.
The map is of ŷ; behind another output activation than the identity it is of z of that layer.
{up} {down} select a region, and so does a click; the cursor goes to its middle.
{filter} filters: data, empty, zero, near, area>1, n>=3, slope>2, corners>4, on:1.3, off:1.3.

On a walk ({walk}): each border crossed from the start to the cursor, which unit flips there, and
the slope along the walk before and after, per unit of length in the data's own units.
Over one input: a row for each affine piece, with the knot at its left end, the unit that
bends there, and by how much the slope jumps.
With up to three hidden units in one layer: every case of units on and off, and its formula; below
them the one plane that least squares (OLS) fits to the same data.
"""

    faces = (walk_table, knot_table, case_table, region_table, no_table)

    def explainable(self, frame: Frame) -> Explainable:
        """The affine map that holds at the cursor."""
        return affine_map_entries(frame, frame.cursor)
