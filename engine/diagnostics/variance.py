"""Tests of constant variance: Breusch–Pagan, the score test on ŷ, White."""

import numpy as np

from engine.arrays import Array
from engine.diagnostics.scaled_fit import EPSILON, Auxiliary, ScaledFit
from engine.diagnostics.test_result import CannotTest, DiagnosticTest, chi2_test

WHITE_CELLS = 1e7  # limit on the size of the auxiliary regression of White's test


def breusch_pagan(fit: ScaledFit) -> DiagnosticTest:
    """Koenker's form: n·R² of e² on X (Koenker 1981)."""
    return _lm_test("breusch_pagan", fit, fit.squares_on_columns)


def breusch_pagan_classic(fit: ScaledFit) -> DiagnosticTest:
    """Half the explained sum of squares of e²/σ̂² on X (Breusch and Pagan 1979)."""
    return _score_test("breusch_pagan_classic", fit.squares_on_columns)


def ncv(fit: ScaledFit) -> DiagnosticTest:
    """The classic test on ŷ alone (Cook and Weisberg 1983)."""
    return _score_test("ncv", fit.explain_squares(fit.predictor()))


def white(fit: ScaledFit) -> DiagnosticTest:
    """n·R² of e² on all columns, their squares and products (White 1980)."""
    n, d = fit.X.shape
    count = d * (d + 3) // 2
    if n * count > WHITE_CELLS:
        raise CannotTest(
            f"its {count} columns of {n} rows are too large for the memory; "
            "the special form needs two"
        )
    Z = _centred(fit.X)  # spans the same quadratics, without cancellation
    first, second = np.triu_indices(d)
    quadratics = np.column_stack([Z, Z[:, first] * Z[:, second]])
    return _lm_test("white", fit, fit.explain_squares(quadratics))


def white_special(fit: ScaledFit) -> DiagnosticTest:
    """n·R² of e² on ŷ and ŷ² (Wooldridge's form of White's test)."""
    t = fit.predictor()
    auxiliary = fit.explain_squares(np.column_stack([t, t**2]))  # t² = ±t of two values
    return _lm_test("white_special", fit, auxiliary)


def _lm_test(key: str, fit: ScaledFit, auxiliary: Auxiliary) -> DiagnosticTest:
    """The Lagrange multiplier statistic n·R²."""
    if np.abs(fit.squares - 1.0).max() <= fit.n * EPSILON:
        raise CannotTest("every residual has the same size: e² has no spread to explain")
    return chi2_test(key, fit.n * auxiliary.r_squared, auxiliary.df)


def _score_test(key: str, auxiliary: Auxiliary) -> DiagnosticTest:
    """Half the explained sum of squares."""
    return chi2_test(key, auxiliary.explained_ss / 2.0, auxiliary.df)


def _centred(columns: Array) -> Array:
    """Columns (n, q) less their means, scaled to at most 1; 0 for constant columns."""
    shifted = columns - columns.mean(axis=0)
    largest = np.abs(shifted).max(axis=0)
    constant = largest <= len(columns) * EPSILON * np.abs(columns).max(axis=0)
    return np.where(constant, 0.0, shifted / np.where(constant, 1.0, largest))
