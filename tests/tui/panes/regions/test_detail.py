"""The detail pane: formula, pattern and inequalities of the region under the cursor."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, frame_of, with_network
from screen import press, running

from engine import Experiment, Network
from tui.drawing.glyphs import ASCII
from tui.drawing.numbers import norm, num
from tui.model.regions.filter import region_list
from tui.model.regions.result import Failed, Regions
from tui.model.target_scale import target_of
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.table import RegionTablePane

CROSS = Network.from_arrays([[[1, 0], [0, 1]], [[1, 1]]], [[-1, 2], [3]])
"""ŷ = relu(x₁ − 1) + relu(x₂ + 2) + 3: four rectangles."""
TALL = (36, 40)


@pytest.fixture(scope="module")
def trained():
    return frame_of(300, hidden=(8, 6))


def cross(x1=3.0, x2=-4.0):
    frame = with_network(frame_of(dataset="reg-plane"), CROSS)
    return replace(frame, cursor=np.array([x1, x2]))


def test_a_region_says_its_formula_pattern_inequalities_and_neighbours():
    frame = cross()
    listed = region_list(frame)
    rank = listed.selected
    pane = RegionDetailPane()
    assert pane.titles(frame) == (f"Region {rank + 1}", "ŷ is affine here")
    lines = drawn(pane, frame, TALL)
    assert lines[0] == "┼ x₁ +3.000  x₂ −4.000  ŷ +5.000"
    assert lines[1] == "◈ no flip in the box"
    assert lines[3] == "ŷ = +1.000 x₁  0.000 x₂ +2.000"
    assert lines[4] == f"‖∇ŷ‖ 1.0000  corners 4   area {100.0 * listed.share[rank]:.2f}%"
    assert lines[5] == f"examples {listed.examples[rank]}"
    assert lines[7:10] == [
        "nearest border a⁽¹⁾₁",
        "  slope jumps +1.000 convex",
        "  curvature 28.000",
    ]
    assert lines[10] == "  far out ŷ +0.600 a unit"  # of (0.6, −0.8), the way out: 1 · 0.6
    assert lines[12].split() == ["a⁽¹⁾", "■", "·", "1", "of", "2", "on"]
    beside = " ".join(str(other + 1) for other in listed.neighbours(rank))
    assert lines[14] == f"2 neighbours {beside}"
    assert lines[16] == "z⁽¹⁾₁ +1.000x₁  0.000x₂ −1.000 > 0"
    assert lines[17] == "z⁽¹⁾₂  0.000x₁ +1.000x₂ +2.000 < 0"
    here = 1 + np.flatnonzero(listed.homes == rank)
    assert " ".join(lines[19:]).split()[:4] == [str(len(here)), "examples", *map(str, here[:2])]


def test_of_a_curved_output_the_formula_is_of_z_and_the_output_is_named(trained):
    listed = region_list(trained)
    lines = drawn(RegionDetailPane(), trained, TALL)
    slopes = listed.slopes[listed.selected]
    start = next(i for i, line in enumerate(lines) if line.startswith("z⁽³⁾ = "))
    assert lines[start].startswith(f"z⁽³⁾ = {num(slopes[0])} x₁ {num(slopes[1])} x₂ ")
    assert lines[start + 1].startswith(f"‖∇z‖ {norm(np.hypot(*slopes))}")
    assert "ŷ = tanh(z⁽³⁾)" in "\n".join(lines)


def test_lamps_are_the_pattern_in_every_region(trained):
    listed = region_list(trained)
    for rank in range(0, len(listed), 7):
        frame = replace(trained, cursor=listed.centre(rank))
        rows = [line for line in drawn(RegionDetailPane(), frame, TALL) if line.startswith("a⁽")]
        pattern = listed.map.patterns[listed.ids[rank]]
        for row, layer in zip(rows, np.split(pattern, [8]), strict=True):
            assert [mark == "■" for mark in row if mark in "■·"] == layer.tolist()
            assert row.endswith(f"{layer.sum()} of {len(layer)} on")


def test_lamps_of_a_wide_layer_are_cut_but_counted():
    rng = np.random.default_rng(1)
    network = Network.from_arrays([rng.normal(size=(60, 2)), rng.normal(size=(1, 60))])
    frame = replace(with_network(frame_of(), network), cursor=np.array([1.0, 2.0]))
    on = np.count_nonzero(network.weights[0] @ frame.cursor > 0.0)
    (row,) = [line for line in drawn(RegionDetailPane(), frame) if line.startswith("a⁽¹⁾")]
    assert "…" in row and row.endswith(f" {on} of 60 on") and len(row) <= 36


def test_all_lines_can_be_scrolled_into_sight(trained):
    pane = RegionDetailPane()
    everything = [line for line in drawn(RegionDetailPane(), trained, TALL) if line]
    seen = drawn(pane, trained, (36, 4))
    for _ in range(len(everything)):
        pane.move(0, 1)
        seen.append(drawn(pane, trained, (36, 4))[-1])
    assert list(dict.fromkeys(seen)) == list(dict.fromkeys(everything))
    for _ in range(len(everything)):
        pane.move(0, -1)
        drawn(pane, trained, (36, 4))
    assert drawn(pane, trained, (36, 4)) == everything[:4]


def test_long_names_stand_apart_from_their_slopes_and_end_in_sight():
    frame = cross()
    names = ("a very long name that goes on and on", "another that is as long as the pane")
    frame = replace(frame, view=replace(frame.view, names=names))
    lines = drawn(RegionDetailPane(), frame, TALL)
    assert lines[5] == "ŷ = +1.000 a very long name that go…"
    assert lines[6] == "     0.000 another that is as long …"
    assert lines[:3] == [
        "┼ a very long name that goes… +3.000",
        "  another that is as long as… −4.000",
        "  ŷ +5.000",
    ]
    sides = [line for line in lines[5:] if "very" in line or "another" in line][2:]
    assert all(re.search(r" [+−]?\d\.\d{3} a[^ ]* .*…", line) for line in sides), sides
    assert len(sides) == 4


@pytest.mark.filterwarnings("error")
def test_a_map_that_overflows_is_not_written_down():
    frame = cross()
    weights = [1e200 * w for w in frame.network.weights]
    steep = with_network(frame, Network.from_arrays(weights, frame.network.biases))
    text = " ".join(drawn(RegionDetailPane(), steep, TALL))
    assert "too large for a float" in text
    assert "inf" not in text and "nan" not in text


async def test_the_pane_says_how_much_more_there_is_until_all_is_in_sight():
    async with running(Experiment(hidden=(8, 6))) as (app, pilot):
        await press(app, pilot, "3")
        pane = app.screen.query_one(RegionDetailPane)
        assert " more · " in str(pane.border_subtitle)
        pane.focus()
        await press(app, pilot, "z")
        assert str(pane.border_subtitle) == "z⁽³⁾ is affine here"


def test_regions_with_the_same_map_are_named():
    network = Network.from_arrays([[[1, 0], [0, 1]], [[1, 0]]], [[-1, 2], [3]])
    frame = with_network(cross(), network)
    listed = region_list(frame)
    (same,) = listed.same_map(listed.selected)
    assert f"the same map as in {same + 1}" in drawn(RegionDetailPane(), frame, TALL)


def test_a_region_of_an_earlier_step_says_so_and_tells_no_output_of_now():
    frame = cross()
    later = replace(frame, step=1200, regions=replace(frame.regions, step=1000))
    assert RegionDetailPane().titles(later)[0].endswith(" of step 1 000")
    assert drawn(RegionDetailPane(), later, TALL)[0] == "┼ x₁ +3.000  x₂ −4.000  ŷ      –"


KINDS = {
    "regions": {},
    "a curve": {"dataset": "sine"},
    "a curved network": {"activation": "tanh"},
    "a curved curve": {"dataset": "sine", "activation": "tanh"},
    "standardised": {"dataset": "cars"},
    "a plane of four inputs, three classes": {"dataset": "iris"},
    "curved features": {"features": ("x1", "x1^2")},
    "no hidden layer": {"hidden": ()},
}


@pytest.mark.parametrize("kind", KINDS)
def test_on_top_stand_the_cursor_s_place_and_the_output_exactly_there(kind):
    frame = frame_of(**KINDS[kind])
    low, high = np.array(frame.view.box).T
    for part in (0.1, 0.5, 0.83):
        frame = replace(frame, cursor=low + part * (high - low))
        y_hat = frame.prepared.predict(frame.network, frame.view.inputs(frame.cursor[None]))[0]
        unit = target_of(frame).unit
        name = "ŷ" if len(y_hat) == 1 else f"ŷ{'₁₂₃'[unit]}"
        places = zip(frame.view.names, frame.cursor.tolist(), strict=True)
        expected = [f"{n} {num(x)}" for n, x in places] + [f"{name} {num(y_hat[unit])}"]
        lines = drawn(RegionDetailPane(), frame, (80, 40))
        assert lines[0] == "┼ " + "  ".join(expected)


@pytest.mark.filterwarnings("error")
def test_a_diverged_run_has_no_output_at_the_cursor():
    frame = frame_of(200, dataset="cars", hidden=(), learning_rate=1e6)
    assert frame.divergence
    text = " ".join(drawn(RegionDetailPane(), frame, TALL))
    assert "┼" not in text and "ŷ" not in text


def test_a_piece_of_a_curve_says_its_interval_and_which_units_bend_it():
    frame = frame_of(dataset="anscombe-1")
    data = frame.data
    network = Network.from_arrays([[[1], [1]], [[2, -1]]], [[-0.5, 0.5], [0]])
    mean, sd = data.x_scale.mean[0], data.x_scale.sd[0]
    frame = with_network(replace(frame, cursor=np.array([mean])), network)
    slope = -data.y_scale.sd[0] / sd  # in scaled units −x − ½
    offset = data.y_scale.mean[0] - data.y_scale.sd[0] / 2 - slope * mean
    pane = RegionDetailPane()
    lines = drawn(pane, frame, TALL)
    assert pane.titles(frame)[0] == "Piece 2"
    assert lines[2] == f"ŷ = {num(slope)} x {num(offset)}"
    assert f"{num(mean - sd / 2)} < x < {num(mean + sd / 2)}" in "\n".join(lines)
    assert f"left end: a⁽¹⁾₂ slope jumps {num(slope)}" in lines
    assert f"right end: a⁽¹⁾₁ slope jumps {num(-2 * slope)}" in lines
    narrow = drawn(pane, frame, (30, 40))
    assert narrow[narrow.index("right end: a⁽¹⁾₁") + 1] == f"  slope jumps {num(-2 * slope)}"


def test_without_a_map_the_piece_at_the_cursor_is_still_told():
    frame = replace(cross(), regions=Regions(0, reason=Failed("too many regions")))
    pane = RegionDetailPane()
    lines = drawn(pane, frame, TALL)
    assert pane.titles(frame)[0] == "At the cursor"
    assert lines[2] == "ŷ = +1.000 x₁  0.000 x₂ +2.000"
    assert lines[5].split() == ["a⁽¹⁾", "■", "·", "1", "of", "2", "on"]
    assert "too many regions" in lines


def test_a_curved_network_has_no_formula_and_says_which_layer():
    frame = frame_of(activation="tanh")
    assert "hidden layer 1 is curved (tanh)" in " ".join(drawn(RegionTablePane(), frame))
    assert "z⁽³⁾ is not affine here" in " ".join(drawn(RegionDetailPane(), frame))


@pytest.mark.parametrize("dataset", ["line", "circle"])
def test_without_hidden_layers_there_is_one_region_and_no_lamp(dataset):
    frame = frame_of(3, dataset=dataset, hidden=(), output="identity")
    lines = drawn(RegionDetailPane(), frame, TALL)
    (formula,) = [line for line in lines if "= " in line]
    assert len(formula.split()) == 3 + 2 * len(frame.cursor)
    assert not any(" on" in line for line in lines)
    wide = drawn(RegionTablePane(), frame, (100, 5))
    assert wide[1].split()[0] == "1" and not wide[2]


def test_ascii_is_ascii(trained):
    assert "".join(drawn(RegionDetailPane(), trained, TALL, ASCII)).isascii()
