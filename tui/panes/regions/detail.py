"""The detail pane of screen Regions: the selected region, or the piece at the cursor."""

import numpy as np

from engine import EngineError
from engine.wording import count
from tui.drawing.numbers import CELLS, known, norm, num
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, Span, flowed, words
from tui.explain.explainable import Explainable
from tui.explain.regions import cursor_numbers
from tui.model.frame import Frame
from tui.model.premises import finite
from tui.model.regions.affine_in_view import LocalMap, local_map, symbol
from tui.model.regions.filter import region_list
from tui.model.target_scale import target_of
from tui.panes.base.table_pane import TablePane
from tui.panes.regions.knot_table import bending, piece_ends, piece_slopes
from tui.panes.regions.no_regions import no_affine_map, no_regions
from tui.panes.regions.piece_details import (
    FACT_GAP,
    Section,
    at_cursor,
    bends,
    examples,
    fact,
    formula,
    inequalities,
    lamps,
    nearest_flip,
    neighbours,
    outwards,
    pattern_at,
    sections_table,
    why_no_map,
)
from tui.panes.regions.region_table import area


def region_detail(frame: Frame, sheet: Sheet) -> Table | None:
    """The selected region; None if there is no map."""
    regions = region_list(frame)
    if regions is None or regions.selected is None:
        return None
    rank = regions.selected
    affine = LocalMap(regions.slopes[rank], regions.offset[rank])
    facts = [
        fact("corners", str(regions.corners[rank]), 2, sheet),
        fact("area", f"{area(regions.share[rank])}%", CELLS, sheet),
        fact("examples", str(regions.examples[rank]), len(str(len(frame.data.X))), sheet),
    ]
    sections = [
        [*at_cursor(frame, sheet, frame.regions.step == frame.step), *nearest_flip(frame, sheet)],
        formula(frame, affine, facts, sheet),
        bends(frame, regions, sheet),
        lamps(frame, regions.map.patterns[regions.ids[rank]], sheet),
        neighbours(regions, rank, sheet),
        inequalities(frame, regions, rank, sheet),
        examples(np.flatnonzero(regions.homes == rank), sheet),
    ]
    step = frame.regions.step
    stale = f" of step {count(step)}" if step != frame.step else ""
    return sections_table(f"Region {regions.numbers[rank]}{stale}", sections, frame, sheet)


def piece_detail(frame: Frame, sheet: Sheet) -> Table | None:
    """The piece of a curve that the cursor is in; None if its knots are unknown."""
    if frame.regions.knots is None or frame.regions.step != frame.step:
        return None
    ends = piece_ends(frame)
    i = int(np.searchsorted(ends[1:-1], frame.cursor[0]))
    low, high = ends[i], ends[i + 1]
    middle = np.array([(low + high) / 2.0])
    x, palette = frame.data.X[:, 0], sheet.palette
    inside = np.flatnonzero((x > low) & (x <= high))
    interval: Line = [
        Span(num(low), palette.hi),
        Span(f" < {frame.view.names[0]} < ", palette.mid),
        Span(num(high), palette.hi),
    ]
    unit = target_of(frame).unit
    sections = [
        [*at_cursor(frame, sheet), *nearest_flip(frame, sheet)],
        formula(frame, local_map(frame, middle, unit), [interval], sheet),
        _bends(frame, i, sheet),
        lamps(frame, pattern_at(frame, middle), sheet),
        examples(inside, sheet),
    ]
    return sections_table(f"Piece {i + 1}", sections, frame, sheet)


def _bends(frame: Frame, piece: int, sheet: Sheet) -> Section:
    """Which units bend the curve at both ends of a piece, and the jumps of the slope there."""
    knots, palette = frame.regions.knots, sheet.palette
    assert knots is not None
    jumps = np.diff(piece_slopes(frame, target_of(frame).unit))
    section: Section = []
    for end, knot in (("left", piece - 1), ("right", piece)):
        if 0 <= knot < len(jumps):
            jump = float(jumps[knot])
            units = Span(f"{end} end: {bending(knots.units[knot], sheet.glyphs)}", palette.low)
            amount = [Span("slope jumps ", palette.low), Span(num(jump), palette.ink(jump))]
            section += flowed([[units], amount], sheet.width, indent=2)
    total = float(np.abs(jumps).sum())
    facts = [fact("curvature", known(finite(total), norm), CELLS, sheet), *outwards(frame, sheet)]
    return section + flowed(facts, sheet.width, indent=2, gap=FACT_GAP)


def cursor_detail(frame: Frame, sheet: Sheet) -> Table:
    """The affine map at the cursor, if neither regions nor knots are known."""
    if frame.divergence:
        return Table.of_words("At the cursor", _no_map(frame, ""), sheet)
    unit = target_of(frame).unit
    try:
        affine = local_map(frame, frame.cursor, unit)
    except EngineError as error:
        output = symbol(frame, unit, sheet.glyphs)
        why = words(_no_map(frame, output) or str(error), sheet.palette.mid, sheet.width)
        lines = [*at_cursor(frame, sheet), [], *why]
        return Table("At the cursor", "", [], len(lines), lines.__getitem__)
    sections = [
        at_cursor(frame, sheet),
        formula(frame, affine, [], sheet),
        lamps(frame, pattern_at(frame, frame.cursor), sheet),
        words(why_no_map(frame.regions), sheet.palette.mid, sheet.width),
    ]
    return sections_table("At the cursor", sections, frame, sheet)


def _no_map(frame: Frame, output: str) -> str:
    """Why there are no regions, and what that means at the cursor: no other pane says it."""
    return f"{no_regions(frame)} {no_affine_map(frame, output)}".strip()


class RegionDetailPane(TablePane):
    """The selected region: its formula, pattern, inequalities, neighbours and examples."""

    HELP = """
Region: the one the cursor lies in, by its number in the table. On top the cursor's place and ŷ
there, and the nearest place in the box at which the decision flips, of a regression ŷ its sign:
how far away it is, and the median distance from an example to the nearest other. Distances are in
the data's own units, or in standard deviations (sd) where the inputs are standardised. Of more than
two inputs only the plane shown is searched.
ŷ (or z of the last layer, where the output has an activation) is one affine formula there;
‖∇ŷ‖ is its steepness. ■ is a hidden unit that is on, · one that is off: the pattern.
It is the pattern that makes the region: each unit whose z changes sign at its border gives
an inequality, and together they, and the box, leave exactly the region.
At the nearest border the slope across it jumps, by what one unit adds: up is convex, down concave.
The curvature is the sum of |jump| times length over all borders in the box, of a curve of |jump|;
slopes and lengths are in the units of the axes.
Far out, beyond the last border on the way from the middle through the cursor, ŷ tends to that.
Neighbours share a border. Regions with the same map are one linear region.
{explain} explains the map; ↓ there leads on to how far the flip is, the jump at the nearest border,
and the curvature.
{up} {down} scroll where there is more than the pane holds; {zoom} gives it the screen.
"""

    faces = (region_detail, piece_detail, cursor_detail)

    def explainable(self, frame: Frame) -> Explainable:
        """The affine map at the cursor, the nearest flip, the jump at the nearest border, the
        curvature."""
        return cursor_numbers(frame)
