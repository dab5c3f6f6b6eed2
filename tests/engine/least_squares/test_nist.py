"""Digits correct on NIST's reference sets for linear regression (StRD), against 40 digits.

Longley, Filip and Pontius are the sets that packages are known to fail on.
"""

import json
from fractions import Fraction
from math import inf, log10
from pathlib import Path

import numpy as np
import pytest

import engine

FOLDER = Path(__file__).parents[2] / "reference" / "nist"
SETS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.iterdir())
}


def fit(nist, text: bool) -> engine.OlsFit:
    x, y = (nist["x_str"], nist["y_str"]) if text else (nist["x"], nist["y"])
    if nist["design"]["kind"] == "polynomial":
        return engine.polynomial([row[-1] for row in x], y, nist["design"]["degree"])
    return engine.ols(x, y, intercept=nist["design"]["intercept"])


def digits(got, true) -> float:
    """The least number of correct digits, -log10 of the relative error."""
    worst = inf
    for value, text in zip(np.atleast_1d(got), np.atleast_1d(true), strict=True):
        truth = Fraction(str(text))
        error = abs(Fraction(float(value)) - truth) / (abs(truth) or 1)
        worst = min(worst, -log10(error) if error else inf)
    return worst


def test_there_are_eleven_sets():
    assert len(SETS) == 11


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("text", "bar"), [(False, 13.0), (True, 15.0)])
def test_all_of_the_summary_has_its_digits(name, text, bar):
    """From float64 the rounding of the data sets a limit: 13.2 digits on Wampler2."""
    nist = SETS[name]
    answer, truth = fit(nist, text), nist["exact40"]
    assert answer.method == "exact"
    assert digits(answer.coefficients, truth["coef"]) >= bar
    if float(truth["ssr"]) == 0.0:  # Wampler1 and 2 fit exactly
        assert answer.ssr < 1e-28
        assert answer.r_squared == 1.0
        return
    assert digits(answer.standard_errors, truth["se"]) >= bar
    assert digits(answer.residual_sd, truth["residual_sd"]) >= bar
    assert digits(answer.r_squared, truth["r_squared"]) >= bar
    assert digits(answer.f_statistic, truth["F"]) >= bar
    assert answer.residuals @ answer.residuals == pytest.approx(float(truth["ssr"]), rel=1e-12)


def test_decimals_that_float64_cannot_hold_fit_exactly():
    for name in ("Wampler1", "Wampler2"):
        exact = fit(SETS[name], text=True)
        assert exact.ssr == 0.0
        assert not exact.residuals.any()
