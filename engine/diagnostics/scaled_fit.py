"""A fit in scaled units, and the auxiliary regressions that its tests are made of."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array
from engine.diagnostics.test_result import CannotTest
from engine.least_squares.exact import ExactSolution
from engine.least_squares.gram import scale
from engine.least_squares.ols import OlsFit, ols
from engine.wording import plural

EPSILON = float(np.finfo(float).eps)
NEARLY_DEPENDENT = 100.0  # condition number of columns of length 1
MAX_ORTHONORMAL = 30  # columns that are made orthonormal in exact arithmetic
EQUAL = 16.0 * EPSILON  # of the largest |y|: two ŷ that differ by less are equal


@dataclass(frozen=True, eq=False)
class ScaledFit:
    """A least-squares fit in scaled units: the n rows of weight above 0.

    ``residuals`` u (n,): √w·(y − ŷ) over their root mean square, so that no test depends on the
    unit of y. ``weights`` w (n,). ``X`` (n, rank − intercept): linearly independent columns, at
    most 1 in size and centred if there is an intercept; with the intercept they span the fit's
    columns. ``fitted`` ŷ (n,) in a unit near the largest |y|; ŷ that differ only by rounding are
    equal to the bit, so that no test depends on rounding.
    """

    residuals: Array
    weights: Array | None
    X: Array
    fitted: Array
    intercept: bool
    method: str | None = None  # of the auxiliary regressions, as in ``ols``

    @property
    def n(self) -> int:
        return len(self.residuals)

    @property
    def rank(self) -> int:
        """The number of linearly independent columns, including the intercept."""
        return int(self.X.shape[1]) + self.intercept

    @cached_property
    def roots(self) -> Array:
        """√w (n,); all 1 without weights."""
        return np.ones(self.n) if self.weights is None else np.sqrt(self.weights)

    @cached_property
    def squares(self) -> Array:
        """u² = e²/σ̂² with σ̂² = Σe²/n, (n,). Their mean is 1."""
        squares: Array = self.residuals**2
        return squares

    def predictor(self, centred: bool = True) -> Array:
        """ŷ (n, 1), less its mean if ``centred``, scaled to at most 1; 0 if ŷ is constant."""
        shifted = self.fitted - (self.fitted.mean() if centred else 0.0)
        largest = np.abs(shifted).max()
        if largest <= self.n * EPSILON:
            return np.zeros((self.n, 1))
        column: Array = (shifted / largest)[:, None]
        return column

    def powers(self, t: Array, highest: int) -> Array:
        """t², …, t^``highest`` (n, ·) of ``predictor`` t, without those that depend on lower ones.

        On m different values of t all powers are combinations of t⁰, …, t^(m−1); without t⁰ and
        with m values other than 0, of t, …, t^m.
        """
        values = np.unique(t)
        independent = len(values) - 1 if self.intercept else np.count_nonzero(values)
        powers: Array = t ** np.arange(2, min(highest, independent) + 1)
        return powers

    def explain_squares(self, Z: Array) -> "Auxiliary":
        """u² regressed on an intercept and Z (n, q), for tests of constant variance."""
        auxiliary = ols(Z, self.squares, method=self.method)
        if auxiliary.rank == 1:
            raise CannotTest("X or ŷ is constant: e² has nothing to depend on")
        if auxiliary.rank >= self.n:
            raise CannotTest(
                f"its regression of e² has {plural(Z.shape[1] + 1, 'column')} "
                f"for n = {plural(self.n, 'row')}: "
                "it would fit anything"
            )
        return Auxiliary(
            float(np.sum((auxiliary.fitted - self.squares.mean()) ** 2)),
            float(auxiliary.residuals @ auxiliary.residuals),
            auxiliary.rank - 1,
        )

    @cached_property
    def squares_on_columns(self) -> "Auxiliary":
        """u² regressed on the fit's columns."""
        return self.explain_squares(self.X)

    def explain_residuals(self, extra: Array) -> "Auxiliary":
        """u/√w regressed on the fit's columns and ``extra`` (n, q), with the fit's weights.

        u is orthogonal to the columns, so the explained part is what ``extra`` adds to the fit.
        """
        roots = self.roots
        columns = np.column_stack([self.X, extra])
        auxiliary = ols(columns, self.residuals / roots, self.intercept, self.weights)
        if auxiliary.rank >= self.n:
            raise CannotTest(
                f"its regression would have {plural(auxiliary.rank, 'column')} "
                f"for n = {plural(self.n, 'row')}: "
                "too few examples"
            )
        return Auxiliary(
            float(np.sum((roots * auxiliary.fitted) ** 2)),
            float(np.sum((roots * auxiliary.residuals) ** 2)),
            auxiliary.rank - self.rank,
        )


@dataclass(frozen=True)
class Auxiliary:
    """An auxiliary regression: explained and residual sum of squares, and degrees of freedom."""

    explained_ss: float
    residual_ss: float
    df: int

    @property
    def r_squared(self) -> float:
        """R². Computed as a ratio, as 1 − residual_ss/total_ss cancels when R² is small."""
        return self.explained_ss / (self.explained_ss + self.residual_ss)


def scaled_fit(fit: OlsFit) -> ScaledFit:
    """Scale a fit; CannotTest if it has no residuals to test."""
    weights = np.ones(len(fit.y)) if fit.weights is None else fit.weights
    rows = weights > 0.0
    roots = np.sqrt(weights[rows])
    n = len(roots)
    sizes = f"{plural(n, 'example')} for {plural(fit.rank, 'coefficient')}"
    if n <= fit.rank:
        through = "it" if n == 1 else "all of them"
        raise CannotTest(f"{sizes}: the fit goes through {through}, and nothing is left to test")
    if n == fit.rank + 1:
        raise CannotTest(
            f"{sizes}: one degree of freedom is left, "
            "and the residuals' pattern is the same whatever y"
        )
    residuals = roots * fit.residuals[rows]
    design = fit.design[rows] * roots[:, None]
    if fits_exactly(fit.y[rows] * roots, design, fit.coefficients, residuals):
        raise CannotTest(
            "a perfect fit: what is left is no larger than the rounding of X and y to 16 digits"
        )
    unit = residuals / np.abs(residuals).max()
    return ScaledFit(
        residuals=unit / np.sqrt(np.mean(unit**2)),
        weights=None if fit.weights is None else weights[rows],
        X=_independent_columns(fit, rows),
        fitted=_distinct_fitted(fit, rows),
        intercept=fit.intercept,
    )


def scaled_residuals(fit: OlsFit, fitted: Array) -> ScaledFit:
    """Scale the residuals y − ``fitted`` (n,) of another model of the y of a fit without weights.
    They are not orthogonal to the columns. CannotTest if there is nothing to test."""
    residuals = fit.y - fitted
    largest, size = np.abs(residuals).max(), max(np.abs(fit.y).max(), np.abs(fitted).max())
    if not np.isfinite(largest + size):
        raise CannotTest("the residuals are not finite")
    if largest <= EQUAL * size:
        raise CannotTest("a perfect fit: no residual is larger than rounding")
    unit = residuals / largest
    return ScaledFit(
        residuals=unit / np.sqrt(np.mean(unit**2)),
        weights=None,
        X=_independent_columns(fit, np.ones(len(residuals), dtype=np.bool_)),
        fitted=np.ldexp(fitted, -np.frexp(size)[1]),
        intercept=fit.intercept,
        method="fast",
    )


def _independent_columns(fit: OlsFit, rows: NDArray[np.bool_]) -> Array:
    """The fit's columns without the intercept (n, ·), scaled, and centred if there is one.

    Nearly dependent ones, such as raw powers, are replaced by orthonormal ones of the same span:
    their products, which White's test needs, would lose digits in float64.
    """
    kept = [j - fit.intercept for j in fit.solution.kept[fit.intercept :]]
    X = _scaled(fit.basis[rows][:, kept], fit.intercept)
    if isinstance(fit.solution, ExactSolution) and 1 < X.shape[1] <= MAX_ORTHONORMAL:
        largest = np.linalg.norm(X, axis=0)
        if np.linalg.cond(X / np.where(largest > 0.0, largest, 1.0)) > NEARLY_DEPENDENT:
            X = _scaled(fit.solution.orthonormal()[rows, fit.intercept :], fit.intercept)
    return X


def _scaled(columns: Array, centred: bool) -> Array:
    X: Array = scale(columns.T)[0].T
    return X - X.mean(axis=0) if centred else X


def _distinct_fitted(fit: OlsFit, rows: NDArray[np.bool_]) -> Array:
    """ŷ of the rows, scaled by a power of 2; values that differ only by rounding are made equal.

    y − e, as ŷ is computed, differs in the last bits in rows whose columns are equal: the e are
    rounded. In float64, sums of ``rank`` terms are rounded as well.
    """
    size = np.frexp(np.abs(fit.y[rows]).max())[1]
    values, positions = np.unique(np.ldexp(fit.fitted[rows], -size), return_inverse=True)
    rounding = EQUAL * (1 if fit.method == "exact" else fit.rank)
    rises = np.diff(values, prepend=values[0]) > rounding
    firsts = np.maximum.accumulate(np.where(rises, np.arange(len(values)), 0))
    distinct: Array = values[firsts][positions.ravel()]
    return distinct


def fits_exactly(y: Array, design: Array, coefficients: Array, residuals: Array) -> bool:
    """Whether ‖e‖ ≤ ε·(‖y‖ + Σ|βⱼ|·‖xⱼ‖), the size of the rounding errors in e."""
    terms = np.column_stack([y, design * coefficients])
    largest = np.abs(terms).max()
    if largest == 0.0:
        return True
    rounding = EPSILON * np.linalg.norm(terms / largest, axis=0).sum()
    return bool(np.linalg.norm(residuals / largest) <= rounding)
