"""The collapse pane shows the products on the way, the terms of b_z, and one example both ways."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment, Network, collapse, collapse_steps
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.experiments.library import entry
from tui.panes.linear.collapse import CollapsePane
from tui.panes.linear.collapse_steps import step_blocks
from tui.session.session import Session

SIZE = (78, 40)


def lines_of(experiment):
    session = Session(experiment)
    return drawn(CollapsePane(), framed(session, "linear"), SIZE), session


def numbers_after(sign, line):
    return [float(word) for word in line.partition(sign)[2].replace("−", "-").strip(" []").split()]


def test_the_worked_example_stands_there_in_whole_numbers():
    lines, session = lines_of(entry("worked-example").experiment)
    at = next(i for i, line in enumerate(lines) if line.strip() == "W⁽³⁾W⁽²⁾")
    assert lines[at + 2].strip() == "[−3.000 +1.000]"
    at = next(i for i, line in enumerate(lines) if line.startswith("b_z ="))
    assert lines[at].split() == ["b_z", "=", "W⁽³⁾W⁽²⁾b⁽¹⁾", "+", "W⁽³⁾b⁽²⁾", "+", "b⁽³⁾"]
    assert lines[at + 2].split() == ["[−5.000]", "[+5.000]", "[−1.000]"]
    at = next(i for i, line in enumerate(lines) if line.startswith("example 1, layer by layer"))
    assert lines[at].endswith("ŷ = [+14.43]") and lines[at + 1].endswith("W_z x + b_z = [+14.43]")
    session.selection.next_example(1)
    lines = drawn(CollapsePane(), framed(session, "linear"), SIZE)
    assert any(line.startswith("example 2, layer by layer: ŷ = ") for line in lines)


def test_where_a_layer_bends_the_example_has_two_values_and_b_z_no_terms():
    lines, session = lines_of(Experiment(dataset="reg-plane", hidden=(2, 3), activation="relu"))
    text = "\n".join(lines)
    assert "W⁽³⁾W⁽²⁾" not in text and "b_z = W" not in text
    at = next(i for i, line in enumerate(lines) if line.startswith("example 1, layer by layer"))
    network, x = session.trainer.network, session.trainer.prepared.inputs[0]
    alone = collapse(Network.from_arrays(network.weights, network.biases, "identity"))
    values = network.predict(x[None]).item(), alone(x).item()
    for line, value in zip(lines[at:], values, strict=False):
        assert numbers_after(" = ", line) == pytest.approx([value], abs=5e-3)
    assert abs(values[0] - values[1]) > 0.01


@pytest.mark.parametrize(
    ("skips", "names"),
    [
        (((1, 2), (0, 1)), ["W⁽³⁾(W⁽²⁾ + I)b⁽¹⁾", "W⁽³⁾b⁽²⁾"]),
        (((1, 3),), ["(W⁽³⁾W⁽²⁾ + I)b⁽¹⁾", "W⁽³⁾b⁽²⁾"]),
    ],
)
def test_skip_connections_stand_in_the_terms(skips, names):
    rng, shapes = np.random.default_rng(0), ((3, 3), (3, 3), (3, 3))
    if skips == ((1, 3),):
        shapes = ((2, 3), (3, 2), (2, 3))  # of W⁽ˡ⁾: layers 1 and 3 are as wide
    weights = [rng.normal(size=shape) for shape in shapes]
    biases = [rng.normal(size=len(W)) for W in weights]
    network = Network.from_arrays(weights, biases, "identity", skips=skips)
    frame = framed(Session(Experiment(dataset="stackloss", hidden=(3,))), "linear")
    facts = replace(frame.linear, steps=collapse_steps(network))
    blocks = step_blocks(replace(frame, network=network), facts, Sheet(DARK, UNICODE, True, 90, 40))
    text = "\n".join("".join(span.text for span in line) for block in blocks for line in block)
    for name in names:
        assert name in text


def test_in_ascii_and_in_a_narrow_pane_nothing_is_cut():
    frame = framed(Session(entry("worked-example").experiment), "linear")
    narrow = drawn(CollapsePane(), frame, (34, 60))
    assert any(line.startswith("example 1: ŷ = [+14.43]") for line in narrow)
    wide = "\n".join(drawn(CollapsePane(), frame, SIZE, ASCII))
    assert ASCII.layer(3) in wide and wide.isascii()


def test_without_biases_there_are_no_terms_of_b_z():
    lines, _ = lines_of(
        Experiment(dataset="reg-plane", hidden=(2, 2), activation="identity", bias=False)
    )
    assert not any("b_z = W" in line for line in lines)
