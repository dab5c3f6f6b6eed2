"""The distribution of y that the fitted model gives at the cursor, and the nearest example."""

from dataclasses import dataclass
from functools import lru_cache
from math import inf, isfinite, sqrt

import numpy as np

from engine import density
from engine.arrays import Array, lengths
from engine.glm.density import DISCRETE, variance
from engine.regions.box import rounded_range
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.model.glm.model import Fitted
from tui.model.view import column_scale

SPREADS = 3.5  # standard deviations beyond the means up to which the axis goes
MOST = 1e9  # of a count on the axis


@dataclass(frozen=True, eq=False)
class Distribution:
    """y of a family with mean ``mu``; for binomial the successes in so many ``trials``.

    ``nearest`` is the row of the data set of the training example nearest to the cursor, in
    standard deviations where the inputs are standardised; ``observed`` is its y, or the successes
    of its group. ``ends`` are those of the axis of y, the same all over the data.
    """

    family: str
    mu: float
    dispersion: float
    trials: int
    nearest: int
    observed: float
    ends: tuple[float, float]

    @property
    def discrete(self) -> bool:
        """Whether y is a count."""
        return self.family in DISCRETE

    @property
    def mean(self) -> float:
        """The mean of y; of binomial that of the successes."""
        return self.trials * self.mu

    @property
    def sd(self) -> float:
        """The standard deviation of y; NaN where there is no such distribution."""
        return sqrt(float(variance(self.family, self.mu, self.dispersion, self.trials)))

    @property
    def exists(self) -> bool:
        """Whether the family has a distribution with this mean and spread."""
        return isfinite(self.sd)

    @property
    def has_probability(self) -> bool:
        """Whether y of the nearest example can have one: a count that is whole, or a number."""
        return not self.discrete or self.observed == round(self.observed)

    def __call__(self, y: Array) -> Array:
        """The densities or probabilities of values of y."""
        return density(self.family, y, self.mu, self.dispersion, self.trials)


def distribution_at_cursor(frame: Frame, facts: GlmFacts) -> Distribution | None:
    """The distribution of y at the cursor; None without a fit."""
    fit, model = facts.fit, facts.model
    if fit is None or model.network is None:
        return None
    data, view = frame.data, frame.view
    with np.errstate(all="ignore"):
        inputs = data.encode(view.inputs(frame.cursor[None, :]))
        mu = float(model.network.predict(inputs)[0, 0])
    nearest = _nearest(frame)
    trials, observed = 1, float(model.data.Y[nearest, 0])
    if facts.choice.family == "binomial" and data.groups is not None:
        alike = data.train[data.groups[data.train] == data.groups[nearest]]
        trials, observed = len(alike), float(model.data.Y[alike, 0].sum())
    found = Distribution(
        facts.choice.family, mu, float(fit.dispersion), trials, nearest, observed, (0.0, trials)
    )
    if found.family == "binomial" or not found.exists:
        return found
    ends = _wider(_ends(model), found)
    return Distribution(found.family, mu, found.dispersion, trials, nearest, observed, ends)


def _nearest(frame: Frame) -> int:
    """The row of the training example nearest to the cursor."""
    data = frame.data
    here = frame.view.inputs(frame.cursor[None, :])[0]
    with np.errstate(all="ignore"):
        away = lengths((data.columns[data.train] - here) / column_scale(data).sd)
    return int(data.train[np.nan_to_num(away, nan=inf).argmin()])


@lru_cache(maxsize=4)
def _ends(model: Fitted) -> tuple[float, float]:
    """The ends of an axis that holds every y, and the spread about every fitted mean."""
    assert model.fit is not None
    family, mu = model.choice.family, np.asarray(model.fit.fitted)
    spread = SPREADS * np.sqrt(variance(family, mu, float(model.fit.dispersion)))
    known = np.isfinite(spread)
    low = float(np.min((mu - spread)[known], initial=float(model.y.min())))
    high = float(np.max((mu + spread)[known], initial=float(model.y.max())))
    return low, high


def _wider(ends: tuple[float, float], found: Distribution) -> tuple[float, float]:
    """The ends, rounded outwards, that also hold the distribution at the cursor; of what is never
    negative from 0 on."""
    low = min(ends[0], found.mean - SPREADS * found.sd)
    high = max(ends[1], found.mean + SPREADS * found.sd)
    if found.family == "gaussian":
        return rounded_range(np.array([low, high]))
    high = min(max(high, 1.0 if found.discrete else 0.0), MOST if found.discrete else inf)
    return 0.0, float(np.ceil(high)) if found.discrete else rounded_range(np.array([0.0, high]))[1]
