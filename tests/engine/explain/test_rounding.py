"""The printed numbers of an explanation make its printed result, to the last digit."""

import re
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.explain import (
    Definition,
    Explanation,
    Minus,
    Name,
    Product,
    Quantity,
    Sum,
    Symbol,
    explain,
    number,
    numeric,
    written,
)
from engine.explain.functions import value_of
from engine.explain.models.linear_pieces import explain_piece
from engine.explain.models.scalars import explain_cost

NAMES = {
    **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "abs", "sign", "cos", "sin")},
    **{name: getattr(np, name) for name in ("tanh", "log1p", "expm1", "maximum")},
    "Phi": lambda x: value_of("Φ", x),
    "phi": lambda x: value_of("φ", x),
    "sigmoid": lambda x: value_of("sigmoid", x),
}


def half_unit(text):
    """Half of what the last printed digit stands for."""
    return 0.5 * 10.0 ** Decimal(text).as_tuple().exponent


def assert_reproduced(explanation):
    """Each number is within half a unit of its last digit of what the printed numbers make."""
    lines = written(explanation, "ascii").splitlines()
    found = 0
    for above, line in pairwise(lines):
        value = re.fullmatch(r" *= (-?[\d.]+(?:e[+-]\d+)?)", line)
        numbers = re.match(r".*?= (.*?)(?:  \(.*\))?$", above)
        if not value or not numbers or re.search(r"[a-zA-Z]\(?\d?\)?\[", numbers[1]):
            continue
        made = eval(numbers[1], NAMES)
        assert abs(made - float(value[1])) <= half_unit(value[1]) * (1 + 1e-9), (above, line)
        found += 1
    return found


def published():
    """0.1·0.5597 + (−0.3)·0.387, with the digits that the first two factors have."""
    factors = (0.1, 0.55972), (-0.3, 0.38699)
    terms = tuple(
        Product((Symbol(Name("w", 1, (1, k)), w), Symbol(Name("x", None, (k,)), x)))
        for k, (w, x) in enumerate(factors, start=1)
    )
    symbol = Symbol(Name("z", 1, (1,)), Sum(terms).value)
    return Explanation(symbol, (), (Definition(symbol, Sum(terms)),), (), "")


def test_the_sum_that_missed_its_last_digit_has_the_digits_it_takes():
    text = written(published())
    assert "= 0.1 · 0.5597 + (−0.3) · 0.387" not in text  # they make −0.06013
    assert "= 0.1 · 0.55972 + (−0.3) · 0.38699\n" in text
    assert "= −0.06012\n" in text
    assert assert_reproduced(published()) == 1


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"activation": "tanh", "optimizer": "adam", "l1": 0.01, "l2": 0.1},
        {"dataset": "xor", "output": "softmax", "loss": "cross_entropy", "activation": "sigmoid"},
        {"activation": "gelu", "optimizer": "rmsprop", "batch_size": 64},
    ],
)
def test_every_number_of_a_training_step_is_what_its_printed_numbers_make(options):
    trainer = engine.Trainer(
        engine.Experiment(**{"dataset": "circle", "hidden": (4, 3), **options})
    )
    trainer.step(20)
    step, found = trainer.take_apart(), 0
    for microstep in step.microsteps:
        for unit in range(step.network.sizes[microstep.layer]):
            found += assert_reproduced(
                explain(step, Quantity(microstep.kind, microstep.layer, unit, 0))
            )
    assert found > 30


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_every_map_of_a_random_network_is_what_its_printed_numbers_make(seed):
    rng = np.random.default_rng(seed)
    network = engine.Network([2, *rng.integers(1, 6, rng.integers(1, 4)), 1], "leaky_relu")
    network.parameters[...] = rng.normal(size=network.parameters.size)
    for input in (0, 1, None):
        assert_reproduced(explain_piece(network, rng.normal(size=2), 0, input))


def test_what_no_digits_make_is_marked_as_nearly_equal():
    symbol = Symbol(Name("a"), 0.5)
    wrong = Explanation(symbol, (), (Definition(symbol, Symbol(Name("b"), 0.25)),), (), "")
    assert "≈ 0.5" in written(wrong)
    assert "~ 0.5" in written(wrong, "ascii")
    assert r"&\approx 0.5" in written(wrong, "latex")
    assert "≈" not in written(published())


def test_counts_are_printed_whole():
    mean = Minus(Product((number(12_345.0), Symbol(Name("a"), 2.0))))
    assert numeric(mean, digits=3) == "−12345 · 2"
    assert mean.value == -24690.0


def test_the_mean_over_one_example_is_said_in_the_singular():
    trainer = engine.Trainer(engine.Experiment(dataset="circle", hidden=(2,), batch_size=1))
    for kind in ("cost", "gradient", "a"):
        text = written(explain(trainer.take_apart(), Quantity(kind, 1, 0, 0)))
        assert "the one example of the batch, its number in brackets" in text
    assert "of the one training example." in written(explain_cost([2.0]))
    assert "over all 2 training examples." in written(explain_cost([2.0, 3.0]))
