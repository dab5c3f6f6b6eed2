"""The result of a least-squares fit: statistics, predictions, and diagnostics of the examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, nan

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.least_squares.hat_matrix import unexplained
from engine.least_squares.inference.joint_test import JointTest, tested, wald_test
from engine.least_squares.inference.prediction import Prediction, predict_intervals
from engine.least_squares.inference.statistics import OlsStatistics


@dataclass(frozen=True, eq=False)
class OlsFit(OlsStatistics):
    """A least-squares fit of y (n,) on the design (n, p): the intercept, if any, then X (n, d).

    ``ols``, ``polynomial`` and ``best_affine`` make such fits. Columns that are linear combinations
    of earlier ones are dropped: their coefficients are 0, and the standard errors NaN. Most results
    are computed when first used, with large data from the arrays that the caller gave: do not
    change those.

    Attributes:
        X, y, weights: the data; ``weights`` is None if all are 1.
        intercept: whether the design has an intercept.
        labels: the names of the columns of X; None: x1, x2, ….
        basis: columns (n, d) that are well conditioned in float64; the first j of them have the
            span of the first j of X.
        solution: the least-squares solution.

    Example:
        >>> import engine
        >>> fit = engine.ols([[1], [2], [3], [4]], [1, 3, 2, 5], names=["dose"])
        >>> fit.names, fit.freedom, fit.coefficients.round(3).tolist()
        (('intercept', 'dose'), 2, [0.0, 1.1])
        >>> fit.standard_errors.round(3).tolist(), fit.p_values.round(3).tolist()
        ([1.423, 0.52], [1.0, 0.168])
    """

    def joint_test(self, columns: Sequence[int], kind: str = "classic") -> JointTest:
        """The F test that the coefficients of some columns are all 0, such as a factor's.

        With the classic covariance it is the F test of the model without them (Seber & Lee 2003,
        §4.3). Columns left out are not counted.

        Arguments:
            columns: columns of X, from 0, as ``ModelTerm.columns``.
            kind: of the covariance, as for ``covariance``.

        Returns:
            A JointTest; NaN without degrees of freedom, or where the covariance is NaN.

        Raises:
            DataError: if a column does not exist or is named twice.

        Example:
            >>> import engine
            >>> fit = engine.ols([[1, 0], [2, 1], [3, 1], [4, 0], [5, 1]], [1, 3, 2, 5, 4])
            >>> test = fit.joint_test([0, 1])
            >>> round(test.statistic, 6) == round(fit.f_statistic, 6), test.freedom
            (True, 2)
        """
        asked = tested(columns, self.X.shape[1], self.intercept)
        rows = [i for i, j in enumerate(self.solution.kept) if j in asked]
        b = self.coefficients[[self.solution.kept[i] for i in rows]]
        scale = self.residual_sd if kind == "classic" else 1.0
        return wald_test(b, self._half(kind)[rows], scale, max(self.freedom, 0))

    def predict_intervals(self, X: ArrayLike, level: float = 0.95) -> Prediction:
        """Predictions for new examples, with confidence and prediction intervals by Student's t.

        se² = s²·xᵀ(XᵀWX)⁻¹x, and s² + se² for a new y of weight 1 (Seber & Lee 2003, §5.3).

        Arguments:
            X: new rows (m, d), in the units of the columns fitted.
            level: of the intervals, between 0 and 1.

        Returns:
            A Prediction. NaN for a row where a column that was left out is not the combination of
            the others that it was among the data; ``note`` says so.

        Raises:
            ShapeError, DataError: if X has another number of columns or a number is not finite,
                or the level is not between 0 and 1.

        Example:
            >>> import engine
            >>> fit = engine.ols([[1], [2], [3], [4]], [1, 3, 2, 5])
            >>> ahead = fit.predict_intervals([[5]])
            >>> ahead.fit.round(3).tolist(), ahead.prediction.round(2).tolist()
            ([5.5], [[-2.4, 13.4]])
        """
        return predict_intervals(self, X, level)

    @cached_property
    def condition_number(self) -> float:
        """Largest over smallest singular value of the (weighted) design in original units."""
        if self.rank < len(self.names):
            return inf
        weighted = self.design * self._roots[:, None]
        unit = np.abs(weighted).max()
        largest = np.linalg.eigvalsh((weighted / unit).T @ (weighted / unit))[-1]
        # 1/σ_min is the norm of S: a decomposition of the design would lose digits
        with np.errstate(over="ignore"):
            return float(np.sqrt(largest) * (unit * np.linalg.norm(self.factor, 2)))

    # influence of the examples

    @cached_property
    def leverage(self) -> Array:
        """The leverages h (n,), the diagonal of the hat matrix."""
        leverage: Array = np.minimum((self._orthonormal**2).sum(axis=1), 1.0)
        return leverage

    @cached_property
    def studentised_internal(self) -> Array:
        """Studentised residuals √w·(y − ŷ)/(s√(1 − h)) (n,): R's rstandard. NaN if h = 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self._weighted_residuals / (self.residual_sd * np.sqrt(self._unexplained))

    @cached_property
    def studentised_external(self) -> Array:
        """The same (n,), with s of the fit without the example: R's rstudent.

        NaN with one degree of freedom: without the example none is left, and it is 0/0.
        """
        t = self.studentised_internal
        if self.freedom <= 1:
            return np.full(len(t), nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            external: Array = t * np.sqrt((self.freedom - 1) / np.maximum(self.freedom - t**2, 0.0))
        return external

    @cached_property
    def cooks_distance(self) -> Array:
        """Cook's distances t²·h/((1 − h)·rank) (n,), t internally studentised. NaN if h = 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.studentised_internal**2 * self.leverage / (self._unexplained * self.rank)

    @cached_property
    def _unexplained(self) -> Array:
        return unexplained(self._orthonormal)
