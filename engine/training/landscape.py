"""The cost on a plane in parameter space, and the path of a run projected onto it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Array, length
from engine.errors import EngineError
from engine.network.network import Network
from engine.training.trainer import Trainer

DIRECTIONS = {
    "random": "two random directions, each unit's part as long as its weights",
    "gradient": "down the gradient, and a random direction across it",
    "path": "the principal components of the run's own path",
}
"""The kinds of plane by name, each with a description."""


@dataclass(frozen=True, eq=False)
class Slice:
    """The plane origin + s·u + t·v with orthogonal directions u and v."""

    origin: Array  # (P,)
    directions: Array  # (2, P)
    kind: str
    share: float = np.nan  # of "path": the share of the path's variance in the plane

    def parameters(self, s: float, t: float) -> Array:
        """The parameters (P,) at a point."""
        point: Array = self.origin + s * self.directions[0] + t * self.directions[1]
        return point

    def coordinates(self, parameters: Array) -> Array:
        """The points (m, 2) of the plane nearest to parameters (m, P)."""
        squares = np.square(self.directions).sum(axis=1)
        nearest: Array = (parameters - self.origin) @ self.directions.T / squares
        return nearest


@dataclass(frozen=True, eq=False)
class Landscape:
    """The costs on a grid of a plane.

    ``costs`` (m, m) are NaN where they are not yet computed; their columns are at ``s`` (m,), their
    rows at ``t`` (m,). ``path`` (p, 2) is the projected path of the run at ``steps`` (p,).
    """

    plane: Slice
    s: Array
    t: Array
    costs: Array
    path: Array
    steps: Array


def slice_through(trainer: Trainer, kind: str = "random", seed: int = 0) -> Slice:
    """A plane through the current parameters of a run; ``kind`` is one of ``DIRECTIONS``.

    Random directions are filter-normalised (Li, Xu, Taylor, Studer & Goldstein 2018, §4): each
    unit's part of a Gaussian vector is scaled to the length of the unit's weights and bias. The
    gradient is that of the next batch, with penalties. Raises EngineError if the run has diverged,
    if the path is too short, and if there is no plane: with one parameter, with weights of 0, or
    with weights whose squares overflow.
    """
    if trainer.divergence:
        raise EngineError(f"{trainer.divergence}: no loss surface around it; go back first")
    if kind not in DIRECTIONS:
        raise EngineError(f"no directions {kind!r}; there are: {', '.join(DIRECTIONS)}")
    with np.errstate(all="ignore"):
        plane = _plane(trainer, kind, np.random.default_rng(seed))
        lengths = np.linalg.norm(plane.directions, axis=1)
    if not np.isfinite(lengths).all():
        raise EngineError("the weights are too large for a plane: go back some steps")
    if (lengths == 0.0).any():
        reason = (
            "there is only one parameter"
            if plane.origin.size == 1
            else "a direction has length 0 here"
        )
        raise EngineError(f"there is no plane: {reason}")
    return plane


def _plane(trainer: Trainer, kind: str, rng: np.random.Generator) -> Slice:
    network = trainer.network
    origin = network.parameters.copy()
    if kind == "path":
        return _along_path(origin, _path(trainer)[1])
    u, v = (_filter_normalised(network, rng) for _ in range(2))
    if kind == "gradient":
        gradient = trainer.take_apart().penalised
        size = length(gradient)
        if size == 0.0:
            raise EngineError("the gradient is 0 here: choose random directions")
        # a filter-normalised direction is as long as the parameters
        u = -gradient * (length(origin) / size)
    return Slice(origin, np.stack([u, _across(v, u)]), kind)


def landscape(trainer: Trainer, plane: Slice, points: int = 31) -> Iterator[Landscape]:
    """The costs over the training data on a grid around the path of a run, row by row.

    The landscape is yielded after each row, so that a caller can show progress and stop. The last
    one is complete.
    """
    steps, parameters = _path(trainer)
    path = plane.coordinates(parameters)
    ranges: Array = np.ones(2)
    if plane.kind == "path":
        ranges = np.maximum(1.0, 1.25 * np.abs(path).max(axis=0))
    s, t = (np.linspace(-r, r, points) for r in ranges)
    costs = np.full((points, points), np.nan)
    result = Landscape(plane, s, t, costs, path, steps)
    for row in _middle_first(points):
        for column in range(points):
            costs[row, column] = trainer.costs_at(plane.parameters(s[column], t[row]))[0]
        yield replace(result, costs=costs.copy())


def _middle_first(points: int) -> list[int]:
    """The numbers of the rows, those in the middle first."""
    return sorted(range(points), key=lambda row: abs(2 * row - points + 1))


def _path(trainer: Trainer) -> tuple[Array, Array]:
    """The steps (p,) of the checkpoints and the current step, and the parameters (p, P) there."""
    steps = [step for step in sorted(trainer.history.checkpoints) if step < trainer.step_count]
    parameters = [trainer.parameters_at(step) for step in steps]
    current = trainer.network.parameters
    return np.array([*steps, trainer.step_count]), np.array([*parameters, current])


def _along_path(origin: Array, path: Array) -> Slice:
    """The plane of the first two principal components of a path (p, P)."""
    displacements = path - origin
    _, sizes, components = np.linalg.svd(displacements, full_matrices=False)
    if len(sizes) < 2 or sizes[0] == 0.0:
        raise EngineError("the run has not gone far enough for a plane: train a few steps more")
    # the tolerance of numpy.linalg.matrix_rank
    rounding = max(displacements.shape) * np.finfo(float).eps * sizes[0]
    spread = np.abs(displacements @ components[:2].T).max(axis=0)
    if sizes[1] <= rounding:  # the path is a line: any orthogonal direction is as good
        spread[1] = spread[0]
    shares = np.square(sizes / sizes[0])
    share = float(shares[:2].sum() / shares.sum())
    return Slice(origin, components[:2] * spread[:, None], "path", share)


def _filter_normalised(network: Network, rng: np.random.Generator) -> Array:
    """A random direction (P,), each unit's part as long as its weights and bias."""
    values = rng.normal(size=network.parameters.size)
    sharing = network.sharing
    drawn = network.with_parameters(sharing.spread(network.once(values)) if sharing else values)
    for layer, (direction, matrix) in enumerate(
        zip(drawn.matrices, network.matrices, strict=True), start=1
    ):
        if network.kernel_length(layer):  # all units are one filter
            direction *= length(matrix) / length(direction)
        else:
            scales = np.linalg.norm(matrix, axis=1) / np.linalg.norm(direction, axis=1)
            direction *= scales[:, None]
    return drawn.parameters


def _across(v: Array, u: Array) -> Array:
    """The component of v orthogonal to u, scaled to the length of v."""
    orthogonal = v - u * (u @ v) / (u @ u or 1.0)
    size = float(np.linalg.norm(orthogonal))
    return orthogonal * (np.linalg.norm(v) / size) if size else orthogonal
