"""Tests of normality: Jarque–Bera, D'Agostino and Pearson's omnibus, Shapiro–Wilk."""

import math

import numpy as np

from engine.arrays import Array
from engine.diagnostics.descriptions import ABOUT
from engine.diagnostics.scaled_fit import EPSILON, ScaledFit
from engine.diagnostics.test_result import CannotTest, DiagnosticTest, chi2_test

SHAPIRO_LIMIT = 5000  # Royston's (1995) p-values are fitted up to this n


def moments(fit: ScaledFit) -> tuple[float, float]:
    """Skewness and kurtosis of the residuals, without bias correction; 0 and 3 if normal."""
    u = _centred(fit)
    square = np.mean(u**2)
    return float(np.mean(u**3) / square**1.5), float(np.mean(u**4) / square**2)


def jarque_bera(fit: ScaledFit) -> DiagnosticTest:
    """n/6·(skewness² + (kurtosis − 3)²/4) (Jarque and Bera 1987)."""
    skewness, kurtosis = moments(fit)
    statistic = fit.n / 6.0 * (skewness**2 + (kurtosis - 3.0) ** 2 / 4.0)
    return chi2_test("jarque_bera", statistic, 2)


def omnibus(fit: ScaledFit) -> DiagnosticTest:
    """z₁² + z₂² of skewness and kurtosis (D'Agostino, Belanger and D'Agostino 1990)."""
    n = fit.n
    if n < 8:
        raise CannotTest(f"its z-score of skewness needs n ≥ 8, and n is {n}")
    skewness, kurtosis = moments(fit)
    statistic = skewness_z(skewness, n) ** 2 + kurtosis_z(kurtosis, n) ** 2
    note = "p is rough below n = 20" if n < 20 else ""
    return chi2_test("omnibus", statistic, 2, note)


def shapiro(fit: ScaledFit) -> DiagnosticTest:
    """Shapiro and Wilk's W by Royston's (1995) approximation, from SciPy."""
    from scipy.stats import shapiro as shapiro_wilk

    n = fit.n
    if not 3 <= n <= SHAPIRO_LIMIT:
        raise CannotTest(f"its p-values are known for n = 3 … {SHAPIRO_LIMIT}, and n is {n}")
    W, p = shapiro_wilk(_centred(fit))
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


def _centred(fit: ScaledFit) -> Array:
    """The residuals less their mean; CannotTest if they are all equal."""
    u: Array = fit.residuals - fit.residuals.mean()
    if np.abs(u).max() <= fit.n * EPSILON:
        raise CannotTest("the residuals are all equal: they have no shape to test")
    return u
