"""Does the residuals' spread change? Breusch–Pagan, the score test along ŷ, White."""

import numpy as np

from engine.arrays import Array
from engine.diagnostics.evidence import EPSILON, Evidence, Explained
from engine.diagnostics.result import CannotTest, DiagnosticTest, chi2_test

WHITE_CELLS = 1e7  # that its auxiliary regression may hold


def breusch_pagan(evidence: Evidence) -> DiagnosticTest:
    """Koenker's form: n·R² of e² on X (Koenker 1981)."""
    return _share_test("breusch_pagan", evidence, evidence.squares_on_columns)


def breusch_pagan_classic(evidence: Evidence) -> DiagnosticTest:
    """Half the explained sum of squares of e²/σ̂² on X (Breusch and Pagan 1979)."""
    return _score_test("breusch_pagan_classic", evidence.squares_on_columns)


def ncv(evidence: Evidence) -> DiagnosticTest:
    """The classic test on ŷ alone (Cook and Weisberg 1983)."""
    return _score_test("ncv", evidence.explain_squares(evidence.predictor()))


def white(evidence: Evidence) -> DiagnosticTest:
    """n·R² of e² on all columns, their squares and products (White 1980)."""
    n, d = evidence.X.shape
    count = d * (d + 3) // 2
    if n * count > WHITE_CELLS:
        raise CannotTest(
            f"its {count} columns of {n} rows are too much to hold; the special form needs two"
        )
    Z = _centred(evidence.X)  # which spans the same quadratics, and costs no digits
    first, second = np.triu_indices(d)
    quadratics = np.column_stack([Z, Z[:, first] * Z[:, second]])
    return _share_test("white", evidence, evidence.explain_squares(quadratics))


def white_special(evidence: Evidence) -> DiagnosticTest:
    """n·R² of e² on ŷ and ŷ² (Wooldridge's form of White's test)."""
    t = evidence.predictor()
    found = evidence.explain_squares(np.column_stack([t, t**2]))
    return _share_test("white_special", evidence, found)


def _share_test(key: str, evidence: Evidence, found: Explained) -> DiagnosticTest:
    if np.abs(evidence.squares - 1.0).max() <= evidence.n * EPSILON:
        raise CannotTest("every residual has the same size: e² has no spread to explain")
    return chi2_test(key, evidence.n * found.share, found.freedom)


def _score_test(key: str, found: Explained) -> DiagnosticTest:
    return chi2_test(key, found.explained / 2.0, found.freedom)


def _centred(columns: Array) -> Array:
    """Columns (n, q) less their means, at most 1 in size; 0 where only rounding would be left."""
    shifted = columns - columns.mean(axis=0)
    largest = np.abs(shifted).max(axis=0)
    constant = largest <= len(columns) * EPSILON * np.abs(columns).max(axis=0)
    return np.where(constant, 0.0, shifted / np.where(constant, 1.0, largest))
