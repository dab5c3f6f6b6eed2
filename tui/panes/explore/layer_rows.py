"""Which rows the layers table has: of units, of layers, and of weights where rows are free."""

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from engine import Network
from tui.model.frame import Frame
from tui.panes.explore.layer_columns import PITCH, Columns, columns_of

MAX_PITCH = 14  # cells of a weight with a name
HEADS = 2  # rows: the blocks' names, and the columns'
SUM_ROWS = 2  # for ŷ, y and C_x below the table


class RowKind(Enum):
    """What a row shows."""

    UNIT = "the numbers of a unit"
    LAYER = "the norms of a layer as a whole"
    WEIGHTS_HEAD = "the heads of the weights below"
    WEIGHT_HEAD = "likewise of single weights"
    WEIGHTS = "all weights of a unit"
    WEIGHT = "one weight, with its name"


class Row(NamedTuple):
    """A line of the table; ``weight`` is the input's index, the fan-in for the bias."""

    layer: int
    unit: int | None
    part: RowKind = RowKind.UNIT
    weight: int = 0


def table_columns(frame: Frame, width: int) -> Columns:
    """The columns of a frame's table. The weights of a single layer are listed below, where there
    is room for the inputs' names."""
    sizes, bias = frame.network.sizes, frame.network.bias
    weights = max(sizes[:-1]) + bias if len(sizes) > 2 else None
    return columns_of(width, max(sizes[1:]), weights)


def rows_of(frame: Frame, width: int, pane_height: int) -> tuple[tuple[Row, ...], int]:
    """All rows of the table, and how many of them fit below its heads."""
    network = frame.network
    sizes = network.sizes[1:]
    height = max(1, pane_height - HEADS)
    # if all units fit, but not with the layers' lines, these are left out
    layer_lines = not sum(sizes) <= height < sum(sizes) + len(sizes)
    rows = _unit_rows(sizes, layer_lines)
    free = height - len(rows) - SUM_ROWS
    if free > 1 and table_columns(frame, width).weights is None:
        rows += _weight_rows(network, width, free)
    return rows, height


def rows_wanted(sizes: tuple[int, ...], bias: bool, width: int) -> int:
    """The rows of a pane of that width that shows all there is, with the weights below if they do
    not stand beside the other numbers."""
    units, fan_in = sum(sizes[1:]), max(sizes[:-1]) + bias
    rows = HEADS + units + len(sizes) - 1 + SUM_ROWS
    if sizes[1:] == (1,):
        return rows + 1 + fan_in
    beside = columns_of(width, max(sizes[1:]), fan_in if len(sizes) > 2 else None).weights
    listed = beside is None and _pitch(sizes, bias, width) >= PITCH
    return rows + listed * (1 + units)


def first_row(before: int, rows: tuple[Row, ...], height: int, frame: Frame) -> int:
    """The first row to show: scrolled no further than needed to show the selected unit."""
    selected = rows.index(Row(*frame.unit)) if frame.unit_lit and frame.unit[0] > 0 else 0
    return max(min(before, selected, max(0, len(rows) - height)), selected - height + 1)


def all_units(sizes: tuple[int, ...]) -> tuple[Row, ...]:
    """A row for each unit of layers 1 … L, of these sizes."""
    return _unit_rows(sizes, False)


@lru_cache(maxsize=4)
def _unit_rows(sizes: tuple[int, ...], layer_lines: bool) -> tuple[Row, ...]:
    """The rows of units, and one before each layer where these have lines."""
    rows: list[Row] = []
    for layer, n in enumerate(sizes, start=1):
        rows += [Row(layer, None, RowKind.LAYER)] * layer_lines
        rows += [Row(layer, unit) for unit in range(n)]
    return tuple(rows)


def _weight_rows(network: Network, width: int, free: int) -> tuple[Row, ...]:
    """The weights in at most so many rows: of a single unit one in each, else a unit's in each; or
    none, if they do not all fit."""
    sizes, bias = network.sizes, int(network.bias)
    if sizes[1:] == (1,) and sizes[0] + bias < free:
        first = [sizes[0]] * bias  # the bias comes first: the intercept
        return Row(1, None, RowKind.WEIGHT_HEAD), *(
            Row(1, 0, RowKind.WEIGHT, k) for k in (*first, *range(sizes[0]))
        )
    if sum(sizes[1:]) < free and weight_pitch(network, width) >= PITCH:
        units = all_units(sizes[1:])
        return Row(1, None, RowKind.WEIGHTS_HEAD), *(
            Row(row.layer, row.unit, RowKind.WEIGHTS) for row in units
        )
    return ()


def weight_pitch(network: Network, width: int) -> int:
    """The cells of each weight where a unit's stand in one row; more than ``PITCH`` where that
    leaves room for the names of the inputs."""
    return _pitch(network.sizes, network.bias, width)


def _pitch(sizes: tuple[int, ...], bias: bool, width: int) -> int:
    room = width - 2 - len(str(max(sizes[1:])))
    return min(room // (max(sizes[:-1]) + bias), MAX_PITCH if len(sizes) == 2 else PITCH)
