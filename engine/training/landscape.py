"""Landscapes: the cost on a plane through the parameters, and the path of a run on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Array, length
from engine.errors import EngineError
from engine.network.network import Network
from engine.training.trainer import Trainer

DIRECTIONS = {
    "random": "two random directions, filter by filter as long as the weights",
    "gradient": "down the gradient, and a random direction across it",
    "path": "the principal components of the run's own path",
}
"""The kinds of plane by name, each with a line that explains it."""


@dataclass(frozen=True, eq=False)
class Slice:
    """The plane origin + s·u + t·v; u and v are orthogonal, s and t their multiples."""

    origin: Array  # (P,)
    directions: Array  # (2, P)
    kind: str
    share: float = np.nan  # of the path's variance that lies in the plane, for "path"

    def parameters(self, s: float, t: float) -> Array:
        """The parameters (P,) at a point."""
        point: Array = self.origin + s * self.directions[0] + t * self.directions[1]
        return point

    def coordinates(self, parameters: Array) -> Array:
        """The points (m, 2) of the plane nearest to parameters (m, P)."""
        lengths = np.square(self.directions).sum(axis=1)
        nearest: Array = (parameters - self.origin) @ self.directions.T / lengths
        return nearest


@dataclass(frozen=True, eq=False)
class Landscape:
    """``costs`` (m, m) at ``s`` (m,), a column each, and ``t`` (m,), a row each; NaN where they
    are not known yet. ``path`` (p, 2) is the run, projected, at ``steps`` (p,)."""

    plane: Slice
    s: Array
    t: Array
    costs: Array
    path: Array
    steps: Array


def slice_through(trainer: Trainer, kind: str = "random", seed: int = 0) -> Slice:
    """The plane of that kind through the run's present parameters.

    Random directions are filter-normalised (Li, Xu, Taylor, Studer & Goldstein 2018, §4): each
    unit's part of a Gaussian vector is as long as the unit's own weights and bias. "gradient" is
    that of the next batch, with its penalty. EngineError for a run that has diverged, for the path
    of one that has not gone anywhere, and where there is no such plane: with one parameter, with
    weights of 0, or with weights whose squares overflow.
    """
    if trainer.divergence:
        raise EngineError(f"{trainer.divergence}: there is no landscape around it; go back first")
    if kind not in DIRECTIONS:
        raise EngineError(f"no directions {kind!r}; there are: {', '.join(DIRECTIONS)}")
    with np.errstate(all="ignore"):
        plane = _plane(trainer, kind, np.random.default_rng(seed))
        lengths = np.linalg.norm(plane.directions, axis=1)
    if not np.isfinite(lengths).all():
        raise EngineError("the weights are too large for a plane: go back some steps")
    if (lengths == 0.0).any():
        why = (
            "there is but one parameter"
            if plane.origin.size == 1
            else "a direction has length 0 here"
        )
        raise EngineError(f"there is no plane: {why}")
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
        # as long as a filter-normalised direction, which is as long as the parameters
        u = -gradient * (length(origin) / size)
    return Slice(origin, np.stack([u, _across(v, u)]), kind)


def landscape(trainer: Trainer, plane: Slice, points: int = 31) -> Iterator[Landscape]:
    """The costs over the training data on a grid around the run's path; each row that has been
    computed is yielded, so that the work can be shown and stopped. The last is complete."""
    steps, parameters = _path(trainer)
    path = plane.coordinates(parameters)
    reach = np.maximum(1.0, 1.25 * np.abs(path).max(axis=0)) if plane.kind == "path" else (1.0, 1.0)
    s, t = (np.linspace(-r, r, points) for r in reach)
    costs = np.full((points, points), np.nan)
    so_far = Landscape(plane, s, t, costs, path, steps)
    for row in _from_the_middle(points):
        for column in range(points):
            costs[row, column] = trainer.costs_at(plane.parameters(s[column], t[row]))[0]
        yield replace(so_far, costs=costs.copy())


def _from_the_middle(points: int) -> list[int]:
    return sorted(range(points), key=lambda row: abs(2 * row - points + 1))


def _path(trainer: Trainer) -> tuple[Array, Array]:
    """The steps (p,) of the checkpoints up to now, and the parameters (p, P) there."""
    steps = [step for step in sorted(trainer.history.checkpoints) if step < trainer.step_count]
    parameters = [trainer.parameters_at(step) for step in steps]
    now = trainer.network.parameters
    return np.array([*steps, trainer.step_count]), np.array([*parameters, now])


def _along_path(origin: Array, path: Array) -> Slice:
    away = path - origin
    _, sizes, components = np.linalg.svd(away, full_matrices=False)
    if len(sizes) < 2 or sizes[0] == 0.0:
        raise EngineError("the run has not gone far enough for a plane: train a few steps more")
    rounding = max(away.shape) * np.finfo(float).eps * sizes[0]  # as in numpy's matrix_rank
    spread = np.abs(away @ components[:2].T).max(axis=0)
    if sizes[1] <= rounding:  # a path along a line: any direction across will do
        spread[1] = spread[0]
    shares = np.square(sizes / sizes[0])
    share = float(shares[:2].sum() / shares.sum())
    return Slice(origin, components[:2] * spread[:, None], "path", share)


def _filter_normalised(network: Network, rng: np.random.Generator) -> Array:
    drawn = network.with_parameters(rng.normal(size=network.parameters.size))
    for direction, own in zip(drawn.matrices, network.matrices, strict=True):
        lengths = np.linalg.norm(own, axis=1) / np.linalg.norm(direction, axis=1)
        direction *= lengths[:, None]
    return drawn.parameters


def _across(v: Array, u: Array) -> Array:
    """What of v is orthogonal to u, as long as v."""
    across = v - u * (u @ v) / (u @ u or 1.0)
    length = float(np.linalg.norm(across))
    return across * (np.linalg.norm(v) / length) if length else across
