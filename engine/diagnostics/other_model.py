"""Tests of the residuals of any model, such as a network, beside a least-squares fit."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.diagnostics import autocorrelation, normality, variance
from engine.diagnostics.outcomes import Outcomes
from engine.diagnostics.scaled_fit import ScaledFit, scaled_residuals
from engine.diagnostics.test_result import CannotTest, DiagnosticTest
from engine.errors import DataError, ShapeError
from engine.least_squares.ols import OlsFit

NEEDS_FIT = {
    "breusch_godfrey": "it takes residuals from which the columns are fitted by least squares",
    "reset": "it compares two least-squares fits",
    "cooks_distance": "it needs the hat matrix of a least-squares fit",
    "studentised": "it needs the hat matrix of a least-squares fit",
    "leverage": "it is the diagonal of the hat matrix of a least-squares fit",
}
"""The diagnostics that can be asked of a least-squares fit alone, and why."""


@dataclass(frozen=True, eq=False)
class ModelDiagnosis(Outcomes):
    """Tests of residuals y − ŷ whose ŷ is not of least squares, each computed on first access.

    Attributes:
        fit: a least-squares fit of the same y, without weights: the tests of constant variance
            look for a spread that changes along its columns.
        fitted: ŷ (n,) of the model.
        lags: the number of lags in the Ljung–Box test.
        rows_have_order: as in ``Diagnosis``.

    Example:
        >>> import engine
        >>> x, y = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [0.1, 0.9, 4.2, 8.8, 16.1, 24.9]
        >>> model = engine.diagnose_model(engine.ols(x, y), [value**2 for value in x])
        >>> print(f"{model.test('jarque_bera').statistic:.3f}")
        0.563
        >>> model.test("reset") is None, model.note("reset")
        (True, 'it compares two least-squares fits')
    """

    fit: OlsFit
    fitted: Array
    lags: int = 1
    rows_have_order: bool = True

    @cached_property
    def evidence(self) -> ScaledFit:
        """The scaled residuals; CannotTest if there are none."""
        return scaled_residuals(self.fit, self.fitted)

    def _made(self, key: str) -> DiagnosticTest:
        if key in NEEDS_FIT:
            raise CannotTest(NEEDS_FIT[key])
        if key in ("durbin_watson", "ljung_box") and self.evidence and not self.rows_have_order:
            raise CannotTest("the order of the rows means nothing in these data")
        if key == "ljung_box":
            return autocorrelation.ljung_box(self.evidence, self.lags)
        return MODEL_TESTS[key](self.evidence)


MODEL_TESTS: dict[str, Callable[[ScaledFit], DiagnosticTest]] = {
    "breusch_pagan": variance.breusch_pagan,
    "breusch_pagan_classic": variance.breusch_pagan_classic,
    "ncv": variance.ncv,
    "white": variance.white,
    "white_special": variance.white_special,
    "durbin_watson": autocorrelation.durbin_watson_of_any,
    "jarque_bera": normality.jarque_bera,
    "omnibus": normality.omnibus,
    "shapiro": normality.shapiro,
}


def diagnose_model(
    fit: OlsFit, fitted: ArrayLike, lags: int = 1, rows_have_order: bool = True
) -> ModelDiagnosis:
    """Ask of the residuals of any model what can be asked without a least-squares fit.

    A model such as a network assumes none of it: its ŷ need no normal errors of equal variance.
    The p-values are those of residuals from which nothing was fitted; with many examples for each
    parameter this makes little difference.

    Arguments:
        fit: a least-squares fit of the same y, without weights.
        fitted: ŷ (n,) of the model.
        lags: the number of lags in the Ljung–Box test.
        rows_have_order: whether the order of the rows means something, such as time.

    Returns:
        A ModelDiagnosis, which computes each test on first access.

    Raises:
        ShapeError: there are not as many ŷ as y.
        DataError: the fit has weights, or lags < 1.

    Example:
        >>> import engine
        >>> fit = engine.ols([1, 2, 3, 4, 5, 6], [1.1, 1.9, 3.2, 3.9, 5.3, 5.8])
        >>> model = engine.diagnose_model(fit, fit.fitted)
        >>> abs(model.test("shapiro").statistic - engine.diagnose(fit).shapiro.statistic) < 1e-12
        True
    """
    values = np.array(fitted, dtype=np.float64)
    if values.shape != fit.y.shape:
        raise ShapeError(f"there are {fit.y.shape} y and {values.shape} ŷ")
    if fit.weights is not None or lags < 1:
        raise DataError("diagnose_model takes a fit without weights, and lags ≥ 1")
    return ModelDiagnosis(fit, values, lags, rows_have_order)
