"""The panes of the chain rule, of ∇C and of slips: their numbers are NumPy's, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment
from engine.network.network import layer_views
from tui.drawing.glyphs import ASCII
from tui.drawing.numbers import cost_text, norm, num
from tui.model.backprop.chain import passed_back, three_ways
from tui.model.backprop.slips import slip_facts, tried_slips
from tui.panes.backprop.chain_rule import ChainRulePane
from tui.panes.backprop.gradient_vector import GradientPane
from tui.panes.backprop.microsteps import MicroStepsPane
from tui.panes.backprop.slips import SlipsPane
from tui.session.session import Session

SIZE, SMALL = (116, 16), (76, 11)
SMOOTH = {"hidden": (3, 3), "activation": "tanh"}
ODD = {  # by what an experiment of circle or iris differs
    "one layer": {"hidden": ()},
    "three outputs": {"dataset": "iris", "hidden": (4,)},
    "no bias": {"bias": False},
    "one example": {"batch_size": 1},
    "a convolution": {"dataset": "stackloss", "hidden": (3,), "convolutions": ((1, 3),)},
    "a skip": {"hidden": (3, 3), "skips": ((1, 2),)},
    "curved features": {"features": ("x1", "x1^2", "sin(x2)")},
    "a penalty": {"l1": 0.01, "l2": 0.1},
    "a large network": {"hidden": (300, 300)},
}


def frame_at(kind, layer, unit=0, of=None, **experiment):
    """The frame of a micro-step of circle, with a component of it."""
    session = Session(Experiment(**{"dataset": "circle", "hidden": (4, 3), **experiment}))
    session.time.step(20)
    microsteps = session.microscope.taken_apart(session.trainer).microsteps
    at = next(i for i, m in enumerate(microsteps) if (m.kind, m.layer) == (kind, layer))
    session.go_to_microstep(at)
    fan_in = session.prepared.network.sizes[layer - 1]
    session.microscope.choose(layer, unit, fan_in if of is None else of)
    return framed(session, "backprop")


def by_hand(frame, targets):
    """∂C_x/∂a and δ of each layer of the selected example of a tanh network, from its weights."""
    network, pass_ = frame.network, frame.single
    a, y = [layer[0] for layer in pass_.forward.a], targets[frame.example]
    back, deltas = [2.0 * (a[-1] - y)], []
    for l in range(len(network.weights), 0, -1):
        deltas.insert(0, back[0] * (1.0 - a[l] ** 2))
        back.insert(0, network.weights[l - 1].T @ deltas[0])
    return a, back, deltas


def test_the_three_ways_and_what_comes_back_are_those_by_hand():
    frame = frame_at("example_gradient", 2, 1, 2, **SMOOTH, output="tanh")
    a, back, deltas = by_hand(frame, frame.prepared.targets)
    ways = three_ways(frame, frame.backprop)
    assert ways.by_weight == pytest.approx(deltas[1][1] * a[1][2], rel=1e-12)
    assert ways.by_bias == pytest.approx(deltas[1][1], rel=1e-12)
    assert ways.by_input == pytest.approx(back[1][2], rel=1e-12)
    shown = "\n".join(drawn(ChainRulePane(), frame, (116, 20)))
    for name, value in (
        ("∂C_x/∂w⁽²⁾₂₃", ways.by_weight),
        ("∂C_x/∂b⁽²⁾₂", ways.by_bias),
        ("∂C_x/∂a⁽¹⁾₃", ways.by_input),
    ):
        assert f"{name} {num(value)}" in shown
    assert "∂C_x/∂a⁽²⁾ = W⁽³⁾ᵀ δ⁽³⁾ = " + " ".join(map(num, back[2])) in shown
    factors = back[2][1], 1.0 - a[2][1] ** 2, a[1][2]
    assert np.prod(factors) == pytest.approx(ways.by_weight, rel=1e-12)
    for factor in factors:
        assert num(factor) in shown
    assert "central difference" in shown and "✓" in shown


def test_what_skip_connections_pass_back_counts_and_is_the_slope_of_the_cost():
    frame = frame_at("delta", 1, hidden=(3, 3), activation="tanh", skips=((1, 2),))
    network, single, y = frame.network, frame.single, frame.prepared.targets[frame.example]
    h, out = 1e-6, []
    for j in range(3):
        costs = []
        for sign in (1.0, -1.0):
            a = single.forward.a[1][0].copy()
            a[j] += sign * h
            second = np.tanh(network.weights[1] @ a + network.biases[1] + a)
            costs.append(
                ((np.tanh(network.weights[2] @ second + network.biases[2]) - y) ** 2).sum()
            )
        out.append((costs[0] - costs[1]) / (2 * h))
    np.testing.assert_allclose(passed_back(network, single, 1), out, rtol=1e-6, atol=1e-8)
    assert "W⁽²⁾ᵀ δ⁽²⁾ + δ⁽²⁾" in "\n".join(drawn(ChainRulePane(), frame, SIZE))


def test_at_the_cost_both_assumptions_stand_with_their_numbers_and_the_penalty():
    frame = frame_at("cost", 3, **SMOOTH, l2=0.1)
    step, shown = frame.backprop.step, "\n".join(drawn(ChainRulePane(), frame, SIZE))
    assert "C is a mean over the examples" in shown
    assert f"C_x {cost_text(frame.single.loss)}" in shown
    assert f"= {cost_text(step.batch.example_losses.mean())}" in shown
    R = 0.05 * sum((W**2).sum() for W in frame.network.weights)
    for pane in (ChainRulePane(), MicroStepsPane()):
        text = "\n".join(drawn(pane, frame, (60, 26)))
        assert f"R {cost_text(R)}" in text
        total = text.split("C + R ")[1].split()[0]
        assert float(total) == pytest.approx(step.batch.loss + R, abs=1e-3)
    assert "C + R" not in "\n".join(drawn(ChainRulePane(), frame_at("cost", 3), SIZE))


def test_the_gradient_is_one_vector_whose_parts_make_its_length():
    frame = frame_at("gradient", 1, 1, 0, **SMOOTH)
    step = frame.backprop.step
    shown = drawn(GradientPane(), frame, SIZE)
    assert f"‖∇C‖ {norm(np.linalg.norm(step.gradient)).strip()}" in shown[0]
    text = " ".join(shown)
    for l, (W, b) in enumerate(
        zip(step.batch.weight_gradients, step.batch.bias_gradients, strict=True), start=1
    ):
        assert f"‖∂C/∂W⁽{'⁰¹²³'[l]}⁾‖² {norm((W**2).sum()).strip()}" in text
        assert f"‖∂C/∂b⁽{'⁰¹²³'[l]}⁾‖² {norm((b**2).sum()).strip()}" in text
    rows = [row.split("row")[1].replace(" b", "").split()[1:] for row in shown if "row" in row]
    assert [n for row in rows for n in row] == [num(g).strip() for g in step.gradient]
    pane = GradientPane()
    pane.view = frame
    assert pane._selected(frame.backprop) == 3  # after the three of unit 1
    explanation = pane.explainable(replace(frame, training_step=step)).explain()
    assert explanation.symbol.value == pytest.approx(np.linalg.norm(step.gradient), rel=1e-12)


def test_layers_to_come_have_no_numbers_in_the_gradient():
    rows = drawn(GradientPane(), frame_at("gradient", 2, **SMOOTH), SIZE)
    numbers = {row.split("row")[0].split("W")[1]: "." in row for row in rows if "row" in row}
    assert numbers == {"⁽¹⁾ ": False, "⁽²⁾ ": True, "⁽³⁾ ": True}
    assert "‖∇C‖ ·" in rows[0]


def test_the_slips_of_one_weight_are_those_by_hand_and_are_found_out():
    frame = frame_at("example_gradient", 1, 0, 1, **SMOOTH, output="tanh")
    a, _, deltas = by_hand(frame, frame.prepared.targets)
    network, x = frame.network, a[0][1]
    found = slip_facts(frame.backprop, tried_slips(frame.backprop))
    right = deltas[0][0] * x
    assert found.right == pytest.approx(right, rel=1e-12)
    assert found.agrees is True
    rows = {row.name: row for row in found.rows}
    assert rows["wrong sign"].value == pytest.approx(-right, rel=1e-12)
    # σ′ of the layer after, all the way back
    second = network.weights[2].T @ deltas[2] * (1.0 - a[3] ** 2)
    first = network.weights[1].T @ second * (1.0 - a[2] ** 2)
    assert rows["σ′ of the wrong layer"].value == pytest.approx(first[0] * x, rel=1e-12)
    first = network.weights[1] @ deltas[1] * (1.0 - a[1] ** 2)
    assert rows["missing transpose"].value == pytest.approx(first[0] * x, rel=1e-12)
    assert all(rows[n].is_wrong for n in ("wrong sign", "σ′ of the wrong layer", "σ′ left out"))
    assert rows["forgotten 1/n"].is_wrong is False  # one example
    text = "\n".join(drawn(SlipsPane(), frame, SIZE))
    assert text.count("✗") == sum(row.is_wrong is True for row in found.rows)
    assert "With one example, 1/n is 1." in text


def test_no_slip_is_marked_where_it_makes_no_difference_or_cannot_be_made():
    frame = frame_at("gradient", 1, 0, 0, hidden=())
    found = slip_facts(frame.backprop, tried_slips(frame.backprop))
    rows = {row.name: row for row in found.rows}
    for name in ("σ′ of the wrong layer", "missing transpose", "updated weights"):
        assert rows[name].value is None and rows[name].is_wrong is None
    assert rows["forgotten 1/n"].value == pytest.approx(10 * found.right)
    text = "\n".join(drawn(SlipsPane(), frame, SIZE))
    assert "There is no hidden layer" in text
    # the output layer of a deeper network stays right, and the text names what does not
    frame = frame_at("gradient", 3, 0, 0, **SMOOTH)
    found = slip_facts(frame.backprop, tried_slips(frame.backprop))
    row = next(row for row in found.rows if row.name == "missing transpose")
    assert row.is_wrong is False and row.elsewhere[1:4] == "⁽¹⁾"
    text = "\n".join(drawn(SlipsPane(), frame, SIZE))
    assert f"The same here; it changes ∂C/∂{row.elsewhere} most." in text


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("batch", [False, True])
def test_at_every_micro_step_of_any_network_they_draw_and_mark_only_what_is_found_out(odd, batch):
    session = Session(Experiment(**{"dataset": "circle", "hidden": (3,), **ODD[odd]}))
    session.time.step(2)
    session.selection.batch_mode = batch
    for at in range(len(session.microscope.taken_apart(session.trainer).microsteps)):
        session.go_to_microstep(at)
        frame = framed(session, "backprop")
        facts = frame.backprop
        for pane in (ChainRulePane(), GradientPane(), SlipsPane()):
            for size, glyphs in ((SIZE, None), (SMALL, None), ((50, 8), ASCII)):
                rows = drawn(pane, frame, size, *([glyphs] if glyphs else []))
                assert any(rows)
                assert not glyphs or "\n".join(rows).isascii()
            pane.titles(frame)
        if facts.microstep.kind in ("z", "a", "example_cost", "cost"):
            continue
        found = slip_facts(facts, tried_slips(facts))
        for row in found.rows:
            if row.is_wrong:
                assert found.agrees and abs(row.value - found.estimate) > 1e-7 * abs(row.value)


def test_a_result_that_is_to_be_guessed_is_on_none_of_the_panes():
    session = Session(Experiment(dataset="circle", **SMOOTH))
    session.preferences.predicting = True
    steps = session.microscope.taken_apart(session.trainer).microsteps
    for at, microstep in enumerate(steps):
        if microstep.kind not in ("delta", "example_gradient", "gradient"):
            continue
        session.go_to_microstep(at)
        frame = framed(session, "backprop")
        result = num(frame.backprop.explanation.symbol.value)
        assert frame.backprop.hidden
        for pane in (ChainRulePane(), GradientPane(), SlipsPane()):
            rows = drawn(pane, frame, SIZE)
            if microstep.kind == "gradient" and isinstance(pane, GradientPane):
                matrix = layer_views(frame.batch.gradient, frame.network.sizes, True)
                shown = [r for r in rows if f"W⁽{'⁰¹²³'[microstep.layer]}⁾ row" in r]
                assert len(shown) == len(matrix[microstep.layer - 1])
                assert not any("." in row for row in shown)
            elif not isinstance(pane, ChainRulePane) or microstep.kind != "example_gradient":
                assert result not in "\n".join(rows), (microstep, pane)


def test_a_diverged_run_has_no_factors_and_says_why():
    session = Session(Experiment(dataset="reg-plane", hidden=(2,), learning_rate=1e9))
    session.time.step(200)
    frame = framed(session, "backprop")
    assert frame.divergence
    for pane in (ChainRulePane(), GradientPane(), SlipsPane()):
        assert "no longer finite" in " ".join(drawn(pane, frame, SIZE))
        pane.titles(frame)
        assert pane.explainable(frame) is None
