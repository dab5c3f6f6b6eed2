"""The table "Linear in what?" of screen GLM: what it says, and where it says nothing."""

from dataclasses import replace

import numpy as np
import pytest
from frames import frame_of

from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import norm
from tui.drawing.palette import DARK
from tui.model.frame import Frame
from tui.model.glm.compute_facts import glm_facts
from tui.panes.base.look import Look
from tui.panes.glm.linear_in import LinearInPane

REFERENCES = {
    "one layer": ["linear", "linear"],
    "polynomial features": ["bends", "linear"],
    "identity stack": ["linear", "bends"],
    "relu stack": ["bends", "bends"],
}


def drawn(frame: Frame, width: int = 52, height: int = 11) -> list[str]:
    pane, canvas = LinearInPane(), Canvas(width, height, DARK, UNICODE, True)
    pane.look = Look(DARK, UNICODE, True, SHOWN)
    pane.draw(canvas, frame)
    return canvas.text_lines()


def said(frame: Frame) -> dict[str, list[str]]:
    """The words of each row."""
    rows = {}
    for line in drawn(frame)[1:6]:
        *name, _, in_x, _, in_weights = line.split()
        rows[" ".join(name)] = [in_x, in_weights]
    return rows


@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "circle"},
        {"dataset": "mtcars"},
        {"dataset": "challenger"},
        {"dataset": "iris"},
        {"dataset": "sine", "features": ("x", "x^2", "sin(x)")},
        {"dataset": "circle", "features": ("x1^2",)},
    ],
    ids=str,
)
def test_the_four_references_are_linear_in_different_things_on_any_data(settings):
    rows = said(frame_of(3, hidden=(4, 3), **settings))
    assert {name: rows[name] for name in REFERENCES} == REFERENCES


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"hidden": ()}, ["linear", "linear"]),
        ({"hidden": (), "features": ("x1", "x2", "x1^2", "x1*x2")}, ["bends", "linear"]),
        ({"hidden": (4, 3), "activation": "identity"}, ["linear", "bends"]),
        ({"hidden": (4, 3), "activation": "relu"}, ["bends", "bends"]),
        ({"hidden": (4, 3), "activation": "tanh"}, ["bends", "bends"]),
    ],
    ids=str,
)
def test_the_last_row_is_the_present_network(settings, words):
    frame = frame_of(7, dataset="circle", **settings)
    assert said(frame)["this network"] == words


def test_of_too_few_different_examples_nothing_is_said_about_x(tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("a,b,y\n1,2,3\n2,5,1\n4,4,4\n1,2,2\n", encoding="utf-8")
    frame = frame_of(dataset=str(path), hidden=(3,), activation="tanh")
    lines = drawn(frame)
    assert all(line.split()[-3] == "–" for line in lines[1:6])
    assert "too few different examples" in "".join(lines)


def test_of_a_diverged_network_nothing_is_said():
    frame = frame_of(dataset="circle", hidden=(3,))
    broken = frame.network.with_parameters(np.full(frame.network.parameters.size, np.nan))
    assert drawn(replace(frame, network=broken))[5].split()[2:] == ["–", "–"]


def test_where_rounding_could_hide_a_bend_nothing_is_said():
    frame = frame_of(dataset="circle", hidden=())
    huge = frame.network.with_parameters(frame.network.parameters * 1e15)
    assert drawn(replace(frame, network=huge))[5].split()[2:] == ["–", "–"]


def test_each_number_is_explained_with_the_value_that_stands_there():
    frame = frame_of(7, dataset="circle", hidden=(4, 3))
    frame = replace(frame, glm=glm_facts(frame))
    numbers, lines = LinearInPane().explainable(frame), drawn(frame)
    assert numbers.position() == (8, 10)
    for index in range(10):
        value = numbers.make(index).symbol.value
        assert norm(value).strip() in lines[1 + index // 2].split()
