"""The matrices of an explanation show all that the component needs, where it fits."""

import re

import numpy as np
import pytest
from frames import framed

from engine import Experiment, Network, Trainer
from engine.explain import Quantity, explain
from engine.explain.models.linear_pieces import explain_collapsed, explain_piece
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import norm, num
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.panes.backprop.microsteps import MicroStepsPane
from tui.panes.explanation.layout import draw_explanation, lines_of
from tui.session.session import Session

IN_A_DIALOG = 74  # cells at 80 columns


def network(activation):
    made = Network([2, 4, 3, 1], activation)
    made.parameters[...] = np.random.default_rng(2).normal(size=made.parameters.size)
    return made


def in_a_dialog(explanation):
    lines = lines_of(explanation, Sheet(DARK, UNICODE, True, IN_A_DIALOG, 20), 6, 9)
    assert all(sum(len(span.text) for span in line) <= IN_A_DIALOG for line in lines)
    return "\n".join("".join(span.text for span in line) for line in lines)


def beside(explanation, height):
    canvas = Canvas(114, height, DARK)
    draw_explanation(canvas, explanation)
    return "\n".join(canvas.text_lines())


@pytest.mark.parametrize("input", [0, 1, None], ids=["W_z₁", "W_z₂", "b_z"])
def test_every_entry_of_every_matrix_of_a_collapse_is_shown(input):
    linear = network("identity")
    found = explain_collapsed(linear, 0, input)
    for text in (in_a_dialog(found), beside(found, 30)):
        assert "⋯" not in text and "…" not in text
        for W in linear.weights[1:]:
            assert all(num(w) in text for w in W.flat)
        first = linear.biases[0] if input is None else linear.weights[0][:, input]
        assert all(num(w) in text for w in first)


@pytest.mark.parametrize("input", [0, None], ids=["A", "c"])
def test_every_entry_of_every_matrix_of_a_region_s_map_is_shown(input):
    relu = network("relu")
    found = explain_piece(relu, [0.3, -0.2], 0, input)
    for text in (in_a_dialog(found), beside(found, 34)):
        assert "⋯" not in text
        for W in relu.weights[1:]:
            assert all(num(w) in text for w in W.flat)
        assert re.search(r"┌ [01] [01] [01] ┐", text)  # D⁽²⁾
        assert re.search(r"┌ [01] [01] [01] [01] ┐", text)  # D⁽¹⁾


@pytest.mark.parametrize("kind", ["gradient", "update"])
def test_a_row_of_three_entries_is_whole_in_80_columns(kind):
    trainer = Trainer(Experiment(dataset="circle", hidden=(4, 3)))
    trainer.step(30)
    step = trainer.take_apart()
    for unit in range(3):
        found = explain(step, Quantity(kind, 3, 0, unit))
        row = " ".join(num(x) for x in found.equation[0].values[0])
        assert f"[ {row} ]" in in_a_dialog(found)
        for size in ((78, 12), (78, 14), (114, 14)):
            canvas = Canvas(*size, DARK)
            draw_explanation(canvas, found)
            assert f"[ {row} ]" in "\n".join(canvas.text_lines())


def test_the_selected_row_and_column_are_in_sight_of_a_large_matrix():
    W = np.random.default_rng(0).normal(size=(30, 40))
    large = Network.from_arrays([W, np.ones((1, 30))])
    found = explain_piece(large, np.zeros(40), 17, 23, layer=1)
    for text in (in_a_dialog(found), beside(found, 30)):
        assert num(W[17, 23]) in text


def test_the_norm_of_a_gradient_is_of_the_weights_alone_on_every_screen():
    session = Session(Experiment(dataset="circle", hidden=(4, 3)))
    session.time.step(10)
    session.selection.toggle_batch_mode()
    steps = framed(session, "backprop").backprop.step.microsteps
    session.microscope.go_to(len(steps) - 1)
    frame = framed(session, "backprop")
    canvas = Canvas(60, len(steps), DARK)
    pane = MicroStepsPane()
    pane.view = frame
    pane.draw(canvas, frame)
    lines = canvas.text_lines()
    for layer, G in enumerate(frame.batch.weight_gradients, start=1):
        of_layer = f"∂C/∂W⁽{'⁰¹²³'[layer]}⁾, b"
        (line,) = (line for line in lines if of_layer in line)
        assert line.rstrip().endswith(f"‖∂C/∂W‖ {norm(np.linalg.norm(G))}")
