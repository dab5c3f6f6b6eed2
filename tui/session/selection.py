"""Selection: which parts of a run the user has selected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine import Dataset, EngineError, RegionMap
from engine.arrays import Array
from tui.model.regions.colours import COLOURINGS
from tui.model.view import (
    View,
    examples_view,
    extreme_examples,
    leading_inputs,
    principal_view,
    view_of,
)

if TYPE_CHECKING:
    from tui.model.regions.filter import Filter

MAX_DEGREE = 12  # of the polynomials of the closed form
# The start of the cursor, relative to the middle of the box, as a fraction of its size: in the
# middle cell of a map, but not at the origin, where all borders of a network without biases meet
OFF_CENTRE = np.array([1.0 / 256.0, -1.0 / 384.0])


class PlaneChoice(NamedTuple):
    """A plane that can be shown: its name, and a function that makes its view."""

    name: str
    view: Callable[[], View]


class Selection:
    """The view with its cursor, walk, colours and filter; the example and the unit; the fit.

    For data with inputs X (n, d), and a network with these layer sizes.
    """

    def __init__(self, data: Dataset, sizes: tuple[int, ...]) -> None:
        self._data = data
        self.example = int(data.train[0])
        self.batch_mode = False
        self.resize(sizes)
        self.colour_by = COLOURINGS[0]
        self.region_filter = ""
        self.degree = 1  # of the closed form
        self.of_network = False  # whether the diagnostic plots show the network's residuals
        self.planes = self._planes(data)
        self.look_at_plane(0)

    # example and unit

    def select_example(self, row: int) -> None:
        """Select a row of the data, modulo the number of rows."""
        self.example = row % len(self._data.X)

    def next_example(self, n: int) -> None:
        """Select the example n rows further."""
        self.select_example(self.example + n)

    @property
    def looked_at(self) -> int | None:
        """The row of the example under the microscope; None: the batch."""
        return None if self.batch_mode else self.example

    def toggle_batch_mode(self) -> None:
        """Show means over the next batch instead of one example, or the reverse."""
        self.batch_mode = not self.batch_mode

    def select_unit(self, layer: int, unit: int) -> None:
        """Select a unit of a layer 0 (inputs) … L."""
        layer = min(max(layer, 0), len(self._sizes) - 1)
        self.unit = (layer, min(max(unit, 0), self._sizes[layer] - 1))
        self.unit_lit = True
        self.weight: int | None = None

    def select_weight(self, layer: int, unit: int, weight: int) -> None:
        """Select a weight into a unit of layer 1 … L by its input; the fan-in means the bias."""
        self.select_unit(layer, unit)
        self.weight = min(max(weight, 0), self._sizes[self.unit[0] - 1])

    def resize(self, sizes: tuple[int, ...]) -> None:
        """Continue with a network of other layer sizes on the same data."""
        self._sizes = sizes
        self.unit = (len(sizes) - 1, 0)
        self.unit_lit = False
        self.weight = None

    def use_data(self, data: Dataset) -> None:
        """Continue with other edits of the data."""
        self._data = data
        self.planes = self._planes(data)
        self.select_example(min(self.example, len(data.X) - 1))

    # the view

    def look_at(self, view: View) -> None:
        """Show another line or plane, with the cursor near its middle."""
        low, high = np.array(view.box).T
        self.view = view
        self.cursor = view.centre + OFF_CENTRE[: len(low)] * (high - low)
        self.cursor_moved = False  # since this view is shown
        self.plane: int | None = None  # of ``planes``; None while a typed one is shown
        self.walk_start: Array | None = None

    def rename(self, data: Dataset) -> None:
        """Continue with other names of the same data."""
        if data is not self._data:
            self._data, self.planes = data, self._planes(data)
        names = tuple(data.column_names[axis] for axis in self.view.axes)
        if names and names != self.view.names:
            self.view = replace(self.view, names=names)

    def look_at_plane(self, index: int) -> None:
        """Show one of ``planes``; EngineError if the data do not span it."""
        self.look_at(self.planes[index].view())
        self.plane = index

    def next_plane(self) -> None:
        """Show the next plane that the data span, if there is one; after a typed plane the
        first."""
        n, current = len(self.planes), self.plane
        for index in range(n) if current is None else range(current + 1, current + n):
            try:
                self.look_at_plane(index % n)
            except EngineError:
                continue
            return

    def plane_through(self, text: str) -> View:
        """The view through three examples, from a text with their numbers (from 1)."""
        n = len(self._data.X)
        numbers = [int(word) for word in text.replace(",", " ").split() if word.isdecimal()]
        if len(numbers) != 3 or not all(1 <= number <= n for number in numbers):
            raise ValueError(f"{text or 'nothing'}: type three numbers, 1 to {n}, or esc")
        first, second, third = (number - 1 for number in numbers)
        return examples_view(self._data, (first, second, third))

    def move_cursor(self, position: Array) -> None:
        """Move the map's cursor to a position in the view's coordinates, clipped to the box."""
        low, high = np.array(self.view.box).T
        self.cursor = np.clip(position, low, high)
        self.cursor_moved = True

    def start_in_largest(self, regions: RegionMap | None) -> None:
        """Move the cursor into the largest region of a map, unless it has been moved."""
        if regions is not None and not self.cursor_moved:
            self.move_cursor(regions.centres[int(regions.areas.argmax())])

    @property
    def is_walking(self) -> bool:
        """Whether a walk is active, from ``walk_start`` to the cursor."""
        return self.walk_start is not None

    def toggle_walk(self) -> None:
        """Start a walk at the cursor, which then is its other end; or end the walk."""
        self.walk_start = self.cursor if self.walk_start is None else None

    def filter_regions(self, chosen: Filter) -> None:
        """Show only the regions that pass a filter."""
        self.region_filter = chosen.text

    def next_colouring(self) -> None:
        """Colour the region map by the next of ``COLOURINGS``."""
        at = COLOURINGS.index(self.colour_by)
        self.colour_by = COLOURINGS[(at + 1) % len(COLOURINGS)]

    # the closed form

    def next_degree(self) -> None:
        """Fit polynomials of the next degree, 1 … ``MAX_DEGREE``; EngineError with
        several inputs."""
        inputs = self._data.X.shape[1]
        if inputs > 1:
            raise EngineError(f"a polynomial is of one input; here there are {inputs}")
        self.degree = self.degree % MAX_DEGREE + 1

    def toggle_residuals(self) -> None:
        """Show the network's residuals in the diagnostic plots instead of OLS's, or the reverse."""
        self.of_network = not self.of_network

    def _planes(self, data: Dataset) -> tuple[PlaneChoice, ...]:
        """Pairs of inputs, the most correlated with the target first; then other planes."""
        first, *others = leading_inputs(data)
        if not others:
            return (PlaneChoice(data.column_names[first], partial(view_of, data, (first,))),)
        along = tuple(
            PlaneChoice(
                f"{data.column_names[first]}, {data.column_names[other]}",
                partial(view_of, data, (first, other)),
            )
            for other in others
        )
        if len(others) == 1:
            return along
        return (
            *along,
            PlaneChoice("principal components", partial(principal_view, data)),
            PlaneChoice(
                "through this example and two extreme ones",
                lambda: examples_view(data, extreme_examples(data, self.example)),
            ),
        )
