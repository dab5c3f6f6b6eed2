"""One coefficient of least squares as a partial regression: β̂_j = Σ w r y / Σ w r².

r is the residual of column j regressed on the other columns (Frisch & Waugh 1933; Lovell 1963;
Greene, Econometric Analysis, 7th ed. 2012, thm 3.2). ``position`` is the position of the column
among those that the fit keeps, from 0.
"""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array
from engine.errors import ShapeError
from engine.explain.explanation import Definition, Matrix
from engine.explain.expression import Expression, Power, Product, Quotient, Sum, Symbol
from engine.least_squares.hat_matrix import orthonormal
from engine.least_squares.ols import OlsFit
from engine.notation import Name
from engine.wording import plural


def equation(fit: OlsFit, response: str, position: int | None) -> tuple[Matrix | str, ...]:
    """β̂ = (XᵀX)⁻¹ Xᵀy, for the columns that the fit keeps."""
    kept, factor = fit.solution.kept, fit.solution.factor()
    W, weights = ("", 1.0) if fit.weights is None else (" W ", fit.weights)
    with np.errstate(all="ignore"):  # powers beyond float64 are inf
        products = fit.design[:, kept].T @ (weights * fit.y)
        inverse = factor @ factor.T
    return (
        Matrix(Name("β̂"), fit.coefficients[kept][:, np.newaxis], position, 0),
        "=",
        Matrix(Name(f"(Xᵀ{W}X)", mark="⁻¹"), inverse, position),
        Matrix(Name(f"Xᵀ{W}{response}"), products[:, np.newaxis]),
    )


def definitions(
    symbol: Symbol, fit: OlsFit, response: str, position: int, numbers: Sequence[int] | None = None
) -> tuple[Definition, ...]:
    """rᵀWy, rᵀWr, and their quotient.

    ``numbers``: the numbers of the fit's examples (None: 1 … n). ShapeError if there are not n.
    """
    weights = fit.weights
    used = np.arange(len(fit.y)) if weights is None else np.flatnonzero(weights)
    if numbers is None:
        numbers = range(1, len(fit.y) + 1)
    elif len(numbers) != len(fit.y):
        raise ShapeError(f"{plural(len(numbers), 'number')} for {plural(len(fit.y), 'example')}")
    rows = [(numbers[i],) for i in used.tolist()]
    r = _named("r", rows, column_residuals(fit, position)[used])
    y = _named(response, rows, fit.y[used])
    w: list[tuple[Symbol, ...]] = [()] * len(rows)
    if weights is not None:
        w = [(w_i,) for w_i in _named("w", rows, weights[used])]
    products: list[Expression] = [
        Product((*factor, r_i, y_i)) for factor, r_i, y_i in zip(w, r, y, strict=True)
    ]
    squares: list[Expression] = [
        Product((*factor, Power(r_i, 2))) if factor else Power(r_i, 2)
        for factor, r_i in zip(w, r, strict=True)
    ]
    W = "" if weights is None else " W "
    numerator, denominator = Sum(tuple(products)), Sum(tuple(squares))
    r_y = Symbol(Name(f"rᵀ{W}{response}"), numerator.value)
    r_r = Symbol(Name(f"rᵀ{W}r"), denominator.value)
    return (
        Definition(r_y, numerator),
        Definition(r_r, denominator),
        Definition(symbol, Quotient(r_y, r_r)),
    )


def column_residuals(fit: OlsFit, position: int) -> Array:
    """r (n,): the residuals of a kept column regressed on the others; 0 for examples of weight 0.

    The rows of the pseudo-inverse of √W X are √w r / Σ w r², so no power of x has to be formed.
    """
    roots = np.ones(len(fit.y)) if fit.weights is None else np.sqrt(fit.weights)
    columns = [j - fit.intercept for j in fit.solution.kept[fit.intercept :]]
    Q = orthonormal(fit.basis[:, columns], roots, fit.intercept)
    row = Q @ fit.solution.factor()[position]
    with np.errstate(all="ignore"):
        r: Array = np.where(roots > 0.0, row / roots, 0.0) / (row @ row)
    return r


def _named(base: str, rows: Sequence[tuple[int, ...]], values: Array) -> list[Symbol]:
    return [Symbol(Name(base, indices=i), v) for i, v in zip(rows, values.tolist(), strict=True)]
