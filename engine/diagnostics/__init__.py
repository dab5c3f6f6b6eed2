"""Tests of the assumptions of a least-squares fit."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from engine.arrays import Array
from engine.diagnostics import autocorrelation, collinearity, normality, specification, variance
from engine.diagnostics.descriptions import ABOUT, About
from engine.diagnostics.outcomes import Outcomes
from engine.diagnostics.scaled_fit import ScaledFit, scaled_fit
from engine.diagnostics.test_result import CannotTest, DiagnosticTest
from engine.errors import DataError
from engine.least_squares.ols import OlsFit

__all__ = ["ABOUT", "ORDER_TESTS", "TESTS", "About", "Diagnosis", "DiagnosticTest", "diagnose"]


@dataclass(frozen=True)
class Diagnosis(Outcomes):
    """The diagnostics of a least-squares fit, each computed on first access.

    A test that is not possible for the fit is None, and ``note`` says why.

    Attributes:
        fit: the fit, from ``ols`` or ``polynomial``.
        lags: the number of lags in the Breusch–Godfrey and Ljung–Box tests.
        power: the highest power of ŷ that RESET adds.
        rows_have_order: whether the order of the rows means something, such as time. If not, the
            tests of autocorrelation are not made.

    Example:
        >>> import engine
        >>> diagnosis = engine.diagnose(engine.ols([1, 2, 3, 4], [2, 4, 6, 8]))
        >>> diagnosis.jarque_bera is None, diagnosis.note("jarque_bera")[:13]
        (True, 'a perfect fit')
    """

    fit: OlsFit
    lags: int = 1
    power: int = 3
    rows_have_order: bool = True

    @property
    def residual_kind(self) -> str:
        """Which residuals the tests use."""
        return "y − ŷ" if self.fit.weights is None else "√w·(y − ŷ), rows of weight 0 left out"

    # collinearity

    @cached_property
    def vif(self) -> Array:
        """Variance inflation factors (d,), one for each column except the intercept."""
        return collinearity.variance_inflation(self.fit)

    @cached_property
    def condition_indices(self) -> Array:
        """Belsley's condition indices (p,), ascending from 1; the last is that of the scaled X."""
        return collinearity.condition_indices(self.fit)

    @property
    def condition_number(self) -> float:
        """σ₁/σ_p of the design, unscaled: the same number as ``fit.condition_number``."""
        return self.fit.condition_number

    # constant variance

    @property
    def breusch_pagan(self) -> DiagnosticTest | None:
        """n·R² of e² on X (Koenker 1981)."""
        return self.test("breusch_pagan")

    @property
    def breusch_pagan_classic(self) -> DiagnosticTest | None:
        """Half the explained sum of squares of e²/σ̂² on X (Breusch and Pagan 1979)."""
        return self.test("breusch_pagan_classic")

    @property
    def ncv(self) -> DiagnosticTest | None:
        """Half the explained sum of squares of e²/σ̂² on ŷ (Cook and Weisberg 1983)."""
        return self.test("ncv")

    @property
    def white(self) -> DiagnosticTest | None:
        """n·R² of e² on all columns, their squares and products (White 1980)."""
        return self.test("white")

    @property
    def white_note(self) -> str:
        """Why White's test is not possible; "" if it is."""
        return self.note("white")

    @property
    def white_special(self) -> DiagnosticTest | None:
        """n·R² of e² on ŷ and ŷ² (Wooldridge's form of White's test)."""
        return self.test("white_special")

    # autocorrelation

    @property
    def durbin_watson(self) -> float | None:
        """d = Σ(eₜ − eₜ₋₁)²/Σeₜ², 0 … 4."""
        return None if self.durbin_watson_test is None else self.durbin_watson_test.statistic

    @property
    def durbin_watson_test(self) -> DiagnosticTest | None:
        """d with its exact two-sided p-value; ``durbin_watson_tails`` has both one-sided ones."""
        return self.test("durbin_watson")

    @cached_property
    def durbin_watson_tails(self) -> tuple[float, float] | None:
        """P(D ≤ d) and P(D ≥ d). The two-sided p-value is twice the smaller one."""
        if self.durbin_watson_test is None:
            return None
        return autocorrelation.durbin_watson_tails(self.evidence)

    @property
    def breusch_godfrey(self) -> DiagnosticTest | None:
        """n·R² of e on X and e's first ``lags`` (Breusch 1978, Godfrey 1978)."""
        return self.test("breusch_godfrey")

    @property
    def ljung_box(self) -> DiagnosticTest | None:
        """n(n + 2)·Σρ_k²/(n − k) over the first ``lags`` (Ljung and Box 1978)."""
        return self.test("ljung_box")

    # normality

    @cached_property
    def skewness(self) -> float | None:
        """Σ(e − ē)³/n over the cube of the standard deviation; 0 for a normal distribution."""
        return None if self.jarque_bera is None else normality.moments(self.evidence)[0]

    @cached_property
    def kurtosis(self) -> float | None:
        """Σ(e − ē)⁴/n over the square of the variance; 3 for a normal distribution."""
        return None if self.jarque_bera is None else normality.moments(self.evidence)[1]

    @property
    def jarque_bera(self) -> DiagnosticTest | None:
        """n/6·(skewness² + (kurtosis − 3)²/4) (Jarque and Bera 1987)."""
        return self.test("jarque_bera")

    @property
    def omnibus(self) -> DiagnosticTest | None:
        """z₁² + z₂² of skewness and kurtosis (D'Agostino, Belanger and D'Agostino 1990)."""
        return self.test("omnibus")

    @property
    def shapiro(self) -> DiagnosticTest | None:
        """Shapiro and Wilk's W by Royston's (1995) approximation."""
        return self.test("shapiro")

    # functional form

    @property
    def reset(self) -> DiagnosticTest | None:
        """F of ŷ², …, ŷ^``power`` added to the fit (Ramsey 1969)."""
        return self.test("reset")

    # single examples

    @property
    def leverage(self) -> Array:
        """Diagonal of the hat matrix (n,)."""
        return self.fit.leverage

    @property
    def cooks_distance(self) -> Array:
        """How far ŷ moves when the example is left out (n,)."""
        return self.fit.cooks_distance

    @property
    def studentised_internal(self) -> Array:
        """Residuals over their standard deviations (n,); NaN where that is 0."""
        return self.fit.studentised_internal

    @property
    def studentised_external(self) -> Array:
        """Residuals (n,) over their standard deviations, σ̂ estimated without the example."""
        return self.fit.studentised_external

    # all tests

    @cached_property
    def evidence(self) -> ScaledFit:
        """The scaled residuals and columns that the tests use; CannotTest if none are left."""
        return scaled_fit(self.fit)

    def _made(self, key: str) -> DiagnosticTest:
        if key in ORDER_TESTS and self.evidence and not self.rows_have_order:
            raise CannotTest("the order of the rows means nothing in these data")
        return TESTS[key](self)


TESTS: dict[str, Callable[[Diagnosis], DiagnosticTest]] = {
    "breusch_pagan": lambda d: variance.breusch_pagan(d.evidence),
    "breusch_pagan_classic": lambda d: variance.breusch_pagan_classic(d.evidence),
    "ncv": lambda d: variance.ncv(d.evidence),
    "white": lambda d: variance.white(d.evidence),
    "white_special": lambda d: variance.white_special(d.evidence),
    "durbin_watson": lambda d: autocorrelation.durbin_watson_test(d.evidence),
    "breusch_godfrey": lambda d: autocorrelation.breusch_godfrey(d.evidence, d.lags),
    "ljung_box": lambda d: autocorrelation.ljung_box(d.evidence, d.lags),
    "jarque_bera": lambda d: normality.jarque_bera(d.evidence),
    "omnibus": lambda d: normality.omnibus(d.evidence),
    "shapiro": lambda d: normality.shapiro(d.evidence),
    "reset": lambda d: specification.reset(d.evidence, d.power),
}
ORDER_TESTS = ("durbin_watson", "breusch_godfrey", "ljung_box")
"""The tests of autocorrelation, which depend on the order of the rows."""


def diagnose(fit: OlsFit, lags: int = 1, power: int = 3, rows_have_order: bool = True) -> Diagnosis:
    """Test the assumptions of a least-squares fit.

    These are: no collinearity, constant variance, no autocorrelation, normality, linearity. Each
    test names its source (see ``Diagnosis``).

    Arguments:
        fit: a fit from ``ols`` or ``polynomial``, with or without weights.
        lags: the number of lags in the Breusch–Godfrey and Ljung–Box tests.
        power: the highest power of ŷ that RESET adds.
        rows_have_order: whether the order of the rows means something, such as time. If not, the
            tests of autocorrelation are not made.

    Returns:
        A Diagnosis, which computes each test on first access.

    Raises:
        DataError: if lags < 1 or power < 2.

    Example:
        >>> import engine
        >>> fit = engine.ols([1, 2, 3, 4, 5, 6], [1.1, 1.9, 3.2, 3.9, 5.3, 5.8])
        >>> diagnosis = engine.diagnose(fit)
        >>> print(f"{diagnosis.durbin_watson:.3f}")
        3.301
        >>> print(f"{diagnosis.shapiro.p_value:.2f}")
        0.40
    """
    if lags < 1 or power < 2:
        raise DataError(f"diagnose takes lags ≥ 1 and power ≥ 2; it got {lags} and {power}")
    return Diagnosis(fit, lags, power, rows_have_order)
