"""Measures of constructed curves: last layers, given knots, polynomials, the rate of the width."""

import numpy as np

from engine.approximation.knot_fit import fit_knots, fit_last_layer
from engine.approximation.knot_search import even_knots
from engine.approximation.sweep import METHODS, fitted_exponent, width_sweep
from engine.approximation.targets import TARGETS
from engine.arrays import Array
from engine.errors import EngineError
from engine.least_squares.line_cost import squares_of
from engine.least_squares.polynomial_path import PolynomialCost, polynomial_path
from engine.measures.measure import UNITS, Argument, Measure, Measures
from engine.measures.moment import Moment

WIDTHS = (33, 65, 129)  # at which the law of the error shows
MOST_KNOTS = 200
DEGREE = Argument("degree", least=0, most=30)


def last_layer_cost(moment: Moment) -> float:
    """C of OLS on the last hidden layer's activations, in the data's units."""
    squares = squares_of(moment.loss)
    best = fit_last_layer(moment.network, moment.inputs, moment.targets, "fast")
    return squares * best.cost * moment.prepared.cost_scale


def knots_cost(moment: Moment, knots: int) -> float:
    """C of OLS on 1, x and relu(x − k) with so many evenly spaced knots, in the data's units."""
    x, y = _curve(moment)
    fit = fit_knots(x, y, even_knots(float(x.min()), float(x.max()), knots), "fast")
    return squares_of(moment.loss) * fit.cost


def polynomial_cost(moment: Moment, degree: int) -> float:
    """C of the least-squares polynomial over the training examples."""
    return squares_of(moment.loss) * _polynomial(moment, degree).train_cost


def polynomial_test_cost(moment: Moment, degree: int) -> float:
    """C of the least-squares polynomial over the test examples; EngineError without any."""
    moment.check_test()
    return squares_of(moment.loss) * _polynomial(moment, degree).test_cost


def line_test_cost(moment: Moment) -> float:
    """C of the least-squares line over the test examples; EngineError without any."""
    return polynomial_test_cost(moment, 1)


def polynomial_condition(moment: Moment, degree: int) -> float:
    """The condition number of 1, x, …, x^degree at the training examples."""
    return _polynomial(moment, degree).condition_number


def _polynomial(moment: Moment, degree: int) -> PolynomialCost:
    x, y = _curve(moment)
    data = moment.prepared.dataset
    test = (data.X[data.test, 0], data.Y[data.test, 0]) if len(data.test) else None
    return polynomial_path(x, y, [degree], test).costs[0]


def _curve(moment: Moment) -> tuple[Array, Array]:
    """x and y of the training examples, in the data's units."""
    data = moment.prepared.dataset
    if data.X.shape[1] != 1 or data.Y.shape[1] != 1 or data.task != "regression":
        raise EngineError("a curve is of one input and one target that is a number")
    return data.X[data.train, 0], data.Y[data.train, 0]


def width_exponent(moment: Moment, method: str, target: str = "sine") -> float:
    """e of the law: largest error = c·widthᵉ, of a construction of ``METHODS`` for a target of
    ``TARGETS``. It does not depend on the run."""
    *_, sweep = width_sweep(TARGETS[target], WIDTHS, [method])
    points = [point for point in sweep.points if point.method == method]
    return fitted_exponent([p.width for p in points], [p.largest for p in points])


CURVE = "of a curve, 1 input and 1 target, with a quadratic loss"

CURVES: Measures = {
    "last_layer_cost": Measure(
        "C of OLS on the last hidden layer", last_layer_cost, UNITS, "with a quadratic loss"
    ),
    "knots_cost": Measure(
        "C of OLS with evenly spaced knots",
        knots_cost,
        UNITS,
        f"{CURVE} and several examples",
        (Argument("knots", least=0, most=MOST_KNOTS),),
    ),
    "polynomial_cost": Measure("C of a polynomial", polynomial_cost, UNITS, CURVE, (DEGREE,)),
    "polynomial_test_cost": Measure(
        "C of a polynomial over the test examples",
        polynomial_test_cost,
        UNITS,
        f"{CURVE} and test examples",
        (DEGREE,),
    ),
    "line_test_cost": Measure(
        "C of the least-squares line over the test examples",
        line_test_cost,
        UNITS,
        f"{CURVE} and test examples",
    ),
    "polynomial_condition": Measure(
        "condition number of a polynomial", polynomial_condition, "1 or more", CURVE, (DEGREE,)
    ),
    "width_exponent": Measure(
        "exponent of the largest error by width",
        width_exponent,
        "−2 for the interpolant, −1 for steps; no matter which run",
        "",
        (
            Argument(
                "method", tuple(name for name, one in METHODS.items() if np.isfinite(one.exponent))
            ),
            Argument("target", tuple(TARGETS), default="sine"),
        ),
        of_any=True,
    ),
}
"""By name."""
