"""A least-squares fit, and the summary that a statistician expects of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, log, nan, pi

import numpy as np

from engine.arrays import Array
from engine.errors import DataError
from engine.least_squares.hat_matrix import orthonormal, robust_half, row_lengths, unexplained
from engine.least_squares.solution import Solution, in_float64, log_root, number, root


@dataclass(frozen=True, eq=False)
class OlsFit:
    """Least squares of y (n,) on the design (n, p): an intercept, if any, then X (n, d).

    ``dropped`` names columns that earlier ones combine to: their coefficient is 0, its standard
    error NaN. ``method`` says how it was solved: "exact" (in integers, all digits right) or, for
    large data, in float64 by "gram" (normal equations) or "qr" (where these are ill conditioned).
    With weights, Σw(y - ŷ)² is least; rows of weight 0 do not count. Most is computed when first
    asked for; of large data, from the arrays that were given: leave them unchanged.

    ``basis`` (n, d): columns well conditioned in float64, the first j of which span what X's do.
    """

    X: Array
    y: Array
    weights: Array | None
    intercept: bool
    labels: Sequence[str] | None
    basis: Array
    solution: Solution

    @property
    def method(self) -> str:
        """How it was solved: "exact", or in float64 by "gram" or "qr"."""
        return self.solution.method

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of the design's columns, (p,)."""
        labels = self.labels
        if labels is None:
            labels = [f"x{i}" for i in range(1, self.X.shape[1] + 1)]
        return ("intercept", *labels) if self.intercept else tuple(labels)

    @cached_property
    def design(self) -> Array:
        """(n, p), in original units."""
        return np.column_stack([np.ones(len(self.y)), self.X]) if self.intercept else self.X

    @property
    def rank(self) -> int:
        """Of the design: how many of its p columns are independent."""
        return len(self.solution.kept)

    @cached_property
    def dropped(self) -> tuple[str, ...]:
        """The names of columns that earlier ones combine to: they are left out."""
        kept = set(self.solution.kept)
        return tuple(name for j, name in enumerate(self.names) if j not in kept)

    @property
    def freedom(self) -> int:
        """Residual degrees of freedom: n - rank, of the n examples that weigh anything."""
        return self._n - self.rank

    @cached_property
    def coefficients(self) -> Array:
        """(p,), the intercept first."""
        found = in_float64("a coefficient", lambda: self.solution.coefficients)
        return self._of_all(found, 0.0)

    @cached_property
    def residuals(self) -> Array:
        """y - ŷ, (n,)."""
        return self.solution.residuals()

    @cached_property
    def fitted(self) -> Array:
        """ŷ, (n,)."""
        return self.y - self.residuals

    @property
    def ssr(self) -> float:
        """Sum of squared residuals, Σw(y - ŷ)²."""
        return number(self.solution.ssr)

    @cached_property
    def residual_sd(self) -> float:
        """s = √(SSR/(n - rank)); NaN without degrees of freedom."""
        return root(self.solution.ssr / self.freedom) if self.freedom > 0 else nan

    @cached_property
    def residual_quartiles(self) -> Array:
        """Minimum, quartiles (type 7, as in R) and maximum of √w·(y - ŷ), (5,)."""
        counting = self._weighted_residuals[self._roots > 0.0]
        quartiles: Array = np.quantile(counting, [0.0, 0.25, 0.5, 0.75, 1.0])
        return quartiles

    # how good it is as a whole

    @property
    def r_squared(self) -> float:
        """1 - SSR/SST; SST is uncentred without an intercept. NaN for a constant y."""
        total = self.solution.total
        return number(self.solution.explained / total) if total else nan

    @property
    def adjusted_r_squared(self) -> float:
        """1 - (SSR/(n - rank))/(SST/(n - 1)), or SST/n without an intercept."""
        total, freedom = self.solution.total, self.freedom
        if not total or freedom <= 0:
            return nan
        return 1.0 - number(self.solution.ssr / total * (self._n - self.intercept) / freedom)

    @property
    def f_freedom(self) -> tuple[int, int]:
        """Degrees of freedom of F: coefficients, the intercept not counted, and n - rank."""
        return self.rank - self.intercept, self.freedom

    @property
    def f_statistic(self) -> float:
        """Of the hypothesis that all coefficients but the intercept are 0."""
        model, rest = self.f_freedom
        explained, ssr = self.solution.explained, self.solution.ssr
        if model <= 0 or rest <= 0 or not explained + ssr:
            return nan
        return number(explained / ssr * rest / model) if ssr else inf

    @cached_property
    def f_p_value(self) -> float:
        """The chance of an F at least so large where that hypothesis is true."""
        from scipy.special import fdtrc  # lazy: SciPy takes longer to load than most fits take

        return float(fdtrc(*self.f_freedom, self.f_statistic))

    @cached_property
    def log_likelihood(self) -> float:
        """Of the normal model, at σ² = SSR/n; infinite where the fit is perfect."""
        n, ssr = self._n, self.solution.ssr
        if not ssr:
            return inf
        log_weights = float(np.log(self._roots[self._roots > 0.0]).sum())
        return -n / 2 * (log(2.0 * pi) + 1.0) - n * log_root(ssr / n) + log_weights

    @property
    def aic(self) -> float:
        """-2 log-likelihood + 2·rank: σ is not counted as a parameter."""
        return -2.0 * self.log_likelihood + 2.0 * self.rank

    @property
    def bic(self) -> float:
        """-2 log-likelihood + log(n)·rank: σ is not counted as a parameter."""
        return -2.0 * self.log_likelihood + log(self._n) * self.rank

    @property
    def aic_r(self) -> float:
        """AIC with σ counted, as R does."""
        return self.aic + 2.0

    @property
    def bic_r(self) -> float:
        """BIC with σ counted, as R does."""
        return self.bic + log(self._n)

    # how sure the coefficients are

    @cached_property
    def factor(self) -> Array:
        """S (rank, rank), upper triangular, with SS' = (X'WX)⁻¹ of the columns kept."""
        return in_float64("a standard error", self.solution.factor)

    @cached_property
    def standard_errors(self) -> Array:
        """(p,): s·√((X'WX)⁻¹)_jj."""
        return self._of_all(self.residual_sd * row_lengths(self.factor), nan)

    @cached_property
    def t_values(self) -> Array:
        """(p,), infinite where the fit is perfect."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.coefficients / self.standard_errors

    @cached_property
    def p_values(self) -> Array:
        """(p,), two-sided, of Student's t with n - rank degrees of freedom."""
        from scipy.special import stdtr

        return np.asarray(2.0 * stdtr(self.freedom, -np.abs(self.t_values)))

    def confidence_intervals(self, level: float = 0.95) -> Array:
        """(p, 2), from Student's t."""
        from scipy.special import stdtrit

        if not 0.0 < level < 1.0:
            raise DataError(f"level = {level!r} is not between 0 and 1")
        with np.errstate(over="ignore"):
            reach = stdtrit(self.freedom, 0.5 + level / 2.0) * self.standard_errors
            return np.column_stack([self.coefficients - reach, self.coefficients + reach])

    def covariance(self, kind: str = "classic") -> Array:
        """Of the coefficients, (p, p): "classic", s²(X'WX)⁻¹, or "hc0" … "hc3" (``robust_half``).

        HC2 and HC3 are NaN where an example has leverage 1.
        """
        kept, p = self.solution.kept, len(self.names)
        full = np.full((p, p), nan)
        with np.errstate(over="ignore", invalid="ignore"):  # a square may not fit float64
            if kind == "classic":
                half = self.residual_sd * self.factor
            else:
                inflation = self._n / self.freedom if self.freedom > 0 else nan
                residuals = self._weighted_residuals
                half = robust_half(self.factor, self._orthonormal, residuals, kind, inflation)
            full[np.ix_(kept, kept)] = half @ half.T
        return full

    @cached_property
    def condition_number(self) -> float:
        """Largest over smallest singular value of the (weighted) design, in its own units."""
        if self.rank < len(self.names):
            return inf
        weighted = self.design * self._roots[:, None]
        unit = np.abs(weighted).max()
        largest = np.linalg.eigvalsh((weighted / unit).T @ (weighted / unit))[-1]
        # 1/σ_min, without the digits that a decomposition of the design would lose
        with np.errstate(over="ignore"):
            return float(np.sqrt(largest) * (unit * np.linalg.norm(self.factor, 2)))

    # what each example does

    @cached_property
    def leverage(self) -> Array:
        """Diagonal of the hat matrix, (n,)."""
        leverage: Array = np.minimum((self._orthonormal**2).sum(axis=1), 1.0)
        return leverage

    @cached_property
    def studentised_internal(self) -> Array:
        """√w·(y - ŷ)/(s√(1 - h)), (n,): R's rstandard. NaN where h is 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._weighted_residuals / (self.residual_sd * np.sqrt(self._unexplained))

    @cached_property
    def studentised_external(self) -> Array:
        """The same, with s from the fit without the example, (n,): R's rstudent."""
        t = self.studentised_internal
        with np.errstate(divide="ignore", invalid="ignore"):
            external: Array = t * np.sqrt((self.freedom - 1) / np.maximum(self.freedom - t**2, 0.0))
        return external

    @cached_property
    def cooks_distance(self) -> Array:
        """How far ŷ moves without the example, (n,): t²·h/((1 - h)·rank). NaN where h is 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.studentised_internal**2 * self.leverage / (self._unexplained * self.rank)

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

    @cached_property
    def _unexplained(self) -> Array:
        return unexplained(self._orthonormal)

    def _of_all(self, values: Array, dropped: float) -> Array:
        p = self.X.shape[1] + self.intercept
        if len(values) == p:
            return values
        full = np.full(p, dropped)
        full[self.solution.kept] = values
        return full
