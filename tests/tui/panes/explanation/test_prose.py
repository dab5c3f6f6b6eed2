"""The prose of a micro-step is whole or not there, at every size; numbers of a line have one form;
Adam's moments are worked out on every usual screen."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment, Network, Trainer, backpropagate
from engine.explain import (
    Definition,
    Example,
    Explanation,
    Name,
    Product,
    Quantity,
    Sum,
    Symbol,
    explain,
    meaning_text,
)
from engine.network.activations import ACTIVATIONS
from engine.training.microsteps import COST_KINDS, TrainingStep
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.panes.explanation.layout import _prose, draw_explanation
from tui.panes.explanation.view_state import ALL_VISIBLE, ViewState
from tui.panes.explanation.worked_terms import term_lines

PANES = ((78, 10), (96, 10), (116, 14))
LOSSES = [
    ("tanh", "half_quadratic"),
    ("sigmoid", "binary_cross_entropy"),
    ("probit", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("softmax", "quadratic"),
    ("exp", "poisson"),
    ("softplus", "poisson"),
    ("reciprocal", "gamma"),
    ("exp", "gamma"),
]
COSTS = "a", "delta", *COST_KINDS
SETTINGS: list[tuple[dict[str, Any], tuple[str, ...]]] = [  # with the kinds that depend on them
    ({}, ()),
    *(({"activation": name}, ("a", "delta")) for name in ACTIVATIONS),
    *(({"output": output, "loss": loss}, COSTS) for output, loss in LOSSES),
    *(({"optimizer": name}, ("update",)) for name in ("momentum", "nesterov", "rmsprop", "adam")),
]
OF_EXPERIMENTS: list[dict[str, Any]] = [
    {"l1": 0.01, "l2": 0.1},
    {"hidden": (3, 3, 3), "skips": ((1, 3),)},
    {"dataset": "iris"},
]


def made_step(
    activation: str = "relu", output: str = "identity", loss: str = "quadratic", **others: Any
) -> TrainingStep:
    k = 3 if output == "softmax" else 1
    rng = np.random.default_rng(3)
    network = Network([2, 3, k], activation, output, seed=2)
    Y = np.eye(3)[[0, 1, 2]] if k == 3 else np.array([[1.0], [0.0], [1.0]]) + (loss == "gamma")
    X = rng.normal(size=(3, 2))
    return Trainer.from_arrays(network, X, Y, loss=loss, batch_size=3, **others).take_apart()


def explanations(step: TrainingStep, kinds: Sequence[str] = ()) -> Iterator[Explanation]:
    """Of one unit of each micro-step, of those kinds if there are some."""
    X, Y = step.batch.forward.a[0][:1], step.targets[:1]
    one = Example(1, backpropagate(step.network, X, Y, step.loss), Y[0])
    for microstep in step.microsteps:
        if kinds and microstep.kind not in kinds:
            continue
        kind, layer = microstep.kind, microstep.layer
        biases = (0, None) if step.network.bias and kind not in ("z", "a", *COST_KINDS) else (0,)
        for input in biases:
            for example in (one, None):
                yield explain(step, Quantity(kind, layer, 0, input), example)


def forms_of(explanation: Explanation) -> list[str]:
    texts = [meaning_text(explanation), *explanation.short_meanings]
    return [" ".join(UNICODE.formula(text).split()) for text in texts]


@pytest.mark.parametrize(("of", "kinds"), SETTINGS, ids=str)
def test_the_meaning_is_a_whole_form_of_it_or_nothing_at_every_size(
    of: dict[str, Any], kinds: tuple[str, ...]
) -> None:
    check_meanings(made_step(**of), kinds)


@pytest.mark.parametrize("of", OF_EXPERIMENTS, ids=str)
def test_so_it_is_with_penalties_skip_connections_and_several_classes(of: dict[str, Any]) -> None:
    experiment = {"dataset": "circle", "hidden": (3,), "batch_size": 2, **of}
    check_meanings(Trainer(Experiment(**experiment)).take_apart())


def check_meanings(step: TrainingStep, kinds: Sequence[str] = ()) -> None:
    for explanation in explanations(step, kinds):
        forms = forms_of(explanation)
        lengths = [len(form) for form in forms]
        assert lengths == sorted(lengths, reverse=True), forms
        assert all(form[-1] == "." for form in forms), forms
        for width in (20, 33, 70, 240):
            for height in (1, 2, 8):
                lines = _prose(explanation, Sheet(DARK, UNICODE, True, width, height), ALL_VISIBLE)
                assert len(lines) <= height
                text = " ".join(" ".join(span.text for span in line) for line in lines)
                meaning, _, code = text.partition("NumPy ")
                shown = " ".join(meaning.split())
                assert shown in (*forms, ""), shown
                code = "".join(code.split())
                assert code in ("".join(explanation.code.split()), "")
                longest = max((len(line) for line in lines), default=0)
                assert longest <= width
                if height >= 2:
                    assert shown, (width, height, forms)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_on_every_usual_screen_each_micro_step_says_what_it_means(optimizer: str) -> None:
    step = made_step(optimizer=optimizer, activation="relu")
    for explanation in list(explanations(step))[:: 5 if optimizer == "sgd" else 7]:
        for size in PANES:
            canvas = Canvas(*size, DARK)
            draw_explanation(canvas, explanation)
            rows = canvas.text_lines()
            rule = rows[-1].find("│")
            left = " ".join(" ".join(row[:rule] if rule > 0 else row for row in rows).split())
            assert any(form in left for form in forms_of(explanation)), (size, rows)
            assert "…" not in "".join(rows)


def test_a_question_hides_every_form_of_the_meaning() -> None:
    for explanation in [*explanations(made_step())][::5]:
        canvas = Canvas(*PANES[0], DARK, ASCII)
        draw_explanation(canvas, explanation, ViewState(True, ()))
        text = " ".join(" ".join(canvas.text_lines()).split())
        assert not any(ASCII.text(form) in text for form in forms_of(explanation))


@pytest.mark.parametrize("width", [47, 60])
@pytest.mark.parametrize("height", [10, 12, 14, 22])
def test_adams_moments_show_their_arithmetic_whole(width: int, height: int) -> None:
    step = Trainer(Experiment(dataset="circle", hidden=(4, 3), optimizer="adam"))
    step.step(30)
    found = explain(step.take_apart(), Quantity("update", 1, 0, 0))
    lines = ["".join(span.text for span in line)
             for line in term_lines(found, Sheet(DARK, UNICODE, True, width, height))]  # fmt: skip
    assert len(lines) <= height
    text = " ".join(" ".join(lines).split())
    assert "…" not in text
    for factors in (
        r"0\.9 · 0\.0\d+ \+ 0\.1 ·",
        r"0\.999 · [\d.e−]+ \+ 0\.001 ·",
        r"/ \(1 − 0\.9³¹\)",
        r"/ \(1 − 0\.999³¹\)",
    ):
        assert re.search(factors, text), (factors, lines)
    for definition in found.definitions:
        assert any(line.startswith(UNICODE.formula(str(definition.symbol.name.written())))
                   for line in lines)  # fmt: skip


FACTORS = st.tuples(
    st.integers(-999, 999).map(lambda n: n / 100),
    st.builds(lambda m, e: m * 10.0**e, st.integers(-99, 99), st.integers(-13, 0)),
)


@given(st.lists(FACTORS, min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_the_numbers_of_a_line_have_one_format(pairs: list[tuple[float, float]]) -> None:
    terms = tuple(
        Product((Symbol(Name("w", 1, (1, k)), w), Symbol(Name("x", None, (k,)), x)))
        for k, (w, x) in enumerate(pairs, start=1)
    )
    total = Symbol(Name("z", 1, (1,)), Sum(terms).value)
    explanation = Explanation(total, (), (Definition(total, Sum(terms)),), (), "")
    for line in term_lines(explanation, Sheet(DARK, UNICODE, True, 70, 20)):
        text = "".join(span.text for span in line)
        if "×" not in text:
            continue
        numbers = re.findall(r"[+−]?\d[\d.]*(?:e−?\d+)?", text.partition("  ")[2])
        small = [n for n in numbers if 0.0 < abs(float(n.replace("−", "-"))) < 1e-3]
        value = numbers[-1]
        if "e" in value:
            assert all("e" in n for n in small), text
        else:
            assert not any("e" in n for n in small if abs(float(n.replace("−", "-"))) > 1e-9), text
