"""The pane of towers: ŷ of boxes over two inputs, each as high as the mean target in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from textual import events

from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid, cut, margin, short
from tui.drawing.numbers import NONE, WIDE, cost_text, magnitude, norm, num
from tui.drawing.text_lines import DOT, Line, draw_line, fitting_lines
from tui.explain.explainable import Explainable, ListedNumber
from tui.model.approximation.towers import SHARPNESS, TowerFacts, raster
from tui.model.frame import Frame
from tui.model.target_scale import Target, target_of
from tui.panes.base.maps.examples import draw_examples
from tui.panes.base.maps.legend import draw_scale
from tui.panes.base.maps.place import Area, map_place
from tui.panes.base.messages import SelectionMessage
from tui.panes.base.pane import NamedNumbers, Pane

if TYPE_CHECKING:
    from engine.explain import Explanation

WIDEST = 30  # cells of the read-out beside the map
FAINT = 0.3  # how strongly the edges of the boxes show
Row = tuple[str, str, int]  # a label, a value, and the value's ink


class TowersPane(Pane):
    """ŷ of the towers in colours, the examples, and the numbers of the selected box."""

    HELP = """
Towers: a network that is built, not trained. The inputs are cut into boxes; four sigmoids of the
first layer step up and down at the edges of a box, and a sigmoid of the second makes 1 of their sum
in the box and 0 outside. Times its height, that is a tower.
The height is the mean target of the training examples in the box, 0 where there are none. The
colours are ŷ of all towers; the marks are the examples.
{wider} {narrower} cut each input into one part more or less; {next_unit} {unit_before}, and with
the focus here ({pane}) {cursor_left} {up} {down} {cursor_right}, select a box.
w is the weight of the steps, H that of the second layer: the larger, the steeper. The bound is how
far ŷ can be from the height of its box, for points as far as it says from all edge lines; near them
ŷ is between the heights, and near 0 where four boxes meet.
"""
    IS_MAP = True

    @dataclass
    class BoxMoved(SelectionMessage):
        """A box so many columns further to the right, and rows up, was selected."""

        dx: int
        dy: int

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = towers_of(frame)
        if facts is None:
            return "Towers", ""
        sizes = "-".join(map(str, facts.grid.network.sizes))
        m = facts.grid.per_side
        title = self.fitting_title(f"Towers{DOT}{m} × {m} boxes{DOT}network {sizes}", "Towers")
        return title, ""

    def move(self, dx: int, dy: int) -> None:
        self.post_message(self.BoxMoved(dx, -dy))

    def on_click(self, event: events.Click) -> None:
        """Select the box there."""
        offset, grid, facts = event.get_content_offset(self), self._grid, self._facts
        if offset is None or grid is None or facts is None:
            return
        column, row = offset.x - grid.left, offset.y
        if 0 <= column < grid.width and 0 <= row < grid.height:
            m = facts.grid.per_side
            at = column * m // grid.width, (grid.height - 1 - row) * m // grid.height
            now = divmod(facts.box, m)
            self.post_message(self.BoxMoved(at[0] - now[0], at[1] - now[1]))

    @property
    def _facts(self) -> TowerFacts | None:
        return towers_of(self.view) if self.view else None

    def explainable(self, frame: Frame) -> Explainable | None:
        """The height of the selected box; its list has those of all boxes."""
        facts = towers_of(frame)
        if facts is None:
            return None
        data, grid = frame.prepared.dataset, facts.grid

        def make(index: int) -> Explanation:
            from engine.explain.models.constructed import explain_height

            rows = data.train[grid.places == index]
            return explain_height(data.Y[rows, 0], (rows + 1).tolist(), index + 1)

        return ListedNumber(make, len(grid.heights), facts.box, "training data")

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The height of the selected box."""
        facts = towers_of(frame)
        if facts is None:
            return []
        return [(f"h of box {facts.box + 1}", float(facts.grid.heights[facts.box]))]

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        self._grid = None
        facts = towers_of(frame)
        if facts is None:
            return
        frame = replace(frame, view=facts.grid.view)
        target, names = target_of(frame), facts.grid.view.names
        box = facts.grid.view.box
        left = margin(box[1], names[1])
        place = map_place(canvas.width, canvas.height, left)
        self._grid = grid = Grid(left, place.width, place.height, (box[0], box[1]))
        _draw_map(canvas, grid, facts, target)
        draw_examples(canvas, grid, frame, target)
        _draw_height(canvas, grid, facts)
        grid.draw_axes(canvas, *names)
        if place.read_out is not None:
            area = place.read_out
            if area.y == 0:
                area = area._replace(width=min(canvas.width - area.x, WIDEST))
            _draw_read_out(canvas, frame, facts, target, area)


def towers_of(frame: Frame) -> TowerFacts | None:
    """The towers, where the data have two inputs and one numeric target."""
    return frame.approximation.towers if frame.approximation else None


def _draw_map(canvas: Canvas, grid: Grid, facts: TowerFacts, target: Target) -> None:
    """ŷ in colours, faint edges of the boxes, and strong ones of the selected box."""
    m, width, height = facts.grid.per_side, grid.width, 2 * grid.height
    fill = target.fraction(raster(facts.grid, width, height))
    column_edges = np.arange(1, m) * width // m
    row_edges = np.arange(1, m) * height // m
    edges = np.zeros((height, width))
    edges[:, column_edges] = FAINT
    edges[row_edges] = FAINT
    column, row = divmod(facts.box, m)
    x = column * width // m, min((column + 1) * width // m, width - 1)
    y = (m - 1 - row) * height // m, min((m - row) * height // m, height - 1)
    lit = np.zeros((height, width))
    lit[y[0] : y[1] + 1, list(x)] = 1.0
    lit[list(y), x[0] : x[1] + 1] = 1.0
    hi = canvas.palette.hi
    canvas.levels(grid.left, 0, fill, [(edges, hi), (lit, hi)])


def _draw_height(canvas: Canvas, grid: Grid, facts: TowerFacts) -> None:
    """The height in the middle of the selected box, in brackets, or a mark if there is no room."""
    low_x, high_x, low_y, high_y = facts.grid.boxes[facts.box].tolist()
    column = grid.column((low_x + high_x) / 2.0)
    row = grid.row((low_y + high_y) / 2.0)
    text = f"[{num(facts.grid.heights[facts.box]).strip()}]"
    room = grid.width // facts.grid.per_side - 1
    text = text if len(text) <= room else canvas.glyphs.cursor
    start = grid.left + column - len(text) // 2
    palette = canvas.palette
    canvas.text(start, row, text, palette.hi, palette.bg, bold=True)


def _draw_read_out(
    canvas: Canvas, frame: Frame, facts: TowerFacts, target: Target, area: Area
) -> None:
    """The selected box, its height and edges; the errors; the bound; the scale of colours."""
    box, all_rows = _box_rows(canvas, facts), _error_rows(canvas, frame, facts)
    if area.y > 0:
        used = _draw_columns(canvas, [*box[1:3], *all_rows, *box[3:]], area)
        room = area.height - used
        for y, line in enumerate(_bound_lines(canvas, facts, area.width, room), start=used):
            draw_line(canvas, area.y + y, line, area.x)
        return
    rows = [*box, ("", "", 0), *all_rows]
    if len(rows) > area.height:
        rows = [row for row in rows if row[0]]
    for y, (label, value, ink) in enumerate(rows[: area.height]):
        canvas.text(area.x, y, cut(label, area.width - len(value) - 1), canvas.palette.low)
        canvas.right(area.x + area.width, y, value, ink)
    y = len(rows) + 1
    for line in _bound_lines(canvas, facts, area.width, area.height - y):
        draw_line(canvas, y, line, area.x)
        y += 1
    if area.height >= y + 3:
        levels = np.linspace(-target.reach, target.reach, area.width)
        ends = target.centre + target.half * target.reach * np.array([-1.0, 1.0])
        low, high = (num(end).strip() for end in ends.tolist())
        draw_scale(canvas, area.x, area.height - 2, levels, [(low, "ŷ", high), (low, "", high)])


def _box_rows(canvas: Canvas, facts: TowerFacts) -> list[Row]:
    """The number of the selected box, its height, ŷ in its middle, its examples, its edges."""
    grid, palette, i = facts.grid, canvas.palette, facts.box
    height, top = float(grid.heights[i]), float(grid.tops[i])
    examples = int(grid.counts[i])
    edges = [num(edge, WIDE).strip() for edge in grid.boxes[i].tolist()]
    x, y = (short(name, 8, grid.view.names) for name in grid.view.names)
    return [
        (f"box {i + 1} of {len(grid.heights)}", "", palette.hi),
        ("height h", num(height, WIDE).strip(), palette.hi),
        (f"{canvas.glyphs.y_hat} in it", num(top, WIDE).strip(), palette.hi),
        ("examples", count(examples), palette.hi if examples else palette.low),
        (f"{x} from", edges[0], palette.hi),
        (f"{x} to", edges[1], palette.hi),
        (f"{y} from", edges[2], palette.hi),
        (f"{y} to", edges[3], palette.hi),
    ]


def _error_rows(canvas: Canvas, frame: Frame, facts: TowerFacts) -> list[Row]:
    """The errors on the training examples, beside the network's mean square."""
    grid, hi, mid = facts.grid, canvas.palette.hi, canvas.palette.mid
    rows = [
        ("largest error", norm(grid.largest).strip(), hi),
        ("mean square", cost_text(grid.mean_square), hi),
    ]
    if frame.experiment.loss == "quadratic":
        known = cost_text(frame.cost) if frame.is_sound else NONE
        rows.append(("the network's", known, mid))
    return rows


def _bound_lines(canvas: Canvas, facts: TowerFacts, width: int, rows: int) -> list[Line]:
    """The bound and what it holds for, in the longest form that fits."""
    grid = facts.grid
    bound, distance = magnitude(grid.bound), norm(grid.distance).strip()
    w = norm(grid.steepness).strip()
    forms = [
        f"w {w}, H {SHARPNESS:.0f}: at {distance} or more from all edge lines, ŷ is within {bound}"
        " of the height.",
        f"within {bound} of the height, {distance} from all edge lines",
    ]
    return fitting_lines(forms, canvas.palette.mid, width, rows)


def _draw_columns(canvas: Canvas, rows: list[Row], area: Area) -> int:
    """The numbers in columns below the map, as many as there is room for; how many rows they
    take."""
    across = max(1, area.width // 26)
    width = area.width // across - 2
    for index, (label, value, ink) in enumerate(rows[: across * area.height]):
        y, column = divmod(index, across)
        x = area.x + column * (width + 2)
        canvas.text(x, area.y + y, cut(label, width - len(value) - 1), canvas.palette.low)
        canvas.right(x + width, area.y + y, value, ink)
    return min(-(-len(rows) // across), area.height)
