"""The coefficients of a least-squares fit, their errors and tests, and how well it fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, log, nan, pi

import numpy as np

from engine.arrays import Array
from engine.errors import DataError
from engine.least_squares.hat_matrix import orthonormal, robust_half, row_lengths
from engine.least_squares.solution import Solution, in_float64, log_root, number, root


@dataclass(frozen=True, eq=False)
class OlsStatistics:
    """What follows from a least-squares solution for the whole model; see ``OlsFit``."""

    X: Array
    y: Array
    weights: Array | None
    intercept: bool
    labels: Sequence[str] | None
    basis: Array
    solution: Solution

    @property
    def method(self) -> str:
        """How it was solved: "exact", or in float64 by normal equations ("gram") or "qr"."""
        return self.solution.method

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns of the design (p,)."""
        labels = self.labels
        if labels is None:
            labels = [f"x{i}" for i in range(1, self.X.shape[1] + 1)]
        return ("intercept", *labels) if self.intercept else tuple(labels)

    @cached_property
    def design(self) -> Array:
        """The design (n, p), in original units."""
        return np.column_stack([np.ones(len(self.y)), self.X]) if self.intercept else self.X

    @property
    def rank(self) -> int:
        """The rank of the design: how many of its p columns are independent."""
        return len(self.solution.kept)

    @cached_property
    def dropped(self) -> tuple[str, ...]:
        """The names of columns that are linear combinations of earlier ones, and not fitted."""
        kept = set(self.solution.kept)
        return tuple(name for j, name in enumerate(self.names) if j not in kept)

    @property
    def freedom(self) -> int:
        """Residual degrees of freedom, n − rank, where n counts the examples of weight above 0."""
        return self._n - self.rank

    @cached_property
    def coefficients(self) -> Array:
        """The coefficients (p,), the intercept first; 0 for dropped columns."""
        kept = in_float64("a coefficient", lambda: self.solution.coefficients)
        return self._with_dropped(kept, 0.0)

    @cached_property
    def residuals(self) -> Array:
        """The residuals y − ŷ (n,)."""
        return self.solution.residuals()

    @cached_property
    def fitted(self) -> Array:
        """The fitted values ŷ (n,)."""
        return self.y - self.residuals

    @property
    def ssr(self) -> float:
        """The residual sum of squares, Σw(y − ŷ)²."""
        return number(self.solution.ssr)

    @cached_property
    def residual_sd(self) -> float:
        """The residual standard deviation s = √(SSR/(n − rank)); NaN if n = rank."""
        return root(self.solution.ssr / self.freedom) if self.freedom > 0 else nan

    @cached_property
    def residual_quartiles(self) -> Array:
        """Minimum, quartiles (type 7, as in R) and maximum of √w·(y − ŷ), (5,)."""
        residuals = self._weighted_residuals[self._roots > 0.0]
        quartiles: Array = np.quantile(residuals, [0.0, 0.25, 0.5, 0.75, 1.0])
        return quartiles

    # goodness of fit

    @property
    def r_squared(self) -> float:
        """R² = 1 − SSR/SST; without an intercept, SST is uncentred. NaN if SST is 0."""
        total = self.solution.total
        return number(self.solution.explained / total) if total else nan

    @property
    def adjusted_r_squared(self) -> float:
        """1 − (SSR/(n − rank))/(SST/(n − 1)); without an intercept, SST/n."""
        total, df = self.solution.total, self.freedom
        if not total or df <= 0:
            return nan
        return 1.0 - number(self.solution.ssr / total * (self._n - self.intercept) / df)

    @property
    def f_freedom(self) -> tuple[int, int]:
        """Degrees of freedom of F: the rank without the intercept, and n − rank."""
        return self.rank - self.intercept, self.freedom

    @property
    def f_statistic(self) -> float:
        """F of the hypothesis that all coefficients except the intercept are 0."""
        model_df, residual_df = self.f_freedom
        explained, ssr = self.solution.explained, self.solution.ssr
        if model_df <= 0 or residual_df <= 0 or not explained + ssr:
            return nan
        return number(explained / ssr * residual_df / model_df) if ssr else inf

    @cached_property
    def f_p_value(self) -> float:
        """The p-value of that hypothesis."""
        from scipy.special import fdtrc  # lazy: SciPy is slow to import

        return float(fdtrc(*self.f_freedom, self.f_statistic))

    @cached_property
    def log_likelihood(self) -> float:
        """The log-likelihood of the normal model at σ² = SSR/n; inf if the fit is perfect."""
        n, ssr = self._n, self.solution.ssr
        if not ssr:
            return inf
        log_weights = float(np.log(self._roots[self._roots > 0.0]).sum())
        return -n / 2 * (log(2.0 * pi) + 1.0) - n * log_root(ssr / n) + log_weights

    @property
    def aic(self) -> float:
        """−2 log-likelihood + 2·rank; σ is not counted as a parameter."""
        return -2.0 * self.log_likelihood + 2.0 * self.rank

    @property
    def bic(self) -> float:
        """−2 log-likelihood + log(n)·rank; σ is not counted as a parameter."""
        return -2.0 * self.log_likelihood + log(self._n) * self.rank

    @property
    def aic_r(self) -> float:
        """AIC with σ counted as a parameter, as in R."""
        return self.aic + 2.0

    @property
    def bic_r(self) -> float:
        """BIC with σ counted as a parameter, as in R."""
        return self.bic + log(self._n)

    # errors of the coefficients

    @cached_property
    def factor(self) -> Array:
        """S (rank, rank), upper triangular, with SS' = (X'WX)⁻¹, without dropped columns."""
        return in_float64("a standard error", self.solution.factor)

    @cached_property
    def standard_errors(self) -> Array:
        """The standard errors s·√((X'WX)⁻¹)_jj (p,); NaN for dropped columns."""
        return self._with_dropped(self.residual_sd * row_lengths(self.factor), nan)

    @cached_property
    def t_values(self) -> Array:
        """The t-values (p,): coefficient / standard error; infinite if the fit is perfect."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.coefficients / self.standard_errors

    @cached_property
    def p_values(self) -> Array:
        """Two-sided p-values (p,), of Student's t with n − rank degrees of freedom."""
        from scipy.special import stdtr

        return np.asarray(2.0 * stdtr(self.freedom, -np.abs(self.t_values)))

    def confidence_intervals(self, level: float = 0.95) -> Array:
        """Confidence intervals of the coefficients (p, 2), by Student's t; 0 < level < 1."""
        from scipy.special import stdtrit

        if not 0.0 < level < 1.0:
            raise DataError(f"level = {level!r} is not between 0 and 1")
        with np.errstate(over="ignore"):
            half_width = stdtrit(self.freedom, 0.5 + level / 2.0) * self.standard_errors
            return np.column_stack([self.coefficients - half_width, self.coefficients + half_width])

    def covariance(self, kind: str = "classic") -> Array:
        """The covariance of the coefficients (p, p); NaN for dropped columns.

        ``kind``: "classic" s²(X'WX)⁻¹, or heteroscedasticity-consistent "hc0" (White 1980) to
        "hc3" (MacKinnon & White 1985). HC2 and HC3 are NaN if an example has leverage 1.
        """
        kept, p = self.solution.kept, len(self.names)
        full = np.full((p, p), nan)
        with np.errstate(over="ignore", invalid="ignore"):  # squares may not fit float64
            half = self._half(kind) * (self.residual_sd if kind == "classic" else 1.0)
            full[np.ix_(kept, kept)] = half @ half.T
        return full

    def _half(self, kind: str) -> Array:
        """H (rank, ·) with covariance HH' of the kept columns; classic: without s²."""
        if kind == "classic":
            return self.factor
        inflation = self._n / self.freedom if self.freedom > 0 else nan
        residuals = self._weighted_residuals
        return robust_half(self.factor, self._orthonormal, residuals, kind, inflation)

    @cached_property
    def _n(self) -> int:
        return len(self.y) if self.weights is None else int(np.count_nonzero(self.weights))

    @cached_property
    def _roots(self) -> Array:
        return np.ones(len(self.y)) if self.weights is None else np.sqrt(self.weights)

    @cached_property
    def _weighted_residuals(self) -> Array:
        return self._roots * self.residuals

    @cached_property
    def _orthonormal(self) -> Array:
        kept = [j - self.intercept for j in self.solution.kept[self.intercept :]]
        return orthonormal(self.basis[:, kept], self._roots, self.intercept)

    def _with_dropped(self, values: Array, dropped: float) -> Array:
        """Values of the kept columns (rank,) as values of all columns (p,)."""
        p = self.X.shape[1] + self.intercept
        if len(values) == p:
            return values
        full = np.full(p, dropped)
        full[self.solution.kept] = values
        return full
