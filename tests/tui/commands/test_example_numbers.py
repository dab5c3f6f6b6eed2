"""Examples have one number, that of the data set, in every explanation on every screen."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from frames import framed, snapshot_of

from engine import EngineError
from engine.explain import symbols
from tui.actions.screen_keys import SCREENS
from tui.experiments.library import built_in
from tui.explain.explainable import Explainable
from tui.panes.base.pane import Pane
from tui.session.session import Session

LINE = built_in("line")  # 100 examples, of which 50 train, with other numbers than 1 to 50
EXPERIMENTS = {
    "line": LINE,
    "circle": built_in("circle"),
    "circle as a GLM": replace(
        built_in("circle"), hidden=(), output="sigmoid", loss="binary_cross_entropy"
    ),
    "half of mtcars": replace(built_in("mtcars"), train_fraction=0.5),
    "examples deleted": replace(LINE, edits=(("delete", 0), ("delete", 40), ("delete", 41))),
    "an example added": replace(LINE, edits=(("add", (1.0,), (9.0,)), ("delete", 3))),
}
NUMBERED = ("y", "ŷ", "e", "r", "t", "h", "w", "u", "D")  # quantities of an example, by index


@pytest.mark.parametrize("name", [*EXPERIMENTS])
@pytest.mark.parametrize("batch_mode", [False, True])
def test_every_subscript_of_an_example_is_its_number_in_the_data_set(name, batch_mode):
    session = Session(EXPERIMENTS[name])
    session.time.step(20)
    session.select_unit(1, 0)
    session.selection.select_example(int(session.prepared.dataset.train[7]))
    if batch_mode:
        session.selection.toggle_batch_mode()
    frame = snapshot_of(session, "backprop")
    others = {facts: getattr(framed(session, facts), facts) for facts in ("linear", "glm")}
    frame = replace(frame, **others)
    looked_up = 0
    for kind in panes():
        number = asked(lambda kind=kind: kind().explainable(frame))
        for one in around(number) if number else ():
            explanation = asked(one.explain)
            for definition in explanation.definitions if explanation else ():
                names = {s.name.base for s in symbols(definition.expression) if s.name}
                for symbol in symbols(definition.expression):
                    # elsewhere y₁ is the target of output 1
                    looked_up += look_up(frame, symbol, names & {"r", "ŷ", "e", "t", "h"})
    assert looked_up > 50


def panes():
    named = [vars(import_module(f"tui.screens.{name}")).values() for name in SCREENS]
    kinds = {kind for kinds in named for kind in kinds if isinstance(kind, type)}
    return {kind for kind in kinds if issubclass(kind, Pane)} - {Pane}


def asked(ask):
    try:
        return ask()
    except EngineError:
        return None


def around(number: Explainable):
    """The number, those that the arrows lead to, and the whole of its list."""
    chain = [number, *(number.next_in_chain(by) for by in (-2, -1, 1, 2, 3))]
    return dict.fromkeys(one.next_in_list(by) for one in chain for by in (-1, 0, 1, 2, 1000))


def look_up(frame, symbol, of_fit):
    """Compare a symbol of an example with the data set's own row; 1 if it is one. ``of_fit``:
    whether indices are those of examples."""
    name, data = symbol.name, frame.data
    if name is None:
        return 0
    if name.example is not None:
        own = frame.passed(np.array([name.example - 1]))
        z, a, deltas = own.forward.z, own.forward.a, own.deltas
        unit = (name.indices or (1,))[0] - 1
        expected = {
            "C_x": lambda: own.example_losses[0],
            "x": lambda: a[0][0, unit],
            "a": lambda: a[name.layer][0, unit],
            "z": lambda: z[name.layer - 1][0, unit],
            "δ": lambda: deltas[name.layer - 1][0, unit],
        }[name.base]()
        scales = [1.0, float(frame.prepared.cost_scale)] if name.base == "C_x" else [1.0]
        assert any(symbol.value == pytest.approx(expected * s, rel=1e-9, abs=1e-12) for s in scales)
        return 1
    if not of_fit or name.base not in NUMBERED or name.layer is not None or len(name.indices) != 1:
        return 0
    row = name.indices[0] - 1
    if name.base == "y" and data.task == "regression":
        assert symbol.value == pytest.approx(data.Y[row, 0], rel=1e-9)
    if name.base in ("r", "u", "w", "e", "h"):
        assert row in data.train  # a fit has none of examples that are held out
    return 1


def test_the_products_of_a_fit_are_recomputed_from_the_rows_that_they_name():
    session = Session(LINE)
    frame = framed(session, "linear")
    from tui.explain.linear import fit_coefficients

    slope = fit_coefficients(frame, 1).explain()
    x, y, train = frame.data.X[:, 0], frame.data.Y[:, 0], frame.data.train
    terms = slope.definitions[0].expression.terms
    assert len(terms) == len(train)
    for term in terms:
        r, y_i = term.factors
        row = r.name.indices[0] - 1
        assert r.name.indices == y_i.name.indices
        assert r.value == pytest.approx(x[row] - x[train].mean(), abs=1e-12)
        assert y_i.value == y[row]


def test_the_working_response_of_a_glm_is_that_of_the_row_that_it_names():
    session = Session(EXPERIMENTS["circle as a GLM"])
    frame = framed(session, "glm")
    from tui.explain.glm import glm_coefficients

    fit, data = frame.glm.fit, frame.data
    beta, rows = fit.coefficients, data.train
    for term in glm_coefficients(frame, 0).explain().definitions[0].expression.terms:
        w, _, u = term.factors
        row = w.name.indices[0] - 1
        assert row in rows
        z = beta[0] + data.X[row] @ beta[1:]
        mu = 1.0 / (1.0 + np.exp(-z))
        y = float(data.Y[row, 0] > 0.0)
        assert w.value == pytest.approx(mu * (1.0 - mu), rel=1e-9)
        assert u.value == pytest.approx(z + (y - mu) / (mu * (1.0 - mu)), rel=1e-8)


def test_a_second_difference_names_the_example_that_has_it():
    session = Session(built_in("circle"))
    frame = framed(session, "glm")
    from tui.explain.glm import second_differences

    said = "".join(map(str, second_differences(frame).make(0).meaning))
    number = int(said.partition("number ")[2].split()[0])
    assert number - 1 in frame.data.train


def test_a_remark_on_a_count_that_is_not_whole_names_the_example_by_its_number():
    from tui.model.glm.choice import GlmChoice
    from tui.model.glm.model import fitted_to

    data = framed(Session(LINE)).data
    rows = data.train
    Y = np.abs(np.round(data.Y)) + 1.0
    Y[rows[6]] += 0.5
    data = replace(data, Y=Y)
    note = fitted_to(data, GlmChoice("poisson", "log")).note
    assert f"first in example {rows[6] + 1} " in note
    assert rows[6] != 6
