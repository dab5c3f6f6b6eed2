"""A fit as its tests see it: residuals of mean square 1, and auxiliary regressions on them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.diagnostics.result import CannotTest
from engine.least_squares.gram import scale
from engine.least_squares.ols import OlsFit, ols

EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a least-squares fit leaves to its tests, n rows of weight above 0.

    ``residuals`` u (n,): √w·(y − ŷ) divided by their root mean square, so no test depends on
    y's unit. ``weights`` w (n,). ``X`` (n, rank − intercept): independent columns that span the
    fit's, the intercept left out and what offset it takes up, at most 1 in size. ``fitted`` ŷ (n,)
    in a unit near the largest |y|.
    """

    residuals: Array
    weights: Array | None
    X: Array
    fitted: Array
    intercept: bool

    @property
    def n(self) -> int:
        return len(self.residuals)

    @property
    def rank(self) -> int:
        """The fit's number of independent columns, the intercept counted."""
        return int(self.X.shape[1]) + self.intercept

    @cached_property
    def roots(self) -> Array:
        """√w (n,), all 1 without weights."""
        return np.ones(self.n) if self.weights is None else np.sqrt(self.weights)

    @cached_property
    def squares(self) -> Array:
        """u² = e²/σ̂² with σ̂² = SSR/n, (n,): the mean is 1."""
        squares: Array = self.residuals**2
        return squares

    def predictor(self, centred: bool = True) -> Array:
        """ŷ less its mean (or not), at most 1 in size, (n, 1); 0 where that is but rounding."""
        shifted = self.fitted - (self.fitted.mean() if centred else 0.0)
        largest = np.abs(shifted).max()
        if largest <= self.n * EPSILON:
            return np.zeros((self.n, 1))
        column: Array = (shifted / largest)[:, None]
        return column

    def explain_squares(self, Z: Array) -> "Explained":
        """u² regressed on an intercept and Z (n, q): for tests of a constant variance."""
        auxiliary = ols(Z, self.squares)
        if auxiliary.rank == 1:
            raise CannotTest("nothing varies that e² could follow: X or ŷ is constant")
        if auxiliary.rank >= self.n:
            raise CannotTest(
                f"its regression of e² has {Z.shape[1] + 1} columns for n = {self.n} rows: "
                "it would fit anything"
            )
        return Explained(
            float(np.sum((auxiliary.fitted - self.squares.mean()) ** 2)),
            float(auxiliary.residuals @ auxiliary.residuals),
            auxiliary.rank - 1,
        )

    @cached_property
    def squares_on_columns(self) -> "Explained":
        """u² regressed on the fit's columns."""
        return self.explain_squares(self.X)

    def explain_residuals(self, extra: Array) -> "Explained":
        """u regressed on the fit's own columns and ``extra`` (n, q), with its weights.

        The columns explain nothing of u, so what is explained is what ``extra`` adds to the fit.
        """
        roots = self.roots
        columns = np.column_stack([self.X, extra / roots[:, None]])
        auxiliary = ols(columns, self.residuals / roots, self.intercept, self.weights)
        if auxiliary.rank >= self.n:
            raise CannotTest(
                f"its regression would have {auxiliary.rank} columns for n = {self.n} rows: "
                "too few examples"
            )
        return Explained(
            float(np.sum((roots * auxiliary.fitted) ** 2)),
            float(np.sum((roots * auxiliary.residuals) ** 2)),
            auxiliary.rank - self.rank,
        )


@dataclass(frozen=True)
class Explained:
    """Sums of squares, explained and left, of an auxiliary regression; ``freedom`` it used."""

    explained: float
    left: float
    freedom: int

    @property
    def share(self) -> float:
        """R², without 1 − SSR/SST's loss of digits when it is small."""
        return self.explained / (self.explained + self.left)


def gather(fit: OlsFit) -> Evidence:
    """The evidence of a fit; CannotTest where it leaves no residuals to test."""
    weights = np.ones(len(fit.y)) if fit.weights is None else fit.weights
    rows = weights > 0.0
    roots = np.sqrt(weights[rows])
    n = len(roots)
    if n <= fit.rank:
        raise CannotTest(
            f"{n} examples for {fit.rank} coefficients: the fit goes through all of them, "
            "and nothing is left to test"
        )
    if n == fit.rank + 1:
        raise CannotTest(
            f"{n} examples for {fit.rank} coefficients: one degree of freedom is left, and "
            "the residuals' pattern is the same whatever y"
        )
    residuals = roots * fit.residuals[rows]
    terms = np.column_stack([fit.y, fit.design * fit.coefficients])[rows] * roots[:, None]
    if _is_rounding(residuals, terms):
        raise CannotTest(
            "a perfect fit: what is left is no larger than the rounding of X and y to 16 digits"
        )
    unit = residuals / np.abs(residuals).max()
    kept = [j - fit.intercept for j in fit.solution.kept[fit.intercept :]]
    X = scale(fit.basis[rows][:, kept].T)[0].T
    size = np.frexp(np.abs(fit.y[rows]).max())[1]
    return Evidence(
        residuals=unit / np.sqrt(np.mean(unit**2)),
        weights=None if fit.weights is None else weights[rows],
        X=X - X.mean(axis=0) if fit.intercept else X,
        fitted=np.ldexp(fit.fitted[rows], -size),
        intercept=fit.intercept,
    )


def _is_rounding(residuals: Array, terms: Array) -> bool:
    """Whether ‖e‖ ≤ ε·(‖y‖ + Σ|βⱼ|·‖xⱼ‖), what float64's rounding of these terms may leave."""
    largest = np.abs(terms).max()
    if largest == 0.0:
        return True
    rounding = EPSILON * np.linalg.norm(terms / largest, axis=0).sum()
    return bool(np.linalg.norm(residuals / largest) <= rounding)
