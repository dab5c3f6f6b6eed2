"""Measures of the course of a run: its step, its learning rate, overfitting, intervals of OLS."""

from functools import lru_cache

import numpy as np

from engine.measures.measure import WITH_TEST, Argument, Measure, Measures
from engine.measures.moment import Moment
from engine.network.hessian import largest_curvature
from engine.sampling.designs import SAMPLING_CASES
from engine.sampling.ols_coverage import OlsCoverage, ols_coverage
from engine.training.schedules import learning_rate_at

ROWS = 1000  # examples, at most, on which the curvature is computed
SAMPLES, EXAMPLES = 2000, 40  # data sets that are drawn, and their examples


def _step(moment: Moment) -> float:
    return float(moment.step)


def _has_diverged(moment: Moment) -> float:
    return float(moment.divergence is not None)


def rate_share(moment: Moment) -> float:
    """η·λ_max/2, the learning rate as a share of 2/λ_max, above which descent is not stable."""
    X, Y = moment.inputs[:ROWS], moment.targets[:ROWS]
    curvature = largest_curvature(moment.network, X, Y, moment.loss, moment.settings.l2)
    return learning_rate_at(moment.settings, moment.step) * curvature / 2.0


def overfitting(moment: Moment) -> float:
    """C over the test examples divided by C over the training examples."""
    moment.check_test()
    test, train = moment.cost(of_test=True), moment.cost()
    return test / train if train else float("inf")


def coverage(moment: Moment, case: str) -> float:
    """The share of samples whose 95 % interval of OLS holds the true slope, in a case of
    ``SAMPLING_CASES``. It does not depend on the run."""
    return float(_sampled(case).coverage[1])


@lru_cache(maxsize=8)
def _sampled(case: str) -> OlsCoverage:
    x = np.random.default_rng(0).uniform(-1.0, 1.0, size=(EXAMPLES, 2))
    return ols_coverage(np.sort(x, axis=0), [1.0, 2.0, -1.0], case=case, repetitions=SAMPLES)


COURSE: Measures = {
    "step": Measure("step", _step, "a count", of_any=True),
    "diverged": Measure("run has diverged (1) or not (0)", _has_diverged, "0 or 1", of_any=True),
    "rate_share": Measure(
        "learning rate as a share of 2/λ", rate_share, "above 1 descent is not stable"
    ),
    "overfitting": Measure(
        "ratio of C test to C train", overfitting, "above 1 the test is worse", WITH_TEST
    ),
    "coverage": Measure(
        "share of 95 % intervals that hold the true slope",
        coverage,
        "0.95 where the assumptions hold; no matter which run",
        "",
        (Argument("case", tuple(SAMPLING_CASES)),),
        of_any=True,
    ),
}
"""By name."""
