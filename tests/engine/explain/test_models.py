"""Explanations of pieces, collapses, coefficients, counts: their terms are the models' numbers."""

import json
import math
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.errors import EngineError, NotAffineError, NotPiecewiseLinearError, ShapeError
from engine.explain import Matrix, equation_text, numeric, symbolic, symbols, written
from engine.explain.models.coefficients import explain_coefficient, explain_glm_coefficient
from engine.explain.models.linear_pieces import (
    MapOperands,
    explain_collapsed,
    explain_piece,
)
from engine.explain.models.partial_regression import column_residuals
from engine.explain.models.region_counts import cuts, explain_count
from engine.explain.models.scalars import explain_cost, explain_distance
from engine.notation import Name

SEEDS = st.integers(0, 2**32 - 1)
REFERENCE = Path(__file__).parents[2] / "reference"
TRUE_COUNTS = json.loads((REFERENCE / "regions.json").read_text(encoding="utf-8"))
BOX = ((-1.0, 1.0), (-1.0, 1.0))


def assert_adds_up(explanation, tolerance=1e-12):
    """Every definition's terms are its symbol's value, as data and as text, the last the symbol's;
    its equation's matrices multiply out."""
    assert explanation.definitions[-1].symbol == explanation.symbol
    for definition in explanation.definitions:
        value, expression = definition.symbol.value, definition.expression
        assert expression.value == pytest.approx(value, rel=tolerance, abs=tolerance)
        text = numeric(expression, "ascii", 17)
        evaluated = eval(text, {"sqrt": math.sqrt, "maximum": max})
        assert evaluated == pytest.approx(expression.value, rel=1e-12, abs=1e-12)
    assert written(explanation, "ascii").isascii()
    latex = written(explanation, "latex")
    assert latex.count("{") == latex.count("}")


def multiplied_out(equation):
    """The right side of an equation of matrices, sums of products."""
    total, product = 0.0, None
    for part in (*equation[2:], "+"):
        if isinstance(part, Matrix):
            product = part.values if product is None else product @ part.values
        elif part == "+":
            total, product = total + (0.0 if product is None else product), None
        else:
            assert part == Name("0")
    return total


# pieces and collapses


def random_network(rng, names):
    """Any sizes, with or without bias and skip connections, of such hidden layers."""
    sizes = [int(n) for n in rng.integers(1, 5, rng.integers(2, 6))]
    pairs = combinations(range(len(sizes)), 2)
    skips = [(s, t) for s, t in pairs if sizes[s] == sizes[t] and rng.random() < 0.4]
    hidden = [str(name) for name in rng.choice(names, len(sizes) - 2)]
    network = engine.Network(sizes, hidden, bias=bool(rng.random() < 0.7), skips=skips)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    return network


@given(SEEDS)
@settings(max_examples=30)
def test_the_map_of_every_layer_at_x_is_the_sum_of_its_terms(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, ["relu", "leaky_relu", "identity"])
    x = rng.normal(size=network.sizes[0])
    for layer in range(1, len(network.sizes)):
        z = network.forward(x[None]).z[layer - 1][0]
        for output in range(network.sizes[layer]):
            slopes = [explain_piece(network, x, output, i, layer) for i in range(network.sizes[0])]
            offset = explain_piece(network, x, output, None, layer)
            for explanation in (*slopes, offset):
                assert_adds_up(explanation)
                left, right = explanation.equation[0].values, multiplied_out(explanation.equation)
                np.testing.assert_allclose(left - right, 0.0, rtol=0, atol=1e-12)
            found = sum(e.symbol.value * x_i for e, x_i in zip(slopes, x, strict=True))
            assert found + offset.symbol.value == pytest.approx(z[output], rel=1e-10, abs=1e-10)


@given(SEEDS)
@settings(max_examples=30)
def test_a_collapse_is_the_sum_of_its_terms(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, ["identity"])
    W, b = engine.collapse(network)
    for output in range(len(W)):
        for i in (*range(network.sizes[0]), None):
            explanation = explain_collapsed(network, output, i)
            assert_adds_up(explanation)
            assert explanation.symbol.value == (b[output] if i is None else W[output, i])
            np.testing.assert_allclose(
                multiplied_out(explanation.equation) - explanation.equation[0].values,
                0.0,
                rtol=0,
                atol=1e-12,
            )


@given(SEEDS)
@settings(max_examples=20)
def test_every_partial_product_in_an_explanation_is_explained_with_the_same_value(seed):
    rng = np.random.default_rng(seed)
    linear = seed % 2 == 0
    network = random_network(rng, ["identity"] if linear else ["relu", "leaky_relu", "identity"])
    x = np.zeros(network.sizes[0]) if linear else rng.normal(size=network.sizes[0])
    operands, last = MapOperands(network, x), len(network.weights)
    pending = [explain_piece(network, x, 0, i) for i in (*range(network.sizes[0]), None)]
    if linear:
        pending += [explain_collapsed(network, 0, i) for i in (0, None)]
    seen = {}
    while pending:
        explanation = pending.pop()
        for definition in explanation.definitions:
            for symbol in symbols(definition.expression):
                if symbol.name is None or symbol.name in seen:
                    continue
                explain = seen[symbol.name] = operands(symbol.name)
                if explain is None:  # what is given: weights, biases and inputs
                    assert symbol.name.base in ("w", "b", "x")
                    continue
                found = explain()
                assert_adds_up(found, 1e-10)
                assert found.symbol.name == symbol.name
                assert found.symbol.value == pytest.approx(symbol.value, rel=1e-9, abs=1e-10)
                pending.append(found)
    assert last == 1 or len(seen) > 2


def test_the_biases_of_the_layers_stand_apart_each_with_what_it_comes_to():
    network = engine.Network.from_arrays(
        [[[1.0], [2.0]], [[3.0, 4.0]], [[5.0]]], [[1.0, 0.5], [0.25], [0.125]], "identity"
    )
    found = explain_collapsed(network, 0)
    assert symbolic(found.definitions[0].expression) == ("(W⁽³⁾W⁽²⁾b⁽¹⁾)₁ + (W⁽³⁾b⁽²⁾)₁ + b⁽³⁾₁")
    assert [term.value for term in found.definitions[0].expression.terms] == [25.0, 1.25, 0.125]
    assert found.symbol.value == 26.375


def test_the_equations_of_pieces_are_products_of_weights_and_slopes():
    network = engine.Network([2, 4, 3, 1], "relu")
    slope, offset = (explain_piece(network, [0.3, -0.2], 0, i) for i in (1, None))
    assert equation_text(slope) == "A⁽³⁾ = W⁽³⁾ D⁽²⁾ W⁽²⁾ D⁽¹⁾ W⁽¹⁾"
    assert equation_text(offset) == ("c⁽³⁾ = W⁽³⁾ D⁽²⁾ W⁽²⁾ D⁽¹⁾ b⁽¹⁾ + W⁽³⁾ D⁽²⁾ b⁽²⁾ + b⁽³⁾")
    terms = symbolic(slope.definitions[0].expression)
    assert terms.startswith("w⁽³⁾₁₁ σ′(z⁽²⁾₁) A⁽²⁾₁₂ + w⁽³⁾₁₂ σ′(z⁽²⁾₂) A⁽²⁾₂₂ + ")
    hidden = explain_piece(network, [0.3, -0.2], 2, 0, layer=2).definitions[0].expression
    assert symbolic(hidden).startswith("w⁽²⁾₃₁ σ′(z⁽¹⁾₁) w⁽¹⁾₁₁ + ")
    deep = engine.Network([2, 2, 2, 2, 2], "relu", skips=[(0, 4), (2, 4)])
    equation = equation_text(explain_piece(deep, [0.3, -0.2], 0, 1))
    assert equation == "A⁽⁴⁾ = W⁽⁴⁾ D⁽³⁾ A⁽³⁾ + I + D⁽²⁾ A⁽²⁾"
    linear = engine.Network([2, 4, 3, 1], "identity")
    assert equation_text(explain_collapsed(linear, 0, 0)) == "W_z = W⁽³⁾ W⁽²⁾ W⁽¹⁾"
    offset = equation_text(explain_collapsed(linear, 0))
    assert offset == "b_z = W⁽³⁾ W⁽²⁾ b⁽¹⁾ + W⁽³⁾ b⁽²⁾ + b⁽³⁾"


def test_the_numpy_line_computes_the_map():
    network = engine.Network([2, 3, 3, 2], ["relu", "leaky_relu"], skips=[(1, 2)], seed=3)
    network.parameters[...] = np.random.default_rng(1).normal(size=network.parameters.size)
    x = np.array([0.4, -0.7])
    names = {"W": network.weights, "b": network.biases, "np": np, "A": [None] * 3, "c": [None] * 3}
    names["z"] = [z[0] for z in network.forward(x[None]).z]
    for layer in (1, 2, 3):
        exec(explain_piece(network, x, 0, 0, layer).code, names)
        exec(explain_piece(network, x, 0, None, layer).code, names)
    expected = engine.affine_at(network, x)
    np.testing.assert_allclose(names["A"][2], expected.W, rtol=0, atol=1e-13)
    np.testing.assert_allclose(names["c"][2], expected.b, rtol=0, atol=1e-13)


# regression


def published(name):
    data = engine.Trainer(engine.Experiment(dataset=name, hidden=())).prepared.dataset
    return engine.ols(data.X, data.Y[:, 0])


def filip():
    """NIST's polynomial of degree 10, its condition number near 10¹⁵."""
    data = json.loads((REFERENCE / "nist" / "Filip.json").read_text(encoding="utf-8"))
    return engine.polynomial(np.ravel(data["x"]), np.ravel(data["y"]), 10)


RNG = np.random.default_rng(5)
X, Y = RNG.normal(size=(20, 3)) + 100.0, RNG.normal(size=20)
FITS = {
    **{name: partial(published, name) for name in ("mtcars", "longley", "stackloss", "anscombe-1")},
    "filip": filip,
    "weighted": lambda: engine.ols(X, Y, weights=np.arange(20.0)),
    "no intercept": lambda: engine.ols(X, Y, intercept=False),
    "dependent": lambda: engine.ols(X[:, [0, 1, 1, 2]], Y),
    "fast": lambda: engine.ols(X, Y, method="fast"),
}


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_a_coefficient_is_what_the_rest_of_its_column_says_of_y(fit):
    fit = fit()
    largest = np.abs(fit.coefficients).max()
    for term, coefficient in enumerate(fit.coefficients):
        explanation = explain_coefficient(fit, term)
        assert explanation.symbol.value == coefficient
        recombined = explanation.definitions[-1].expression.value
        assert abs(recombined - coefficient) <= 1e-9 * largest
        assert_adds_up(explanation, 1e-9)
        if fit.names[term] in fit.dropped:
            assert coefficient == 0.0


@pytest.mark.parametrize("weighted", [False, True])
def test_what_is_closed_of_a_column_are_its_residuals_on_the_others(weighted):
    rng = np.random.default_rng(2)
    X, w = rng.normal(size=(15, 4)) + 10.0, rng.uniform(0.5, 2.0, 15) if weighted else None
    fit = engine.ols(X, rng.normal(size=15), weights=w)
    for term in range(5):
        others = np.delete(fit.design, term, axis=1)
        expected = engine.ols(others, fit.design[:, term], intercept=False, weights=w).residuals
        np.testing.assert_allclose(column_residuals(fit, term), expected, rtol=0, atol=1e-11)


def test_a_coefficient_names_the_examples_by_the_numbers_that_it_is_given():
    fit = engine.ols([1.0, 2.0, 6.0], [2.0, 3.0, 5.0])
    along = explain_coefficient(fit, 1, [4, 30, 127]).definitions[0].expression
    assert symbolic(along) == "r₄ y₄ + r₃₀ y₃₀ + r₁₂₇ y₁₂₇"
    glm = engine.glm([1.0, 2.0, 3.0, 5.0], [0, 1, 0, 1])
    along = explain_glm_coefficient(glm, 1, [2, 5, 9, 254]).definitions[0].expression
    assert symbolic(along).endswith("w₂₅₄ r₂₅₄ u₂₅₄")
    with pytest.raises(ShapeError, match="2 numbers for 3 examples"):
        explain_coefficient(fit, 1, [4, 30])


def test_the_slope_of_one_column_is_by_its_distances_from_the_mean():
    x, y = np.array([1.0, 2.0, 6.0]), np.array([2.0, 3.0, 5.0])
    explanation = explain_coefficient(engine.ols(x, y), 1)
    assert equation_text(explanation) == "β̂ = (XᵀX)⁻¹ Xᵀy"
    along, length, slope = explanation.definitions
    assert symbolic(along.expression) == "r₁ y₁ + r₂ y₂ + r₃ y₃"
    assert along.symbol.value == pytest.approx((x - 3.0) @ y, rel=1e-14)
    assert length.symbol.value == pytest.approx((x - 3.0) @ (x - 3.0), rel=1e-14)
    assert symbolic(slope.expression) == "rᵀy / rᵀr"


GLMS = [("binomial", None), ("binomial", "cloglog"), ("poisson", None), ("gamma", "log")]


@pytest.mark.parametrize(("family", "link"), [*GLMS, ("gaussian", None)])
@pytest.mark.parametrize("plain", [True, False])
def test_a_glm_coefficient_is_least_squares_on_the_working_response(family, link, plain):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(60, 2)) + 3.0
    X = np.column_stack([X[:, 0], X[:, 0] * 2.0, X[:, 1]])  # the second is left out
    y = {
        "binomial": rng.integers(0, 2, 60),
        "poisson": rng.poisson(2.0, 60),
        "gamma": rng.gamma(2.0, size=60),
        "gaussian": rng.normal(size=60),
    }[family]
    more = {} if plain else {"weights": rng.integers(0, 3, 60), "offset": 0.1 * X[:, 2]}
    fit = engine.glm(X, y, family, link, **more)
    assert fit.converged and fit.dropped == ("x2",)
    for term, coefficient in enumerate(fit.coefficients):
        explanation = explain_glm_coefficient(fit, term)
        assert explanation.symbol.value == coefficient
        assert_adds_up(explanation, 1e-9)


def test_grouped_successes_weigh_as_many_trials():
    trials = np.array([10.0, 20.0, 15.0, 30.0])
    fit = engine.glm([1.0, 2.0, 3.0, 4.0], [2.0, 7.0, 8.0, 24.0], trials=trials)
    for term in (0, 1):
        assert_adds_up(explain_glm_coefficient(fit, term), 1e-10)


# counts


def count_of(explanation):
    assert_adds_up(explanation)
    return explanation.symbol.value


@pytest.mark.parametrize("case", TRUE_COUNTS["degenerate"], ids=lambda case: case["name"])
def test_chords_and_crossings_make_the_regions_counted_by_hand(case):
    network = engine.Network.from_arrays(case["weights"], case["biases"])
    regions = engine.linear_regions(network, case["box"])
    assert count_of(explain_count(network, regions)) == case["activation_regions"]


@given(SEEDS)
@settings(max_examples=60)
def test_chords_and_crossings_make_the_regions(seed):
    rng = np.random.default_rng(seed)
    hidden = rng.integers(1, 9, rng.integers(0, 4))
    network = engine.Network([2, *hidden, 2], "leaky_relu" if seed % 3 == 0 else "relu")
    if seed % 2:  # parallels, copies, and many lines through one point
        network.parameters[...] = rng.integers(-2, 3, network.parameters.size) / 3.0
    else:
        network.parameters[...] = rng.normal(size=network.parameters.size)
    regions = engine.linear_regions(network, BOX)
    assert count_of(explain_count(network, regions)) == regions.activation_count
    assert count_of(explain_count(network, regions, linear=True)) == regions.linear_count


def test_the_chords_of_one_layer_are_the_lines_that_meet_the_box_and_cross_where_pairs_do():
    rng = np.random.default_rng(3)
    W, b = rng.normal(size=(12, 2)), rng.normal(size=12)
    network = engine.Network.from_arrays([W, np.ones((1, 12))], [b, np.zeros(1)])
    corners = np.array([[x, y] for x in (-1.0, 1.0) for y in (-1.0, 1.0)])
    z = corners @ W.T + b
    met = [i for i in range(12) if z[:, i].min() < 0.0 < z[:, i].max()]
    points = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for i, j in combinations(met, 2)]
    inside = sum(bool(np.abs(point).max() < 1.0) for point in points)
    assert cuts(network, engine.linear_regions(network, BOX)) == ((len(met), inside),)


def test_pieces_of_a_line_are_its_knots_and_one():
    rng = np.random.default_rng(0)
    for seed in range(20):
        network = engine.Network([1, 5, 4, 1], seed=seed)
        network.parameters[...] = rng.normal(size=network.parameters.size)
        found = engine.knots(network, (-3.0, 3.0))
        pieces = explain_count(network, found, linear=True)
        assert count_of(pieces) == len(found.x) + 1
        of_first_layer = pieces.definitions[0].expression.terms[1].value
        at = -network.biases[0] / network.weights[0][:, 0]
        assert of_first_layer <= np.count_nonzero(np.abs(at) < 3.0)
        assert count_of(explain_count(network, found)) == found.activation_count


# costs and distances


def test_a_cost_is_the_mean_and_a_distance_the_root_of_squares():
    cost = explain_cost([1.0, 2.5, 4.0])
    assert_adds_up(cost)
    assert cost.symbol.value == 2.5
    for shape in ((2,), (2, 1), (1, 2)):
        distance = explain_distance(np.reshape([1.0, 2.0], shape), np.reshape([4.0, 6.0], shape))
        assert_adds_up(distance)
        assert distance.symbol.value == 5.0
    one = explain_distance([[1.0], [2.0]], [[4.0], [6.0]])
    assert symbolic(one.definitions[0].expression) == "√((β₀ − β̂₀)² + (β₁ − β̂₁)²)"


LINE = engine.ols([1.0, 2.0, 4.0], [1.0, 3.0, 2.0])
NETWORK = engine.Network([2, 3, 1], "relu")


@pytest.mark.parametrize(
    ("ask", "kind", "says"),
    [
        (lambda: explain_coefficient(LINE, 2), ShapeError, "0 to 1, intercept, x1"),
        (lambda: explain_piece(NETWORK, [0, 0], 1, 0), ShapeError, "layer 2 has 1 unit"),
        (lambda: explain_piece(NETWORK, [0, 0], 0, 2), ShapeError, "the network has 2"),
        (lambda: explain_piece(NETWORK, [0, 0], 0, 0, 3), ShapeError, "layers are 1 to 2"),
        (lambda: explain_collapsed(NETWORK, 0, 0), NotAffineError, "layer 1 is not linear"),
        (lambda: explain_cost([]), ShapeError, "n ≥ 1"),
        (lambda: explain_distance([1.0], [1.0, 2.0]), ShapeError, "no distance"),
        (
            lambda: explain_piece(engine.Network([1, 2, 1], "tanh"), [0.0], 0, 0),
            NotPiecewiseLinearError,
            "hidden layer 1 is curved",
        ),
        (
            lambda: explain_glm_coefficient(engine.glm([1.0, 2, 3, 4], [0, 0, 1, 1]), 1),
            EngineError,
            "complete separation",
        ),
    ],
)
def test_mistakes_say_what_is_wrong(ask, kind, says):
    with pytest.raises(kind, match=says):
        ask()
