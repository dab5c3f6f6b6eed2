"""Raster: samples of every unit's activation over the view, shared by all panes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from engine import Dataset, Network
from engine.arrays import Array, Bools
from tui.model.frame import Frame
from tui.model.view import View

CURVE_SAMPLES = 512
MAP_SAMPLES = (72, 144)  # minimum and maximum along each axis; 144 are 4 × 4 in each pixel of 36
MIN_SAMPLES = 24  # if MAX_MAP_NUMBERS or MAX_MAP_WORK require it
MAX_HEIGHT = 1e100  # beyond it, differences could overflow
MAP_WORK = 1e8  # parameters × points; if there are more, fewer samples than the maximum are used
MAX_MAP_WORK = 2e9  # for the minimum of MAP_SAMPLES
MAX_MAP_NUMBERS = 1e7  # units × points: 80 MB
CURVED_WORK = 700  # the cost of a tanh or similar function, in parameters


class Raster(NamedTuple):
    """Samples at the midpoints of a fine grid: (side, side) of a plane, row 0 at the top, where
    the second axis is largest; (side,) of a line, from left to right.

    ``layers[l][j]`` is a⁽ˡ⁾ of unit j, the inputs (l = 0) as the network sees them;
    ``outputs[j]`` is ŷ in the data's own units.
    """

    layers: tuple[Sequence[Array], ...]
    outputs: tuple[Array, ...]

    def output(self, unit: int, size: int) -> Array:
        """ŷ of an output unit in the data's own units, averaged over each of size × size pixels
        (of a line: of size pixels)."""
        return averaged(self.outputs[unit], size)


def raster_of(frame: Frame) -> Raster:
    """The raster of a frame, cached until the network, the data or the view change."""
    return _cached(frame.network, frame.data, frame.view)


def rasterise(network: Network, data: Dataset, view: View, side: int | None = None) -> Raster:
    """Sample every unit over the view, at ``side`` points along each axis (None: as many as
    are quick to compute)."""
    if side is None:
        side = _map_samples(network) if view.flat else CURVE_SAMPLES
    coordinates = [_midpoints(low, high, side) for low, high in view.box]
    if view.flat:
        coordinates = [coordinates[0][None, :], coordinates[1][::-1, None]]
    shape = (side,) * len(coordinates)

    with np.errstate(all="ignore"):  # values of a diverged network are drawn as blanks
        inputs, z = (_sample_features if data.features else _sample_columns)(
            network, data, view, coordinates
        )
        layers = [inputs]
        a = np.empty((0, side ** len(shape)))
        for l, sigma in enumerate(network.layer_activations):
            if l:
                z = network.weights[l] @ a + network.biases[l][:, None]
            for s in network.skips_into(l + 1):
                z = z + np.reshape([*layers[s]], z.shape)
            a = sigma(z.T).T  # softmax couples the units along the last axis
            layers.append(tuple(a.reshape(-1, *shape)))
        outputs = data.y_scale.undo(a.T).T.reshape(-1, *shape)
    return Raster(tuple(layers), tuple(outputs))


def _sample_columns(
    network: Network, data: Dataset, view: View, coordinates: list[Array]
) -> tuple[Sequence[Array], Array]:
    """The inputs, and z⁽¹⁾ (units, samples), which is linear in the coordinates: there may be many
    inputs, so only the one or two coordinates are multiplied."""
    origin, directions = data.x_scale.apply(view.origin), view.directions / data.x_scale.sd
    W = network.weights[0]
    z = np.reshape(W @ origin + network.biases[0], (-1, *(1 for _ in coordinates)))
    for direction, x in zip(directions, coordinates, strict=True):
        z = z + np.multiply.outer(W @ direction, x)
    return _Inputs(origin, directions, tuple(coordinates)), z.reshape(len(z), -1)


def _sample_features(
    network: Network, data: Dataset, view: View, coordinates: list[Array]
) -> tuple[Sequence[Array], Array]:
    """The curved features at every sample, and z⁽¹⁾ (units, samples)."""
    grid = np.broadcast_arrays(*coordinates)
    points = np.stack([x.ravel() for x in grid], axis=1)
    features = data.encode(view.inputs(points)).T
    z = network.weights[0] @ features + network.biases[0][:, None]
    return tuple(features.reshape(-1, *grid[0].shape)), z


@dataclass(frozen=True, eq=False)
class _Inputs(Sequence[Array]):
    """The network's inputs, each computed when it is used: there may be many."""

    origin: Array
    directions: Array
    coordinates: tuple[Array, ...]

    def __len__(self) -> int:
        return len(self.origin)

    def __getitem__(self, unit: Any) -> Any:
        value = self.origin[unit]
        for direction, x in zip(self.directions, self.coordinates, strict=True):
            value = value + direction[unit] * x
        return value


def averaged(samples: Array | Bools, size: int) -> Array:
    """Means of samples (side, …) over ``size`` equal parts of every axis; NaN if a sample in a
    part is not finite."""
    finite = np.isfinite(samples)
    if finite.all():
        return _means(samples, size)
    means = _means(np.where(finite, samples, 0.0), size)
    means[_means(~finite, size) > 0.0] = np.nan
    return means


def level_segments(values: Array) -> Array:
    """The lines where values (h, w) at the centres of pixels cross 0: segments (m, 4), x0, y0, x1,
    y1 in pixels from the top left corner. Values are interpolated linearly in triangles."""
    heights = np.clip(values, -MAX_HEIGHT, MAX_HEIGHT)
    # extended to the outer edges of the pixels
    around = np.pad(heights, 1, mode="reflect", reflect_type="odd")
    y, x = np.indices(around.shape) - 0.5
    corners = np.stack([x, y, around], axis=-1)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, :-1], corners[1:, 1:]
    triangles = np.stack([np.stack(abc, axis=-2) for abc in ((a, b, c), (d, b, c))])
    triangles = triangles.reshape(-1, 3, 3)
    above = triangles[:, :, 2] > 0.0
    count = above.sum(axis=1)
    crossed = (count % 3 > 0) & np.isfinite(triangles[:, :, 2]).all(axis=1)
    triangles, above, count = triangles[crossed], above[crossed], count[crossed]
    # one corner has another sign than the two others; the line cuts both of its sides
    single = np.argmax(above == (count == 1)[:, None], axis=1)
    i = np.arange(len(triangles))
    tip = triangles[i, single]
    ends = []
    for k in (1, 2):
        other = triangles[i, (single + k) % 3]
        part = tip[:, 2:] / (tip[:, 2:] - other[:, 2:])
        ends.append((tip + part * (other - tip))[:, :2])
    return np.concatenate(ends, axis=1)


def _means(samples: Array | Bools, size: int) -> Array:
    shares = _shares(len(samples), size)
    rows: Array = shares @ samples
    means: Array = rows if samples.ndim == 1 else rows @ shares.T
    return means


@lru_cache(maxsize=64)
def _shares(side: int, size: int) -> Array:
    """(size, side): the share of each of ``side`` samples in each of ``size`` parts."""
    edges = np.arange(size + 1) * (side / size)
    samples = np.arange(side)
    ends = np.minimum(edges[1:, None], samples + 1)
    starts = np.maximum(edges[:-1, None], samples)
    shares: Array = np.maximum(ends - starts, 0.0) * (size / side)
    return shares


def _midpoints(low: float, high: float, count: int) -> Array:
    parts: Array = (np.arange(count) + 0.5) / count
    return low + (high - low) * parts


def _map_samples(network: Network) -> int:
    min_samples, max_samples = MAP_SAMPLES
    curved = sum(
        n
        for n, sigma in zip(network.sizes[1:], network.layer_activations, strict=True)
        if sigma.slopes is None
    )
    work = network.parameters.size + CURVED_WORK * curved
    side = min(max(int(sqrt(MAP_WORK / work)), min_samples), max_samples)
    affordable = min(MAX_MAP_NUMBERS / sum(network.sizes[1:]), MAX_MAP_WORK / work)
    return max(min(side, int(sqrt(affordable))), MIN_SAMPLES)


@lru_cache(maxsize=4)  # two moments of two runs
def _cached(network: Network, data: Dataset, view: View) -> Raster:
    return rasterise(network, data, view)
