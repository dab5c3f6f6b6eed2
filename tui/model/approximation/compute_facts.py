"""The facts of a moment: its data as a target, and the trained network as a curve."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine import Dataset, Network
from engine.approximation.sweep import errors_on
from engine.approximation.targets import Target, data_target
from engine.approximation.units import contributions, unit_positions
from engine.arrays import Array
from engine.training.prepare import Prepared
from tui.model.approximation.curve import NETWORK, Curve
from tui.model.approximation.facts import DATA
from tui.model.frame import Frame
from tui.model.linear.predictions import network_at


def number_of_inputs(data: Dataset) -> int:
    """The inputs of data whose target is one number, a curve or a surface over them; else 0."""
    is_number = data.task == "regression" and data.Y.shape[1] == 1
    return len(data.column_names) if is_number else 0


def target_of_data(prepared: Prepared) -> Target:
    """The training data of one input as a target, in their own units; DataError if all x are
    equal, or differ too little."""
    data = prepared.dataset
    return data_target(data.columns[data.train, 0], data.Y[data.train, 0])


def trained_curve(frame: Frame, name: str, target: Target) -> Curve:
    """The trained network in the data's own units, with its errors where the data are the target.

    Its units are those of the last hidden layer; it has none where they do not add up to ŷ.
    """
    network, data = frame.network, frame.data
    values = NetworkValues(frame)
    curve = Curve(NETWORK, network.parameter_count, values, None)
    if name != DATA:
        return replace(curve, note="the network learns the data, not this target")
    if network_at(frame, target.x) is None:
        return replace(curve, note="the network's numbers are not finite")
    curve = replace(curve, errors=errors_on(target, values))
    last, scale = len(network.weights), data.y_scale
    if last == 1 or network.output != "identity" or network.skips_into(last):
        return curve
    places = np.full(network.sizes[-2], np.nan)
    if last == 2 and network.sizes[0] == 1 and not data.features:
        places = unit_positions(network) * data.x_scale.sd[0] + data.x_scale.mean[0]
    return replace(
        curve,
        places=places,
        added=UnitValues(network, data),
        base=float(network.biases[-1][0] * scale.sd[0] + scale.mean[0]),
    )


@dataclass(frozen=True, eq=False)
class NetworkValues:
    """ŷ (m,) of a frame's network at x (m,); NaN where it is not finite."""

    frame: Frame

    def __call__(self, x: Array) -> Array:
        y = network_at(self.frame, x)
        return np.full(len(x), np.nan) if y is None else y


@dataclass(frozen=True, eq=False)
class UnitValues:
    """What each unit of the last hidden layer adds to ŷ (m, units) at x (m,), in data units."""

    network: Network
    data: Dataset

    def __call__(self, x: Array) -> Array:
        added = contributions(self.network, self.data.encode(x[:, None]))
        in_units: Array = added * self.data.y_scale.sd[0]
        return in_units
