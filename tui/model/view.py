"""View: the line or plane through the data's columns that a map shows. The columns are the
inputs themselves, or with curved features the variables of which these are made."""

from dataclasses import dataclass, replace

import numpy as np

from engine import Dataset, Plane, ShapeError
from engine.arrays import Array, length, lengths
from engine.data.dataset import Scale
from engine.regions.box import rounded_range
from engine.regions.plane import unit_vectors
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import percent

COLLINEAR = 1e-9  # a triangle this low, relative to its side, is a line


@dataclass(frozen=True, eq=False)
class View:
    """The points origin + coordinates @ directions, in the data's own units.

    ``origin`` (c,) in the data's c columns; ``directions`` (k, c), k = 1 or 2; ``box`` are the
    ranges of the coordinates, ``names`` their names. Distances are relative to ``spread`` (c,). In
    a view along columns ``axes`` are these columns; the others are fixed at the training means.
    """

    origin: Array
    directions: Array
    box: tuple[tuple[float, float], ...]
    names: tuple[str, ...]
    spread: Array
    axes: tuple[int, ...] = ()
    note: str = ""  # how the columns that are no axes are treated

    @property
    def flat(self) -> bool:
        """Whether it is a plane."""
        return len(self.box) == 2

    @property
    def centre(self) -> Array:
        """The middle of the box (k,)."""
        return np.array([(low + high) / 2.0 for low, high in self.box])

    def inputs(self, coordinates: Array) -> Array:
        """The values of all columns (m, c) at points (m, k) of the view."""
        rows: Array = self.origin + coordinates @ self.directions
        return rows

    def coordinates(self, rows: Array) -> Array:
        """The points (m, k) of the view nearest to rows of the columns (m, c)."""
        if self.axes:
            return rows[:, list(self.axes)]
        away = (rows - self.origin) / self.spread
        nearest: Array = away @ np.linalg.pinv(self.directions / self.spread)
        return nearest

    def plane(self, data: Dataset) -> Plane | None:
        """The plane in the network's inputs, with the view's coordinates; None if the two inputs
        are the coordinates themselves. For data without curved features."""
        scale = data.x_scale
        if scale.is_identity and self.axes == tuple(range(len(self.origin))):
            return None
        with np.errstate(over="ignore"):  # if an input hardly varies
            return Plane(scale.apply(self.origin), *(self.directions / scale.sd))

    def interval(self, data: Dataset) -> tuple[float, float]:
        """The range of the only input, scaled if the data are. For data without curved
        features."""
        low, high = data.x_scale.apply(np.array(self.box).T)[:, 0].tolist()
        return low, high


def view_of(data: Dataset, axes: tuple[int, ...] | None = None) -> View:
    """The view along the given columns (None: the first two of ``leading_inputs``)."""
    axes = leading_inputs(data)[:2] if axes is None else axes
    along, c = list(axes), data.columns.shape[1]
    origin = data.columns[data.train].mean(axis=0)
    origin[along] = 0.0
    return View(
        origin=origin,
        directions=unit_vectors(c, along),
        box=tuple(rounded_range(data.columns[:, axis]) for axis in axes),
        names=tuple(data.column_names[axis] for axis in axes),
        spread=column_scale(data).sd,
        axes=axes,
        note="others at mean" if c > len(axes) else "",
    )


def principal_view(data: Dataset) -> View:
    """The plane of the first two principal components of the training columns, as scaled."""
    scaled = column_scale(data).apply(data.columns[data.train])
    plane = Plane.principal(scaled)
    scores = plane.coordinates(scaled)
    share = scores.var(axis=0).sum() / scaled.var(axis=0).sum()
    return _view_through(data, plane, ("PC₁", "PC₂"), f"{percent(share, 0)} of the variance")


def examples_view(data: Dataset, rows: tuple[int, int, int]) -> View:
    """The plane through three examples: the first at (0, 0), the others at (1, 0) and (0, 1)."""
    first, *others = (row + 1 for row in rows)
    try:
        plane = Plane.through(*column_scale(data).apply(data.columns[list(rows)]))
    except ShapeError:
        raise ShapeError(
            f"examples {first}, {others[0]} and {others[1]} lie on a line: "
            "a plane needs three that do not"
        ) from None
    names = f"t{UNICODE.sub(others[0])}", f"t{UNICODE.sub(others[1])}"
    note = f"t from example {first} toward {others[0]} and {others[1]}"
    return _view_through(data, plane, names, note)


def extreme_examples(data: Dataset, example: int) -> tuple[int, int, int]:
    """An example, and the training examples with the lowest and the highest target that do not lie
    on a line with it; among equal targets the nearest. For classes the target is 1 for its own
    class, so they are the nearest examples of another class and of its own."""
    X = column_scale(data).apply(data.columns)
    away = X - X[example]
    distance = lengths(away)
    classes = data.task == "classes"
    y = data.Y[:, data.Y[example].argmax() if classes else 0][data.train]
    apart = distance[data.train] > 0.0
    low = data.train[np.lexsort((distance[data.train], y, ~apart))[0]]
    along = away[low] / (distance[low] or 1.0)
    height = lengths(away - np.outer(away @ along, along))
    collinear = (height <= COLLINEAR * distance)[data.train]
    high = data.train[np.lexsort((distance[data.train], -y, collinear))[0]]
    return example, int(low), int(high)


def _view_through(data: Dataset, plane: Plane, names: tuple[str, str], note: str) -> View:
    """A view of a plane in the scaled columns, its box around the data."""
    scale = column_scale(data)
    view = View(
        origin=scale.undo(plane.origin),
        directions=np.stack([plane.u, plane.v]) * scale.sd,
        box=(),
        names=names,
        spread=scale.sd,
        note=note,
    )
    box = tuple(rounded_range(column) for column in view.coordinates(data.columns).T)
    return replace(view, box=box)


def column_scale(data: Dataset) -> Scale:
    """The scale with which columns are compared: that of the network's inputs; with curved
    features, standardised if these are."""
    if not data.features:
        return data.x_scale
    if data.x_scale.is_identity:
        return Scale.identity(data.columns.shape[1])
    return Scale.of(data.columns[data.train])


def leading_inputs(data: Dataset) -> tuple[int, ...]:
    """All columns; if there are more than two, first the one most correlated with the target, then
    the one that explains most of the residual (two steps of forward selection)."""
    c = data.columns.shape[1]
    if c <= 2:
        return tuple(range(c))
    X = column_scale(data).apply(data.columns[data.train])
    X = X - X.mean(axis=0)
    residual = data.Y[data.train, 0] - data.Y[data.train, 0].mean()
    first = _best(X, residual)
    direction = X[:, first] / (length(X[:, first]) or 1.0)
    X = X - np.outer(direction, direction @ X)
    second = _best(X, residual - direction * (direction @ residual), excluded=first)
    return (first, second, *(i for i in range(c) if i not in (first, second)))


def _best(X: Array, y: Array, excluded: int = -1) -> int:
    sizes = lengths(X, axis=0)
    share = np.abs(X.T @ y) / np.where(sizes > 1e-9 * sizes.max(), sizes, np.inf)
    if excluded >= 0:
        share[excluded] = -1.0
    return int(share.argmax())
