"""On the screen too, printed factors make the printed term, and printed terms the printed sum."""

import math
import re
from decimal import Decimal
from itertools import takewhile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Network, Trainer
from engine.explain import (
    Definition,
    Explanation,
    Name,
    Product,
    Quantity,
    Quotient,
    Sum,
    Symbol,
    explain,
    number,
)
from engine.explain.models.scalars import explain_bend, explain_distance
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import num
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.panes.explanation.worked_terms import term_lines

FIGURE = r"[+−]?(?:\d+\.?\d*(?:e−?\d+)?)"
TERM = re.compile(rf"(− )?((?:{FIGURE} × *)+{FIGURE}) ([=≈]) +({FIGURE})$")
VALUE = re.compile(rf"(≈ +)?({FIGURE})$")


def shown(explanation, width=60, height=40):
    lines = term_lines(explanation, Sheet(DARK, UNICODE, True, width, height))
    return ["".join(span.text for span in line) for line in lines]


def parsed(text):
    return Decimal(text.replace("−", "-").replace("+", ""))


def half_unit(value):
    return Decimal(5).scaleb(value.as_tuple().exponent - 1)


def check(lines):
    """Recompute the terms and the sums of one column; how many terms, how many ≈."""
    terms, nearly, total = 0, 0, Decimal(0)
    for line in lines:
        line = re.sub(r"× +", "× ", line)
        if found := TERM.search(line):
            product = Decimal(-1 if found[1] else 1)
            for factor in re.findall(FIGURE, found[2]):
                product *= parsed(factor)
            value = parsed(found[4])
            if found[3] == "=":
                assert abs(product - value) <= half_unit(value), line
            terms, nearly = terms + 1, nearly + (found[3] == "≈")
            total += value
        elif (found := VALUE.search(line)) and not re.match(r" *[×÷] ", line):
            value = parsed(found[2])
            if line.startswith(("w", "b", "+", "δ", "mean(b")):
                total, terms = total + value, terms + 1
                continue
            if terms:
                if not found[1]:
                    assert abs(total - value) <= half_unit(value), lines
                return terms, nearly
    return terms, nearly


def products(pairs):
    return tuple(
        Product((Symbol(Name("w", 1, (1, k)), w), Symbol(Name("x", None, (k,)), x)))
        for k, (w, x) in enumerate(pairs, start=1)
    )


def of_sum(expression):
    symbol = Symbol(Name("z", 1, (1,)), expression.value)
    return Explanation(symbol, (), (Definition(symbol, expression),), (), "")


FIGURES = st.integers(-(10**6), 10**6).map(lambda n: n / 10**6)
SIZES = st.sampled_from([1e-3, 0.1, 1.0, 30.0])


@given(
    st.lists(st.tuples(FIGURES, SIZES, FIGURES, SIZES), min_size=1, max_size=30),
    st.sampled_from([40, 60, 74]),
)
@settings(max_examples=80)
def test_printed_products_make_the_printed_sum(numbers, width):
    pairs = [(a * size, b * scale) for a, size, b, scale in numbers]
    lines = shown(of_sum(Sum(products(pairs))), width)
    terms, nearly = check(lines)
    assert terms == len(pairs)
    if width == 74:
        assert not nearly


def test_the_terms_of_an_update_make_its_printed_result():
    # −0.2154 − 0.0152 = −0.231, where −0.215 − 0.015 would be −0.230
    w, g = Symbol(Name("w", 3, (1, 1)), -0.21543), Symbol(Name("x"), 0.50646)
    change = Product((Symbol(Name("w", 1, (1, 2)), -0.03), g))
    lines = shown(of_sum(Sum((w, change))), 50)
    assert [line.split()[-1] for line in lines if re.search(r"\d$", line)] == [
        "−0.2154",
        "−0.0152",
        "−0.231",
    ]


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_sums_of_a_step_are_those_of_their_terms_at_every_width(activation):
    trainer = Trainer(Experiment(dataset="circle", hidden=(4, 3), activation=activation))
    trainer.step(30)
    step, found = trainer.take_apart(), 0
    for kind in ("z", "gradient"):
        for layer in (1, 2, 3):
            for unit in range(step.network.sizes[layer]):
                explanation = explain(step, Quantity(kind, layer, unit, 0))
                for width in (40, 60, 74):
                    found += check(shown(explanation, width))[0]
    assert found > 200


def test_a_mean_divides_the_printed_sum():
    rng = np.random.default_rng(1)
    for _ in range(50):
        pairs = rng.normal(size=(7, 2)).tolist()
        mean = Quotient(Sum(products(pairs)), number(7))
        lines = shown(of_sum(mean))
        total, result = (
            parsed(line.split()[-1])
            for line in lines
            if line.startswith(("sum", "z"))
            if not line.endswith("term")
        )
        assert abs(total / 7 - result) <= half_unit(result)


def test_where_there_is_no_room_for_the_digits_the_sign_says_so():
    # 12.34567·2.345678 needs more digits than fit beside so long a name
    pair = Product((Symbol(Name("w", 1, (1, 1)), 12.34567), Symbol(Name("x" * 12), 2.345678)))
    (term, *_) = (
        line for line in shown(of_sum(Sum((pair, pair, pair, pair, pair))), 46) if "×" in line
    )
    assert "≈" in term


def distance_of_coefficients():
    network, fit = np.array([[-0.098941], [-0.034832], [-0.026281]]), np.array([0.003918, -0.04112])
    return explain_distance(network, np.array([[*fit, -0.023912]]).T)


def bend_of_a_layer():
    network = Network([2, 4, 3, 1], activation="relu", output="tanh", seed=0)
    X = np.random.default_rng(0).normal(size=(20, 2))
    return explain_bend(network, X, (1,))


@pytest.mark.parametrize("made", [distance_of_coefficients, bend_of_a_layer])
@pytest.mark.parametrize("width", [40, 60, 88])
def test_a_formula_is_whole_where_there_are_lines_for_it_and_its_numbers_make_the_result(
    made, width
):
    lines = shown(made(), width, 20)
    assert not any("…" in line for line in lines)
    start = next(i for i, line in enumerate(lines) if line.startswith("  = "))
    formula = " ".join(takewhile(str.strip, lines[start:]))
    for old, new in (("=", ""), ("−", "-"), ("²", "**2"), ("√", "math.sqrt"), ("|", "")):
        formula = formula.replace(old, new)
    result = shown(made(), 200, 20)[-1].split()[-1]
    assert num(abs(eval(formula, {"math": math}))).strip() == result


def test_a_formula_gives_way_to_what_else_has_to_stand_there():
    lines = shown(distance_of_coefficients(), 40, 4)
    assert len(lines) == 4 and "…" in "".join(lines)
