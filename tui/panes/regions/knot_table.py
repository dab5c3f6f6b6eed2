"""Table of a curve's affine pieces, each with the knot at its left end."""

import numpy as np

from engine.arrays import Array
from engine.wording import count, plural
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import num
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Span, number
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import in_data_units, symbol
from tui.model.target_scale import target_of


def knot_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None if the knots are unknown."""
    knots = frame.regions.knots
    if knots is None:
        return None
    unit = target_of(frame).unit
    ends = piece_ends(frame)
    slopes = piece_slopes(frame, unit)
    pieces = len(slopes)
    current = int(np.searchsorted(ends[1:-1], frame.cursor[0]))
    columns = _columns(frame, ends, slopes, current, sheet)

    def next_middle(dy: int) -> Array | None:
        return middle(current + dy) if 0 <= current + dy < pieces else None

    def middle(i: int) -> Array:
        return np.array([(ends[i] + ends[i + 1]) / 2.0])

    stale = frame.regions.step != frame.step
    return Table(
        title=f"{plural(pieces - 1, 'knot')}, {plural(pieces, 'piece')}"
        + (f" of step {count(frame.regions.step)}" if stale else ""),
        subtitle=f"slope of {symbol(frame, unit, sheet.glyphs)} by {frame.view.names[0]}",
        head=head_of(columns, sheet.palette),
        count=pieces,
        row=lambda i: row_of(columns, i),
        selected=range(current, current + 1),
        place=middle,
        beside=next_middle,
    )


def _columns(frame: Frame, ends: Array, slopes: Array, current: int, sheet: Sheet) -> list[Column]:
    """The columns that fit into the width; "before" and "to" only in a wide pane."""
    knots, palette, jumps = frame.regions.knots, sheet.palette, np.diff(slopes)
    assert knots is not None
    bends = ["", *(bending(units, sheet.glyphs) for units in knots.units)]
    longest = max(9, 1 + max(map(len, bends)))  # never cut: the end says how many more there are

    def piece_number(i: int) -> Span:
        lit = i == current
        mark = sheet.glyphs.marker_right if lit and not sheet.colour else ""
        return Span(f"{mark}{i + 1}", palette.hi if lit else palette.mid, lit)

    def at_knot(values: Array, i: int) -> Span:
        return Span("", palette.low) if i == 0 else number(float(values[i - 1]), palette)

    columns = [
        Column("#", 3, piece_number),
        Column("from", 7, lambda i: Span(num(ends[i]), palette.mid)),
        Column("bends", longest, lambda i: Span(bends[i], palette.hi), left=True),
        Column("slope", 7, lambda i: number(float(slopes[i]), palette)),
        Column("jump", 7, lambda i: at_knot(jumps, i)),
    ]
    before = Column("before", 7, lambda i: at_knot(slopes, i))
    to = Column("to", 7, lambda i: Span(num(ends[i + 1]), palette.mid))
    spare = sheet.width - sum(column.width for column in columns)
    if spare >= before.width:
        columns.insert(3, before)
    if spare >= before.width + to.width:
        columns.insert(2, to)
    return fitting(columns, sheet.width)


def piece_ends(frame: Frame) -> Array:
    """The ends (K + 2,) of the K + 1 pieces, with those of the box, in the data's own units."""
    assert frame.regions.knots is not None
    (low, high), scale = frame.view.box[0], frame.data.x_scale
    inner = frame.regions.knots.x * scale.sd[0] + scale.mean[0]
    return np.concatenate([[low], inner, [high]])


def piece_slopes(frame: Frame, unit: int) -> Array:
    """The slopes (K + 1,) of the pieces, in the data's own units where they have them."""
    assert frame.regions.knots is not None
    slopes = frame.regions.knots.slopes / frame.data.x_scale.sd[0]
    if slopes.ndim > 1:
        slopes = slopes[:, unit]
    return in_data_units(frame, unit, slopes, np.zeros(len(slopes))).slopes


def bending(units: tuple[tuple[int, int], ...], glyphs: Glyphs) -> str:
    """The unit that bends at a knot; if there are several, the first and how many more."""
    names = [glyphs.unit("a", layer, unit + 1) for layer, unit in units]
    return " ".join(names[:1]) + (f" +{len(names) - 1}" if len(names) > 1 else "")
