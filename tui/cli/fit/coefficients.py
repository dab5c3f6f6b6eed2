"""The coefficients of a fit with what is said of each: standard error, test and interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import OlsFit
from engine.arrays import Array
from engine.glm.fit import GlmFit

LEVEL = 0.95  # of the intervals, unless another is asked for


@dataclass(frozen=True)
class Coefficients:
    """One entry for each column of the model, (p,) arrays in the order of ``fit.names``.

    ``letter`` is t or z, the distribution of the statistics; ``intervals`` (p, 2) hold the
    parameters with probability ``level``; ``robust`` is "hc0" … "hc3", None for the usual
    standard errors.
    """

    names: tuple[str, ...]
    estimates: Array
    errors: Array
    letter: str
    statistics: Array
    p_values: Array
    intervals: Array
    level: float = LEVEL
    robust: str | None = None


def coefficients_of(
    fit: OlsFit | GlmFit, level: float = LEVEL, robust: str | None = None
) -> Coefficients:
    """The coefficients of a fit. ``robust`` is for least squares alone."""
    names = tuple(fit.names)
    if isinstance(fit, OlsFit) and robust is not None:
        inference = _robust(fit, robust, level)
        return Coefficients(names, fit.coefficients, *inference, level=level, robust=robust)
    is_t = isinstance(fit, OlsFit) or fit.model.family.dispersion
    statistics = fit.t_values if isinstance(fit, OlsFit) else fit.z_values
    intervals = fit.confidence_intervals(level)
    return Coefficients(
        names,
        fit.coefficients,
        fit.standard_errors,
        "t" if is_t else "z",
        statistics,
        fit.p_values,
        intervals,
        level,
    )


def _robust(fit: OlsFit, kind: str, level: float) -> tuple[Array, str, Array, Array, Array]:
    """Robust standard errors, and t, p and intervals with them."""
    from scipy.special import stdtr, stdtrit  # imported late, for SciPy is slow to load

    errors = np.sqrt(np.diag(fit.covariance(kind)))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = fit.coefficients / errors
    reach = stdtrit(fit.freedom, (1.0 + level) / 2.0) * errors
    intervals = np.column_stack([fit.coefficients - reach, fit.coefficients + reach])
    return errors, "t", t, 2.0 * stdtr(fit.freedom, -np.abs(t)), intervals
