"""Table of the regions that pass the filter, the largest first."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array, Ints
from engine.wording import count, plural
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import short
from tui.drawing.numbers import CELLS, norm, percent
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, number
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import short_symbol, symbol
from tui.model.regions.filter import region_list
from tui.model.regions.list import RegionList


def region_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None if there is no map."""
    regions = region_list(frame)
    if regions is None:
        return None
    order = np.flatnonzero(regions.shown)
    row = int(np.searchsorted(order, -1 if regions.selected is None else regions.selected))
    lit = row < len(order) and order[row] == regions.selected
    columns = _columns(frame, sheet, regions, order.tolist())
    output = (
        f"{symbol(frame, regions.unit, sheet.glyphs)} · " if frame.network.sizes[-1] > 1 else ""
    )
    return Table(
        title=_title(frame, regions, len(order)),
        subtitle=f"{output}by area",
        head=head_of(columns, sheet.palette),
        count=len(order),
        row=lambda i: row_of(columns, i),
        selected=range(row, row + 1) if lit else range(0),
        foot=lambda last: _foot(regions, order, last, sheet),
        place=lambda i: regions.centre(int(order[i])),
        beside=lambda dy: _next_centre(regions, order, row + (dy if lit or dy < 0 else dy - 1), dy),
    )


def _next_centre(regions: RegionList, order: Ints, i: int, dy: int) -> Array | None:
    """The centre of row i, or of the next row whose region contains its computed centre."""
    while 0 <= i < len(order):
        rank = int(order[i])
        centre = regions.centre(rank)
        if regions.ranks[regions.map.locate(centre[None, :])[0]] == rank:
            return centre
        i += 1 if dy > 0 else -1  # a region thinner than the rounding
    return None


def _title(frame: Frame, regions: RegionList, shown: int) -> str:
    title, step = plural(len(regions), "region"), frame.regions.step
    if step == frame.step:
        return f"{title} · {count(shown)} shown" if frame.region_filter else title
    if frame.region_filter:  # a short wording, for lack of room
        return f"{count(shown)} of {count(len(regions))} · step {count(step)}"
    return f"{title} of step {count(step)}"


def _foot(regions: RegionList, order: Ints, last: int, sheet: Sheet) -> Line:
    """How many rows are below, or how many regions are filtered out."""
    below, hidden = len(order) - last, len(regions) - len(order)
    if below:
        share = regions.share[order[last:]].sum()
        head = f"+ {count(below)} smaller"
    elif hidden:
        share = regions.share[~regions.shown].sum()
        head = f"{count(hidden)} filtered out"
    else:
        return []
    shared = f"{head}, {percent(share)}"
    text = first_fitting((f"{shared} of the box", shared, head), sheet.width)
    return [Span(text, sheet.palette.low)]


def _columns(frame: Frame, sheet: Sheet, regions: RegionList, order: list[int]) -> list[Column]:
    """As many columns as fit into the width, the most important first."""
    glyphs, palette = sheet.glyphs, sheet.palette
    mark = "" if sheet.colour else glyphs.marker_right  # marks the selected row

    def region_number(i: int) -> Span:
        lit = order[i] == regions.selected
        text = f"{mark if lit else ''}{regions.numbers[order[i]]}"
        return Span(text, palette.hi if lit else palette.mid, lit)

    def examples(i: int) -> Span:
        n = int(regions.examples[order[i]])
        return Span(str(n), palette.mid if n else palette.low)

    def numbers(head: str, width: int, values: Array) -> Column:
        return Column(head, width, lambda i: number(float(values[order[i]]), palette))

    columns = [
        Column("#", max(3, len(str(regions.numbers.max())) + len(mark)), region_number),
        Column("area%", 6, lambda i: Span(area(regions.share[order[i]]), palette.mid)),
        Column("n", 1 + max(2, len(str(len(frame.data.X)))), examples),
    ]
    spare = sheet.width - sum(column.width for column in columns) - 3 * (CELLS + 1)
    widths = [CELLS + 1 + (spare > i) for i in range(3)]
    output = short_symbol(frame, glyphs)
    names = frame.view.names
    for cells, name, slopes in zip(widths, names, regions.slopes.T, strict=False):
        columns.append(numbers(_slope_head(glyphs, output, name, cells - 1, names), cells, slopes))
    columns.append(numbers("offset", widths[-1], regions.offset))
    steep = glyphs.norm(glyphs.nabla + output)
    columns.append(
        Column(steep, 8, lambda i: Span(norm(float(regions.steepness[order[i]])), palette.mid))
    )
    columns.append(
        Column("corners", 9, lambda i: Span(str(regions.corners[order[i]]), palette.mid))
    )
    lamps = [glyphs.lamp_off, glyphs.lamp_on]
    units = frame.network.sizes[1:-1]
    ends = np.cumsum(units)[:-1]

    def pattern(i: int) -> Span:
        on = regions.map.patterns[regions.ids[order[i]]]
        layers = ("".join(lamps[int(bit)] for bit in layer) for layer in np.split(on, ends))
        return Span(" ".join(layers), palette.mid)

    if units:
        columns.append(Column("units on", sum(units) + len(units) + 1, pattern, left=True))
    return fitting(columns, sheet.width)


def _slope_head(glyphs: Glyphs, output: str, name: str, width: int, names: Sequence[str]) -> str:
    """∂ŷ/∂x₁, shortened to the width."""
    head = glyphs.derivative(output, name)
    if len(head) <= width:
        return head
    heads = [glyphs.derivative("", each) for each in names]
    return short(glyphs.derivative("", name), width, heads)


def area(share: float) -> str:
    """A share of the box in 5 cells; ``<0.01`` if it would be rounded to 0."""
    percent = 100.0 * share
    return "<0.01" if 0.0 < percent < 0.005 else f"{percent:.2f}"[:5]
