"""The test of a model against a larger one that contains it."""

from dataclasses import replace
from math import nan

import numpy as np

from engine.arrays import Array
from engine.comparison.anova import residual_row
from engine.comparison.refit import Fit, name_of_test, statistic, why_not
from engine.comparison.table import AnovaRow, AnovaTable
from engine.errors import DataError
from engine.glm.families import NEGATIVE_BINOMIAL
from engine.glm.fit import GlmFit
from engine.least_squares.inference.tails import p_of_chi2
from engine.least_squares.ols import OlsFit
from engine.wording import plural

NESTED = 1e-7  # a column's distance from the span of the larger model, relative to its length


def compare(smaller: Fit, larger: Fit) -> AnovaTable:
    """The test of a model against a larger one that contains it: R's anova(smaller, larger).

    F of the difference of the sums of squares (Seber & Lee 2003, §4.1); the likelihood ratio of
    generalised linear models, or F where the dispersion is estimated, with that of the larger one
    (McCullagh & Nelder 1989, §2.3.2). Negative binomials: 2·(difference of the log-likelihoods),
    each with its own θ.

    Arguments:
        smaller, larger: fits of ``ols``, or of ``glm`` with one family and link.

    Returns:
        An AnovaTable of one row, "difference", and the residuals of the larger model.

    Raises:
        DataError: if the models are not of one kind and of the same data, or the columns of the
            smaller are no combinations of those of the larger.

    Example:
        >>> import engine
        >>> x = [[1, 0], [2, 1], [3, 1], [4, 0], [5, 1]]
        >>> y = [1, 3, 2, 5, 4]
        >>> table = engine.compare(engine.ols([row[:1] for row in x], y), engine.ols(x, y))
        >>> round(table.rows[0].statistic, 4), round(table.rows[0].p_value, 4)
        (0.3855, 0.598)
    """
    _check_same(smaller, larger)
    if larger.rank <= smaller.rank:
        raise DataError("the larger model has no more independent columns than the smaller")
    if not _inside(smaller, larger):
        raise DataError("the models are not nested: a column of the smaller is not in the larger")
    freedom = larger.rank - smaller.rank
    residual = residual_row(larger)
    if isinstance(smaller, OlsFit) and isinstance(larger, OlsFit):
        squares = smaller.solution.ssr - larger.solution.ssr
        value, p = statistic(larger, squares, freedom)
        row = AnovaRow("difference", freedom, max(float(squares), 0.0), value, p, nan, "")
        return AnovaTable((row,), residual, "F")
    assert isinstance(smaller, GlmFit) and isinstance(larger, GlmFit)
    loss = smaller.deviance - larger.deviance
    value, p = statistic(larger, loss, freedom)
    if larger.family == NEGATIVE_BINOMIAL:
        loss = value = max(2.0 * (larger.log_likelihood - smaller.log_likelihood), 0.0)
        p = p_of_chi2(value, freedom)
    row = AnovaRow("difference", freedom, loss, value, p, nan, why_not(smaller) or why_not(larger))
    if row.note:
        row = replace(row, statistic=nan, p_value=nan)
    return AnovaTable((row,), residual, name_of_test(larger))


def _check_same(smaller: Fit, larger: Fit) -> None:
    """DataError unless the models are of one kind and of the same data."""
    if isinstance(smaller, OlsFit) != isinstance(larger, OlsFit):
        raise DataError("one model is of least squares, the other a generalised linear model")
    if isinstance(smaller, GlmFit) and isinstance(larger, GlmFit):
        kinds = [(fit.family, fit.link) for fit in (smaller, larger)]
        if kinds[0] != kinds[1]:
            raise DataError(f"the models are {' and '.join(', '.join(kind) for kind in kinds)}")
        for name in ("trials", "offset"):
            if not _same(getattr(smaller, name), getattr(larger, name)):
                raise DataError(f"the models have different {name}")
    if len(smaller.y) != len(larger.y):
        rows = [plural(len(fit.y), "row") for fit in (smaller, larger)]
        raise DataError(f"one model has {rows[0]}, the other {rows[1]}")
    for name, noun in (("y", "targets"), ("weights", "weights")):
        if not _same(getattr(smaller, name), getattr(larger, name)):
            raise DataError(f"the models have different {noun}")


def _same(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other))


def _inside(smaller: Fit, larger: Fit) -> bool:
    """Whether the columns of the smaller model are combinations of those of the larger."""
    used = np.ones(len(larger.y), dtype=np.bool_) if larger.weights is None else larger.weights > 0
    one, other = _scaled(smaller.design[used]), _scaled(larger.design[used])
    left = one - other @ np.linalg.lstsq(other, one, rcond=None)[0]
    return bool((np.linalg.norm(left, axis=0) <= NESTED * np.linalg.norm(one, axis=0)).all())


def _scaled(design: Array) -> Array:
    """Columns divided by their largest number."""
    largest = np.abs(design).max(axis=0)
    return design / np.where(largest > 0.0, largest, 1.0)
