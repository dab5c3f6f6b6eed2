"""What is drawn beside the data: ŷ of least squares and of the network, and their costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import nan

import numpy as np
from numpy.polynomial import Chebyshev

from engine import Dataset, OlsFit
from engine.arrays import Array, Ints
from engine.network.losses import loss_named
from tui.model.frame import Frame
from tui.model.linear.closed_form import targets_in_data_units
from tui.model.linear.facts import LinearFacts

LARGEST = 1e150  # of numbers that are drawn: the differences of larger ones overflow


@dataclass(frozen=True, eq=False)
class Points:
    """Examples x, y (n,) and the rows of the data set that they are."""

    x: Array
    y: Array
    rows: Ints  # (n,)


def has_one_input(data: Dataset) -> bool:
    """Whether ŷ is a curve over one column, of which curved features may be made."""
    return len(data.column_names) == 1


def examples_of_one_input(frame: Frame, rows: Ints) -> Points:
    """Examples by their only column and their target, in the data's own units."""
    y = targets_in_data_units(frame.prepared)[rows, 0]
    return Points(frame.data.columns[rows, 0], y, rows)


def fit_at(facts: LinearFacts, data: Dataset, x: Array) -> Array:
    """ŷ (m,) of the fit at values (m,) of the only column."""
    fit = facts.fit
    assert fit is not None
    if facts.degree > 1:
        y: Array = _polynomial(fit)(x)
        return y
    inputs = data.inputs(x[:, None])
    slopes = fit.coefficients[1:] if fit.intercept else fit.coefficients
    level = fit.coefficients[0] if fit.intercept else 0.0
    line: Array = level + inputs @ slopes
    return line


@lru_cache(maxsize=2)
def _polynomial(fit: OlsFit) -> Chebyshev:
    """The fitted polynomial, from its values at the examples: sums of the powers of a column such
    as the year would lose all digits."""
    return Chebyshev.fit(fit.X[:, 0], fit.fitted, max(fit.rank - 1, 0))


def network_at(frame: Frame, x: Array) -> Array | None:
    """ŷ (m,) of the network at values (m,) of the only column; None if it is not finite."""
    if not frame.is_sound:
        return None
    y = frame.outputs(x[:, None])[:, 0]
    return y if (np.abs(y) < LARGEST).all() else None


def network_outputs(frame: Frame) -> Array | None:
    """ŷ (n,) of the network for all examples; None if it is not finite."""
    y = frame.predicted[:, 0]
    return y if frame.is_sound and (np.abs(y) < LARGEST).all() else None


def fit_cost(frame: Frame) -> float:
    """C of the fit on the training data; NaN with a loss that is no multiple of the squares."""
    facts, squares = frame.linear, loss_named(str(frame.experiment.loss)).squares
    if facts is None or facts.fit is None or squares is None:
        return nan
    if facts.degree == 1 and frame.baseline is not None:
        return frame.baseline[1]
    return float(squares * facts.fit.ssr / len(facts.fit.y))
