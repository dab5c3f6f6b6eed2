"""Tests of autocorrelation: Durbin–Watson, Breusch–Godfrey, Ljung–Box."""

import numpy as np

from engine.arrays import Array
from engine.diagnostics.descriptions import ABOUT
from engine.diagnostics.quadratic_form import upper_tail
from engine.diagnostics.scaled_fit import EPSILON, ScaledFit
from engine.diagnostics.test_result import CannotTest, DiagnosticTest, chi2_test
from engine.wording import plural

AS_INDEPENDENT = "p is that of independent errors, from which nothing was fitted"
EXACT_LIMIT = 500  # rows; more make the n − p eigenvalues, O(n³), too slow


def durbin_watson(fit: ScaledFit) -> float:
    """d = Σ(eₜ − eₜ₋₁)²/Σeₜ², 0 … 4."""
    u = fit.residuals
    return float(np.sum(np.diff(u) ** 2) / np.sum(u**2))


def durbin_watson_test(fit: ScaledFit) -> DiagnosticTest:
    """Test d against autocorrelation of either sign: the p-value is twice the smaller tail."""
    note = "" if fit.n <= EXACT_LIMIT else f"p by d's normal approximation, n > {EXACT_LIMIT}"
    return DiagnosticTest(
        ABOUT["durbin_watson"],
        durbin_watson(fit),
        note=note,
        tail=lambda: min(1.0, 2.0 * min(durbin_watson_tails(fit))),
    )


def durbin_watson_tails(fit: ScaledFit) -> tuple[float, float]:
    """P(D ≤ d) and P(D ≥ d) for independent normal errors, exact up to EXACT_LIMIT rows.

    D < d is the event Σ(νᵢ − d)zᵢ² < 0, zᵢ standard normal. The νᵢ are the eigenvalues
    of ΔᵀΔ (Δ: first differences) on the n − p dimensions orthogonal to the columns (Durbin and
    Watson 1950).
    """
    d = durbin_watson(fit)
    columns = _columns(fit)
    if fit.n > EXACT_LIMIT:
        return _normal_tails(d, np.linalg.qr(columns)[0])
    complement = np.linalg.qr(columns, mode="complete")[0][:, fit.rank :]
    differences = np.diff(complement, axis=0)
    form = np.linalg.eigvalsh(differences.T @ differences) - d
    return upper_tail(-form), upper_tail(form)


def durbin_watson_of_any(fit: ScaledFit) -> DiagnosticTest:
    """d of the residuals of any model; p is that of as many independent normal errors.

    Of n such errors nothing has been fitted, so that the νᵢ of ``durbin_watson_tails`` are the
    eigenvalues of ΔᵀΔ, 2 − 2cos(πk/n), k = 0 … n − 1.
    """
    d, n = durbin_watson(fit), fit.n
    if n < 2:
        raise CannotTest("one example has no neighbour")

    def tail() -> float:
        if n > EXACT_LIMIT:
            return min(1.0, 2.0 * min(_normal_tails(d, np.zeros((n, 0)))))
        form = 2.0 - 2.0 * np.cos(np.pi * np.arange(n) / n) - d
        return min(1.0, 2.0 * min(upper_tail(-form), upper_tail(form)))

    return DiagnosticTest(ABOUT["durbin_watson"], d, note=AS_INDEPENDENT, tail=tail)


def breusch_godfrey(fit: ScaledFit, lags: int) -> DiagnosticTest:
    """n·R² of e on X and e's first lags, 0 before the first row (Breusch 1978, Godfrey 1978)."""
    n = fit.n
    _check_lags(lags, n)
    extra = np.zeros((n, lags))
    for lag in range(1, lags + 1):
        extra[lag:, lag - 1] = fit.residuals[:-lag]
    auxiliary = fit.explain_residuals(extra / fit.roots[:, None])
    if auxiliary.df == 0:
        raise CannotTest("the lagged residuals are combinations of the columns")
    return chi2_test("breusch_godfrey", n * auxiliary.r_squared, auxiliary.df)


def ljung_box(fit: ScaledFit, lags: int) -> DiagnosticTest:
    """n(n + 2)·Σρ_k²/(n − k) over the first autocorrelations (Ljung and Box 1978)."""
    n = fit.n
    _check_lags(lags, n)
    u = fit.residuals - fit.residuals.mean()
    total = u @ u
    if total <= (n * EPSILON) ** 2:
        raise CannotTest("the residuals are all equal: they have no autocorrelation")
    terms = [(u[lag:] @ u[:-lag] / total) ** 2 / (n - lag) for lag in range(1, lags + 1)]
    return chi2_test("ljung_box", float(n * (n + 2) * sum(terms)), lags)


def _check_lags(lags: int, n: int) -> None:
    if lags >= n:
        raise CannotTest(f"{plural(lags, 'lag')} for n = {plural(n, 'example')}: n must be larger")


def _columns(fit: ScaledFit) -> Array:
    """Columns (n, rank) that span the fit's weighted columns, scaled for a stable QR."""
    X: Array = fit.X / np.abs(fit.X).max(axis=0)
    if fit.intercept:
        X = np.column_stack([np.ones(fit.n), X - X.mean(axis=0)])
    X *= fit.roots[:, None]
    X /= np.linalg.norm(X, axis=0)
    return X


def _normal_tails(d: float, basis: Array) -> tuple[float, float]:
    """The tails of a normal D with D's exact mean and variance (Durbin and Watson 1950)."""
    from scipy.special import ndtr

    n, p = basis.shape
    once = _second_differences(basis)
    twice = _second_differences(once)
    inner = basis.T @ once
    trace = 2.0 * (n - 1) - np.trace(inner)
    square = (6.0 * n - 8.0) - 2.0 * np.sum(basis * twice) + np.sum(inner**2)
    mean = trace / (n - p)
    variance = 2.0 * (square - trace * mean) / ((n - p) * (n - p + 2))
    z = (d - mean) / np.sqrt(variance)
    return float(ndtr(z)), float(ndtr(-z))


def _second_differences(columns: Array) -> Array:
    """ΔᵀΔ times columns (n, q): 2vₜ − vₜ₋₁ − vₜ₊₁, and one difference at either end."""
    steps = np.diff(columns, axis=0)
    result = np.zeros_like(columns)
    result[:-1] -= steps
    result[1:] += steps
    return result
