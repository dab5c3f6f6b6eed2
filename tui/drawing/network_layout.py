"""Layout of a network's units in a pane of any size, with counts of those that do not fit."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from engine.arrays import Array

SIZES = (40, 36, 32, 28, 24, 20, 16, 14, 12, 10, 8, 6, 4)  # pixels across a map
MAPS = tuple((size, size // 2, size) for size in SIZES)  # columns, rows; columns between
CURVES = (
    (56, 12, 28),
    (48, 10, 24),
    (40, 8, 20),
    (32, 6, 16),
    (24, 5, 12),
    (20, 4, 10),
    (16, 3, 8),
    (12, 3, 8),
    (12, 2, 6),
    (10, 1, 6),
    (8, 1, 6),
    (6, 1, 4),
)  # of one input
CAPTION = 6  # columns of a number
LONGEST_NAME = 12  # columns
MARGIN = 1  # columns at either side: a number is wider than the smallest thumbnail
NOTE = 5  # columns at either side where layers do not fit: there it says how many
LEGEND = (14, 40)  # rows and columns from which on there is room for a legend

Cell = tuple[int, int]  # x, y


class Layer(NamedTuple):
    """A layer to be laid out; ``numbers``: rows of numbers under each unit.

    If not all units fit, those around unit ``around`` are shown; or, of units ``ranked`` with the
    most important first, that one and the first of these.
    """

    units: int
    named: bool = False
    longest: int = 0  # cells of a name
    gap: int = MARGIN  # columns between a unit and what stands beside it
    numbers: int = 1
    around: int = 0
    ranked: tuple[int, ...] = ()


class Node(NamedTuple):
    """A unit that is shown; (x, y) is the top left cell of its thumbnail."""

    unit: int
    x: int
    y: int


class Column(NamedTuple):
    """A layer that is shown: its units in order, with ``above`` and ``below`` counting those that
    do not fit.

    A unit may be ``named`` above its thumbnail, and has ``numbers`` rows of numbers below; or both
    stand ``beside`` it, on the outer side. ``pixels`` are the rows of pixels of a thumbnail: one
    fewer than its columns where units would touch.
    """

    layer: int
    x: int
    nodes: tuple[Node, ...]
    above: int
    below: int
    named: bool
    numbers: int
    beside: bool
    gap: int
    pixels: int

    @property
    def units(self) -> list[int]:
        """The units shown."""
        return [node.unit for node in self.nodes]

    def ports(self, count: int) -> Array:
        """Where ``count`` edges end on each unit's side, in braille dots (units, count).

        Spread along the side: from a single point they would make a blob.
        """
        tops = np.array([4.0 * node.y for node in self.nodes])
        dots = 2 * self.pixels
        ports: Array = tops[:, None] + (np.arange(count) + 0.5) * (dots / count) - 0.5
        return ports


class Layout(NamedTuple):
    """Columns of units from left to right; ``before`` and ``after`` count layers not shown. A
    thumbnail is ``size`` columns of cells wide and ``rows`` high."""

    width: int
    height: int
    size: int
    rows: int
    columns: tuple[Column, ...]
    before: int
    after: int
    legend: bool

    @property
    def gaps(self) -> list[tuple[Column, Column]]:
        """The neighbouring columns that weights join."""
        return list(pairwise(self.columns))

    def ends(self, before: Column, after: Column) -> tuple[Array, Array]:
        """Where the edges between two columns start and end, as x, y in braille dots.

        Each is (units after · units before, 2), in the order of the weights.
        """
        shape = (len(after.nodes), len(before.nodes))
        starts, ends = np.empty((*shape, 2)), np.empty((*shape, 2))
        starts[..., 0] = 2 * (before.x + self.size)
        ends[..., 0] = 2 * after.x - 1
        starts[..., 1] = before.ports(shape[0]).T
        ends[..., 1] = after.ports(shape[1])
        return starts.reshape(-1, 2), ends.reshape(-1, 2)

    def edge(self, layer: int, to: int, of: int) -> tuple[Cell, Cell] | None:
        """The first and the last cell (x, y) of the edge into unit ``to`` of a layer from unit
        ``of`` of the layer before; None where it is not shown."""
        for before, after in self.gaps:
            if after.layer == layer and to in after.units and of in before.units:
                i, j = after.units.index(to), before.units.index(of)
                start = before.ports(len(after.nodes))[j, i] // 4
                end = after.ports(len(before.nodes))[i, j] // 4
                return (before.x + self.size, int(start)), (after.x - 1, int(end))
        return None

    def skip_ends(self, skips: Sequence[tuple[int, int]]) -> tuple[Array, Array]:
        """Where skip connections (s, t) start and end, as x, y in braille dots, each (m, 2): of
        every unit that is shown in both layers."""
        middle = 2 * self.rows
        ends = [
            (2 * (a.x + self.size), 4 * a.y + middle, 2 * b.x - 1, 4 * b.y + middle)
            for pair in skips
            for before, after in combinations(self.columns, 2)
            if (before.layer, after.layer) == pair
            for a in before.nodes
            for b in after.nodes
            if a.unit == b.unit
        ]
        points = np.array(ends, dtype=np.float64).reshape(-1, 2, 2)
        return points[:, 0], points[:, 1]

    def units(self, layer: int) -> list[int]:
        """The units of a layer that are shown."""
        return [n.unit for column in self.columns if column.layer == layer for n in column.nodes]

    def node(self, layer: int, unit: int) -> Node | None:
        """Where a unit stands; None where it is not shown."""
        nodes = (n for c in self.columns if c.layer == layer for n in c.nodes if n.unit == unit)
        return next(nodes, None)

    @property
    def pitch(self) -> int:
        """Columns of cells from one layer to the next, at the least."""
        return min((after.x - before.x for before, after in self.gaps), default=self.width)

    def caption_x(self, column: Column, length: int) -> int:
        """Where a caption of that length starts: centred on the column, or beside it."""
        x = column.x + (self.size - length) // 2
        if column.beside:
            after = column.x + self.size + column.gap
            x = column.x - column.gap - length if column.layer == 0 else after
        return max(0, min(x, self.width - length))

    def name_room(self, column: Column) -> int:
        """The cells for a unit's name: up to the pane's edge, or about its picture."""
        if column.beside:
            before, after = column.x, self.width - column.x - self.size
            return (before if column.layer == 0 else after) - column.gap
        return max(self.size, CAPTION, min(self.pitch - 2, LONGEST_NAME))

    def is_clear(self, column: Column, length: int) -> bool:
        """Whether such a caption stays off the margins that say how many layers do not fit."""
        x = self.caption_x(column, length)
        left, right = NOTE * (self.before > 0), self.width - NOTE * (self.after > 0)
        return left <= x and x + length <= right

    def name_y(self, column: Column, node: Node) -> int:
        """The row of a unit's name."""
        return node.y if column.beside else node.y - 1

    def number_y(self, column: Column, node: Node) -> int:
        """The row of a unit's number, or its first."""
        return node.y + (1 if column.beside else self.rows)

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """The layer and unit whose thumbnail or captions are at a cell."""
        for column in self.columns:
            left, right = column.x - 1, column.x + self.size + 1
            if column.beside:
                left -= self.name_room(column) * (column.layer == 0)
                right += self.name_room(column) * (column.layer > 0)
            if left <= x < right:
                for node in column.nodes:
                    top = min(node.y, self.name_y(column, node)) if column.named else node.y
                    bottom = max(node.y + self.rows, self.number_y(column, node) + column.numbers)
                    if top <= y < bottom:
                        return column.layer, node.unit
        return None


def laid_out(
    layers: Sequence[Layer],
    selected: tuple[int, int],
    width: int,
    height: int,
    curves: bool = False,
) -> Layout:
    """Layers from left to right in width × height cells, the first row left for their heads.

    Thumbnails are maps, or ``curves`` over a single input, which may be as flat as a row. They are
    as large as lets every unit have its number; names and numbers give way to units. Where even the
    smallest do not fit, a window around the selected (layer, unit) is shown.
    """
    legend = height >= LEGEND[0] and width >= LEGEND[1]
    free = height - (3 if legend else 1)
    inner, count, ends = width - 2 * MARGIN, len(layers), (layers[0], layers[-1])
    tallest = max(layer.units for layer in layers)
    shapes = CURVES if curves else MAPS
    fitting = (
        shape
        for shape in shapes
        if _room(inner, shape) >= count and free >= tallest * (shape[1] + 1)
    )
    shape = size, rows, _ = next(fitting, shapes[-1])

    margins, beside = [MARGIN, MARGIN], [False, False]
    if _room(inner, shape) < count:
        margins = [NOTE, NOTE]
    elif _room(width - sum(end.gap + CAPTION for end in ends), shape) >= count:
        beside = [layer.named and layer.units * (rows + 2) > free for layer in ends]
        for longest in (LONGEST_NAME, CAPTION):  # narrower where it is at the cost of the gaps
            cells = (max(min(layer.longest, longest), CAPTION) for layer in ends)
            sides = zip(ends, cells, beside, strict=True)
            margins = [end.gap + c if side else MARGIN for end, c, side in sides]
            if _room(width - sum(margins), shape) >= count:
                break
    span = width - sum(margins)
    first, shown = _window(count, max(2, _room(span, shape)), selected[0])
    pitch = max(span - size, size) / (shown - 1)
    columns = []
    for index in range(first, first + shown):
        x = margins[0] + round((index - first) * pitch)
        unit = selected[1] if index == selected[0] else layers[index].around
        is_beside = (index == 0 and beside[0]) or (index == count - 1 and beside[1])
        columns.append(_column(index, layers[index], x, rows, free, unit, is_beside))
    after = count - first - shown
    return Layout(width, height, size, rows, tuple(columns), first, after, legend)


def _column(
    index: int, layer: Layer, x: int, high: int, rows: int, selected: int, beside: bool
) -> Column:
    """One layer, its units, so many rows ``high``, about the middle of the rows below the head."""
    captions = [(layer.named, layer.numbers), (layer.named, 1), (False, 1), (False, 0)]
    for named, numbers in captions[-1:] if beside else captions:
        block = named + high + numbers
        if layer.units * block <= rows:
            units, top = list(range(layer.units)), 1
            break
    else:  # the first and the last row say what is not shown
        rows, top = rows - 2, 2
        units = _chosen(layer, rows // block, selected)
    above, shown = 0 if layer.ranked else units[0], len(units)
    # one row apart at the most: units of one layer belong together
    pitch = max(block, min(block + 1, (rows - block) // max(shown - 1, 1)))
    top += max(0, (rows - block - pitch * (shown - 1)) // 2) + named
    return Column(
        layer=index,
        x=x,
        nodes=tuple(Node(unit, x, top + i * pitch) for i, unit in enumerate(units)),
        above=above,
        below=layer.units - above - shown,
        named=named or beside,
        numbers=1 if beside else numbers,
        beside=beside,
        gap=layer.gap,
        pixels=2 * high - (shown > 1 and pitch == high > 1),
    )


def _chosen(layer: Layer, room: int, selected: int) -> list[int]:
    """The units shown where there is room for so many."""
    if not layer.ranked:
        first, shown = _window(layer.units, room, selected)
        return list(range(first, first + shown))
    ranked = dict.fromkeys((selected, *layer.ranked))
    return sorted([*ranked][: max(1, room)])


def _room(width: int, shape: tuple[int, int, int]) -> int:
    """How many columns of such thumbnails fit, with the gaps between them."""
    size, _, gap = shape
    return (width + gap) // (size + gap)


def _window(count: int, room: int, selected: int) -> tuple[int, int]:
    """The first shown and how many, of ``count`` where so many have room, one selected."""
    shown = min(count, max(1, room))
    return min(max(selected - shown // 2, 0), count - shown), shown
