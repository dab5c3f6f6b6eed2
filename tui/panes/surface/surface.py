"""The pane of screen Surface: a map of C on a plane through the parameters, with the run's path."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
from textual import events

from engine import EngineError
from engine.arrays import Array, lengths
from engine.training.landscape import DIRECTIONS
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.colours.terminal import COLOURS_256
from tui.drawing.glyphs import UNICODE
from tui.drawing.grid import Box, Grid, cut, margin
from tui.drawing.numbers import cost_text, known, norm, num, percent
from tui.drawing.text_lines import Span, flowed, wrapped
from tui.explain.explainable import Explainable
from tui.explain.surface import surface_costs
from tui.model.frame import Frame
from tui.model.premises import finite
from tui.model.surface import Surface, SurfaceFacts
from tui.panes.base.maps.legend import draw_scale
from tui.panes.base.maps.place import Area
from tui.panes.base.messages import SelectionMessage
from tui.panes.base.pane import Pane
from tui.panes.surface.relief import CostScale, Relief, draw_path, fractions, heights_of, relief

GAP = 2  # cells between the map and the read-out
MIN_WIDTH, MAX_WIDTH = 18, 40  # cells of the read-out
NUMBERS = 26  # columns of its numbers there
LEAST_BELOW = 12  # rows of the read-out below a map
WITH_WORDS = 26  # width from which its labels are longer
LOWEST, START = "▾", UNICODE.point_negative
CONTOUR = 0.4  # how strongly contour lines show
COVERED = 0.35  # of a pixel, from which on it is part of a contour, where colours are few
NumberRow = tuple[str, str, int]  # a label, a value, and the value's ink
PLANES = {"path": "the path's plane", "random": "a random plane", "gradient": "down the gradient"}


class SurfacePane(Pane):
    """C over s and t, the multiples of two directions, and a read-out of the cursor."""

    HELP = """
Loss surface: C over the training data on a plane through the parameters, which are many: a point
is origin + s·u + t·v, and the origin is where the run was when the map was made.
The greys show the logarithm of C, from the lowest to the highest; lines run along round values.
◉ is the run now, ◦ where it began, ▾ the lowest point of the map.
The dots are the run's path: where it leaves the plane, its nearest point there. So C along the
path is not the colour beneath it, unless the plane holds all of it.
{surface_plane} goes through the planes: of the path's two principal components, of random
directions (each unit's part as long as its weights), and down the gradient. {surface_redraw} draws
other random directions.
With the focus here ({pane}) {cursor_left} {cursor_right} {up} {down} move the cursor; {point_typed}
types its s and t: C is computed there, not interpolated; {explain} explains it.
The map follows the run when it rests; {surface_compute} computes it again, {leave} stops that, or
leads back.
"""
    IS_MAP = WHEEL_STEPS = True

    @dataclass
    class Pointed(SelectionMessage):
        """The cursor was put at s, t."""

        position: Array

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.surface
        if facts is None:
            return "Loss surface", ""
        title = self.fitting_title(f"Loss surface · {PLANES[facts.kind]}", "Loss surface")
        late = ""
        if facts.surface and facts.surface.step != frame.step:
            late = f"around step {count(facts.surface.step)}"
        return title, late

    def move(self, dx: int, dy: int) -> None:
        grid, facts = self._grid, self.view and self.view.surface
        if grid is None or facts is None:
            return
        column = min(max(grid.column(facts.cursor[0]) + dx, 0), grid.width - 1)
        row = min(max(grid.row(facts.cursor[1]) + dy, 0), grid.height - 1)
        self.post_message(self.Pointed(grid.middle(column, row)))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there."""
        offset, grid = event.get_content_offset(self), self._grid
        if offset is None or grid is None:
            return
        column, row = offset.x - grid.left, offset.y
        if 0 <= column < grid.width and 0 <= row < grid.height:
            self.post_message(self.Pointed(grid.middle(column, row)))

    def explainable(self, frame: Frame) -> Explainable:
        """C at the cursor."""
        facts = frame.surface
        if facts is None or facts.surface is None:
            why = facts.note if facts else ""
            raise EngineError(why or "the surface is being computed: wait a moment")
        s, t = facts.cursor.tolist()
        surface = facts.surface
        plane = surface.landscape.plane
        return surface_costs(surface.prepared, surface.network, plane, (s, t))

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.surface
        if facts is None:
            return
        self._grid = None
        if facts.surface is None:
            text = facts.note or "computing"
            for y, line in enumerate(wrapped(text, canvas.width), start=1):
                canvas.text(0, y, line, canvas.palette.mid)
            return
        self._grid = grid = _grid(canvas, facts.surface)
        drawn = relief(facts.surface, grid.width)
        _draw_map(canvas, grid, facts, facts.surface, drawn)
        x, top = grid.left + grid.width + GAP, grid.height + 2
        if canvas.width - x >= MIN_WIDTH:
            place = Area(x, 0, min(canvas.width - x, MAX_WIDTH), canvas.height - 1)
        else:
            place = Area(grid.left, top, grid.width, canvas.height - top)
        _draw_read_out(canvas, frame, facts, drawn.scale, place)


def _grid(canvas: Canvas, surface: Surface) -> Grid:
    """The largest square that leaves room for the read-out: beside it, or in portrait below it."""
    land = surface.landscape
    box: Box = (float(land.s[0]), float(land.s[-1])), (float(land.t[0]), float(land.t[-1]))
    left = margin(box[1], "t")
    beside = min(2 * (canvas.height - 1), canvas.width - left - GAP - MIN_WIDTH)
    below = min(2 * (canvas.height - 2 - LEAST_BELOW), canvas.width - left - GAP)
    size = max(2, beside, below)
    return Grid(left, size - size % 2, size // 2, box)


def _draw_map(
    canvas: Canvas, grid: Grid, facts: SurfaceFacts, surface: Surface, drawn: Relief
) -> None:
    """Colours, contours and their values, path and marks, cursor."""
    hi, glyphs = canvas.palette.hi, canvas.glyphs
    contours = drawn.contours
    if canvas.palette.system == COLOURS_256:  # it has no fainter lines than this
        contours = (contours >= COVERED).astype(np.float64)
    canvas.levels(grid.left, 0, drawn.sizes, faint=[(CONTOUR * contours, hi)], sizes=True)
    draw_path(canvas, grid, facts.path, hi)
    for label in drawn.labels:
        canvas.text(grid.left + label.column, label.row, label.text, hi, canvas.palette.bg)
    grid.draw_axes(canvas, "s", "t")
    grid.mark(canvas, np.array([surface.lowest[:2]]), LOWEST, hi)
    if len(facts.path) > 1:
        grid.mark(canvas, facts.path[:1], START, hi)
    grid.draw_cursor(canvas, facts.cursor)
    grid.mark(canvas, facts.path[-1:], glyphs.example, hi)


def _draw_read_out(
    canvas: Canvas, frame: Frame, facts: SurfaceFacts, scale: CostScale, place: Area
) -> None:
    """C at the cursor, now and at the lowest point; the kind of plane; the scale of greys."""
    x, top, width, height = place.x, place.y, place.width, place.height
    surface, hi, low = facts.surface, canvas.palette.hi, canvas.palette.low
    assert surface is not None
    is_tall = width <= MAX_WIDTH  # the text below the numbers, else beside them
    across = width if is_tall else NUMBERS
    beside = x + across + 2 * GAP
    foot = _foot(facts, surface, width if is_tall else canvas.width - beside)
    rows, position = _numbers(canvas, frame, facts, across)
    room = height - 3 - (facts.progress is not None)
    if len(rows) + len(position) + is_tall * (1 + sum(map(len, foot))) > room:
        rows = [row for row in rows if row[0]]  # without the blank line
    else:
        rows += position
    for y, (label, value, ink) in enumerate(rows[:room], start=top):
        label = cut(label, across - len(value) - bool(value))
        canvas.text(x, y, label, low if value else hi)
        canvas.right(x + across, y, value, ink)
    foot_x, start = (x, len(rows) + 1) if is_tall else (beside, 0)
    for part in foot:
        if start + len(part) > room:  # no sentence is cut
            break
        for line in part:
            canvas.text(foot_x, top + start, line, canvas.palette.mid)
            start += 1
    if height >= len(rows[:room]) + 3:
        _draw_scale(canvas, facts, scale, (x, top + height - 2), width)


def _numbers(
    canvas: Canvas, frame: Frame, facts: SurfaceFacts, width: int
) -> tuple[list[NumberRow], list[NumberRow]]:
    """The rows of the numbers, and those of the lowest point's place."""
    surface, palette, glyphs = facts.surface, canvas.palette, canvas.glyphs
    assert surface is not None
    hi, mid = palette.hi, palette.mid
    s, t, lowest = surface.lowest
    train, test = facts.cursor_costs
    rows = [(f"{glyphs.cursor} cursor", "", hi)]
    rows += [("s", num(facts.cursor[0]), hi), ("t", num(facts.cursor[1]), hi)]
    rows.append(("C train", cost_text(train), hi))
    if not np.isnan(test):
        rows.append(("C test", cost_text(test), mid))
    rows.append(("", "", palette.low))
    step, suffix = (f", step {count(frame.step)}", " found") if width >= WITH_WORDS else ("", "")
    rows.append((f"{glyphs.example} now{step}", cost_text(facts.cost), hi))
    rows.append((f"{LOWEST} lowest{suffix}", known(finite(lowest), cost_text), hi))
    position = [("  at s", num(s), mid), ("  at t", num(t), mid)] if isfinite(lowest) else []
    return rows, position


def _foot(facts: SurfaceFacts, surface: Surface, width: int) -> list[list[str]]:
    """The kind of plane, how much of the path's variance it holds, and the lengths of its
    directions, each in as many lines as it needs."""
    text = DIRECTIONS[facts.kind]
    if facts.kind != "path":
        text += f"; pair {facts.seed + 1}"
    parts = [wrapped(f"plane: {text}", width)]
    if not np.isnan(surface.share):
        parts.append(wrapped(f"holds {percent(surface.share, 2)} of the path's variance", width))
    u, v = (norm(length).strip() for length in lengths(surface.landscape.plane.directions))
    norms = flowed([[Span(f"‖u‖ {u}", 0)], [Span(f"‖v‖ {v}", 0)]], width, gap=2)
    return [*parts, ["".join(span.text for span in line) for line in norms]]


def _draw_scale(
    canvas: Canvas, facts: SurfaceFacts, scale: CostScale, place: tuple[int, int], width: int
) -> None:
    """The colours from the lowest to the highest C of the map, with ◉ at the current C; above
    them, the progress of a computation."""
    palette, (x, y) = canvas.palette, place
    across = np.linspace(scale.low, scale.high, width)
    low, high = (scale.text(height) for height in (scale.low, scale.high))
    names = ("C, log scale", "log C", "log") if scale.log else ("C",)
    texts = [*((low, name, high) for name in names), (low, "", high), ("", "", high)]
    draw_scale(canvas, x, y, fractions(across, scale), texts, sizes=True)
    now = float(heights_of(np.array([facts.cost]), scale.log)[0])
    if scale.low <= now <= scale.high and scale.low < scale.high:
        column = round((now - scale.low) / (scale.high - scale.low) * (width - 1))
        canvas.text(x + column, y, canvas.glyphs.example)
    if facts.progress is not None:
        text = f"computing {100.0 * facts.progress:3.0f} % "
        canvas.text(x, y - 1, text, palette.mid)
        canvas.bar(x + len(text), y - 1, width - len(text), facts.progress, palette.mid)
