"""The nearest flip at the cursor, the bends of a map, and ŷ far out: as brute force finds them."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, frame_of, with_network

import engine
from engine import Network
from tui.model.regions.bends import curvature, nearest_border
from tui.model.regions.far_out import far_out
from tui.model.regions.filter import region_list
from tui.model.regions.nearest_flip import (
    decision_name,
    flip_at_cursor,
    has_flips,
    typical_distance,
)
from tui.model.target_scale import class_names, target_of
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map import RegionMapPane

DECIDING = {
    "circle": {},
    "sigmoid": {"output": "sigmoid", "loss": "binary_cross_entropy"},
    "cloglog": {"output": "cloglog", "loss": "binary_cross_entropy"},
    "probit": {"output": "probit", "loss": "binary_cross_entropy"},
    "identity": {"output": "identity"},
    "a plane of four inputs, three classes": {"dataset": "iris"},
    "ŷ of both signs": {"dataset": "reg-plane"},
    "a curve": {"dataset": "sine", "hidden": (8,), "learning_rate": 0.01},
    "a curve of classes": {"dataset": "challenger", "hidden": (4,)},
}
UNDECIDED = {
    "a regression of one sign": {"dataset": "mtcars"},
    "a curved network": {"activation": "tanh"},
    "curved features": {"features": ("x1", "x1^2")},
}


def decided(frame, points):
    """The decision (m,) at points of the view, from ŷ."""
    y_hat, target = frame.outputs(points), target_of(frame)
    if frame.data.task != "regression" and y_hat.shape[1] > 1:
        return y_hat.argmax(axis=1)
    return (y_hat[:, target.unit] > target.centre).astype(int)


def at_part(frame, part):
    low, high = np.array(frame.view.box).T
    return replace(frame, cursor=low + part * (high - low))


def away(frame, points):
    """The distances (m,) from the cursor in the network's inputs."""
    rows = frame.data.encode(frame.view.inputs(np.vstack([frame.cursor, points])))
    return np.linalg.norm(rows[1:] - rows[0], axis=1)


@pytest.mark.parametrize("kind", DECIDING)
def test_no_point_of_the_box_nearer_than_the_flip_has_another_decision(kind):
    frame = frame_of(150, **DECIDING[kind])
    low, high = np.array(frame.view.box).T
    points = np.random.default_rng(0).uniform(low, high, (40_000, len(low)))
    flips = 0
    for part in (0.1, 0.37, 0.55, 0.9):
        frame = at_part(frame, part)
        before, other = decided(frame, frame.cursor[None])[0], decided(frame, points)
        flip = flip_at_cursor(frame)
        if flip is None:
            assert (other == before).all()
            continue
        flips += 1
        assert flip.before == before != flip.after
        distances = away(frame, points)
        nearest = distances[other != before].min(initial=np.inf)
        assert flip.distance <= nearest * (1.0 + 1e-9)
        assert flip.distance == pytest.approx(away(frame, flip.point[None])[0], rel=1e-9)
        around = flip.point + np.random.default_rng(1).normal(0.0, 1e-6, (200, len(low)))
        assert {before, flip.after} <= set(decided(frame, around).tolist())
    assert flips


@pytest.mark.parametrize("kind", UNDECIDED)
def test_without_a_decision_or_pieces_no_flip_is_claimed(kind):
    frame = frame_of(5, **UNDECIDED[kind])
    assert not has_flips(frame)
    shown = "\n".join([*drawn(RegionDetailPane(), frame), *drawn(RegionMapPane(), frame, (70, 30))])
    assert "flip" not in shown and "◈" not in shown


def test_an_output_that_never_reaches_the_level_has_no_flip():
    frame = frame_of(5, dataset="sine", output="tanh")
    scale = frame.data.y_scale  # 0 is 5 standard deviations from the mean
    far = replace(frame.data, y_scale=replace(scale, mean=scale.mean + 5.0 * scale.sd))
    frame = replace(frame, data=far)
    assert has_flips(frame) and flip_at_cursor(frame) is None
    assert "◈ no flip in the box" in drawn(RegionDetailPane(), frame)


def test_of_an_earlier_map_or_while_playing_no_flip_is_claimed():
    frame = frame_of(150)
    assert "◈" in "".join(drawn(RegionMapPane(), frame, (70, 30)))
    stale = replace(frame, regions=replace(frame.regions, step=149))
    assert "◈" not in "".join(drawn(RegionMapPane(), stale, (70, 30)))
    assert "flip" not in "".join(drawn(RegionDetailPane(), stale))
    playing = drawn(RegionDetailPane(), replace(frame, playing=True), (44, 20))
    still = drawn(RegionDetailPane(), frame, (44, 20))
    assert playing[1].split() == ["◈", "x₁", "–", "x₂", "–", "flips", "to", "–"]
    assert [line[:2] for line in playing[:6]] == [line[:2] for line in still[:6]]  # nothing shifts


def test_the_pane_names_point_class_distance_and_what_is_typical():
    frame = frame_of(150)
    flip = flip_at_cursor(frame)
    shown = " ".join(" ".join(drawn(RegionDetailPane(), frame, (44, 20))).split())
    assert f"flips to class {class_names(frame)[flip.after]} away {flip.distance:.4f}" in shown
    X = frame.data.X[frame.data.train]
    gaps = np.linalg.norm(X[:, None] - X[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    assert typical_distance(frame.data) == pytest.approx(np.median(gaps.min(axis=1)))
    assert f"examples apart {typical_distance(frame.data):.4f}" in shown and " sd" not in shown


def test_standardised_inputs_are_compared_in_standard_deviations():
    frame = frame_of(150, dataset="iris")
    shown = " ".join(" ".join(drawn(RegionDetailPane(), frame, (44, 20))).split())
    assert f"examples apart {typical_distance(frame.data):.4f} sd" in shown
    assert decision_name(frame, 1) == "class versicolor"


@pytest.mark.parametrize("kind", ["circle", "ŷ of both signs", "identity"])
def test_at_the_nearest_border_the_slope_jumps_by_what_both_sides_differ(kind):
    frame = frame_of(150, **DECIDING[kind])
    for part in (0.1, 0.37, 0.55, 0.9):
        frame = at_part(frame, part)
        listed = region_list(frame)
        bend = nearest_border(frame, listed)
        on = listed.map.patterns[listed.ids]
        unit = sum(frame.network.sizes[1 : bend.layer]) + bend.unit
        beside = listed.neighbours(listed.selected)
        other = [r for r in beside if on[r, unit] != on[listed.selected, unit]]
        jumps = [np.linalg.norm(listed.slopes[r] - listed.slopes[listed.selected]) for r in other]
        assert np.isclose(jumps, abs(bend.jump), atol=1e-9).any()
        regions = listed.map
        total = sum(
            np.linalg.norm(np.subtract(*listed.slopes[listed.ranks[pair]])) * size
            for pair, size in zip(regions.edge_regions, regions.edge_lengths, strict=True)
        )
        assert curvature(frame, listed) == pytest.approx(total)


def test_a_border_without_a_jump_is_no_bend():
    network = Network.from_arrays([[[1, 0], [0, 1]], [[1, 0]]], [[-1, 2], [3]])
    frame = with_network(frame_of(dataset="reg-plane"), network)
    frame = replace(frame, cursor=np.array([-3.0, -2.1]))
    assert "slope jumps  0.000 no bend" in "\n".join(drawn(RegionDetailPane(), frame, (44, 20)))
    frame = replace(frame, cursor=np.array([0.9, 3.0]))
    assert "slope jumps +1.000 convex" in "\n".join(drawn(RegionDetailPane(), frame, (44, 20)))


@pytest.mark.parametrize("kind", DECIDING)
def test_far_out_is_what_the_network_gives_a_million_boxes_away(kind):
    frame = at_part(frame_of(150, **DECIDING[kind]), 0.9)
    unit, middle = target_of(frame).unit, frame.view.centre
    far = far_out(frame, unit)
    points = middle + np.array([[1e6], [2e6]]) * (frame.cursor - middle)
    y_hat = frame.outputs(points)[:, unit]
    if frame.network.output != "identity":
        assert far.slope == 0.0 and far.limit == pytest.approx(y_hat[1], abs=1e-9)
    elif far.slope:
        distance = np.diff(away(frame, points))[0]
        assert far.slope == pytest.approx(np.diff(y_hat)[0] / distance)
        assert far.limit == np.copysign(np.inf, far.slope)
    else:
        assert far.limit == pytest.approx(y_hat[0])
    assert far_out(replace(frame, cursor=middle), unit) is None


def test_of_one_input_the_flip_is_the_engine_s():
    frame = at_part(frame_of(150, **DECIDING["a curve"]), 0.4)
    flip = flip_at_cursor(frame)
    interval = frame.view.interval(frame.data)
    scale = frame.data.y_scale
    expected = engine.nearest_flip(
        frame.network,
        frame.data.x_scale.apply(frame.cursor),
        interval,
        level=float(-scale.mean[0] / scale.sd[0]),
    )
    assert flip.distance == pytest.approx(expected.distance)
    assert frame.data.x_scale.apply(flip.point) == pytest.approx(expected.point)
