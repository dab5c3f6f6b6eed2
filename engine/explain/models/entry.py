"""Explanations of models: linear pieces, collapsed layers, fitted coefficients, costs, counts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import Function, Minus, Power, Quotient, Sum, Symbol, number
from engine.explain.models.coefficients import explain_coefficient, explain_glm_coefficient
from engine.explain.models.linear_pieces import explain_collapsed, explain_piece
from engine.explain.models.region_counts import explain_count
from engine.notation import Name

__all__ = [
    "explain_coefficient",
    "explain_collapsed",
    "explain_cost",
    "explain_count",
    "explain_distance",
    "explain_glm_coefficient",
    "explain_piece",
]


def explain_cost(
    costs: ArrayLike, data: str = "training", numbers: Sequence[int] | None = None
) -> Explanation:
    """C over some data, the mean of C_x (n,) of its examples, which go by ``numbers`` (None: 1 …
    n). ShapeError without any, or with another number of numbers."""
    each = np.asarray(costs, dtype=np.float64)
    if each.ndim != 1 or not each.size:
        raise ShapeError(f"costs have shape {each.shape}; they must be (n,), n ≥ 1")
    numbers = range(1, each.size + 1) if numbers is None else numbers
    if len(numbers) != each.size:
        raise ShapeError(f"{len(numbers)} numbers for {each.size} examples")
    named = zip(numbers, each.tolist(), strict=True)
    terms = tuple(Symbol(Name("C_x", example=i), c) for i, c in named)
    mean = Quotient(Sum(terms), number(each.size))
    symbol = Symbol(Name("C"), mean.value)
    return Explanation(
        symbol=symbol,
        equation=(
            Matrix(Name("C"), np.array([[mean.value]])),
            "=",
            Name(f"1/{each.size}"),
            Name("Σ"),
            Matrix(Name("C_x"), each[np.newaxis]),
        ),
        definitions=(Definition(symbol, mean),),
        meaning=("The mean of ", Name("C_x"), f" over all {each.size} {data} examples."),
        code="C = C_x.mean()",
    )


def explain_distance(network: ArrayLike, fit: ArrayLike) -> Explanation:
    """‖β − β̂‖, the Euclidean distance of two arrays of coefficients, (p,) or (p, k) of k outputs.

    Row 0 is the intercept. ShapeError where the arrays are not of one such shape.
    """
    beta, best = (np.asarray(values, dtype=np.float64) for values in (network, fit))
    if beta.shape != best.shape or beta.ndim not in (1, 2) or not beta.size:
        raise ShapeError(f"coefficients have shapes {beta.shape} and {best.shape}: no distance")
    if beta.shape[1:] == (1,):
        beta, best = beta[:, 0], best[:, 0]
    squares = tuple(
        Power(Sum((_entry("β", at, b), Minus(_entry("β̂", at, best[at])))), 2)
        for at, b in np.ndenumerate(beta)
    )
    root = Function("sqrt", Sum(squares))
    symbol = Symbol(Name("‖β − β̂‖"), root.value)
    difference = (beta - best).reshape(1, -1)
    return Explanation(
        symbol=symbol,
        equation=(
            Name("‖β − β̂‖²"),
            "=",
            Matrix(Name("(β − β̂)ᵀ"), difference),
            Matrix(Name("(β − β̂)"), difference.T),
        ),
        definitions=(Definition(symbol, root),),
        meaning=(
            "How far the network's affine map is from that of least squares, the root of the "
            "squared differences of all coefficients; 0 where descent has arrived.",
        ),
        code="np.linalg.norm(beta - beta_ols)",
    )


def _entry(base: str, at: tuple[int, ...], value: Array | float) -> Symbol:
    """β_j; with several outputs β_j of one of them, counted from 1."""
    j, *output = at
    return Symbol(Name(base, indices=(j, *(k + 1 for k in output))), float(value))
