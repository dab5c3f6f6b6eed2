"""The facts of a moment: its data as a target, and the trained network as a curve."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine import Dataset
from engine.approximation.sweep import errors_on
from engine.approximation.targets import Target, data_target
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
    """The trained network, with its errors where the target are its data."""
    values = partial(_network_values, frame)
    count = frame.network.parameter_count
    if name != DATA:
        return Curve(NETWORK, count, values, None, note="trained on the data, not on this target")
    if network_at(frame, target.x) is None:
        return Curve(NETWORK, count, values, None, note="its numbers are not finite")
    return Curve(NETWORK, count, values, errors_on(target, values))


def _network_values(frame: Frame, x: Array) -> Array:
    y = network_at(frame, x)
    return np.full(len(x), np.nan) if y is None else y
