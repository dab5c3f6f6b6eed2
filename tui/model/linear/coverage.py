"""What repeated samples say of the intervals of OLS, and of the network beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite, nan, sqrt

import numpy as np

from engine import NetworkSampling, OlsCoverage

LEVEL = 0.95  # of the intervals
ENOUGH = 1000  # samples from which on a share is judged
BEYOND = 4.0  # standard errors of a share that chance does not explain: 6 in 100 000
SAME = 1e-6  # expected coverages that differ by less are equal


@dataclass(frozen=True, eq=False)
class CaseCoverage:
    """One kind of errors: how often the intervals of OLS hold the true slope, as far as counted.

    ``widening`` is how many times as wide as for uncorrelated inputs the s.e. of the slope is,
    √VIF; NaN for errors of other kinds, or one input.
    """

    case: str  # a key of ``engine.SAMPLING_CASES``
    name: str = ""  # of the input whose slope it is
    term: int = 0  # the place of that slope among the coefficients
    ols: OlsCoverage | None = None
    network: NetworkSampling | None = None
    widening: float = nan
    note: str = ""  # why there is no coverage
    network_note: str = ""  # why the network is not compared

    @property
    def share(self) -> float:
        """The share of the samples whose interval holds the truth; NaN before the first."""
        return nan if self.ols is None else float(self.ols.coverage[self.term])

    @property
    def error(self) -> float:
        """The standard error of ``share``."""
        return nan if self.ols is None else float(self.ols.coverage_error[self.term])

    @property
    def holds(self) -> bool | None:
        """Whether the share is the level up to chance; None while there are too few samples."""
        if self.ols is None or self.ols.repetitions < ENOUGH:
            return None
        chance = sqrt(LEVEL * (1.0 - LEVEL) / self.ols.repetitions)
        return abs(self.share - LEVEL) <= BEYOND * chance

    @property
    def error_ratio(self) -> float:
        """The true sd of the slope as a multiple of what its s.e. estimates."""
        if self.ols is None:
            return nan
        return float(self.ols.exact_sd[self.term] / self.ols.exact_standard_error[self.term])

    @property
    def network_ratio(self) -> float:
        """The network's mean squared distance from the true means over that of OLS, on the same
        samples; NaN before the first, and where all training diverged."""
        found = self.network
        if found is None:
            return nan
        kept = np.isfinite(found.network_errors)
        if not kept.any() or not found.ols_errors[kept].mean() > 0.0:
            return nan
        ratio = float(found.network_errors[kept].mean() / found.ols_errors[kept].mean())
        return ratio if isfinite(ratio) else nan


def telling_term(result: OlsCoverage, intercept: bool) -> int:
    """The slope whose coverage is the furthest from the level by theory, the first of several: it
    is chosen before anything is counted."""
    gaps = np.abs(result.expected_coverage - result.level)[int(intercept) :]
    return int(np.flatnonzero(gaps >= gaps.max() - SAME)[0]) + int(intercept)


@dataclass(frozen=True, eq=False)
class CoverageFacts:
    """All kinds of errors, as far as computed.

    ``own`` is the kind that the data set is made with. ``steps`` and ``trainings`` are those of
    the network for each kind.
    """

    cases: tuple[CaseCoverage, ...]
    own: str
    total: int  # samples of each kind
    trainings: int
    steps: int
    progress: float | None = None  # 0 … 1; None: nothing is being computed
    note: str = ""  # why there is nothing
    state: tuple[object, ...] = field(default=())  # see ``SamplingTracker.state``
