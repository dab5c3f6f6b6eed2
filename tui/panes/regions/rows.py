"""The table of regions: a row for each that the filter shows, the largest first."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array, Ints
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import short
from tui.drawing.numbers import CELLS, count, norm
from tui.drawing.palette import Palette
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, many, number
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import short_symbol, symbol
from tui.model.regions.filter import region_list
from tui.model.regions.list import RegionList


def region_rows(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None where there is no map."""
    regions = region_list(frame)
    if regions is None:
        return None
    order = np.flatnonzero(regions.shown)
    here = int(np.searchsorted(order, -1 if regions.selected is None else regions.selected))
    lit = here < len(order) and order[here] == regions.selected
    columns = _columns(frame, sheet, regions, order.tolist())
    several = (
        f"{symbol(frame, regions.unit, sheet.glyphs)} · " if frame.network.sizes[-1] > 1 else ""
    )
    return Table(
        title=_title(frame, regions, len(order)),
        subtitle=f"{several}by area",
        head=head_of(columns, sheet.palette),
        count=len(order),
        row=lambda i: row_of(columns, i),
        selected=range(here, here + 1) if lit else range(0),
        foot=lambda last: _foot(regions, order, last, sheet),
        place=lambda i: regions.centre(int(order[i])),
        beside=lambda dy: _beside(regions, order, here + (dy if lit or dy < 0 else dy - 1), dy),
    )


def _beside(regions: RegionList, order: Ints, i: int, dy: int) -> Array | None:
    """The centre of row i, or of the next on the way that the cursor can be put into."""
    while 0 <= i < len(order):
        rank = int(order[i])
        centre = regions.centre(rank)
        if regions.ranks[regions.map.locate(centre[None, :])[0]] == rank:
            return centre
        i += 1 if dy > 0 else -1  # thinner than a rounding
    return None


def _title(frame: Frame, regions: RegionList, shown: int) -> str:
    title, step = many(len(regions), "region"), frame.regions.step
    if step == frame.step:
        return f"{title} · {count(shown)} shown" if frame.region_filter else title
    if frame.region_filter:  # short: there is more to say than fits
        return f"{count(shown)} of {count(len(regions))} · step {count(step)}"
    return f"{title} of step {count(step)}"


def _foot(regions: RegionList, order: Ints, last: int, sheet: Sheet) -> Line:
    """How many rows there are below, or how many regions are filtered out."""
    below, hidden = len(order) - last, len(regions) - len(order)
    if below:
        share = regions.share[order[last:]].sum()
        text = f"+ {count(below)} smaller, {100 * share:.1f} % of the box"
    elif hidden:
        share = regions.share[~regions.shown].sum()
        text = f"{count(hidden)} filtered out, {100 * share:.1f} % of the box"
    else:
        return []
    return [Span(text, sheet.palette.low)]


def _columns(frame: Frame, sheet: Sheet, regions: RegionList, order: list[int]) -> list[Column]:
    """As many columns as the width has room for, the less telling ones last."""
    glyphs, palette = sheet.glyphs, sheet.palette
    mark = "" if sheet.colour else glyphs.marker_right  # where the lit row's ground does not show

    def numbered(i: int) -> Span:
        lit = order[i] == regions.selected
        text = f"{mark if lit else ''}{order[i] + 1}"
        return Span(text, palette.hi if lit else palette.mid, lit)

    def examples(i: int) -> Span:
        n = int(regions.examples[order[i]])
        return Span(str(n), palette.mid if n else palette.low)

    def numbers(head: str, width: int, values: Array) -> Column:
        return Column(head, width, lambda i: number(float(values[order[i]]), palette))

    columns = [
        Column("#", max(3, len(str(len(regions))) + len(mark)), numbered),
        Column("area%", 6, lambda i: Span(percent(regions.share[order[i]]), palette.mid)),
        Column("n", 1 + max(2, len(str(len(frame.data.X)))), examples),
    ]
    spare = sheet.width - sum(column.width for column in columns) - 3 * (CELLS + 1)
    widths = [CELLS + 1 + (spare > i) for i in range(3)]
    of = short_symbol(frame, glyphs)
    names = frame.view.names
    for cells, name, slopes in zip(widths, names, regions.slopes.T, strict=False):
        columns.append(numbers(_slope_head(glyphs, of, name, cells - 1, names), cells, slopes))
    columns.append(numbers("offset", widths[-1], regions.offset))
    steep = glyphs.norm(glyphs.nabla + of)
    columns.append(Column(steep, 8, lambda i: _steepness(regions, order[i], palette)))
    columns.append(Column("corners", 9, lambda i: _corners(regions, order[i], palette)))
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


def _steepness(regions: RegionList, rank: int, palette: Palette) -> Span:
    return Span(norm(float(regions.steepness[rank])), palette.mid)


def _corners(regions: RegionList, rank: int, palette: Palette) -> Span:
    return Span(str(regions.corners[rank]), palette.mid)


def _slope_head(glyphs: Glyphs, of: str, name: str, width: int, names: Sequence[str]) -> str:
    """∂ŷ/∂x₁, or what the width leaves of it."""
    head = glyphs.derivative(of, name)
    if len(head) <= width:
        return head
    heads = [glyphs.derivative("", each) for each in names]
    return short(glyphs.derivative("", name), width, heads)


def percent(share: float) -> str:
    """A share of the box in 5 cells; one that would read 0.00 says that it is not."""
    percent = 100.0 * share
    return "<0.01" if 0.0 < percent < 0.005 else f"{percent:.2f}"[:5]
