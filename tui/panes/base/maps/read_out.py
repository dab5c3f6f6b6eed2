"""The read-out of a map or a curve, beside it or below: the numbers at the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine import affine_at
from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import LONGEST_NAME, short
from tui.drawing.numbers import NONE, WIDE, known, norm, num
from tui.explain.region_texts import reason_text
from tui.model.frame import Frame
from tui.model.premises import finite
from tui.model.regions.affine_in_view import in_data_units, in_view
from tui.model.regions.nearest_flip import flip_at_cursor, has_flips
from tui.model.target_scale import Target
from tui.panes.base.maps.legend import MarkRow, draw_key_rows
from tui.panes.base.maps.place import Area

COLUMN, GAP = 13, 2  # cells below a map of a label with its number, at least, and between two

FLIP_REGIONS = 500  # up to which the nearest flip is found in 2 ms

CursorLine = tuple[str, str, int]  # a label, a value and the value's ink


@dataclass(frozen=True, eq=False)
class Piece:
    """The affine piece under the cursor: which of how many, and what it is in the data's own
    units. Only ŷ of an identity output is affine itself (``of_output``); else z⁽ᴸ⁾ is."""

    number: int  # from 1: by area, or from left to right
    count: int
    slopes: Array  # (k,) by the view's coordinates
    offset: float  # where they are 0
    of_output: bool


def piece_at(frame: Frame, position: Array, unit: int) -> Piece | None:
    """The piece at a position (k,) of the view; None where those of this step are not known."""
    regions, data = frame.regions, frame.data
    if regions.step != frame.step:
        return None
    if regions.map is not None:
        region = int(regions.map.locate(position[None, :])[0])
        count = regions.map.activation_count
        if region < 0:
            return None
        inner = regions.map.affine(region)
        areas = regions.map.areas  # the largest is region 1; of equal ones the map's first
        larger = (areas > areas[region]).sum() + (areas == areas[region])[:region].sum()
        number = 1 + int(larger)
    elif regions.knots is not None:
        knots = regions.knots.x
        piece = int(np.searchsorted(knots, data.x_scale.apply(position)[0]))
        number, count = piece + 1, len(knots) + 1
        low, high = frame.view.interval(data)
        middle = np.concatenate([[low], knots, [high]])[piece : piece + 2].mean()
        inner = in_view(frame, affine_at(frame.network, np.array([middle])))
    else:
        return None
    affine = in_data_units(frame, unit, inner.W[unit], inner.b[unit])
    of_output = frame.network.output == "identity"
    return Piece(number, count, affine.slopes, float(affine.offset), of_output)


def cursor_lines(
    canvas: Canvas, frame: Frame, target: Target, width: int, has_head: bool = True
) -> list[CursorLine]:
    """What holds at the cursor, as labels and values with their inks: its place, ŷ, the region,
    and, after a head or an empty line if there is room for it, the affine map in it."""
    glyphs, palette = canvas.glyphs, canvas.palette
    names = frame.view.names
    y_hat = frame.output_at_cursor(target.unit)
    piece = piece_at(frame, frame.cursor, target.unit)
    kind = "region" if len(names) == 2 else "piece"
    which = f"{piece.number}/{piece.count}" if piece else reason_text(frame.regions.reason)
    if piece and frame.playing:  # the number would change from frame to frame
        which = f"–/{piece.count}"
    if not 0 < len(which) < width - len(kind):
        which = "–"
    lines = [(name, _wide(v), palette.hi) for name, v in zip(names, frame.cursor, strict=True)]
    lines.append((glyphs.y_hat, _wide(y_hat), palette.ink(y_hat, target.half)))
    if not frame.details:
        return lines
    lines.append((kind, which, palette.hi if piece else palette.low))
    if piece:
        output = glyphs.y_hat if piece.of_output else "z"
        slopes = [known(finite(v), _wide) for v in piece.slopes]
        rooms = [width - cell_count(text) - 1 for text in slopes]
        head, labels = _slope_labels(glyphs, output, names, rooms, has_head)
        if has_head:
            lines.append((head, "", palette.low))
        lines += [
            (label, text, palette.ink(v, target.half))
            for label, text, v in zip(labels, slopes, piece.slopes, strict=True)
        ]
        offset = known(finite(piece.offset), _wide)
        lines.append(("offset", offset, palette.ink(piece.offset, target.half)))
        if len(names) == 2 and piece.count <= FLIP_REGIONS and has_flips(frame):
            lines.append(("flip", _flip(frame), palette.hi))
    return lines


def _flip(frame: Frame) -> str:
    """How far the nearest flip is; – while training plays, when it would hop, or if there is
    none."""
    flip = None if frame.playing else flip_at_cursor(frame)
    return NONE if flip is None else norm(flip.distance)


def draw_cursor(
    canvas: Canvas,
    frame: Frame,
    target: Target,
    x: int,
    width: int,
    rows: int,
    head: str = "cursor",
) -> int:
    """The cursor's block from the top, in at most ``rows`` rows; returns the rows used."""
    glyphs, palette = canvas.glyphs, canvas.palette
    lines = cursor_lines(canvas, frame, target, width)
    if len(lines) >= rows:  # no row to spare for the head
        lines = cursor_lines(canvas, frame, target, width, has_head=False)
    canvas.text(x, 0, f"{glyphs.cursor} ", palette.hi)
    canvas.text(x + 2, 0, head, palette.hi, bold=True)
    lines = lines[: max(0, rows - 1)]
    names = dict.fromkeys(label for label, _, _ in lines if label)
    is_long = [len(label) + 1 + len(value) > width for label, value, _ in lines]
    splits = 1 + len(lines) + sum(is_long) <= rows // 2  # a long name has a row of its own
    y = 0
    for (label, value, ink), long in zip(lines, is_long, strict=True):
        y += 1
        room = width if long and splits else width - len(value) - 1
        canvas.text(x, y, short(label, room, names), palette.low)
        y += long and splits and bool(value)
        canvas.right(x + width, y, value, ink)
    return y + 1


def draw_below(
    canvas: Canvas,
    frame: Frame,
    target: Target,
    marks: list[MarkRow],
    scale: Target | None,
    area: Area,
) -> None:
    """As much as there is room for: the numbers in columns, below them the marks, and the scale of
    colours if there is one."""
    if area.height == 1:
        _draw_line(canvas, cursor_lines(canvas, frame, target, area.width), area)
        return
    across, width = _columns(area)
    lines = _lines_below(canvas, frame, target, area)
    names = frame.view.names
    labels = [label for label, _, _ in lines]
    used = _rows_of(lines, across)
    row = column = 0
    for label, value, ink in lines:
        if column == across or (column and not value):
            row, column = row + 1, 0
        if row == area.height:
            break
        x, y, room = area.x + column * (width + GAP), area.y + row, width - len(value) - 1
        if label in names and cell_count(label) > room:  # cut as it is beside the axis
            text = short(label, min(LONGEST_NAME, room), names)
        else:
            text = short(label, room, labels)
        canvas.text(x, y, text, canvas.palette.low)
        canvas.right(x + width, y, value, ink)
        column = column + 1 if value else across
    below = range(area.y + used, area.y + area.height)
    draw_key_rows(canvas, marks, scale, area.x, below)


def rows_below(canvas: Canvas, frame: Frame, target: Target, area: Area) -> int:
    """The rows that ``draw_below`` leaves for the marks."""
    across, _ = _columns(area)
    return area.height - _rows_of(_lines_below(canvas, frame, target, area), across)


def _lines_below(canvas: Canvas, frame: Frame, target: Target, area: Area) -> list[CursorLine]:
    """The lines of the read-out below a map: with a head only where its row costs no number."""
    across, width = _columns(area)
    for has_head in (True, False):
        lines = cursor_lines(canvas, frame, target, width, has_head)
        lines = [line for line in lines if line[0]]
        if _rows_of(lines, across) <= area.height:
            break
    return lines


def _rows_of(lines: list[CursorLine], across: int) -> int:
    """The rows of lines in so many columns; one without a value is a head: it has its own row."""
    rows, in_row = 0, 0
    for _, value, _ in lines:
        if value and in_row:
            in_row -= 1
        else:
            rows, in_row = rows + 1, (across - 1) * bool(value)
    return max(1, rows)


def _columns(area: Area) -> tuple[int, int]:
    """How many columns of numbers stand below a map, and their width."""
    across = max(1, (area.width + GAP) // (COLUMN + GAP))
    return across, (area.width + GAP) // across - GAP


def _slope_labels(
    glyphs: Glyphs, output: str, names: Sequence[str], rooms: Sequence[int], has_head: bool
) -> tuple[str, list[str]]:
    """The labels of the slopes by these inputs, and the head above them: ∂ŷ/∂x, or where one does
    not fit the names alone below what they are."""
    labels = [glyphs.derivative(output, name) for name in names]
    if all(cell_count(label) <= room for label, room in zip(labels, rooms, strict=True)):
        return "", labels
    if has_head:
        return f"slopes of {output}", [*names]
    return "", [f"{glyphs.partial}{name}" for name in names]


def _wide(value: float) -> str:
    return num(value, WIDE).strip()


def _draw_line(canvas: Canvas, lines: list[CursorLine], area: Area) -> None:
    """ŷ and the region, and before them the cursor's place if there is room, in one line; it may
    begin below the labels of the y axis."""
    at = [line[0] for line in lines].index(canvas.glyphs.y_hat)
    room = area.x + area.width
    for chosen in (lines[: at + 2], lines[at : at + 2], lines[at : at + 1]):
        needed = sum(len(label) + 1 + len(value) + GAP for label, value, _ in chosen) - GAP
        if needed <= room:
            break
    x = area.x if needed <= area.width else 0
    for label, value, ink in chosen:
        canvas.text(x, area.y, label, canvas.palette.low)
        canvas.text(x + len(label) + 1, area.y, value, ink)
        x += len(label) + len(value) + 1 + GAP
