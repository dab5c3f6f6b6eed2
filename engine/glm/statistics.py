"""Statistics of a generalised linear model: deviance, likelihood, tests, residuals."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.errors import ExperimentError
from engine.glm.fitted_model import FittedModel
from engine.glm.likelihood import log_likelihood, null_deviance
from engine.glm.negative_binomial import NegativeBinomial, theta_error
from engine.least_squares.hat_matrix import row_lengths
from engine.least_squares.inference.tails import half_width

PERFECT = 64.0 * float(np.finfo(float).eps)  # residuals below it, relative to y, are rounding


@dataclass(frozen=True, eq=False, repr=False)
class GlmStatistics(FittedModel):
    """The deviance, the likelihood and the tests of a fit; see ``GlmFit``."""

    @property
    def deviance(self) -> float:
        """2(log-likelihood of the saturated model − that of this model), without dispersion."""
        return self.path.deviances[-1]

    @cached_property
    def null_deviance(self) -> float:
        """The deviance of the null model: intercept and offset alone."""
        return null_deviance(self.problem, self.intercept)

    @property
    def rank(self) -> int:
        """The number of coefficients estimated."""
        return int(self.back.shape[1])

    @property
    def freedom(self) -> int:
        """Residual degrees of freedom: examples of weight above 0, less the rank."""
        return len(self.problem.y) - self.rank

    @cached_property
    def pearson_chi2(self) -> float:
        """Σ of the squared Pearson residuals."""
        residuals = self.residuals("pearson")
        return float(residuals @ residuals)

    @cached_property
    def dispersion(self) -> float:
        """φ: 1 for binomial, Poisson and negative binomial, else Pearson's χ²/freedom.

        NaN if freedom is 0.
        """
        if not self.model.family.dispersion:
            return 1.0
        return self.pearson_chi2 / self.freedom if self.freedom else float("nan")

    @cached_property
    def is_perfect(self) -> bool:
        """Whether a dispersion is to be estimated from residuals that are rounding errors."""
        if not self.model.family.dispersion:
            return False
        size = float(np.abs(self.problem.y).max(initial=0.0))
        unit = {"gaussian": size**2, "gamma": 1.0}.get(self.family, size)
        largest = float(self.problem.weights.max(initial=1.0)) * unit
        return self.pearson_chi2 <= len(self.problem.y) * largest * PERFECT**2

    @cached_property
    def log_likelihood(self) -> float:
        """The log-likelihood. The dispersion, if there is one, is deviance/n, as in R.

        NaN for a quasi-likelihood, which is that of no distribution; so are AIC and BIC.
        """
        trials = self.trials
        if trials is not None and self.weights is not None:
            trials = trials[self.weights > 0.0]
        return log_likelihood(self.problem, self.path.gammas[-1], trials)

    @property
    def aic(self) -> float:
        """2·rank − 2·log-likelihood, without counting the dispersion or θ.

        The log-likelihood is R's: see ``engine.glm.likelihood``.
        """
        return 2.0 * self.rank - 2.0 * self.log_likelihood

    @property
    def aic_r(self) -> float:
        """AIC with an estimated dispersion, or θ, counted as a parameter, as in R."""
        return self.aic + 2.0 * self.other_parameters

    @property
    def bic(self) -> float:
        """rank·log n − 2·log-likelihood, without counting the dispersion."""
        return float(self.rank * np.log(len(self.problem.y)) - 2.0 * self.log_likelihood)

    @property
    def bic_r(self) -> float:
        """BIC with an estimated dispersion, or θ, counted as a parameter, as in R."""
        return float(self.bic + self.other_parameters * np.log(len(self.problem.y)))

    @property
    def other_parameters(self) -> int:
        """The number of parameters estimated besides the coefficients: a dispersion, or θ."""
        model = self.model
        theta = isinstance(model, NegativeBinomial) and model.estimated
        return int(model.family.dispersion or theta)

    @property
    def theta(self) -> float | None:
        """θ of a negative binomial with variance μ + μ²/θ; inf without over-dispersion.

        None of another family; NaN where it was to be estimated and the fit has not converged.
        """
        if not isinstance(self.model, NegativeBinomial):
            return None
        return self.model.theta if self.converged or not self.model.estimated else float("nan")

    @cached_property
    def theta_se(self) -> float | None:
        """The standard error of θ̂, from the observed information; NaN if θ was given or is inf.

        None of another family. Venables & Ripley 2002, §7.4; Lawless 1987.
        """
        if not isinstance(self.model, NegativeBinomial):
            return None
        if not self.model.estimated or not self.converged:
            return float("nan")
        with np.errstate(all="ignore"):
            mu = self.model.mean(self.problem.eta(self.path.gammas[-1]))
        return theta_error(self.model.spread, self.problem.y, mu, self.problem.weights)

    @property
    def lr_statistic(self) -> float:
        """The likelihood ratio statistic against the null model: the difference of the deviances.

        It is divided by the dispersion if that is estimated. NaN if y is constant.
        """
        explained = max(self.null_deviance - self.deviance, 0.0)
        if not self.dispersion:
            return float("inf" if explained else "nan")
        return explained / self.dispersion

    @cached_property
    def lr_p_value(self) -> float:
        """The upper tail of χ², with one degree of freedom for each slope.

        If the dispersion is estimated, it is too small in small samples: see ``f_p_value``.
        """
        from scipy.special import chdtrc  # imported late: SciPy is slow to import

        return float(chdtrc(self.rank - self.intercept, self.lr_statistic))

    @property
    def f_statistic(self) -> float:
        """The F test that all slopes are 0, if the dispersion is estimated; else NaN.

        The difference of the deviances per slope, over the dispersion: R's anova(test="F").
        """
        slopes = self.rank - self.intercept
        if not self.model.family.dispersion or not slopes or not self.freedom:
            return float("nan")
        return self.lr_statistic / slopes

    @property
    def f_freedom(self) -> tuple[int, int]:
        """Degrees of freedom of ``f_statistic``."""
        return self.rank - self.intercept, self.freedom

    @cached_property
    def f_p_value(self) -> float:
        """The upper tail of F."""
        from scipy.special import fdtrc

        return float(fdtrc(*self.f_freedom, self.f_statistic))

    # coefficients

    @cached_property
    def _roots(self) -> Array:
        """S (p, r) with covariance φ·SSᵀ; NaN in the rows of dropped columns."""
        if self.path.R is None:
            return np.full(self.back.shape, np.nan)
        roots = np.asarray(np.linalg.solve(self.path.R.T, self.back.T).T, dtype=np.float64)
        roots = roots * np.where(self.path.R.diagonal() < 0.0, -1.0, 1.0)  # as in ``_orthonormal``
        roots[~self.kept] = np.nan
        return roots

    @cached_property
    def covariance(self) -> Array:
        """Cov β̂ (p, p) = φ·(XᵀWX)⁻¹, from the expected information."""
        with np.errstate(over="ignore", invalid="ignore"):  # a square may not fit float64
            result: Array = self.dispersion * (self._roots @ self._roots.T)
        return result

    @cached_property
    def standard_errors(self) -> Array:
        """The standard errors (p,); NaN for dropped columns."""
        result: Array = np.sqrt(self.dispersion) * row_lengths(self._roots)
        return result

    @property
    def z_values(self) -> Array:
        """Coefficients over standard errors (p,)."""
        with np.errstate(all="ignore"):
            return self.coefficients / self.standard_errors

    @property
    def t_values(self) -> Array:
        """The same as ``z_values``: their name if the dispersion is estimated."""
        return self.z_values

    @cached_property
    def p_values(self) -> Array:
        """Two-sided p-values (p,) of β = 0: normal, or Student's t if there is a dispersion."""
        from scipy.special import ndtr, stdtr

        z = -np.abs(self.z_values)
        student = self.model.family.dispersion
        result: Array = 2.0 * np.asarray(stdtr(self.freedom, z) if student else ndtr(z))
        return result

    def confidence_intervals(self, level: float = 0.95) -> Array:
        """Wald intervals (p, 2), from the same distribution as the p-values."""
        margin = half_width(level, self.reference_freedom) * self.standard_errors
        return np.column_stack([self.coefficients - margin, self.coefficients + margin])

    @property
    def reference_freedom(self) -> float:
        """Degrees of freedom of the t-tests; inf, a normal distribution, if φ is known."""
        return self.freedom if self.model.family.dispersion else float("inf")

    # examples

    def residuals(self, kind: str = "deviance") -> Array:
        """Residuals (n,): "deviance", "pearson", "response" (y − μ) or "working" ((y − μ)·dη/dμ).

        The first two are weighted: the sums of their squares are the deviance and Pearson's χ².
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
