"""How often the confidence intervals of OLS contain the true coefficients, by repeated sampling."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Bools
from engine.errors import DataError, ShapeError
from engine.sampling.designs import Design, make_design, random_generator
from engine.wording import plural

BLOCK = 250  # data sets drawn at a time, and
BLOCK_ENTRIES = 1_000_000  # largest number of their errors


@dataclass(frozen=True, eq=False)
class OlsCoverage:
    """OLS on m of ``total`` data sets y = Aβ + e, where A (n, p) is the design, and e is drawn.

    Attributes:
        case: which assumption is broken: a key of ``SAMPLING_CASES``.
        level: of the confidence intervals, such as 0.95.
        total: how many data sets will be drawn.
        freedom: residual degrees of freedom, n − p.
        critical: the interval of a coefficient is b ± ``critical`` · s.e.
        truth: β (p,), the intercept first.
        deviations: b − β (m, p) of each data set.
        standard_errors: the estimated s.e. (m, p) of each data set.
        prediction_errors: the mean of (ŷ − Aβ)² over the n examples (m,), in each data set.
        exact_sd: the true sd of b (p,), from its covariance (A'A)⁻¹A'ΩA(A'A)⁻¹, where Ω is that of
            e (White 1980, Econometrica 48, 817–838, for unequal variances).
        exact_standard_error: what ``standard_error`` tends to (p,), from the expectation of s²,
            tr((I − H)Ω)/(n − p).
        exact_prediction_error: the expectation of a prediction error, tr(HΩ)/n.

    Example:
        >>> import engine
        >>> result = engine.ols_coverage([1.0, 2.0, 4.0, 7.0, 8.0], [1.0, 2.0], repetitions=400)
        >>> result.coverage.shape, bool((abs(result.coverage - 0.95) < 0.05).all())
        ((2,), True)
    """

    case: str
    level: float
    total: int
    freedom: int
    critical: float
    truth: Array
    deviations: Array
    standard_errors: Array
    prediction_errors: Array
    exact_sd: Array
    exact_standard_error: Array
    exact_prediction_error: float

    @property
    def repetitions(self) -> int:
        """m, how many data sets have been drawn."""
        return len(self.deviations)

    @property
    def estimates(self) -> Array:
        """The coefficients b (m, p)."""
        return self.truth + self.deviations

    @property
    def intervals(self) -> Array:
        """The confidence intervals (m, p, 2)."""
        half = self.critical * self.standard_errors
        return np.stack([self.estimates - half, self.estimates + half], axis=-1)

    @cached_property
    def covered(self) -> Bools:
        """Whether the interval contains the true coefficient (m, p)."""
        return np.abs(self.deviations) <= self.critical * self.standard_errors

    @cached_property
    def coverage(self) -> Array:
        """The share of the intervals that contain the true coefficient (p,)."""
        return np.asarray(self.covered.mean(axis=0))

    @property
    def coverage_error(self) -> Array:
        """The s.e. of ``coverage`` (p,), of a binomial share: √(c(1 − c)/m)."""
        return np.asarray(np.sqrt(self.coverage * (1.0 - self.coverage) / self.repetitions))

    @cached_property
    def expected_coverage(self) -> Array:
        """P(|t| ≤ critical · exact s.e. / exact sd) (p,), with Student's t of n − p.

        It is exact, the level itself, for normal errors; else an approximation.
        """
        from scipy.special import stdtr  # lazy: SciPy is slow to import

        ratio = self.exact_standard_error / self.exact_sd
        return np.asarray(2.0 * stdtr(self.freedom, self.critical * ratio) - 1.0)

    @cached_property
    def bias(self) -> Array:
        """The mean of b − β (p,)."""
        return np.asarray(self.deviations.mean(axis=0))

    @property
    def bias_error(self) -> Array:
        """The s.e. of ``bias`` (p,)."""
        return np.asarray(self.sd / np.sqrt(self.repetitions))

    @cached_property
    def sd(self) -> Array:
        """The sd of b over the data sets (p,): what a standard error estimates; NaN for m = 1."""
        if self.repetitions < 2:
            return np.full(len(self.truth), np.nan)
        return np.asarray(self.deviations.std(axis=0, ddof=1))

    @cached_property
    def standard_error(self) -> Array:
        """The root mean square of the estimated s.e. (p,); without bias if OLS's formula holds."""
        return np.asarray(np.sqrt(np.mean(self.standard_errors**2, axis=0)))

    @cached_property
    def mean_standard_error(self) -> Array:
        """The mean of the estimated s.e. (p,); slightly below the root mean square."""
        return np.asarray(self.standard_errors.mean(axis=0))

    @cached_property
    def prediction_error(self) -> float:
        """The mean of the prediction errors."""
        return float(self.prediction_errors.mean())


def ols_coverage(
    X: ArrayLike,
    coefficients: ArrayLike,
    case: str = "normal",
    sd: float = 1.0,
    repetitions: int = 2000,
    level: float = 0.95,
    intercept: bool = True,
    seed: int = 0,
) -> OlsCoverage:
    """Fit OLS to many data sets drawn from one true model, and count what its intervals contain.

    Arguments:
        X: the inputs (n, d), the same in every data set; with autocorrelated errors the order of
            the rows counts.
        coefficients: the true ones (p,), the intercept first. Coverage does not depend on them.
        case: which assumption is broken: a key of ``SAMPLING_CASES``, such as "normal" (none).
        sd: the standard deviation of the errors; with unequal variances √ of their mean.
        repetitions: m, the number of data sets.
        level: of the intervals, between 0 and 1.
        intercept: whether a column of ones is added, as the first.
        seed: of the random generator.

    Returns:
        Coverage, bias, and true and estimated standard errors of each coefficient.

    Raises:
        ShapeError, DataError: X, the coefficients or the other arguments are invalid.

    Example:
        >>> import engine
        >>> x = [*range(20)]
        >>> result = engine.ols_coverage(x, [0.0, 1.0], "autocorrelated", repetitions=500)
        >>> bool(result.coverage[1] < 0.7), (result.exact_sd > result.exact_standard_error).tolist()
        (True, [True, True])
    """
    steps = ols_coverage_steps(X, coefficients, case, sd, repetitions, level, intercept, seed)
    *_, last = steps
    return last


def ols_coverage_steps(
    X: ArrayLike,
    coefficients: ArrayLike,
    case: str = "normal",
    sd: float = 1.0,
    repetitions: int = 2000,
    level: float = 0.95,
    intercept: bool = True,
    seed: int = 0,
) -> Iterator[OlsCoverage]:
    """``ols_coverage`` step by step: the results so far, after every few hundred data sets.

    Arguments:
        X, coefficients, case, sd, repetitions, level, intercept, seed: as in ``ols_coverage``.

    Returns:
        An iterator; its last result is that of ``ols_coverage``.

    Raises:
        ShapeError, DataError: as in ``ols_coverage``.

    Example:
        >>> import engine
        >>> steps = engine.ols_coverage_steps([1.0, 2.0, 4.0], [1.0, 2.0], repetitions=600)
        >>> [result.repetitions for result in steps]
        [250, 500, 600]
    """
    design = make_design(X, case, intercept)
    p = design.A.shape[1]
    truth = np.array(coefficients, dtype=np.float64)
    if truth.shape != (p,):
        raise ShapeError(
            f"the design has {plural(p, 'column')}, but the coefficients are {truth.shape}"
        )
    if not (0.0 < sd < np.inf and repetitions >= 1 and 0.0 < level < 1.0):
        raise DataError(
            "repeated sampling takes sd > 0, repetitions ≥ 1 and a level between 0 and 1; "
            f"it got {sd}, {repetitions} and {level}"
        )
    return _draw(design, _before(design, truth, case, sd, repetitions, level), sd, seed)


def _before(
    design: Design, truth: Array, case: str, sd: float, repetitions: int, level: float
) -> OlsCoverage:
    """What is known before a data set is drawn."""
    from scipy.special import stdtrit  # lazy: SciPy is slow to import

    (n, p), S = design.A.shape, design.inverse_R
    middle, trace = design.middle(), design.hat_trace()  # tr(Ω) is n
    return OlsCoverage(
        case=case,
        level=level,
        total=repetitions,
        freedom=n - p,
        critical=float(stdtrit(n - p, 0.5 + level / 2.0)),
        truth=truth,
        deviations=np.empty((0, p)),
        standard_errors=np.empty((0, p)),
        prediction_errors=np.empty(0),
        exact_sd=sd * np.sqrt(np.einsum("ij,jk,ik->i", S, middle, S)),
        exact_standard_error=sd * np.sqrt((n - trace) / (n - p)) * np.linalg.norm(S, axis=1),
        exact_prediction_error=sd**2 * trace / n,
    )


def _draw(design: Design, start: OlsCoverage, sd: float, seed: int) -> Iterator[OlsCoverage]:
    """Draw the data sets in blocks. With Q R = A, b − β is R⁻¹Q'e, and SSR = |e|² − |Q'e|²."""
    rng = random_generator(seed)
    (n, p), Q, S = design.A.shape, design.Q, design.inverse_R
    deviations, standard_errors = np.empty((2, start.total, p))
    prediction_errors = np.empty(start.total)
    size = max(1, min(BLOCK, BLOCK_ENTRIES // n))
    for first in range(0, start.total, size):
        rows = slice(first, min(first + size, start.total))
        errors = design.errors.draw(rng, design.x, rows.stop - first)
        parts = errors @ Q
        explained = np.einsum("ij,ij->i", parts, parts)
        ssr = np.maximum(np.einsum("ij,ij->i", errors, errors) - explained, 0.0)
        deviations[rows] = sd * parts @ S.T
        standard_errors[rows] = (
            sd * np.sqrt(ssr / start.freedom)[:, None] * np.linalg.norm(S, axis=1)
        )
        prediction_errors[rows] = sd**2 * explained / n
        yield replace(
            start,
            deviations=deviations[: rows.stop],
            standard_errors=standard_errors[: rows.stop],
            prediction_errors=prediction_errors[: rows.stop],
        )
