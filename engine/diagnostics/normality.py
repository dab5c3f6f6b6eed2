"""Are the residuals normal? Jarque–Bera, D'Agostino and Pearson's omnibus, Shapiro–Wilk."""

import math

import numpy as np

from engine.arrays import Array
from engine.diagnostics.evidence import EPSILON, Evidence
from engine.diagnostics.result import ABOUT, CannotTest, DiagnosticTest, chi2_test

SHAPIRO_MOST = 5000  # as far as Royston's (1995) p-values were fitted


def moments(evidence: Evidence) -> tuple[float, float]:
    """Skewness and kurtosis (a normal curve's: 0 and 3) of the residuals, not bias corrected."""
    u = _spread(evidence)
    square = np.mean(u**2)
    return float(np.mean(u**3) / square**1.5), float(np.mean(u**4) / square**2)


def jarque_bera(evidence: Evidence) -> DiagnosticTest:
    """n/6·(skewness² + (kurtosis − 3)²/4) (Jarque and Bera 1987)."""
    skewness, kurtosis = moments(evidence)
    statistic = evidence.n / 6.0 * (skewness**2 + (kurtosis - 3.0) ** 2 / 4.0)
    return chi2_test("jarque_bera", statistic, 2)


def omnibus(evidence: Evidence) -> DiagnosticTest:
    """z₁² + z₂² of skewness and kurtosis (D'Agostino, Belanger and D'Agostino 1990)."""
    n = evidence.n
    if n < 8:
        raise CannotTest(f"its z-score of skewness needs n ≥ 8, and n is {n}")
    skewness, kurtosis = moments(evidence)
    statistic = skewness_z(skewness, n) ** 2 + kurtosis_z(kurtosis, n) ** 2
    note = "p is rough below n = 20" if n < 20 else ""
    return chi2_test("omnibus", statistic, 2, note)


def shapiro(evidence: Evidence) -> DiagnosticTest:
    """Shapiro and Wilk's W by Royston's (1995) approximation, from SciPy."""
    from scipy.stats import shapiro as shapiro_wilk

    n = evidence.n
    if not 3 <= n <= SHAPIRO_MOST:
        raise CannotTest(f"its p-values are known for n = 3 … {SHAPIRO_MOST}, and n is {n}")
    W, p = shapiro_wilk(_spread(evidence))
    return DiagnosticTest(ABOUT["shapiro"], float(W), tail=lambda: float(p))


def skewness_z(skewness: float, n: int) -> float:
    """D'Agostino's (1970) transformation of a normal sample's skewness to N(0, 1)."""
    Y = skewness * math.sqrt((n + 1) * (n + 3) / (6.0 * (n - 2)))
    beta = (
        3.0 * (n**2 + 27 * n - 70) * ((n + 1) * (n + 3)) / ((n - 2.0) * (n + 5) * (n + 7) * (n + 9))
    )
    W2 = math.sqrt(2.0 * (beta - 1.0)) - 1.0
    return math.asinh(Y / math.sqrt(2.0 / (W2 - 1.0))) / math.sqrt(0.5 * math.log(W2))


def kurtosis_z(kurtosis: float, n: int) -> float:
    """Anscombe and Glynn's (1983) transformation of a normal sample's kurtosis to N(0, 1)."""
    mean = 3.0 * (n - 1) / (n + 1)
    variance = 24.0 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    x = (kurtosis - mean) / math.sqrt(variance)
    third = (
        6.0
        * (n**2 - 5 * n + 2)
        / ((n + 7) * (n + 9))
        * math.sqrt(6.0 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
    )  # the third moment of x
    A = 6.0 + 8.0 / third * (2.0 / third + math.sqrt(1.0 + 4.0 / third**2))
    root = float(np.cbrt((1.0 - 2.0 / A) / (1.0 + x * math.sqrt(2.0 / (A - 4.0)))))
    return (1.0 - 2.0 / (9.0 * A) - root) / math.sqrt(2.0 / (9.0 * A))


def _spread(evidence: Evidence) -> Array:
    """The residuals about their mean; CannotTest where they are all alike."""
    u: Array = evidence.residuals - evidence.residuals.mean()
    if np.abs(u).max() <= evidence.n * EPSILON:
        raise CannotTest("the residuals are all equal: they have no shape to test")
    return u
