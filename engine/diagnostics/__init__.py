"""What a least-squares fit assumes, and whether the data bear it out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from engine.arrays import Array
from engine.diagnostics import autocorrelation, collinearity, normality, specification, variance
from engine.diagnostics.evidence import Evidence, gather
from engine.diagnostics.result import ABOUT, About, CannotTest, DiagnosticTest
from engine.errors import DataError
from engine.least_squares.ols import OlsFit

__all__ = ["ABOUT", "TESTS", "About", "Diagnosis", "DiagnosticTest", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """The diagnostics of a fit, each computed when it is first asked for.

    A test that cannot be made is None, and ``note`` says why. ``lags`` is that of Breusch–Godfrey
    and Ljung–Box, ``power`` the highest of ŷ that RESET adds.
    """

    fit: OlsFit
    lags: int = 1
    power: int = 3

    @property
    def residual_kind(self) -> str:
        """Which residuals the tests look at."""
        return "y − ŷ" if self.fit.weights is None else "√w·(y − ŷ), rows of weight 0 left out"

    # collinearity

    @cached_property
    def vif(self) -> Array:
        """Variance inflation factors (d,), one for each column but the intercept's."""
        return collinearity.variance_inflation(self.fit)

    @cached_property
    def condition_indices(self) -> Array:
        """Belsley's condition indices (p,), rising from 1; the last is the scaled X's condition."""
        return collinearity.condition_indices(self.fit)

    @property
    def condition_number(self) -> float:
        """σ₁/σ_p of the design in its own units, as the summary of the fit has it."""
        return self.fit.condition_number

    # a constant spread

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
        """The same of e²/σ̂² on ŷ alone (Cook and Weisberg 1983)."""
        return self.test("ncv")

    @property
    def white(self) -> DiagnosticTest | None:
        """n·R² of e² on all columns, their squares and products (White 1980)."""
        return self.test("white")

    @property
    def white_note(self) -> str:
        """Why there is no White test, "" where there is."""
        return self.note("white")

    @property
    def white_special(self) -> DiagnosticTest | None:
        """n·R² of e² on ŷ and ŷ² (Wooldridge's form of White's test)."""
        return self.test("white_special")

    # independence of the neighbours

    @property
    def durbin_watson(self) -> float | None:
        """d = Σ(eₜ − eₜ₋₁)²/Σeₜ², 0 … 4."""
        return None if self.durbin_watson_test is None else self.durbin_watson_test.statistic

    @property
    def durbin_watson_test(self) -> DiagnosticTest | None:
        """d with its exact p-value against positive autocorrelation."""
        return self.test("durbin_watson")

    @cached_property
    def durbin_watson_tails(self) -> tuple[float, float] | None:
        """P(D ≤ d), P(D ≥ d): twice the smaller is the two-sided p-value."""
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
        """Σ(e − ē)³/n over the cube of the standard deviation: 0 for a normal curve."""
        return None if self.jarque_bera is None else normality.moments(self.evidence)[0]

    @cached_property
    def kurtosis(self) -> float | None:
        """Σ(e − ē)⁴/n over the square of the variance: 3 for a normal curve."""
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

    # linearity

    @property
    def reset(self) -> DiagnosticTest | None:
        """F of ŷ², …, ŷ^``power`` added to the fit (Ramsey 1969)."""
        return self.test("reset")

    # each example

    @property
    def leverage(self) -> Array:
        """Diagonal of the hat matrix (n,)."""
        return self.fit.leverage

    @property
    def cooks_distance(self) -> Array:
        """How far leaving an example out moves ŷ (n,)."""
        return self.fit.cooks_distance

    @property
    def studentised_internal(self) -> Array:
        """Residuals in their own standard deviations (n,), NaN where that is 0."""
        return self.fit.studentised_internal

    @property
    def studentised_external(self) -> Array:
        """The same with σ̂ from the fit without the example (n,)."""
        return self.fit.studentised_external

    # all tests

    def test(self, key: str) -> DiagnosticTest | None:
        """The test of this name (a key of ``TESTS``), None where it cannot be made."""
        outcome = self._outcome(key)
        return outcome if isinstance(outcome, DiagnosticTest) else None

    def note(self, key: str) -> str:
        """Why this test cannot be made, or what to know when reading it; "" mostly."""
        outcome = self._outcome(key)
        return outcome.note if isinstance(outcome, DiagnosticTest) else outcome

    @cached_property
    def evidence(self) -> Evidence:
        """The residuals as the tests see them; CannotTest where nothing is left to test."""
        return gather(self.fit)

    @cached_property
    def _outcomes(self) -> dict[str, DiagnosticTest | str]:
        return {}

    def _outcome(self, key: str) -> DiagnosticTest | str:
        if key not in self._outcomes:
            try:
                self._outcomes[key] = TESTS[key](self)
            except CannotTest as reason:
                self._outcomes[key] = str(reason)
        return self._outcomes[key]


TESTS: dict[str, Callable[[Diagnosis], DiagnosticTest]] = {
    "breusch_pagan": lambda of: variance.breusch_pagan(of.evidence),
    "breusch_pagan_classic": lambda of: variance.breusch_pagan_classic(of.evidence),
    "ncv": lambda of: variance.ncv(of.evidence),
    "white": lambda of: variance.white(of.evidence),
    "white_special": lambda of: variance.white_special(of.evidence),
    "durbin_watson": lambda of: autocorrelation.durbin_watson_test(of.evidence),
    "breusch_godfrey": lambda of: autocorrelation.breusch_godfrey(of.evidence, of.lags),
    "ljung_box": lambda of: autocorrelation.ljung_box(of.evidence, of.lags),
    "jarque_bera": lambda of: normality.jarque_bera(of.evidence),
    "omnibus": lambda of: normality.omnibus(of.evidence),
    "shapiro": lambda of: normality.shapiro(of.evidence),
    "reset": lambda of: specification.reset(of.evidence, of.power),
}


def diagnose(fit: OlsFit, lags: int = 1, power: int = 3) -> Diagnosis:
    """What a least-squares fit assumes, tested: collinearity, spread, order, shape, linearity.

    Raises DataError for ``lags`` < 1 or ``power`` < 2.
    """
    if lags < 1 or power < 2:
        raise DataError(f"diagnose takes lags ≥ 1 and power ≥ 2; it got {lags} and {power}")
    return Diagnosis(fit, lags, power)
