"""Table of a walk: each border crossed, the unit that flips there, the slopes on both sides."""

from dataclasses import dataclass

import numpy as np

from engine import Walk
from engine.arrays import Array
from engine.wording import plural
from tui.drawing.palette import Palette
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Span, number
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import in_data_units, short_symbol, symbol, unit_length
from tui.model.target_scale import target_of


@dataclass(frozen=True)
class _Stop:
    """A row of the table; None in a cell that stays empty."""

    at: str
    event: str
    before: float | None = None
    after: float | None = None
    value: float | None = None


def walk_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None if no walk is active."""
    walk, start, unit = frame.walk, frame.walk_start, target_of(frame).unit
    if start is None:
        return None
    if walk is None:
        text = f"From here straight to the cursor: move it. {sheet.keys['walk']} ends the walk."
        return Table.of_words("Walk", text, sheet)
    palette = sheet.palette
    stops = _stops(frame, walk, start, unit, sheet)
    columns = [
        Column("at", 4, lambda i: Span(stops[i].at, palette.mid)),
        Column("flips", 11, lambda i: Span(stops[i].event, palette.hi), left=True),
        Column("before", 7, lambda i: _number(stops[i].before, palette)),
        Column("after", 7, lambda i: _number(stops[i].after, palette)),
        Column(short_symbol(frame, sheet.glyphs), 7, lambda i: _number(stops[i].value, palette)),
    ]
    columns = fitting(columns, sheet.width)
    return Table(
        title=f"Walk: {plural(len(walk.t), 'border')}",
        subtitle=f"slope of {symbol(frame, unit, sheet.glyphs)} per unit of length",
        head=head_of(columns, palette),
        count=len(stops),
        row=lambda i: row_of(columns, i),
    )


def _stops(frame: Frame, walk: Walk, start: Array, unit: int, sheet: Sheet) -> list[_Stop]:
    """The start, each crossing with a line for every unit that flips there, and the end."""
    length = unit_length(frame, start, frame.cursor)
    rows = frame.data.encode(frame.view.inputs(np.stack([start, frame.cursor])))
    ends = frame.network.forward(rows).z[-1]
    z = np.concatenate([ends[:1], walk.values, ends[1:]])[:, unit]
    slopes = walk.slopes[:, [unit]] / length
    values = in_data_units(frame, unit, slopes, z).offset.tolist()
    slopes = in_data_units(frame, unit, slopes, z).slopes[:, 0].tolist()

    stops = [_Stop("0", "start", None, slopes[0], values[0])]
    for t, flips, before, after, value in zip(
        walk.t.tolist(), walk.flips, slopes[:-1], slopes[1:], values[1:-1], strict=True
    ):
        first, *others = (
            f"{sheet.glyphs.unit('a', layer, j + 1)} {'on' if on else 'off'}"
            for layer, j, on in flips
        )
        stops.append(_Stop(f"{min(t, 0.999):.3f}"[1:], first, before, after, value))
        stops += [_Stop("", other) for other in others]
    return [*stops, _Stop("1", "end", slopes[-1], None, values[-1])]


def _number(value: float | None, palette: Palette) -> Span:
    return Span("", palette.low) if value is None else number(value, palette)
