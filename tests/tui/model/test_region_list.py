"""The region list: largest first, and what it says of a region is what the network does there."""

from dataclasses import replace

import numpy as np
import pytest
from frames import frame_of, with_network

from engine import Network
from tui.model.regions.filter import region_list
from tui.model.regions.result import Regions, Unknown
from tui.model.view import principal_view

CROSS = Network.from_arrays([[[1, 0], [0, 1]], [[1, 1]]], [[-1, 2], [3]])
"""ŷ = relu(x₁ − 1) + relu(x₂ + 2) + 3: four rectangles."""


def cross():
    return with_network(frame_of(dataset="reg-plane"), CROSS)


def test_the_largest_region_is_the_first_and_shares_add_up_to_the_box():
    frame = frame_of(300, hidden=(8, 6))
    listed = region_list(frame)
    assert (np.diff(listed.share) <= 0.0).all()
    assert listed.share.sum() == pytest.approx(1.0, rel=1e-12)
    assert (listed.ids[listed.ranks] == np.arange(len(listed))).all()


def test_equal_areas_go_by_the_maps_own_numbers():
    frame = frame_of(dataset="circle")
    network = Network.from_arrays([[[1, 0], [0, 1]], [[1, 1]]], activation="relu")
    listed = region_list(with_network(frame, network))  # four equal quarters
    assert listed.ids.tolist() == [0, 1, 2, 3]


def test_rectangles_have_their_areas_corners_and_slopes():
    frame = cross()
    (x_low, x_high), (y_low, y_high) = frame.view.box
    listed = region_list(frame)
    sides = {(0.0, 0.0): (1 - x_low, -2 - y_low), (1.0, 0.0): (x_high - 1, -2 - y_low)}
    sides |= {(0.0, 1.0): (1 - x_low, y_high + 2), (1.0, 1.0): (x_high - 1, y_high + 2)}
    box = (x_high - x_low) * (y_high - y_low)
    offsets = {(0.0, 0.0): 3.0, (1.0, 0.0): 2.0, (0.0, 1.0): 5.0, (1.0, 1.0): 4.0}
    for rank in range(4):
        slope = tuple(listed.slopes[rank].tolist())
        assert listed.share[rank] == pytest.approx(np.prod(sides[slope]) / box)
        assert listed.offset[rank] == offsets[slope]
        assert listed.steepness[rank] == np.hypot(*slope)
        assert listed.corners[rank] == 4


def test_corners_are_where_the_outline_turns():
    listed = region_list(frame_of(500, hidden=(8, 6)))
    for rank in range(len(listed)):
        polygon = listed.map.polygons[listed.ids[rank]]
        before, after = np.roll(polygon, 1, axis=0), np.roll(polygon, -1, axis=0)
        a, b = polygon - before, after - polygon
        turn = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
        lengths = np.hypot(*a.T) * np.hypot(*b.T)
        assert listed.corners[rank] == np.count_nonzero(turn > 1e-9 * lengths)


@pytest.mark.parametrize(
    "experiment",
    [
        {"dataset": "circle"},
        {"dataset": "reg-gauss"},
        {"dataset": "mtcars"},
        {"dataset": "gauss", "output": "sigmoid", "loss": "binary_cross_entropy"},
    ],
)
def test_in_each_region_the_listed_map_is_what_the_network_computes(experiment):
    frame = frame_of(50, hidden=(5, 4), **experiment)
    if frame.data.X.shape[1] > 2:
        frame = with_network(replace(frame, view=principal_view(frame.data)), frame.network)
    listed = region_list(frame)
    centres = listed.map.centres[listed.ids]
    if listed.of_output:
        values = frame.outputs(centres)[:, 0]
    else:
        rows = frame.data.x_scale.apply(frame.view.inputs(centres))
        values = frame.network.forward(rows).z[-1][:, 0]
    np.testing.assert_allclose(
        (listed.slopes * centres).sum(axis=1) + listed.offset, values, rtol=1e-9, atol=1e-9
    )


def test_every_example_in_the_box_lives_in_one_region():
    frame = frame_of(300, hidden=(8, 6))
    listed = region_list(frame)
    assert listed.examples.sum() == len(frame.data.X)
    located = frame.regions.map.locate(frame.data.X)
    assert (listed.ids[listed.homes] == located).all()


def test_the_selected_region_is_the_one_under_the_cursor():
    frame = cross()
    for rank in range(4):
        there = replace(frame, cursor=region_list(frame).centre(rank))
        assert region_list(there).selected == rank
        assert region_list(there).slopes is region_list(frame).slopes  # nothing is done twice


def test_neighbours_and_linear_regions_go_by_rank():
    # 3 + relu(x₁ − 1) + 0·relu(x₂ + 2): above and below the second border the map is the same
    network = Network.from_arrays([[[1, 0], [0, 1]], [[1, 0]]], [[-1, 2], [3]])
    listed = region_list(with_network(frame_of(dataset="reg-plane"), network))
    for rank in range(4):
        (same,) = listed.same_map(rank)
        assert (listed.slopes[same] == listed.slopes[rank]).all()
        assert same in listed.neighbours(rank)
        assert len(listed.neighbours(rank)) == 2


def test_the_boundary_passes_through_the_regions_in_which_the_sign_changes():
    frame = frame_of(800, dataset="circle", hidden=(6, 4))
    listed = region_list(frame)
    (x_low, x_high), (y_low, y_high) = frame.view.box
    x, y = np.meshgrid(np.linspace(x_low, x_high, 301), np.linspace(y_low, y_high, 301))
    points = np.column_stack([x.ravel(), y.ravel()])
    ranks = listed.ranks[listed.map.locate(points)]
    positive = frame.outputs(points)[:, 0] > 0.0
    mixed = set(ranks[positive]) & set(ranks[~positive])
    assert mixed
    assert mixed <= set(np.flatnonzero(listed.zero))
    for rank in set(np.flatnonzero(listed.zero)) - mixed:  # too small for the samples
        corners = listed.map.polygons[listed.ids[rank]]
        assert np.ptp(np.sign(frame.outputs(corners)[:, 0])) > 0


@pytest.mark.parametrize(("width", "wins"), [(0.5, True), (-0.5, False)])
def test_a_class_that_wins_only_amid_a_region_has_its_boundary_there(width, wins):
    # class 0 beats three others inside a triangle about (0, 0), nowhere if its sides are < 0 away
    frame = frame_of(dataset="reg-plane")
    W = [[0, 0], [1, 0], [-1, 1], [-1, -1]]
    network = Network.from_arrays(
        [np.eye(2), W], [[0, 0], [width, 0, 0, 0]], activation="identity", output="softmax"
    )
    frame = replace(with_network(frame, network), unit=(2, 0))
    (found,) = region_list(frame).zero
    assert found == wins


def test_without_a_map_there_is_no_list():
    frame = frame_of()
    assert region_list(replace(frame, regions=Regions(frame.step, reason=Unknown.CURVED))) is None
