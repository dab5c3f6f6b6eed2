"""The result of ``glm``: its statistics, predictions, and diagnostics of the examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ExperimentError
from engine.glm.inference.overdispersion import Overdispersion, overdispersion
from engine.glm.inference.prediction import InputAtMean, input_at_mean, predict_intervals
from engine.glm.statistics import GlmStatistics
from engine.least_squares.hat_matrix import robust_half, unexplained
from engine.least_squares.inference.joint_test import JointTest, tested, wald_test
from engine.least_squares.inference.prediction import Prediction


@dataclass(frozen=True, eq=False, repr=False)
class GlmFit(GlmStatistics):
    """A fitted generalised linear model with p coefficients, as ``glm`` returns it.

    Each statistic is computed on first access. Formulas: McCullagh & Nelder 1989, ch. 2.

    Attributes:
        design: the columns (n, p), the intercept first.
        y: the responses (n,); with ``trials``, the proportions of successes.
        trials, weights, offset: as given to ``glm``, (n,) or None.
        names: the names of the coefficients; ``dropped``: of the columns left out.

    Example:
        >>> import engine
        >>> fit = engine.glm([0, 1, 2, 3], [1, 3, 4, 8], family="poisson")
        >>> print(fit)
        GlmFit(poisson, log: intercept 0.260653, x1 0.60511; deviance 0.254516)
        >>> fit.freedom, fit.converged, f"{fit.aic:.3f}"
        (2, True, '16.450')
    """

    def __repr__(self) -> str:
        pairs = zip(self.names, self.coefficients, strict=True)
        terms = ", ".join(f"{name} {value:.6g}" for name, value in pairs)
        return f"GlmFit({self.family}, {self.link}: {terms}; deviance {self.deviance:.6g})"

    # questions

    def joint_test(self, columns: Sequence[int]) -> JointTest:
        """The Wald test that the coefficients of some columns are all 0, such as a factor's.

        χ², or F if the dispersion is estimated (McCullagh & Nelder 1989, §2.5; Agresti 2013,
        §4.2). Columns left out are not counted.

        Arguments:
            columns: columns of X, from 0, as ``ModelTerm.columns``.

        Returns:
            A JointTest; NaN where the fit has not converged or is perfect.

        Raises:
            DataError: if a column does not exist or is named twice.

        Example:
            >>> import engine
            >>> fit = engine.glm([0, 1, 2, 3], [1, 3, 4, 8], family="poisson")
            >>> test = fit.joint_test([0])
            >>> f"{test.statistic:.6f}" == f"{fit.z_values[1] ** 2:.6f}", test.freedom
            (True, 1)
        """
        places = tested(columns, len(self.names) - self.intercept, self.intercept)
        places = [j for j in places if self.kept[j]]
        student = self.model.family.dispersion
        half = self._roots[places]
        if not self.converged or self.is_perfect:
            half = np.full((len(places), 1), np.nan)
        scale, freedom = float(np.sqrt(self.dispersion)), max(self.freedom, 0) if student else None
        return wald_test(self.coefficients[places], half, scale, freedom)

    def predict_intervals(
        self, X: ArrayLike, level: float = 0.95, offset: ArrayLike = 0.0
    ) -> Prediction:
        """Predictions for new examples, with confidence intervals of their means.

        The interval is η ± quantile · se(η), mapped by the inverse link, as of R's
        predict(type = "link"), and cut to the range of the mean; the standard error of the mean is
        se(η)·|dμ/dη| (McCullagh & Nelder 1989, §4.4.4). Normal quantiles, or Student's t if the
        dispersion is estimated.

        Arguments:
            X: new rows (m, d), in the units of the columns fitted.
            level: of the intervals, between 0 and 1.
            offset: added to the linear predictor, (m,) or a number.

        Returns:
            A Prediction; ``prediction`` is None but for gaussian with identity. NaN for a row where
            a column that was left out is not the combination of the others that it was, and
            intervals are NaN if the fit has not converged; ``note`` says so.

        Raises:
            ShapeError, DataError: if arrays do not fit, a number is not finite, or the level is
                not between 0 and 1.

        Example:
            >>> import engine
            >>> fit = engine.glm([0, 1, 2, 3], [1, 3, 4, 8], family="poisson")
            >>> ahead = fit.predict_intervals([4.0])
            >>> ahead.fit.round(2).tolist(), ahead.confidence.round(1).tolist()
            ([14.6], [[5.2, 41.3]])
        """
        return predict_intervals(self, X, level, offset)

    def solve_for(
        self,
        mean: float,
        column: int | None = None,
        at: ArrayLike | None = None,
        level: float = 0.95,
    ) -> InputAtMean:
        """The value of an input at which the mean of y is ``mean``, without an offset.

        For a dose: the one at which half respond. x = (g(mean) − the rest of η)/β, with its
        standard error by the delta method (Venables & Ripley 2002, §7.2, ``dose.p``).

        Arguments:
            mean: μ, such as the probability 0.5.
            column: the column of X to solve for, from 0; None if there is only one.
            at: values (d,) of all columns, of which that of ``column`` is not used; None if there
                is only one column.
            level: of the interval.

        Returns:
            An InputAtMean; NaN, with a note, where there is no such value.

        Raises:
            DataError: if the column or the values of the others are missing, or wrong.

        Example:
            >>> import engine
            >>> fit = engine.glm([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1])
            >>> f"{fit.solve_for(0.5).value:.3f}"
            '3.500'
        """
        return input_at_mean(self, mean, column, at, level)

    def exp_coefficients(self, level: float = 0.95) -> Array:
        """exp β̂ and its Wald interval (p, 3): odds ratios of a logit, ratios of means of a log.

        exp of ``coefficients`` and of ``confidence_intervals`` (Agresti 2013, §5.1). NaN for
        dropped columns.

        Raises:
            ExperimentError: for another link, where exp β has no such meaning.
            DataError: if the level is not between 0 and 1.

        Example:
            >>> import engine
            >>> fit = engine.glm([0, 0, 0, 1, 1, 1], [1, 0, 0, 1, 1, 0])
            >>> fit.exp_coefficients()[1].round(3).tolist()
            [4.0, 0.134, 119.23]
        """
        if self.link not in ("log", "logit"):
            raise ExperimentError(f"exp β is a ratio with link log or logit, not {self.link}")
        values = np.column_stack([self.coefficients, self.confidence_intervals(level)])
        values[~self.kept] = np.nan
        with np.errstate(over="ignore"):
            return np.exp(values)

    @property
    def odds_ratios(self) -> Array:
        """exp β̂ with its 95 % interval (p, 3), if the link is logit; else ExperimentError."""
        if self.link != "logit":
            raise ExperimentError(f"odds ratios go with link logit, not {self.link}")
        return self.exp_coefficients()

    @cached_property
    def overdispersion(self) -> Overdispersion | None:
        """Whether counts vary more than the family says: Pearson's χ² over its degrees of freedom.

        The p-value is NaN, with a reason, where χ² does not have its distribution: for single
        trials, and where the fitted counts are small (Cochran 1954). None but for counts.
        McCullagh & Nelder 1989, §4.5 and §6.2.
        """
        return overdispersion(self)

    # examples

    @cached_property
    def _orthonormal(self) -> Array:
        """Q (n, r) of √W Z, so that the hat matrix is QQᵀ; NaN where there is no maximum.

        Rows of weight 0 are 0.
        """
        problem, Q = self.problem, np.zeros((len(self.y), self.rank))
        used = np.ones(len(self.y), dtype=np.bool_) if self.weights is None else self.weights > 0.0
        with np.errstate(all="ignore"):
            eta = problem.eta(self.path.gammas[-1])
            A = np.sqrt(problem.weights * problem.model.information(eta))[:, None] * problem.Z
        if not self.converged or not np.isfinite(A).all():
            return np.full_like(Q, np.nan)
        part, R = np.linalg.qr(A)
        Q[used, : part.shape[1]] = part * np.where(R.diagonal() < 0.0, -1.0, 1.0)
        return Q

    @cached_property
    def leverage(self) -> Array:
        """The leverages h (n,): the diagonal of √W X(XᵀWX)⁻¹Xᵀ√W, with the weights of IRLS.

        NaN if the fit has not converged, as all that is computed from them. McCullagh & Nelder
        1989, §12.7.1; R's hatvalues.
        """
        result: Array = np.minimum((self._orthonormal**2).sum(axis=1), 1.0)
        return result

    def standardised_residuals(self, kind: str = "deviance") -> Array:
        """Residuals "deviance" or "pearson" (n,) over √(φ(1 − h)): R's rstandard.

        NaN where h is 1, and where the fit is perfect. McCullagh & Nelder 1989, §12.5.
        """
        if kind not in ("deviance", "pearson"):
            raise ExperimentError(f"no standardised residuals {kind!r}: deviance, pearson")
        with np.errstate(all="ignore"):
            dispersion = np.nan if self.is_perfect else self.dispersion
            spread = np.sqrt(dispersion * unexplained(self._orthonormal))
            return self.residuals(kind) / spread

    @cached_property
    def cooks_distance(self) -> Array:
        """Cook's distances r²h/((1 − h)²φ·rank) (n,), r the Pearson residuals; NaN where h is 1.

        One step of IRLS without the example (McCullagh & Nelder 1989, §12.7.3; R's
        cooks.distance).
        """
        with np.errstate(all="ignore"):
            r = self.residuals("pearson") / unexplained(self._orthonormal)
            dispersion = np.nan if self.is_perfect else self.dispersion
            return r**2 * self.leverage / (dispersion * self.rank)

    def robust_covariance(self, kind: str = "hc3") -> Array:
        """The covariance (p, p) of the coefficients without trust in the variance of the family.

        "hc0" to "hc3", from the Pearson residuals and leverages, as R's sandwich::vcovHC (Zeileis,
        Journal of Statistical Software 16(9), 2006). NaN for dropped columns, and without a
        maximum; "hc2" and "hc3" are NaN if an example has leverage 1.

        Raises:
            DataError: for another kind.
        """
        inflation = len(self.problem.y) / self.freedom if self.freedom > 0 else np.nan
        residuals = self.residuals("pearson")
        residuals = np.where(self._orthonormal.any(axis=1), residuals, 0.0)
        with np.errstate(all="ignore"):
            half = robust_half(self._roots, self._orthonormal, residuals, kind, inflation)
            result: Array = half @ half.T
        return result if self.converged else np.full_like(result, np.nan)
