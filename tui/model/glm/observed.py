"""What a binomial model's μ is compared with: the observed shares; and where μ is a half."""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, log

import numpy as np

from engine import EngineError, collapse
from engine.arrays import Array, Ints
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.model.glm.model import Fitted

MAX_NUMBERS = 500_000  # of inputs among which equal rows are sought
MIN_PLACES = 3  # an input with fewer values has no place between them
DECILES = 10

HALF = {"logit": 0.0, "probit": 0.0, "cloglog": log(log(2.0)), "log": -log(2.0), "identity": 0.5}
"""z at μ = ½ by the link."""


@dataclass(frozen=True, eq=False)
class Shares:
    """The training examples in g groups: how many ``trials`` (g,) each has, how many
    ``successes`` (g,) of them, the mean ``fitted`` (g,) of μ, the ``first`` (g,) training example
    in it, and its row of the data set (g,); ``group`` (n,) is that of each training example."""

    trials: Array
    successes: Array
    fitted: Array
    first: Ints
    rows: Ints
    group: Ints

    @property
    def share(self) -> Array:
        """The observed proportion (g,)."""
        return self.successes / self.trials

    def of_row(self, train: Ints, row: int) -> int | None:
        """The group of a row of the data set; None if it is a test example."""
        at = np.flatnonzero(train == row)
        return int(self.group[at[0]]) if len(at) else None


@lru_cache(maxsize=4)
def shares_of(model: Fitted) -> Shares | None:
    """The training examples of a binomial model with equal inputs as one group each; None if no
    two are equal."""
    if model.fit is None or model.choice.family != "binomial":
        return None
    X = model.data.X[model.data.train]
    if X.size > MAX_NUMBERS:
        return None
    _, first, group = np.unique(X, axis=0, return_index=True, return_inverse=True)
    return _shares(model, first, group.ravel()) if len(first) < len(X) else None


@lru_cache(maxsize=4)
def tenths_of(model: Fitted) -> Shares | None:
    """The training examples of a binomial model in ten groups of about equal size, by their μ;
    examples with the same μ are in one group."""
    if model.fit is None or model.choice.family != "binomial":
        return None
    ends = np.quantile(model.fit.fitted, np.arange(1, DECILES) / DECILES)
    tenth = np.searchsorted(ends, model.fit.fitted)
    _, first, group = np.unique(tenth, return_index=True, return_inverse=True)
    return _shares(model, first, group.ravel())


def _shares(model: Fitted, first: Ints, group: Ints) -> Shares:
    assert model.fit is not None
    trials: Array = np.bincount(group).astype(np.float64)
    successes: Array = np.bincount(group, weights=model.y).astype(np.float64)
    fitted = np.bincount(group, weights=model.fit.fitted) / trials
    rows: Ints = model.data.train[first]
    return Shares(trials, successes, fitted, first, rows, group)


def half_input(facts: GlmFacts) -> float | None:
    """The value of the only input at which μ = ½: (g(½) − β₀)/β₁.

    None of another model, without a maximum of the likelihood, or where the input has so few
    values that nothing lies between them.
    """
    fit, model = facts.fit, facts.model
    if fit is None or facts.choice.family != "binomial" or len(fit.coefficients) != 2:
        return None
    if model.data.X.shape[1] != 1 or len(np.unique(model.data.X[model.data.train])) < MIN_PLACES:
        return None
    if not fit.converged or fit.separation or fit.dropped:
        return None
    intercept, slope = fit.coefficients.tolist()
    place = (HALF[facts.choice.link] - intercept) / slope if slope else np.inf
    return place if isfinite(place) else None


def network_coefficients(frame: Frame) -> Array | None:
    """The coefficients (1 + d, k) of each output's z in the data's own units, the intercepts
    first; None if z is not affine, or not finite."""
    if frame.divergence is not None:
        return None
    try:
        with np.errstate(all="ignore"):
            affine = collapse(frame.network)
            slopes = affine.W / frame.data.x_scale.sd
            beta = np.vstack([affine.b - slopes @ frame.data.x_scale.mean, slopes.T])
            if frame.network.output == "identity":
                beta = beta * frame.data.y_scale.sd
                beta[0] += frame.data.y_scale.mean
    except EngineError:
        return None
    return beta if np.isfinite(beta).all() else None
