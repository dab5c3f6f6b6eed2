"""Enter on Regions: the nearest flip, the jump at a border and the curvature, each worked out."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import finish_counting, frame_of, with_network
from screen import press, running, text

from engine import Experiment, Network
from engine.explain import meaning_text
from tui.explain.regions import cursor_numbers
from tui.model.regions.bends import curvature, knot_jumps, nearest_border, nearest_knot
from tui.model.regions.filter import region_list
from tui.model.regions.nearest_flip import flip_at_cursor
from tui.panes.regions.detail import RegionDetailPane

CASES = {
    "circle": {"hidden": (4, 3)},
    "sigmoid": {"output": "sigmoid", "loss": "binary_cross_entropy"},
    "leaky": {"hidden": (5, 4), "activation": "leaky_relu"},
    "cloglog": {"output": "cloglog", "loss": "binary_cross_entropy"},
    "two relu": {"dataset": "two-relu", "hidden": (2,), "bias": False},
    "a plane of four inputs, three classes": {"dataset": "iris", "hidden": (5, 4)},
    "skips": {"hidden": (4, 4, 3), "skips": ((1, 2),)},
    "a curve": {"dataset": "sine", "hidden": (8, 4), "learning_rate": 0.01},
    "a standardised curve": {"dataset": "cars", "hidden": (6,)},
}


def explained(frame):
    """The explanations behind the map's entries, by what they belong to."""
    numbers = cursor_numbers(frame)
    index, count = numbers.position()
    found = {}
    for i in range(frame.network.sizes[0] + frame.network.bias, count):
        number = numbers.next_in_list(i - index)
        found[number.description().split(" · ")[0]] = number, number.explain()
    return found


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("part", [0.2, 0.45, 0.7])
def test_the_explained_numbers_are_those_on_the_screen(name, part):
    frame = frame_of(60, **CASES[name])
    low, high = np.array(frame.view.box).T
    frame = replace(frame, cursor=low + part * (high - low))
    found = explained(frame)
    for _, explanation in found.values():
        last = explanation.definitions[-1]
        assert last.expression.value == pytest.approx(explanation.symbol.value, rel=1e-9, abs=1e-12)
    if "the nearest flip" in found:
        explanation = found["the nearest flip"][1]
        assert explanation.symbol.value == pytest.approx(flip_at_cursor(frame).distance, rel=1e-6)
        assert "Check: just before it" in meaning_text(explanation)
    total = found["the map"][1].symbol.value
    if frame.view.flat:
        listed = region_list(frame)
        assert total == pytest.approx(curvature(frame, listed), rel=1e-9)
        jump = nearest_border(frame, listed).jump
        where = "the nearest border"
    else:
        unit = 0
        assert total == pytest.approx(np.abs(knot_jumps(frame, unit)).sum(), rel=1e-9)
        jump, where = nearest_knot(frame, unit).jump, "the nearest knot"
    number, explanation = found[where]
    assert explanation.symbol.value == pytest.approx(jump, rel=1e-6)
    assert len(explanation.definitions) > 1  # v·‖w‖, not only in words
    for operand in number.operands(explanation).values():
        assert np.isfinite(operand.explain().symbol.value)


def test_the_parts_of_the_curvature_are_those_of_its_units():
    frame = frame_of(60)
    number, explanation = explained(frame)["the map"]
    parts = [operand.explain().symbol.value for operand in number.operands(explanation).values()]
    assert sum(parts) == pytest.approx(explanation.symbol.value, rel=1e-9)


def test_the_two_sides_of_a_flip_are_what_the_network_decides_there():
    frame = frame_of(100)
    meaning = meaning_text(explained(frame)["the nearest flip"][1])
    pairs = re.findall(r"at \(([^)]*)\), z is ([−\d.e]+): (class [−+]1)", meaning)
    pairs += re.findall(r"behind it, at \(([^)]*)\), ([−\d.e]+): (class [−+]1)", meaning)
    assert len(pairs) == 2 and pairs[0][2] != pairs[1][2]
    for point, z, decided in pairs:
        at = np.array([[float(x.replace("−", "-")) for x in point.split(", ")]])
        assert (z[0] != "−") == (decided == "class +1")
        assert (float(frame.outputs(at)[0, 0]) > 0.0) == (decided == "class +1")


def test_where_the_foot_of_the_perpendicular_is_outside_its_piece_the_border_is_named():
    network = Network.from_arrays([[[1, 0], [0, 1]], [[-1, -1]]])  # −relu(x₁) − relu(x₂)
    frame = with_network(frame_of(dataset="reg-plane"), network)
    frame = replace(frame, cursor=np.array([2.0, 2.0]))
    # z ≤ 0 everywhere: no flip
    assert "the nearest flip" not in explained(frame)
    other = with_network(frame, Network.from_arrays([[[1, 0], [0, 1]], [[1, 1]]]))
    explanation = explained(replace(other, cursor=np.array([3.0, 4.0])))["the nearest flip"][1]
    assert explanation.symbol.value == pytest.approx(5.0)
    assert "on the border of a piece" in meaning_text(explanation)


def test_units_that_switch_at_the_same_place_are_said_to_do_so_together():
    network = Network.from_arrays([[[1, 0], [2, 0]], [[1, 1]]])
    frame = replace(
        with_network(frame_of(dataset="reg-plane"), network), cursor=np.array([0.5, 1.0])
    )
    _, explanation = explained(frame)["the nearest border"]
    assert explanation.symbol.value == pytest.approx(3.0)
    assert "Several units" in meaning_text(explanation)


@pytest.mark.parametrize(
    "settings", [{"activation": "tanh"}, {"features": ("x1", "x1^2")}, {"hidden": ()}], ids=str
)
def test_of_what_is_not_known_nothing_is_listed(settings):
    frame = frame_of(5, **settings)
    number = cursor_numbers(frame)
    if frame.regions.map is None:
        assert number.position()[1] == frame.network.sizes[0] + 1
    else:  # without a border
        assert "the nearest border" not in explained(frame)


EXPERIMENTS = {
    "two-relu": Experiment(dataset="two-relu", hidden=(2,), bias=False, learning_rate=0.1),
    "circle": Experiment(),
    "sine": Experiment(dataset="sine", hidden=(8, 8), learning_rate=0.01),
    "confused": Experiment(
        dataset="xor", train_fraction=0.1, hidden=(8, 8), optimizer="adam", learning_rate=0.02,
        seed=9,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("step", [0, 200])
async def test_jump_curvature_and_far_out_are_in_sight_at_120_by_40(name, step):
    async with running(EXPERIMENTS[name]) as (app, pilot):
        app.seek(step)
        await press(app, pilot, "3")
        finish_counting(app.session)
        app.show()
        await pilot.pause()
        screen = text(app)
        assert app.screen.query_one(RegionDetailPane).size.height >= 10
    for words in ("slope jumps", "curvature", "far out"):
        assert words in screen, screen
