"""A map of the difference between the outputs of two runs, where both have the same inputs."""

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import tick
from tui.model.activation_samples import raster_of
from tui.model.frame import Comparison
from tui.model.regions.colours import rounded_up
from tui.model.target_scale import target_of

LEAST_ROWS = 4  # of a map
HEAD, FOOT = 1, 1  # rows above and below it


def has_map(comparison: Comparison) -> bool:
    """Whether both runs have the same two inputs and the same outputs."""
    first, second = comparison.frames
    same = first.view.names == second.view.names and first.data.task == second.data.task
    outputs = first.network.sizes[-1] == second.network.sizes[-1]
    return first.view.flat and same and outputs and first.is_sound and second.is_sound


def difference(comparison: Comparison, size: int) -> Array:
    """ŷ of the second run less that of the first, on size × size pixels."""
    outputs = []
    for frame in comparison.frames:
        outputs.append(raster_of(frame).output(target_of(frame).unit, size))
    result: Array = outputs[1] - outputs[0]
    return result


def draw_difference(canvas: Canvas, comparison: Comparison, x: int, y: int, rows: int) -> None:
    """The map in a square of so many rows and twice as many columns, with a name above and the
    scale of colours below."""
    width, palette = 2 * rows, canvas.palette
    first, second = (run.name for run in comparison.pair)
    y_hat = canvas.glyphs.y_hat
    names = (f"{y_hat} of {second} − {y_hat} of {first}", f"{y_hat}: {second} − {first}", "B − A")
    canvas.text(x, y, first_fitting(names, width), palette.low)
    values = difference(comparison, width)
    largest = float(np.nan_to_num(np.abs(values)).max())
    end = rounded_up(largest) if 0.0 < largest < np.inf else 1.0
    canvas.levels(x, y + HEAD, values / end, zero=palette.sel)
    foot = y + HEAD + rows
    if largest == 0.0:
        canvas.text(x, foot, first_fitting(("no difference", "equal"), width), palette.low)
        return
    low, high = tick(-end, signed=True), tick(end, signed=True)
    bar = width - len(low) - len(high) - 2
    if bar < 2:
        canvas.text(x, foot, first_fitting((f"±{tick(end)}",), width), palette.low)
        return
    canvas.text(x, foot, low, palette.low)
    canvas.levels(
        x + len(low) + 1, foot, np.tile(np.linspace(-1.0, 1.0, bar), (2, 1)), zero=palette.sel
    )
    canvas.right(x + width, foot, high, palette.low)
