"""Explanations of the coefficients of least squares and of generalised linear models.

At its maximum, the fit of a generalised linear model is weighted least squares on the response
z + (y − μ)·dz/dμ (McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989, §2.5).
"""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from engine.arrays import Array
from engine.errors import EngineError, ShapeError
from engine.explain.explanation import Definition, Explanation
from engine.explain.expression import Symbol, number
from engine.explain.models.partial_regression import definitions, equation
from engine.glm.fit import GlmFit
from engine.least_squares.ols import OlsFit, ols
from engine.notation import Name, decimal
from engine.wording import plural


def explain_coefficient(
    fit: OlsFit, term: int, numbers: Sequence[int] | None = None
) -> Explanation:
    """The coefficient of column ``term`` of the fit's design, from 0, the intercept first.

    ``numbers``: the numbers of the fit's n examples in their data set (None: 1 … n). ShapeError if
    there is no such column, or there are not n numbers.
    """
    column = _column(term, fit.names)
    symbol = Symbol(_beta(term, fit.intercept), float(fit.coefficients[term]))
    code = "beta = np.linalg.lstsq(X, y)[0]"
    if fit.weights is not None:
        code = "beta = np.linalg.lstsq(np.sqrt(w)[:, None] * X, np.sqrt(w) * y)[0]"
    if term not in fit.solution.kept:
        return _left_out(symbol, column, fit, "y", code)
    position = fit.solution.kept.index(term)
    error = _standard_error(fit.standard_errors[term], fit.freedom)
    return Explanation(
        symbol=symbol,
        equation=equation(fit, "y", position),
        definitions=definitions(symbol, fit, "y", position, numbers),
        meaning=(column, f": {_meaning_of_r(fit, position)}{error}"),
        code=code,
    )


def explain_glm_coefficient(
    fit: GlmFit, term: int, numbers: Sequence[int] | None = None
) -> Explanation:
    """The coefficient of column ``term`` of the model's design, from 0, the intercept first.

    ``numbers`` as in ``explain_coefficient``. EngineError if the fit has not converged, ShapeError
    if there is no such column.
    """
    column = _column(term, fit.names)
    if not fit.converged:
        raise EngineError(f"these coefficients are not a solution: {fit.note}")
    symbol = Symbol(_beta(term, fit.intercept), float(fit.coefficients[term]))
    code = "beta = np.linalg.solve(X.T @ (w[:, None] * X), X.T @ (w * u))"
    working = working_fit(fit)
    if not fit.kept[term]:
        return _left_out(symbol, column, working, "u", code)
    position = int(np.count_nonzero(fit.kept[:term]))
    error = _standard_error(fit.standard_errors[term], None)
    score = decimal(float(fit.design[:, term] @ _scores(fit)), digits=1)
    return Explanation(
        symbol=symbol,
        equation=equation(working, "u", position),
        definitions=definitions(symbol, working, "u", position, numbers),
        meaning=(
            column,
            ": at its maximum the model is least squares on the working response ",
            *(Name("u"), " = ", Name("z + (y − μ)"), " ", Name("dz/dμ")),
            ", weighted by each example's expected information w; ",
            f"{_meaning_of_r(working, position)}{error} The log-likelihood's derivative by the "
            f"coefficient is {score} here: 0, but for rounding.",
        ),
        code=code,
    )


def working_fit(fit: GlmFit) -> OlsFit:
    """The weighted regression of one more iteration of IRLS, on the columns that the fit keeps."""
    eta = fit.linear_predictor
    response = eta.copy() if fit.offset is None else eta - fit.offset
    with np.errstate(all="ignore"):
        weights = _prior(fit) * fit.model.information(eta)
    informative = weights > 0.0  # the other weights have underflowed
    response[informative] += _scores(fit)[informative] / weights[informative]
    columns = fit.design[:, fit.kept][:, fit.intercept :]
    return ols(columns, response, fit.intercept, np.where(informative, weights, 0.0))


def _scores(fit: GlmFit) -> Array:
    """The derivative of each example's log-likelihood by z (n,), without dispersion."""
    prior = _prior(fit)
    with np.errstate(all="ignore"):
        scores = fit.model.score(fit.linear_predictor, fit.y)
    return np.where(prior > 0.0, prior * scores, 0.0)


def _prior(fit: GlmFit) -> Array:
    weights = np.ones(len(fit.y)) if fit.weights is None else fit.weights
    return weights if fit.trials is None else weights * fit.trials


def _column(term: int, names: tuple[str, ...]) -> Name:
    """The name of the column."""
    if term not in range(len(names)):
        raise ShapeError(f"no term {term}: they are 0 to {len(names) - 1}, {', '.join(names)}")
    return Name(names[term])


def _beta(term: int, intercept: bool) -> Name:
    """β̂₀ for the intercept, β̂_j for x_j."""
    return Name("β̂", indices=(term if intercept else term + 1,))


def _meaning_of_r(fit: OlsFit, position: int) -> str:
    """r in words."""
    weighted = "" if fit.weights is None else "weighted "
    if fit.rank == 1:
        return "r is the column itself, the only one."
    if fit.rank == 2 and fit.intercept and position == 1:
        return f"r is the column less its {weighted}mean."
    return (
        f"r is what is left of the column after {weighted}regression on the others; only that "
        "part counts (Frisch, Waugh, Lovell)."
    )


def _standard_error(error: float, df: int | None) -> str:
    if not isfinite(error):
        return ""
    degrees = "" if df is None else f", with {plural(df, 'degree')} of freedom"
    return f" Standard error {decimal(error)}{degrees}."


def _left_out(symbol: Symbol, column: Name, fit: OlsFit, response: str, code: str) -> Explanation:
    return Explanation(
        symbol=symbol,
        equation=equation(fit, response, None),
        definitions=(Definition(symbol, number(0.0)),),
        meaning=(column, " is a combination of other columns: it is left out, as if 0."),
        code=code,
    )
