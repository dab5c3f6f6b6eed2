"""Explanations of a training step: their terms are its numbers, in every notation."""

import math
import re
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erfcx, expit, exprel, log_ndtr, logsumexp, ndtr, softmax

import engine
from engine.errors import ShapeError
from engine.explain import (
    Example,
    Function,
    Maximum,
    Minus,
    Name,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
    Symbol,
    equation_text,
    explain,
    meaning_text,
    number,
    numeric,
    symbolic,
    values_of,
    written,
)
from engine.explain.models.scalars import explain_in_words
from engine.network.activations import ACTIVATIONS, OUTPUTS
from engine.network.losses import LOSSES
from engine.network.output_logs import MEANS
from engine.training.microsteps import MicroStep
from engine.training.optimizers import OPTIMIZERS

SEEDS = st.integers(0, 2**32 - 1)
PAIRS = [
    (output, loss.name)
    for loss in LOSSES.values()
    for output in OUTPUTS
    if loss.outputs is None or output in (loss.canonical, *loss.outputs)
]
OF_BATCH = ("cost", "gradient", "penalty", "update")
PYTHON = {
    "exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "sqrt": np.sqrt,
    "abs": abs, "sign": np.sign, "maximum": np.maximum, "tanh": np.tanh, "sin": np.sin,
    "cos": np.cos, "sigmoid": expit, "Phi": ndtr,
    "phi": lambda x: np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A random step with an example apart from it."""

    step: engine.training.microsteps.TrainingStep
    example: Example


def random_case(rng, output, loss, optimizer, steps=3, scale=0.5):
    """A case whose outputs are possible means: elsewhere the equations have logarithms of what is
    not positive, and the engine calls the cost infinite; on the edge it takes 0 ln 0 for 0."""
    while True:
        case = any_case(rng, output, loss, optimizer, steps, scale)
        passes = case.step.batch, case.example.backward
        edge = any(np.isin(p.forward.a[-1], (0.0, 1.0)).any() for p in passes)
        if np.isfinite([p.loss for p in passes]).all() and (loss == "quadratic" or not edge):
            return case


def any_case(rng, output, loss, optimizer, steps, scale):
    """Any sizes, activations, skip connections, penalties, frozen parameters, with or without
    bias, some steps on."""
    k = int(rng.integers(2, 4)) if output == "softmax" else int(rng.integers(1, 4))
    hidden = rng.integers(1, 4, rng.integers(0, 4))
    sizes = [2, *hidden, k]
    names = [str(name) for name in rng.choice([*ACTIVATIONS], len(hidden))]
    pairs = combinations(range(len(sizes)), 2)
    skips = [(s, t) for s, t in pairs if sizes[s] == sizes[t] and rng.random() < 0.4]
    network = engine.Network(sizes, names, output, bias=bool(rng.random() < 0.7), skips=skips)
    network.parameters[...] = rng.normal(0.0, scale, network.parameters.size)
    X = rng.normal(size=(9, 2))
    Y = rng.uniform(0.1, 0.9, (9, k))
    if rng.random() < 0.5:
        Y = np.round(Y) + (loss == "gamma")
    if loss == "cross_entropy":
        Y = np.eye(k)[rng.integers(0, k, 9)]
    trainer = engine.Trainer.from_arrays(
        network, X, Y, loss, optimizer, learning_rate=1e-3, batch_size=int(rng.integers(1, 5))
    )
    l1, l2 = rng.choice([0.0, 0.03], 2)
    frozen = rng.choice(network.parameters.size, rng.integers(0, 2), replace=False)
    trainer.change(l1=float(l1), l2=float(l2), frozen=tuple(int(i) for i in frozen))
    trainer.seek(steps)
    if trainer.divergence:  # an output is no possible mean
        trainer.seek(0)
    row = int(rng.integers(9))
    backward = engine.backpropagate(trainer.network, X[row : row + 1], Y[row : row + 1], loss)
    return Case(trainer.take_apart(), Example(row + 1, backward, Y[row]))


def quantities(step):
    """Every number of every micro-step."""
    for microstep in step.microsteps:
        kind, layer = microstep.kind, microstep.layer
        units, inputs = step.network.sizes[layer], step.network.sizes[layer - 1]
        if kind in ("example_cost", "cost"):
            yield Quantity(kind, layer)
        elif kind in ("z", "a", "delta"):
            yield from (Quantity(kind, layer, j) for j in range(units))
        else:
            ks = [*range(inputs), *([None] if step.network.bias else [])]
            yield from (Quantity(kind, layer, j, k) for j in range(units) for k in ks)


def scale(expression):
    """The size of the largest number on the way: what rounding is relative to."""
    match expression:
        case Symbol():
            inner = []
        case Sum(terms) | Product(terms):
            inner = terms
        case Minus(of) | Function(_, of):
            inner = [of]
        case Quotient(x, y) | Maximum(x, y):
            inner = [x, y]
        case Power(base, _):
            inner = [base]
    return max([abs(expression.value), *map(scale, inner)])


def same(x, y, scale=0.0):
    if not (math.isfinite(x) and math.isfinite(y)):
        return x == y or (math.isnan(x) and math.isnan(y))
    return abs(x - y) <= 1e-12 * max(abs(x), abs(y), scale)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@settings(max_examples=3)
@given(seed=SEEDS)
def test_terms_recombine_to_the_number_that_the_step_computes(output, loss, seed):
    rng = np.random.default_rng([seed, PAIRS.index((output, loss))])  # other cases for each pair
    case = random_case(rng, output, loss, str(rng.choice([*OPTIMIZERS])))
    with np.errstate(all="ignore"):
        for example in (case.example, None):
            for quantity in quantities(case.step):
                if example and quantity.kind in OF_BATCH:
                    continue  # it is explained without an example
                explanation = explain(case.step, quantity, example)
                values = values_of(case.step, MicroStep(quantity.kind, quantity.layer), example)
                at = quantity.unit if quantity.kind in ("z", "a", "delta") else 0
                if values.ndim == 2:
                    at = quantity.unit, -1 if quantity.input is None else quantity.input
                assert same(explanation.symbol.value, values[at])
                assert explanation.definitions[-1].symbol == explanation.symbol
                for definition in explanation.definitions:
                    size = scale(definition.expression)
                    assert same(definition.expression.value, definition.symbol.value, size)
                    text = numeric(definition.expression, "ascii", digits=17)
                    python = float(eval(text, {"__builtins__": {}, "inf": math.inf}, PYTHON))
                    assert same(python, definition.expression.value, size)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@settings(max_examples=2)
@given(seed=SEEDS)
def test_the_factors_of_the_chain_rule_are_those_of_the_engine(output, loss, seed):
    rng = np.random.default_rng([seed, PAIRS.index((output, loss))])
    case = random_case(rng, output, loss, "sgd")
    network, example = case.step.network, case.example
    for quantity in quantities(case.step):
        if quantity.kind == "delta":
            of_delta = explain(case.step, quantity, example, by_factors=True)
            plain = explain(case.step, quantity, example)
            assert of_delta.symbol == plain.symbol
            assert repr(of_delta.check) == repr(plain.check)
            product = of_delta.definitions[-1].expression
            assert same(product.value, plain.symbol.value, 1e3 * scale(product))
        if quantity.kind != "example_gradient":
            continue
        explanation = explain(case.step, quantity, example, by_factors=True)
        X, Y = example.backward.forward.a[0], example.target[None, :]
        at = {"layer": quantity.layer, "unit": quantity.unit, "input": quantity.input}
        chain = engine.chain_rule(network, X, Y, loss, backward=example.backward, **at)
        values = {}
        for definition in explanation.definitions:
            assert definition.symbol.name is not None
            values.setdefault(definition.symbol.name.base, []).append(definition.symbol.value)
        np.testing.assert_allclose(values["∂C_x/∂a"], chain.cost_by_a, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(values["∂a/∂z"], chain.a_by_z, rtol=1e-12, atol=1e-15)
        assert values["∂z/∂w" if quantity.input is not None else "∂z/∂b"] == [chain.z_by_w]
        product = explanation.definitions[-1].expression
        assert same(product.value, chain.gradient, 1e3 * scale(product))
        assert same(explanation.symbol.value, chain.gradient)
        assert written(explanation, "ascii").isascii()
        assert is_balanced(written(explanation, "latex"))


def test_the_chain_rule_by_name():
    step, example = step_of((2, 3, 2), "tanh", skips=[(0, 2)])
    chain = explain(step, Quantity("example_gradient", 1, 2, 0), example, by_factors=True)
    assert lines(chain) == [
        "∂C_x/∂w⁽¹⁾₃₁ = ∂C_x/∂a⁽¹⁾₃ · ∂a/∂z⁽¹⁾₃ · ∂z/∂w⁽¹⁾₃₁",
        "∂C_x/∂a⁽¹⁾₃ = w⁽²⁾₁₃ δ⁽²⁾₁ + w⁽²⁾₂₃ δ⁽²⁾₂",
        "σ′(z⁽¹⁾₃) = 1 − (a⁽¹⁾₃)²",
        "∂a/∂z⁽¹⁾₃ = σ′(z⁽¹⁾₃)",
        "∂z/∂w⁽¹⁾₃₁ = x₁",
        "∂C_x/∂w⁽¹⁾₃₁ = ∂C_x/∂a⁽¹⁾₃ ∂a/∂z⁽¹⁾₃ ∂z/∂w⁽¹⁾₃₁",
    ]
    assert chain.check.passed
    of_delta = explain(step, Quantity("delta", 1, 2), example, by_factors=True)
    assert lines(of_delta) == [
        "δ⁽¹⁾₃ = ∂C_x/∂a⁽¹⁾₃ · ∂a/∂z⁽¹⁾₃",
        *lines(chain)[1:4],
        "δ⁽¹⁾₃ = ∂C_x/∂a⁽¹⁾₃ ∂a/∂z⁽¹⁾₃",
    ]
    assert "The first is W⁽²⁾ᵀ δ⁽²⁾, what comes back" in meaning_text(of_delta)
    assert of_delta.check.passed
    step, example = step_of((2, 2), output="softmax", loss="cross_entropy")
    chain = explain(step, Quantity("example_gradient", 1, 0), example, by_factors=True)
    assert lines(chain)[0] == "∂C_x/∂b⁽¹⁾₁ = (J⁽¹⁾ᵀ ∂C_x/∂a⁽¹⁾) · ∂z/∂b⁽¹⁾₁"
    assert lines(chain)[-1] == (
        "∂C_x/∂b⁽¹⁾₁ = (∂C_x/∂a⁽¹⁾₁ ∂a/∂z⁽¹⁾₁₁ + ∂C_x/∂a⁽¹⁾₂ ∂a/∂z⁽¹⁾₂₁) ∂z/∂b⁽¹⁾₁"
    )


def environment(step, forward, deltas, Y, costs):
    """What the lines of NumPy are about; copies, as they write."""
    network = step.network

    def parts(vector, prefix):
        vector = vector.copy()
        matrices = engine.network.network.layer_views(vector, network.sizes, network.bias)
        inputs = network.sizes[:-1]
        split = [(M[:, :m], M[:, m:].reshape(-1)) for M, m in zip(matrices, inputs, strict=True)]
        return {f"{prefix}W": [W for W, _ in split], f"{prefix}b": [b for _, b in split]}

    slots = dict(zip("mv" if len(step.slots) == 2 else "v", step.slots, strict=False))
    return {
        "np": np, "ndtr": ndtr, "log_ndtr": log_ndtr, "expit": expit, "softmax": softmax,
        "logsumexp": logsumexp, "erfcx": erfcx, "exprel": exprel, "Y": Y, "C_x": costs,
        "z": [z.copy() for z in forward.z], "a": [a.copy() for a in forward.a],
        "delta": [delta.copy() for delta in deltas],
        **parts(network.parameters, ""),
        **{name: v for letter, slot in slots.items() for name, v in parts(slot, letter).items()},
    }, parts  # fmt: skip


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@settings(max_examples=3)
@given(seed=SEEDS)
def test_the_line_of_numpy_computes_all_components_at_once(output, loss, seed):
    rng = np.random.default_rng([seed, PAIRS.index((output, loss))])
    case = random_case(rng, output, loss, str(rng.choice([*OPTIMIZERS])))
    step, example = case.step, case.example
    batch, one = step.batch, example.backward
    for quantity in quantities(step):
        kind, l = quantity.kind, quantity.layer
        of_batch = kind in OF_BATCH
        source, Y = (batch, step.targets) if of_batch else (one, example.target[None])
        names, parts = environment(step, source.forward, source.deltas, Y, source.example_losses)
        if kind == "penalty":
            names |= parts(step.gradient, "d")
        elif kind == "update":
            names |= parts(step.penalised, "d")
        elif kind in ("gradient", "example_gradient"):
            names |= parts(np.zeros_like(step.gradient), "d")
        explanation = explain(step, quantity, example)
        if explanation.definitions[-1].note in ("frozen", "an output is no possible mean"):
            continue
        with np.errstate(all="ignore"):
            exec(explanation.code, names)
        W_or_b = "W" if quantity.input is not None else "b"
        name = {"z": "z", "a": "a", "delta": "delta", "update": W_or_b}.get(kind, f"d{W_or_b}")
        if kind in ("example_cost", "cost"):
            computed = np.atleast_1d(names["C_x" if kind == "example_cost" else "C"])[0]
        elif kind in ("z", "a", "delta"):
            computed = names[name][l if kind == "a" else l - 1][0, quantity.unit]
        else:
            at = quantity.unit if W_or_b == "b" else (quantity.unit, quantity.input)
            computed = names[name][l - 1][at]
        expected = explanation.symbol.value
        assert computed == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(("output", "loss"), [pair for pair in PAIRS if pair[0] in MEANS])
def test_the_line_of_numpy_is_right_where_outputs_underflow_or_are_certain(output, loss):
    for z in (-800.0, -710.0, -300.0, -38.0, -1.0, 0.0, 1.0, 6.0, 38.0, 300.0, 710.0, 800.0):
        for y in (0.0, 0.5, 1.0):
            if (loss == "gamma" and y == 0.0) or (output == "reciprocal" and z == 0.0):
                continue
            network = engine.Network.from_arrays([[[z]]], [[0.0]], output=output)
            X, Y = np.ones((1, 1)), np.array([[y]])
            with np.errstate(all="ignore"):
                step = engine.Trainer.from_arrays(network, X, Y, loss).take_apart()
                example = Example(1, step.batch, Y[0])
                batch = step.batch
                names, _ = environment(step, batch.forward, batch.deltas, Y, batch.example_losses)
                for kind, computed, name in (
                    ("example_cost", batch.example_losses[0], "C_x[0]"),
                    ("delta", batch.deltas[0][0, 0], "delta[0][0, 0]"),
                ):
                    explanation = explain(step, Quantity(kind, 1), example)
                    if not np.isfinite(batch.loss):
                        continue  # an output is no possible mean
                    exec(explanation.code, names)
                    assert same(float(eval(name, names)), float(computed), 1e-3), (z, y, kind)


def test_nothing_overflows_where_an_explanation_says_so():
    network = engine.Network.from_arrays([[[2000.0], [0.0]]], [[0.0, 1.0]], output="softmax")
    X, Y = np.ones((1, 1)), np.array([[0.0, 1.0]])
    step = engine.Trainer.from_arrays(network, X, Y, "cross_entropy").take_apart()
    example = Example(1, step.batch, Y[0])
    names = {
        "logsumexp": logsumexp,
        "softmax": softmax,
        "Y": Y,
        "z": [np.array([[2000.0, 1.0]])],
        "a": [X, None],
    }
    for kind, computed in (("a", "a[1][0, 1]"), ("example_cost", "C_x[0]")):
        explanation = explain(step, Quantity(kind, 1, 1), example)
        assert "nothing can overflow" in meaning_text(explanation)
        with np.errstate(over="raise"):
            exec(explanation.code, names)
            assert eval(computed, names) == explanation.symbol.value
            assert explanation.definitions[-1].expression.value == explanation.symbol.value


@settings(max_examples=10)
@given(seed=SEEDS)
def test_every_notation_is_whole(seed):
    rng = np.random.default_rng(seed)
    output, loss = PAIRS[rng.integers(len(PAIRS))]
    case = random_case(rng, output, loss, str(rng.choice([*OPTIMIZERS])))
    for example in (case.example, None):
        for quantity in quantities(case.step):
            explanation = explain(case.step, quantity, example)
            assert written(explanation, "ascii").isascii()
            latex = written(explanation, "latex")
            assert latex.isascii()
            assert is_balanced(latex)
            assert is_balanced(written(explanation))


def is_balanced(text):
    opening = {")": "(", "]": "[", "}": "{"}
    stack = []
    for sign in text:
        if sign in "([{":
            stack.append(sign)
        elif sign in opening and (not stack or stack.pop() != opening[sign]):
            return False
    return not stack and text.count(r"\left") == text.count(r"\right") and text.count("$") % 2 == 0


def step_of(sizes=(2, 4, 3, 1), activation="relu", output="identity", loss="quadratic", **settings):
    rng = np.random.default_rng(7)
    network = engine.Network(sizes, activation, output, skips=settings.pop("skips", ()), seed=1)
    X, Y = rng.normal(size=(10, sizes[0])), rng.uniform(0.2, 0.8, (10, sizes[-1]))
    if loss == "cross_entropy":
        Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], 10)]
    trainer = engine.Trainer.from_arrays(network, X, Y, loss)
    trainer.change(**settings)
    backward = engine.backpropagate(network, X[4:5], Y[4:5], loss)
    return trainer.take_apart(), Example(5, backward, Y[4])


def lines(explanation):
    """The equation, and each definition with names."""
    definitions = (
        f"{symbolic(d.symbol)} = {symbolic(d.expression)}" for d in explanation.definitions
    )
    return [equation_text(explanation), *definitions]


def test_equations_are_those_of_the_design():
    step, example = step_of()
    assert lines(explain(step, Quantity("z", 2, 0), example)) == [
        "z⁽²⁾ = W⁽²⁾ a⁽¹⁾ + b⁽²⁾",
        "z⁽²⁾₁ = w⁽²⁾₁₁ a⁽¹⁾₁ + w⁽²⁾₁₂ a⁽¹⁾₂ + w⁽²⁾₁₃ a⁽¹⁾₃ + w⁽²⁾₁₄ a⁽¹⁾₄ + b⁽²⁾₁",
    ]
    assert lines(explain(step, Quantity("z", 1, 0), example)) == [
        "z⁽¹⁾ = W⁽¹⁾ x + b⁽¹⁾",
        "z⁽¹⁾₁ = w⁽¹⁾₁₁ x₁ + w⁽¹⁾₁₂ x₂ + b⁽¹⁾₁",
    ]
    assert lines(explain(step, Quantity("a", 1, 2), example)) == [
        "a⁽¹⁾ = σ(z⁽¹⁾)",
        "a⁽¹⁾₃ = max(0, z⁽¹⁾₃)",
    ]
    assert lines(explain(step, Quantity("example_cost", 3), example)) == [
        "C_x = Σ (a⁽³⁾ − y)²",
        "C_x = (a⁽³⁾₁ − y₁)²",
    ]
    assert lines(explain(step, Quantity("delta", 3), example)) == [
        "δ⁽³⁾ = 2 (a⁽³⁾ − y)",
        "δ⁽³⁾₁ = 2 (a⁽³⁾₁ − y₁)",
    ]
    slope = int(example.backward.forward.z[0][0, 2] > 0.0)
    assert lines(explain(step, Quantity("delta", 1, 2), example)) == [
        "δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾)",
        f"σ′(z⁽¹⁾₃) = {slope}",
        "δ⁽¹⁾₃ = (w⁽²⁾₁₃ δ⁽²⁾₁ + w⁽²⁾₂₃ δ⁽²⁾₂ + w⁽²⁾₃₃ δ⁽²⁾₃) σ′(z⁽¹⁾₃)",
    ]
    assert lines(explain(step, Quantity("example_gradient", 2, 0, 2), example)) == [
        "∂C_x/∂W⁽²⁾ = δ⁽²⁾ a⁽¹⁾ᵀ",
        "∂C_x/∂w⁽²⁾₁₃ = δ⁽²⁾₁ a⁽¹⁾₃",
    ]
    assert lines(explain(step, Quantity("example_gradient", 2, 0), example)) == [
        "∂C_x/∂b⁽²⁾ = δ⁽²⁾",
        "∂C_x/∂b⁽²⁾₁ = δ⁽²⁾₁",
    ]
    assert equation_text(explain(step, Quantity("gradient", 2, 0, 2))) == (
        "∂C/∂W⁽²⁾ = 1/10 δ⁽²⁾ a⁽¹⁾ᵀ"
    )
    assert lines(explain(step, Quantity("update", 2, 0, 2))) == [
        "W′⁽²⁾ = W⁽²⁾ − η · ∂C/∂W⁽²⁾",
        "w′⁽²⁾₁₃ = w⁽²⁾₁₃ − η ∂C/∂w⁽²⁾₁₃",
    ]


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
def test_a_weight_that_the_step_leaves_alone_is_said_to_stay(optimizer):
    step, _ = step_of(optimizer=optimizer)
    still = replace(step, gradient=0 * step.gradient, penalised=0 * step.penalised)
    still = replace(still, new_slots=tuple(0 * v for v in step.slots))
    still = replace(still, parameters=step.network.parameters)
    assert meaning_text(explain(still, Quantity("update", 2, 0, 2))) == (
        "w⁽²⁾₁₃ after step 1: unchanged, because the update is 0."
    )


def test_adam_is_written_as_published():
    # source: Kingma & Ba 2015, algorithm 1
    step, _ = step_of(optimizer="adam", l2=0.1)
    assert lines(explain(step, Quantity("penalty", 2, 0, 2))) == [
        "∂(C + R)/∂W⁽²⁾ = ∂C/∂W⁽²⁾ + l2 · W⁽²⁾",
        "∂(C + R)/∂w⁽²⁾₁₃ = ∂C/∂w⁽²⁾₁₃ + l2 w⁽²⁾₁₃",
    ]
    assert lines(explain(step, Quantity("update", 2, 0, 2))) == [
        "W′⁽²⁾ = W⁽²⁾ − η · M̂⁽²⁾ / (√V̂⁽²⁾ + ε)",
        "m′⁽²⁾₁₃ = 0.9 m⁽²⁾₁₃ + 0.1 ∂(C + R)/∂w⁽²⁾₁₃",
        "v′⁽²⁾₁₃ = 0.999 v⁽²⁾₁₃ + 0.001 (∂(C + R)/∂w⁽²⁾₁₃)²",
        "m̂⁽²⁾₁₃ = m′⁽²⁾₁₃ / (1 − 0.9¹)",
        "v̂⁽²⁾₁₃ = v′⁽²⁾₁₃ / (1 − 0.999¹)",
        "w′⁽²⁾₁₃ = w⁽²⁾₁₃ − η m̂⁽²⁾₁₃ / (√v̂⁽²⁾₁₃ + ε)",
    ]


def test_softmax_and_skip_connections_have_equations_of_their_own():
    step, example = step_of((3, 3, 3), "tanh", "softmax", "cross_entropy", skips=[(1, 2)])
    assert lines(explain(step, Quantity("delta", 2, 1), example)) == [
        "δ⁽²⁾ = a⁽²⁾ − y",
        "δ⁽²⁾₂ = a⁽²⁾₂ − y₂",
    ]
    assert equation_text(explain(step, Quantity("z", 2), example)) == (
        "z⁽²⁾ = W⁽²⁾ a⁽¹⁾ + b⁽²⁾ + a⁽¹⁾"
    )
    assert lines(explain(step, Quantity("delta", 1, 0), example)) == [
        "δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾ + δ⁽²⁾) ⊙ σ′(z⁽¹⁾)",
        "σ′(z⁽¹⁾₁) = 1 − (a⁽¹⁾₁)²",
        "δ⁽¹⁾₁ = (w⁽²⁾₁₁ δ⁽²⁾₁ + w⁽²⁾₂₁ δ⁽²⁾₂ + w⁽²⁾₃₁ δ⁽²⁾₃ + δ⁽²⁾₁) σ′(z⁽¹⁾₁)",
    ]
    step, example = step_of((2, 2), output="softmax")
    delta = explain(step, Quantity("delta", 1, 0), example)
    assert equation_text(delta) == "δ⁽¹⁾ = J⁽¹⁾ᵀ ∂C_x/∂a⁽¹⁾"
    J, g = delta.equation[2:]
    np.testing.assert_allclose(J.values @ g.values[:, 0], example.backward.deltas[0][0])


def test_means_over_the_batch_say_so():
    step, _ = step_of()
    z, a = (explain(step, Quantity(kind, 1, 0)) for kind in ("z", "a"))
    assert symbolic(z.symbol) == "mean(z⁽¹⁾₁)"
    assert equation_text(z) == "mean(z⁽¹⁾) = W⁽¹⁾ mean(x) + b⁽¹⁾"
    assert symbolic(a.definitions[0].expression).startswith("(a⁽¹⁾₁[1] + a⁽¹⁾₁[2] + ")
    assert symbolic(explain(step, Quantity("delta", 3)).definitions[0].expression) == (
        "2 (mean(a⁽³⁾₁) − mean(y₁))"
    )


@settings(max_examples=15)
@given(seed=SEEDS)
def test_central_differences_agree_and_say_where_they_cannot(seed):
    rng = np.random.default_rng(seed)
    loss = str(rng.choice(["quadratic", "poisson"]))
    case = random_case(rng, "softplus", loss, "sgd")
    for example in (case.example, None):
        for quantity in quantities(case.step):
            found = explain(case.step, quantity, example).check
            checked = quantity.kind in ("delta", "example_gradient", "gradient")
            assert (found is not None) == checked
            assert found is None or found.passed or "kink" in found.note


def test_a_unit_on_its_kink_is_said_to_be_there():
    network = engine.Network.from_arrays([[[1.0]], [[1.0]]], [[0.0], [0.0]])
    X, Y = np.zeros((1, 1)), np.ones((1, 1))
    step = engine.Trainer.from_arrays(network, X, Y).take_apart()
    found = explain(step, Quantity("delta", 1), Example(1, step.batch, Y[0])).check
    assert not found.passed and "kink" in found.note


def test_frozen_parameters_stay():
    step, _ = step_of(optimizer="momentum", frozen=(1,))
    held, free = (explain(step, Quantity("update", 1, 0, k)) for k in (1, 0))
    assert lines(held) == ["W′⁽¹⁾ = W⁽¹⁾", "w′⁽¹⁾₁₂ = w⁽¹⁾₁₂"]
    assert lines(free)[-1] == "w′⁽¹⁾₁₁ = w⁽¹⁾₁₁ − η v′⁽¹⁾₁₁"


def test_parentheses_are_those_that_precedence_asks_for():
    x, y, w = Symbol(Name("x"), -2.0), Symbol(Name("y"), 3.0), Symbol(Name("w", 1, (1, 2)), 0.5)
    difference = Sum((x, Minus(y)))
    cases = {
        Product((number(2), difference)): ("2 (x − y)", "2 · (−2 − 3)"),
        Minus(difference): ("−(x − y)", "−(−2 − 3)"),
        Sum((y, x)): ("y + x", "3 − 2"),
        Sum((y, Product((x, y)))): ("y + x y", "3 + (−2) · 3"),
        Sum((y, Minus(x))): ("y − x", "3 − (−2)"),
        Sum((y, Minus(Sum((x, y))))): ("y − (x + y)", "3 − (−2 + 3)"),
        Quotient(y, Product((x, w))): ("y / (x w⁽¹⁾₁₂)", "3 / ((−2) · 0.5)"),
        Quotient(Quotient(y, x), w): ("y / x / w⁽¹⁾₁₂", "3 / (−2) / 0.5"),
        Power(w, 2): ("(w⁽¹⁾₁₂)²", "0.5²"),
        Power(x, 2): ("x²", "(−2)²"),
        Function("sqrt", difference): ("√(x − y)", "√(−2 − 3)"),
        Function("abs", x): ("|x|", "|−2|"),
        Maximum(number(0), x): ("max(0, x)", "max(0, −2)"),
    }
    for expression, (names, numbers) in cases.items():
        assert (symbolic(expression), numeric(expression)) == (names, numbers)


@pytest.mark.parametrize(
    ("name", "unicode", "ascii", "latex"),
    [
        (Name("w", 2, (1, 3)), "w⁽²⁾₁₃", "w(2)[1,3]", "w^{(2)}_{13}"),
        (Name("w", 2, (12, 3), "′"), "w′⁽²⁾₁₂,₃", "w'(2)[12,3]", r"w^{(2)\prime}_{12,3}"),
        (Name("W", 2, mark="ᵀ"), "W⁽²⁾ᵀ", "W(2)^T", r"W^{(2)\top}"),
        (Name("z", 1, function="σ′"), "σ′(z⁽¹⁾)", "sigma'(z(1))", r"\sigma'(z^{(1)})"),
        (Name("m̂", 2, (1,)), "m̂⁽²⁾₁", "mhat(2)[1]", r"\hat{m}^{(2)}_{1}"),
        (
            Name("∂C/∂w", 2, (1, 3)),
            "∂C/∂w⁽²⁾₁₃",
            "dC/dw(2)[1,3]",
            r"\frac{\partial C}{\partial w^{(2)}_{13}}",
        ),
        (Name("δ", 1, (3,), example=5), "δ⁽¹⁾₃[5]", "delta(1)[3][5]", r"\delta^{(1)}_{3}[5]"),
    ],
)
def test_names_in_every_notation(name, unicode, ascii, latex):
    assert name.written() == unicode
    assert name.written("ascii") == ascii
    assert name.written("latex") == latex


def test_prose_in_latex_has_the_signs_of_formulas_between_dollars():
    meaning = "d = Σ(eₜ − eₜ₋₁)²/σ̂² of Durbin–Watson, p < 5 %"
    text = written(explain_in_words(Name("C_saturated"), 1.0, meaning), "latex")
    assert text == (
        "\\begin{align*}\n"
        "C_{\\mathrm{saturated}} \\\\\n"
        "C_{\\mathrm{saturated}} &= 1\n"
        "\\end{align*}\n\n"
        r"d = $\sum$(e$_t$ $-$ e$_{t-1}$)$^2$/$\hat{\sigma}$$^2$ of Durbin--Watson, p $<$ 5 \%"
        "\n\n"
    )


def test_written_is_the_whole_explanation():
    network = engine.Network.from_arrays([[[2.0]], [[3.0]]], [[1.0], [0.0]])
    X, Y = np.array([[1.0]]), np.array([[8.0]])
    step = engine.Trainer.from_arrays(network, X, Y).take_apart()
    text = written(explain(step, Quantity("delta", 1), Example(1, step.batch, Y[0])))
    assert re.sub(r"relative error \S+", "relative error e", text) == (
        "δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾)\n\n"
        "σ′(z⁽¹⁾₁) = 1  (z > 0)\n\n"
        "δ⁽¹⁾₁ = w⁽²⁾₁₁ δ⁽²⁾₁ σ′(z⁽¹⁾₁)\n"
        "      = 3 · 2 · 1\n"
        "      = 6\n\n"
        "How fast C_x would rise if z⁽¹⁾₁ rose: each unit of layer 2 passes its own δ back along "
        "the weight that joins them. Here relu is on and σ′ is 1: all of it passes.\n\n"
        "NumPy  delta[0] = (delta[1] @ W[1]) * (z[0] > 0)\n"
        "central difference 6, relative error e ✓\n"
    )


@pytest.mark.parametrize(
    "quantity",
    [
        Quantity("z", 4),
        Quantity("z", 1, 4),
        Quantity("delta", 0),
        Quantity("gradient", 1, 0, 2),
        Quantity("slope", 1),
    ],
)
def test_a_number_that_is_not_there_is_refused(quantity):
    step, _ = step_of()
    with pytest.raises(ShapeError):
        explain(step, quantity)
