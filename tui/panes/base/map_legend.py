"""The read-out beside the output map: the cursor's numbers, what the marks mean, the colours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine import affine_at
from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import Grid, Texts, cut, labels_apart, short, tick_texts
from tui.drawing.numbers import WIDE, known, num
from tui.explain.region_texts import reason_text
from tui.model.frame import Frame
from tui.model.premises import finite
from tui.model.regions.affine_in_view import in_data_units, in_view
from tui.model.target_scale import Target

GAP = 2  # cells between a map and what stands beside it
LEAST, MOST = 13, 20  # cells across
SURE_MARKS = 3  # rows of marks that the colour scale does not displace
LONGEST = 28  # cells of a meaning below a map

MarkRow = tuple[str, int, str, int]  # a mark with its ink, a text with its ink
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
    return lines


def draw_cursor(canvas: Canvas, frame: Frame, target: Target, x: int, width: int, rows: int) -> int:
    """The cursor's block from the top, in at most ``rows`` rows; returns the rows used."""
    glyphs, palette = canvas.glyphs, canvas.palette
    lines = cursor_lines(canvas, frame, target, width)
    if len(lines) >= rows:  # no row to spare for the head
        lines = cursor_lines(canvas, frame, target, width, has_head=False)
    canvas.text(x, 0, f"{glyphs.cursor} ", palette.hi)
    canvas.text(x + 2, 0, "cursor", palette.hi, bold=True)
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


def room_of_key(canvas: Canvas, grid: Grid) -> int:
    """The cells that a row of the key has: beside the map, or else below it."""
    beside = canvas.width - grid.left - grid.width - GAP
    return min(beside, MOST) if beside >= LEAST else LONGEST


def draw_key(
    canvas: Canvas, marks: list[MarkRow], scale: Target | None, x: int, width: int, rows: range
) -> None:
    """What the marks mean and, of a map, the colour scale: at the bottom of ``rows``, as much
    as there is room for, the first marks first; nothing without marks."""
    if not marks:
        return
    bottom = rows.stop
    if scale is not None and len(rows) >= min(len(marks), SURE_MARKS) + 2:
        draw_scale(canvas, scale, x, bottom - 2, width)
        bottom -= 2 + (len(rows) >= len(marks) + 3)  # a blank row, if no mark is lost by it
    start = max(rows.start, bottom - len(marks))
    for y, (mark, ink, text, text_ink) in enumerate(marks[: max(0, bottom - start)], start=start):
        canvas.text(x, y, mark, ink)
        canvas.text(x + len(mark) + 1, y, cut(text, width - len(mark) - 1), text_ink)


def draw_scale(canvas: Canvas, scale: Target, x: int, y: int, width: int) -> None:
    """The colours that ŷ can have, and below them its numbers."""
    canvas.levels(x, y, np.tile(np.linspace(-scale.reach, scale.reach, width), (2, 1)))
    for column, text in labels_apart(scale_texts(scale), width):
        canvas.text(x + column, y + 1, text, canvas.palette.low)


def scale_texts(scale: Target) -> Iterator[Texts]:
    """What may stand at both ends and in the middle of the colours, best first."""
    half = scale.reach * scale.half
    ends = scale.centre - half, scale.centre, scale.centre + half
    return tick_texts(*ends, scale.centre == 0.0)
