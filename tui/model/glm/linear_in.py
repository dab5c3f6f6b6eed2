"""Linear in what? Of z⁽ᴸ⁾ of four reference networks and of the present one: in x, the weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine import Dataset, LinearIn, Network, linear_in, reference_networks
from engine.arrays import Array, Ints
from engine.data.dataset import Scale
from tui.model.frame import Frame

MAX_ROWS = 200  # training examples at which both are measured
MAX_WORK = 5_000_000  # multiplications in a frame: with more, fewer examples are used


@dataclass(frozen=True, eq=False)
class Measured:
    """A network at some examples, given by their rows in the data, and what it is linear in.

    ``tells_x``: whether the examples are enough for that in x. Through as many different points as
    an affine map has coefficients, there always is one without an error.
    """

    name: str
    network: Network
    inputs: Array
    columns: Array
    rows: Ints
    linear: LinearIn
    tells_x: bool


def linear_in_what(frame: Frame) -> tuple[Measured, ...]:
    """The reference networks on the frame's data, then the present network, "this network"."""
    network, data = frame.network, frame.data
    rows = data.train[: min(MAX_ROWS, MAX_WORK // (8 * network.parameters.size))]
    if not len(rows):
        return _references(data, network.sizes[-1])
    inputs, columns = data.x_scale.apply(data.X[rows]), _columns(data, rows)
    this = _measured("this network", network, inputs, columns, rows)
    return *_references(data, network.sizes[-1]), this


@lru_cache(maxsize=4)
def _references(data: Dataset, outputs: int) -> tuple[Measured, ...]:
    rows = data.train[:MAX_ROWS]
    columns = _columns(data, rows)
    networks = reference_networks(columns, outputs=outputs)
    return tuple(
        _measured(name, network, inputs, columns, rows)
        for name, (network, inputs) in networks.items()
    )


def _measured(name: str, network: Network, inputs: Array, columns: Array, rows: Ints) -> Measured:
    tells_x = len(np.unique(columns, axis=0)) > columns.shape[1] + 1
    linear = linear_in(network, inputs, columns)
    return Measured(name, network, inputs, columns, rows, linear, tells_x)


def _columns(data: Dataset, rows: Ints) -> Array:
    """x itself, of which curved features are made; standardised where the inputs are."""
    if not data.features:
        return data.x_scale.apply(data.X[rows])
    scale = Scale.identity(data.columns.shape[1])
    if not data.x_scale.is_identity:
        scale = Scale.of(data.columns[data.train])
    return scale.apply(data.columns[rows])
