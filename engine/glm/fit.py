"""What a fitted generalised linear model tells: deviance, likelihood, tests, residuals."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.errors import DataError, ExperimentError
from engine.glm.fitted_model import FittedModel
from engine.glm.likelihood import log_likelihood, null_deviance
from engine.least_squares.hat_matrix import row_lengths


@dataclass(frozen=True, eq=False, repr=False)
class GlmFit(FittedModel):
    """A fitted generalised linear model, with all that a statistician asks of it."""

    def __repr__(self) -> str:
        pairs = zip(self.names, self.coefficients, strict=True)
        terms = ", ".join(f"{name} {value:.6g}" for name, value in pairs)
        return f"GlmFit({self.family}, {self.link}: {terms}; deviance {self.deviance:.6g})"

    @property
    def deviance(self) -> float:
        """2(log-likelihood of the saturated model − that of this one), without dispersion."""
        return self.path.deviances[-1]

    @cached_property
    def null_deviance(self) -> float:
        """The deviance of the model with the intercept (and offset) alone."""
        return null_deviance(self.problem, self.intercept)

    @property
    def rank(self) -> int:
        """The number of coefficients estimated."""
        return int(self.back.shape[1])

    @property
    def freedom(self) -> int:
        """Examples of weight above 0, less the rank."""
        return len(self.problem.y) - self.rank

    @cached_property
    def pearson_chi2(self) -> float:
        """Σ of the squared Pearson residuals."""
        residuals = self.residuals("pearson")
        return float(residuals @ residuals)

    @cached_property
    def dispersion(self) -> float:
        """φ: 1 for binomial and Poisson, else Pearson's χ²/freedom (NaN without freedom)."""
        if not self.model.family.dispersion:
            return 1.0
        return self.pearson_chi2 / self.freedom if self.freedom else float("nan")

    @cached_property
    def log_likelihood(self) -> float:
        """With the dispersion, where there is one, at deviance/n (as in R)."""
        trials = self.trials
        if trials is not None and self.weights is not None:
            trials = trials[self.weights > 0.0]
        return log_likelihood(self.problem, self.path.gammas[-1], trials)

    @property
    def aic(self) -> float:
        """2·rank − 2·log-likelihood: a dispersion is not counted."""
        return 2.0 * self.rank - 2.0 * self.log_likelihood

    @property
    def aic_r(self) -> float:
        """The same with an estimated dispersion counted, as R does."""
        return self.aic + 2.0 * self.model.family.dispersion

    @property
    def bic(self) -> float:
        """rank·log n − 2·log-likelihood: a dispersion is not counted."""
        return float(self.rank * np.log(len(self.problem.y)) - 2.0 * self.log_likelihood)

    @property
    def bic_r(self) -> float:
        """The same with an estimated dispersion counted, as R does."""
        return float(self.bic + self.model.family.dispersion * np.log(len(self.problem.y)))

    @property
    def lr_statistic(self) -> float:
        """Likelihood ratio of the model to its null model: the difference of their deviances.

        Over the dispersion, where that is estimated. NaN where nothing varies.
        """
        explained = max(self.null_deviance - self.deviance, 0.0)
        if not self.dispersion:
            return float("inf" if explained else "nan")
        return explained / self.dispersion

    @cached_property
    def lr_p_value(self) -> float:
        """Of χ² with as many degrees of freedom as there are slopes."""
        from scipy.special import chdtrc  # lazy: SciPy takes longer to import than all the rest

        return float(chdtrc(self.rank - self.intercept, self.lr_statistic))

    # coefficients one by one

    @cached_property
    def _roots(self) -> Array:
        """S (p, r) with covariance φ·SSᵀ; NaN in the rows of columns left out."""
        if self.path.R is None:
            return np.full(self.back.shape, np.nan)
        roots = np.asarray(np.linalg.solve(self.path.R.T, self.back.T).T, dtype=np.float64)
        roots[~self.kept] = np.nan
        return roots

    @cached_property
    def covariance(self) -> Array:
        """Cov β̂ (p, p) = φ·(XᵀWX)⁻¹, of the expected information."""
        with np.errstate(over="ignore", invalid="ignore"):  # a square may not fit float64
            result: Array = self.dispersion * (self._roots @ self._roots.T)
        return result

    @cached_property
    def standard_errors(self) -> Array:
        """(p,), NaN for columns left out."""
        result: Array = np.sqrt(self.dispersion) * row_lengths(self._roots)
        return result

    @property
    def z_values(self) -> Array:
        """Coefficients over standard errors (p,)."""
        with np.errstate(all="ignore"):
            return self.coefficients / self.standard_errors

    @property
    def t_values(self) -> Array:
        """``z_values``, by the name they have where the dispersion is estimated."""
        return self.z_values

    @cached_property
    def p_values(self) -> Array:
        """Of β = 0, two-sided (p,): normal, or Student's t where the dispersion is estimated."""
        from scipy.special import ndtr, stdtr

        below = -np.abs(self.z_values)
        student = self.model.family.dispersion
        result: Array = 2.0 * np.asarray(stdtr(self.freedom, below) if student else ndtr(below))
        return result

    def confidence_intervals(self, level: float = 0.95) -> Array:
        """Wald's intervals (p, 2), of the normal or t distribution as for the p-values."""
        from scipy.special import ndtri, stdtrit

        if not 0.0 < level < 1.0:
            raise DataError(f"level = {level!r} is not between 0 and 1")
        tail = 0.5 + level / 2.0
        student = self.model.family.dispersion
        reach = (stdtrit(self.freedom, tail) if student else ndtri(tail)) * self.standard_errors
        return np.column_stack([self.coefficients - reach, self.coefficients + reach])

    # examples one by one

    def residuals(self, kind: str = "deviance") -> Array:
        """(n,): "deviance", "pearson", "response" (y − μ) or "working" ((y − μ)·dη/dμ).

        The first two are weighted: their squares add up to the deviance and to Pearson's χ².
        """
        y, eta = self.y, self.linear_predictor
        weights = np.ones(len(y)) if self.weights is None else self.weights
        prior = weights if self.trials is None else weights * self.trials
        with np.errstate(all="ignore"):
            if kind == "deviance":
                return np.sign(y - self.fitted) * np.sqrt(prior * self.model.deviances(eta, y))
            if kind == "response":
                return y - self.fitted
            score, information = self.model.score(eta, y), self.model.information(eta)
            if kind == "working":
                return score / information
            if kind == "pearson":
                return np.copysign(np.sqrt(prior / information) * score, y - self.fitted)
        kinds = "deviance, pearson, response, working"
        raise ExperimentError(f"no residuals {kind!r}; there are: {kinds}")
