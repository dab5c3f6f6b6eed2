"""C of least squares on the last hidden layer stands below the coefficients, and is the least."""

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment, fit_knots, knots
from tui.drawing.numbers import cost_text
from tui.panes.linear.coefficients import CoefficientsPane
from tui.session.session import Session

SIZE = (78, 20)


def frame_of(steps=0, **experiment):
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return framed(session, "linear")


def line_of(frame, width=78):
    lines = drawn(CoefficientsPane(), frame, (width, 20))
    return next((line for line in lines if "hidden layer" in line or "its knots" in line), "")


def least_cost(frame, columns):
    """C of least squares in the data's own units, by another method."""
    data = frame.data
    design = np.column_stack([np.ones(len(data.train)), columns])
    y = data.Y[data.train, 0]
    return float(np.mean((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2))


@pytest.mark.parametrize(
    ("dataset", "hidden", "activation"),
    [("mtcars", (4, 3), "relu"), ("sine", (8, 8), "relu"), ("reg-gauss", (6,), "tanh")],
)
def test_it_is_the_least_c_with_these_hidden_layers(dataset, hidden, activation):
    frame = frame_of(20, dataset=dataset, hidden=hidden, activation=activation)
    best = frame.linear.last_layer_cost
    activations = frame.network.forward(frame.prepared.inputs[frame.data.train]).a[-2]
    assert best == pytest.approx(least_cost(frame, activations), rel=1e-9)
    assert best < frame.cost
    its = "its last hidden layer" if len(hidden) > 1 else "its hidden layer"
    costs = [cost_text(one).strip() for one in (frame.cost, best, frame.baseline[1])]
    expected = "C: network {}, OLS on {its} {}, line {}".format(*costs, its=its)
    assert " ".join(line_of(frame).split()) == " ".join(expected.split())


def test_with_one_input_and_one_layer_of_relu_it_is_the_best_curve_with_these_knots():
    common = {"dataset": "sine", "hidden": (6,), "activation": "relu"}
    frame = frame_of(50, **common, learning_rate=0.003)
    x, y = (values[frame.data.train] for values in (frame.data.X[:, 0], frame.data.Y[:, 0]))
    inputs = frame.prepared.inputs[frame.data.train]
    found = knots(frame.network, (float(inputs.min()), float(inputs.max())))
    own = frame.data.x_scale.undo(found.x[:, None])[:, 0]
    assert frame.linear.last_layer_cost == pytest.approx(fit_knots(x, y, own).cost, rel=1e-9)
    assert "OLS with its knots" in line_of(frame)


def test_half_the_squares_are_half_the_cost():
    common = {"dataset": "mtcars", "hidden": (3,), "activation": "relu"}
    whole, half = (
        frame_of(**common, loss=loss).linear.last_layer_cost
        for loss in ("quadratic", "half_quadratic")
    )
    assert half == pytest.approx(0.5 * whole)


@pytest.mark.parametrize(
    "experiment",
    [
        {"dataset": "mtcars", "hidden": ()},
        {"dataset": "mtcars", "hidden": (3, 3), "activation": "identity"},
        {"dataset": "challenger", "hidden": (3,), "activation": "relu"},
        {"dataset": "iris", "hidden": (3,), "activation": "relu"},
        {"dataset": "sine", "hidden": (33,), "activation": "relu"},
        {"dataset": "reg-gauss", "hidden": (30,), "activation": "relu"},
    ],
)
def test_without_a_bend_with_another_cost_or_for_a_wide_layer_it_is_left_out(experiment):
    frame = frame_of(**experiment)
    assert np.isnan(frame.linear.last_layer_cost) and not line_of(frame)


def test_in_a_narrow_pane_it_is_shorter_and_after_a_divergence_gone():
    frame = frame_of(5, dataset="mtcars", hidden=(4, 3), activation="relu")
    assert line_of(frame, 44).startswith("OLS on its last hidden layer: C ")
    assert "line" not in line_of(frame, 60)
    gone = frame_of(100, dataset="mtcars", hidden=(4, 3), activation="relu", learning_rate=1e9)
    assert gone.divergence and not line_of(gone)


def test_beside_a_polynomial_the_degree_is_named():
    session = Session(Experiment(dataset="sine", hidden=(4,), activation="tanh"))
    session.selection.next_degree()
    frame = framed(session, "linear")
    assert f", degree 2 {cost_text(frame.linear.fit.ssr / 100)}" in line_of(frame)
