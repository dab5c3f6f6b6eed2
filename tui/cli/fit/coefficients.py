"""The coefficients of a fit with what is said of each: standard error, test and interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import OlsFit
from engine.arrays import Array
from engine.glm.fit import GlmFit
from tui.cli.fit.formatting import percent

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

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands above the columns of a table of them, without the names."""
        error = "std. error" if self.robust is None else f"{self.robust.upper()} s.e."
        return "estimate", error, self.letter, "p", f"{percent(self.level)} from", "to"


def coefficients_of(
    fit: OlsFit | GlmFit, level: float = LEVEL, robust: str | None = None
) -> Coefficients:
    """The coefficients of a fit."""
    names = tuple(fit.names)
    is_t = isinstance(fit, OlsFit) or fit.model.family.dispersion
    if robust is not None:
        inference = _robust(fit, robust, level, fit.freedom if is_t else None)
        return Coefficients(names, fit.coefficients, *inference, level=level, robust=robust)
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


def robust_covariance(fit: OlsFit | GlmFit, kind: str) -> Array:
    """The covariance (p, p) of the coefficients of ``kind`` "hc0" … "hc3"."""
    return fit.covariance(kind) if isinstance(fit, OlsFit) else fit.robust_covariance(kind)


def _robust(
    fit: OlsFit | GlmFit, kind: str, level: float, freedom: int | None
) -> tuple[Array, str, Array, Array, Array]:
    """Robust standard errors, and t, p and intervals with them; z without ``freedom``."""
    from scipy.special import ndtr, ndtri, stdtr, stdtrit  # late, for SciPy is slow to load

    errors, half = np.sqrt(np.diag(robust_covariance(fit, kind))), (1.0 + level) / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = fit.coefficients / errors
    if freedom is None:
        letter, reach, tails = "z", ndtri(half) * errors, 2.0 * ndtr(-np.abs(ratio))
    else:
        letter, reach = "t", stdtrit(freedom, half) * errors
        tails = 2.0 * stdtr(freedom, -np.abs(ratio))
    intervals = np.column_stack([fit.coefficients - reach, fit.coefficients + reach])
    return errors, letter, ratio, tails, intervals
