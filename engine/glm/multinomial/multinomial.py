"""Fitting a multinomial logit model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Bools, Ints
from engine.data.exact_input import check_finite, check_least, read_numbers
from engine.errors import DataError, ShapeError
from engine.glm.design import independent, standardised
from engine.glm.multinomial.fit import MultinomialFit
from engine.glm.multinomial.newton import ClassData, newton
from engine.wording import plural


def multinomial(
    X: ArrayLike,
    labels: ArrayLike,
    intercept: bool = True,
    weights: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    classes: Sequence[object] | None = None,
    max_iterations: int = 100,
) -> MultinomialFit:
    """Fit the multinomial logit model log(P_j/P_0) = xᵀβ_j, by Newton's method.

    It is the one-layer network with softmax and cross-entropy, at its maximum (Agresti 2013,
    Categorical Data Analysis, 3rd ed., §8.1). Columns that are linear combinations of earlier ones
    are left out. Separated classes have no maximum: ``converged`` and ``note`` say so.

    Arguments:
        X: numbers (n, d) or (n,).
        labels: the class of each example (n,), texts or numbers.
        intercept: whether to add a column of ones.
        weights: factors (n,) of the log-likelihoods, such as how often a row was seen; None: 1.
        names: d names of the columns; None: x1, x2, …
        classes: the labels in order, the reference first; None: sorted.
        max_iterations: the maximum number of steps.

    Returns:
        A MultinomialFit.

    Raises:
        ShapeError: if arrays or names do not fit each other.
        DataError: if a number is not finite, a label is not in ``classes``, or fewer than two
            classes have examples.

    Example:
        >>> import engine
        >>> fit = engine.multinomial([1, 2, 3, 4, 5, 6], list("abacbc"))
        >>> fit.coefficients.round(3).tolist(), round(fit.deviance, 3)
        ([[-2.441, 0.911], [-6.374, 1.821]], 9.217)
    """
    x, given, w = _checked(X, labels, weights)
    n = len(x)
    columns = [f"x{i}" for i in range(1, x.shape[1] + 1)] if names is None else [*names]
    if len(columns) != x.shape[1]:
        raise ShapeError(
            f"multinomial: {plural(len(columns), 'name')} for {plural(x.shape[1], 'column')}"
        )
    order = sorted(set(given)) if classes is None else list(classes)
    codes = _codes(given, order)
    used = np.ones(n, dtype=np.bool_) if w is None else w > 0.0
    _check_classes(codes[used], order)
    return _fitted(x, codes, order, w, used, columns, intercept, max_iterations)


def _fitted(
    x: Array,
    codes: Ints,
    order: list[Any],
    w: Array | None,
    used: Bools,
    columns: list[str],
    intercept: bool,
    max_iterations: int,
) -> MultinomialFit:
    n = len(x)
    kept = independent(x[used], intercept, columns)
    Z, back = standardised(x[used], kept, intercept)
    if not Z.shape[1]:
        raise DataError("multinomial: there is no column to fit; add an intercept")
    problem = ClassData(Z, codes[used], np.ones(used.sum()) if w is None else w[used], len(order))
    with np.errstate(all="ignore"):
        path = newton(problem, max_iterations)
    return MultinomialFit(
        classes=tuple(order),
        design=np.column_stack([np.ones(n), x]) if intercept else x,
        labels=codes,
        weights=w,
        names=("intercept", *columns) if intercept else tuple(columns),
        intercept=intercept,
        dropped=tuple(name for i, name in enumerate(columns) if i not in kept),
        problem=problem,
        path=path,
        back=back,
    )


def _checked(
    X: ArrayLike, labels: ArrayLike, weights: ArrayLike | None
) -> tuple[Array, list[Any], Array | None]:
    """X (n, d), the labels and the weights (n,), with shapes and numbers checked."""
    x, given = read_numbers(X, "X").floats, np.asarray(labels)
    x = x[:, None] if x.ndim == 1 else x
    n = len(x)
    if x.ndim != 2 or given.shape != (n,) or not n:
        raise ShapeError(
            f"multinomial takes X (n, d) and labels (n,); it got {x.shape} and {given.shape}"
        )
    check_finite(x, "X")
    w = None if weights is None else read_numbers(weights, "weights").floats
    if w is not None:
        if w.shape != (n,):
            raise ShapeError(f"multinomial: weights has shape {w.shape}, not ({n},)")
        check_least(w, 0.0, "weights")
    return x, given.tolist(), w


def _codes(labels: list[Any], order: list[Any]) -> Ints:
    """The places (n,) of the labels in the order; DataError where one is not there."""
    places = {label: i for i, label in enumerate(order)}
    unknown = [label for label in labels if label not in places]
    if unknown:
        raise DataError(f"multinomial: label {unknown[0]!r} is not among the classes")
    return np.array([places[label] for label in labels], dtype=np.intp)


def _check_classes(codes: Ints, order: list[Any]) -> None:
    """DataError unless there are two classes, and each has an example of weight above 0."""
    if len(order) < 2:
        raise DataError("multinomial: there is one class; it takes two or more")
    empty = [label for i, label in enumerate(order) if not (codes == i).any()]
    if empty:
        raise DataError(f"multinomial: class {empty[0]!r} has no example")
