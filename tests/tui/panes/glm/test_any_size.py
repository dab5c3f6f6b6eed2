"""Whatever the size of the panes of screen GLM, no text is cut or lies over another."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from frames import frame_of

from tests.recorded import Recorded, recorded
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.model.frame import Frame
from tui.model.glm.choice import GlmChoice
from tui.model.glm.compute_facts import glm_facts
from tui.panes.base.look import Look
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.fit import GlmFitPane
from tui.panes.glm.irls import IrlsPane
from tui.panes.glm.linear_in import LinearInPane
from tui.panes.glm.stack import StackPane

PANES = (GlmChoicePane, GlmTablePane, GlmFitPane, IrlsPane, StackPane, LinearInPane)
SIZES = [
    *((w, h) for w, h in zip(range(30, 48), [6, 8, 11, 14, 17, 25] * 3, strict=True)),
    *((54, 40), (60, 9), (66, 20), (78, 12), (98, 28), (120, 14), (160, 50), (240, 70)),
]
EVERY = 4  # sizes, from one that an experiment is drawn at to the next
SIGMOID = {"output": "sigmoid", "loss": "binary_cross_entropy"}
EXPERIMENTS = {
    "challenger": ({"dataset": "challenger", **SIGMOID}, None),
    "a stack": (
        {"dataset": "challenger", "hidden": (4, 3), "activation": "identity", **SIGMOID},
        None,
    ),
    "beetles, cloglog": ({"dataset": "beetles"}, GlmChoice("binomial", "cloglog")),
    "dobson": ({"dataset": "dobson", "output": "exp", "loss": "poisson"}, None),
    "iris": ({"dataset": "iris"}, None),
    "iris, relu": ({"dataset": "iris", "hidden": (3,)}, None),
    "mtcars": ({"dataset": "mtcars", "hidden": (4, 3)}, None),
    "xor": ({"dataset": "xor", "hidden": (4,)}, None),
    "longley": ({"dataset": "longley"}, None),
    "cars, gamma": ({"dataset": "cars"}, GlmChoice("gamma", "inverse")),
}


@cache
def frame_named(name: str) -> Frame:
    settings, choice = EXPERIMENTS[name]
    frame = frame_of(7, **{"hidden": (), "learning_rate": 0.001, **settings})
    return replace(frame, glm=glm_facts(frame, choice))


@pytest.fixture
def faults() -> Iterator[Recorded]:
    with recorded() as found:
        yield found


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_no_text_is_cut_or_covered_and_no_sentence_ends_in_dots(name, faults, monkeypatch):
    frame = frame_named(name)
    monkeypatch.setattr(IrlsPane, "plot", lambda *_: None)  # no text but its ticks, and slow
    names = [*frame.data.feature_names, *frame.data.target_names, frame.data.target]
    for kind in PANES:
        for i, (width, height) in enumerate(SIZES[[*EXPERIMENTS].index(name) % EVERY :: EVERY]):
            glyphs = ASCII if i % 5 == 4 else UNICODE
            canvas, pane = Canvas(width, height, DARK, glyphs, True), kind()
            pane.look = Look(DARK, glyphs, True, SHOWN)
            faults.clear()
            pane.draw(canvas, frame)
            assert not faults, (kind, width, height)
            for before in re.findall(r"([^\s∂]+)…", "\n".join(canvas.text_lines())):
                assert any(before in column for column in names), (kind, width, height, before)


@pytest.mark.parametrize("name", ["iris", "iris, relu"])
def test_of_several_classes_one_pane_says_why_there_is_no_model_and_what_there_is(name):
    frame, said, ways = frame_named(name), [], []
    for kind in PANES:
        canvas, pane = Canvas(60, 16, DARK, UNICODE, True), kind()
        pane.look = Look(DARK, UNICODE, True, SHOWN)
        pane.draw(canvas, frame)
        text = " ".join("\n".join(canvas.text_lines()).split())
        assert text, kind
        said.append(text.count("these models have one target"))
        ways.append(text.count(f"{SHOWN['confusion']} shows the confusion matrix"))
    assert said == ways == [1, 0, 0, 0, 0, 0]


def test_where_there_is_a_model_nothing_says_that_there_is_none():
    for name in ("challenger", "dobson", "xor", "mtcars"):
        canvas, pane = Canvas(60, 40, DARK, UNICODE, True), GlmChoicePane()
        pane.look = Look(DARK, UNICODE, True, SHOWN)
        pane.draw(canvas, frame_named(name))
        text = " ".join(canvas.text_lines())
        assert "one target" not in text and "confusion matrix" not in text


@pytest.mark.parametrize("name", ["challenger", "dobson", "longley"])
def test_what_is_equal_up_to_rounding_is_said_to_be_equal_without_the_rounding(name):
    canvas, pane = Canvas(90, 40, DARK, UNICODE, True), GlmChoicePane()
    pane.look = Look(DARK, UNICODE, True, SHOWN)
    pane.draw(canvas, frame_named(name))
    text = " ".join(" ".join(canvas.text_lines()).split())
    assert "= the examples' sum ✓" in text
    assert re.search(r"δ = (2\()?a − y\)? ✓ for \d+ examples: canonical pair", text)
    assert "off the sum" not in text and "largest of" not in text


def test_a_sum_that_differs_and_a_pair_that_is_not_canonical_are_not_ticked():
    frame = frame_named("challenger")
    facts = replace(frame.glm, deviance_sum=1.001 * frame.glm.deviance_sum)
    other = frame_named("xor")
    for shown in (replace(frame, glm=facts), other):
        canvas, pane = Canvas(90, 40, DARK, UNICODE, True), GlmChoicePane()
        pane.look = Look(DARK, UNICODE, True, SHOWN)
        pane.draw(canvas, shown)
        text = " ".join(" ".join(canvas.text_lines()).split())
        assert "the examples' sum" not in text
    assert "is not 2(a − y) ✗ off by up to" in text


@pytest.mark.parametrize("name", ["challenger", "dobson", "xor", "mtcars", "longley"])
def test_what_was_observed_stands_below_the_coefficients_with_mu_and_the_rest(name):
    """The numbers of a row are apart, whole, and those of the fit."""
    frame = frame_named(name)
    fit, y = frame.glm.fit, frame.glm.model.y
    canvas, pane = Canvas(110, 40, DARK, UNICODE, True), GlmTablePane()
    pane.look = Look(DARK, UNICODE, True, SHOWN)
    pane.draw(canvas, frame)
    lines = canvas.text_lines()
    top = next(i for i, line in enumerate(lines) if "observed" in line)
    heads, row = lines[top].split("observed")[0].split(), lines[top + 1].split()
    assert row[0] == "◉" and frame.example == frame.data.train[0]
    numbers = [float(text.replace("−", "-")) for text in row[1:]]
    first = 0 if name == "challenger" else 1  # the example's number
    inputs = [head for head in heads if head != "n"]
    x = [frame.data.feature_names.index(head) for head in inputs]
    shown = numbers[first : first + len(x)]
    assert shown == pytest.approx(frame.data.X[frame.example, x], rel=1e-3, abs=1e-4)
    observed, mu, rest = numbers[len(heads) + first :][:3]
    assert observed == pytest.approx(y[0], rel=1e-3)
    assert mu == pytest.approx(fit.fitted[0], rel=1e-3)
    assert rest == pytest.approx(y[0] - fit.fitted[0], rel=1e-2, abs=1e-3)


def test_an_intercept_of_a_perfect_fit_that_is_rounding_is_0():
    canvas, pane = Canvas(60, 16, DARK, UNICODE, True), GlmTablePane()
    pane.look = Look(DARK, UNICODE, True, SHOWN)
    frame = frame_of(0, dataset="reg-plane", hidden=())
    pane.draw(canvas, replace(frame, glm=glm_facts(frame, GlmChoice("gaussian", "identity"))))
    rows = [line.split()[:2] for line in canvas.text_lines()[1:4]]
    assert rows == [["intercept", "0.000"], ["x₁", "+0.100"], ["x₂", "+0.100"]]


def test_a_coefficient_that_is_rounding_is_0_and_a_small_one_is_not():
    """The treatments of Dobson's trial have the same totals: their coefficients are exactly 0."""
    frame = frame_named("dobson")
    beta, errors = frame.glm.fit.coefficients, frame.glm.fit.standard_errors
    assert (abs(beta[3:]) < 1e-10 * errors[3:]).all()
    canvas, pane = Canvas(60, 16, DARK, UNICODE, True), GlmTablePane()
    pane.look = Look(DARK, UNICODE, True, SHOWN)
    pane.draw(canvas, frame)
    rows = {line.split()[0]: line.split()[1] for line in canvas.text_lines()[1:6]}
    assert rows["treatment2"] == rows["treatment3"] == "0.000"
    assert rows["outcome2"] == "−0.454"
