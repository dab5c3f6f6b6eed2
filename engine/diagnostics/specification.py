"""The functional form: Ramsey's RESET."""

import numpy as np

from engine.diagnostics.scaled_fit import ScaledFit
from engine.diagnostics.test_result import CannotTest, DiagnosticTest, f_test
from engine.wording import plural


def reset(fit: ScaledFit, power: int) -> DiagnosticTest:
    """F of ŷ², …, ŷ^power added to the fit (Ramsey 1969).

    The powers of ŷ itself are nearly collinear with 1 and ŷ: on data such as Longley's, no digit
    of F would be right. With an intercept, powers of (ŷ − mean)/largest span the same columns.
    """
    t = fit.predictor(centred=fit.intercept)
    auxiliary = fit.explain_residuals(fit.powers(t, power))
    if auxiliary.df == 0:
        count = len(np.unique(fit.fitted))
        raise CannotTest(
            f"ŷ takes {plural(count, 'different value')}: its powers are combinations of "
            "the columns and add nothing"
        )
    residual_df = fit.n - fit.rank - auxiliary.df
    statistic = (auxiliary.explained_ss / auxiliary.df) / (auxiliary.residual_ss / residual_df)
    return f_test("reset", statistic, (auxiliary.df, residual_df))
