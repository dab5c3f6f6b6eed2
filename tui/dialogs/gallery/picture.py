"""A picture of an experiment's data: the examples over one or two of its inputs."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np

from engine import Dataset
from engine.arrays import Array, Ints
from engine.data.metrics import classes_of
from engine.regions.box import rounded_range
from engine.training.prepare import load
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Box, Grid, margin
from tui.experiments.library import entry
from tui.model.view import View, view_of

LETTERS = "abcdefghi"  # of classes, if there are more than two
LEAST_ROWS = 5  # of a picture
EDGE = 2  # columns at its right


def draw_data(canvas: Canvas, name: str) -> None:
    """The examples of an entry of the gallery, as large as the canvas allows; nothing on one that
    is too low."""
    data, view = _data_of(name)
    flat, names = view.flat, data.target_names
    y_name = view.names[1] if flat else names[0] if len(names) == 1 else "y"
    box = cast(Box, view.box) if flat else (view.box[0], rounded_range(data.Y[:, 0]))
    left = margin(box[1], y_name)
    width, height = canvas.width - left - EDGE, canvas.height - 1
    if flat:  # a square: a row is as high as two columns are wide
        width = min(width, 2 * height)
        height = min(height, width // 2)
    if height < LEAST_ROWS or width < 2 * LEAST_ROWS:
        return
    grid = Grid(left, width, height, box)
    points = view.coordinates(data.columns)
    points = points if flat else np.column_stack([points, data.Y[:, 0]])
    groups, marks = _groups(data)
    for group, (mark, ink) in enumerate(_spelt(canvas, marks, flat)):
        grid.mark(canvas, points[groups == group], mark, ink)
    grid.draw_axes(canvas, view.names[0], y_name)


@lru_cache(maxsize=64)
def _data_of(name: str) -> tuple[Dataset, View]:
    """The data of an entry, and the view of its first inputs."""
    data = load(entry(name).experiment)
    return data, view_of(data)


def _groups(data: Dataset) -> tuple[Ints, int]:
    """The group of each example (n,), and how many there are: of classes these, else those below
    and above the middle of the target."""
    if data.task == "classes" and data.Y.shape[1] > 2:
        return classes_of(data, data.Y), min(data.Y.shape[1], len(LETTERS))
    values: Array = data.Y[:, -1]
    middle = (values.min() + values.max()) / 2.0
    return (values > middle).astype(np.int64), 2


def _spelt(canvas: Canvas, count: int, flat: bool) -> list[tuple[str, int]]:
    """The mark and the ink of each group."""
    palette, glyphs = canvas.palette, canvas.glyphs
    if count > 2:
        return [(letter, palette.hi) for letter in LETTERS[:count]]
    if not flat:
        return [(glyphs.point_positive, palette.hi)] * 2
    return [
        (glyphs.point_negative, palette.negative),
        (glyphs.point_positive, palette.positive),
    ]
