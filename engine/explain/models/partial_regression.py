"""One coefficient of least squares, worked out: β̂_j = Σ w r y / Σ w r².

r is what is left of column j when it is regressed on the other columns (Frisch & Waugh 1933;
Lovell 1963; Greene, Econometric Analysis, 7th ed. 2012, thm 3.2). Columns are those that the fit
keeps, ``position`` counts them from 0.
"""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array
from engine.explain.explanation import Definition, Matrix
from engine.explain.expression import Expression, Power, Product, Quotient, Sum, Symbol
from engine.least_squares.hat_matrix import orthonormal
from engine.least_squares.ols import OlsFit
from engine.notation import Name


def equation(fit: OlsFit, response: str, position: int | None) -> tuple[Matrix | str, ...]:
    """β̂ = (XᵀX)⁻¹ Xᵀy, of the columns that are kept."""
    kept, factor = fit.solution.kept, fit.solution.factor()
    W, weights = ("", 1.0) if fit.weights is None else (" W ", fit.weights)
    with np.errstate(all="ignore"):  # powers too large for a float are inf
        products = fit.design[:, kept].T @ (weights * fit.y)
        inverse = factor @ factor.T
    return (
        Matrix(Name("β̂"), fit.coefficients[kept][:, np.newaxis], position, 0),
        "=",
        Matrix(Name(f"(Xᵀ{W}X)", mark="⁻¹"), inverse, position),
        Matrix(Name(f"Xᵀ{W}{response}"), products[:, np.newaxis]),
    )


def definitions(
    symbol: Symbol, fit: OlsFit, response: str, position: int
) -> tuple[Definition, ...]:
    """rᵀWy, rᵀWr, and their quotient."""
    weights = fit.weights
    counting = np.arange(len(fit.y)) if weights is None else np.flatnonzero(weights)
    rows = [(int(i) + 1,) for i in counting]
    r = _named("r", rows, left_over(fit, position)[counting])
    y = _named(response, rows, fit.y[counting])
    w: list[tuple[Symbol, ...]] = [()] * len(rows)
    if weights is not None:
        w = [(w_i,) for w_i in _named("w", rows, weights[counting])]
    products: list[Expression] = [
        Product((*factor, r_i, y_i)) for factor, r_i, y_i in zip(w, r, y, strict=True)
    ]
    squares: list[Expression] = [
        Product((*factor, Power(r_i, 2))) if factor else Power(r_i, 2)
        for factor, r_i in zip(w, r, strict=True)
    ]
    W = "" if weights is None else " W "
    over, under = Sum(tuple(products)), Sum(tuple(squares))
    along = Symbol(Name(f"rᵀ{W}{response}"), over.value)
    length = Symbol(Name(f"rᵀ{W}r"), under.value)
    return (
        Definition(along, over),
        Definition(length, under),
        Definition(symbol, Quotient(along, length)),
    )


def left_over(fit: OlsFit, position: int) -> Array:
    """r (n,): a kept column regressed on the other kept ones; 0 where an example has no weight.

    The pseudo-inverse of √W X has the rows √w r / Σ w r²: no power of x need be formed.
    """
    roots = np.ones(len(fit.y)) if fit.weights is None else np.sqrt(fit.weights)
    columns = [j - fit.intercept for j in fit.solution.kept[fit.intercept :]]
    Q = orthonormal(fit.basis[:, columns], roots, fit.intercept)
    row = Q @ fit.solution.factor()[position]
    with np.errstate(all="ignore"):
        left: Array = np.where(roots > 0.0, row / roots, 0.0) / (row @ row)
    return left


def _named(base: str, rows: Sequence[tuple[int, ...]], values: Array) -> list[Symbol]:
    return [Symbol(Name(base, indices=i), v) for i, v in zip(rows, values.tolist(), strict=True)]
