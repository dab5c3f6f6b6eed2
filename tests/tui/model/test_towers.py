"""Towers over two inputs: boxes, heights and bound, from the data themselves."""

import numpy as np
import pytest

from engine import Experiment
from tui.model.approximation.towers import MOST, predicted, raster, tower_grid
from tui.session.approximation.towers import TowerChoice
from tui.session.session import Session


def data_of(**experiment):
    return Session(Experiment(**experiment)).prepared.dataset


@pytest.mark.parametrize("per_side", [1, 3, MOST])
@pytest.mark.parametrize("dataset", ["reg-gauss", "reg-plane"])
def test_a_height_is_the_mean_target_of_the_training_examples_in_the_box(dataset, per_side):
    data = data_of(dataset=dataset)
    grid = tower_grid(data, per_side)
    X, y = data.columns[data.train], data.Y[data.train, 0]
    assert grid.counts.sum() == len(X)
    for box, height, count in zip(grid.boxes, grid.heights, grid.counts, strict=True):
        inside = (X[:, 0] >= box[0]) & (X[:, 0] < box[1]) & (X[:, 1] >= box[2]) & (X[:, 1] < box[3])
        assert count == inside.sum()
        assert height == pytest.approx(y[inside].mean() if count else 0.0)


def test_far_from_the_edge_lines_no_point_is_further_from_its_height_than_the_bound():
    for per_side in (1, 2, 5, MOST):
        grid = tower_grid(data_of(dataset="reg-gauss"), per_side)
        rng = np.random.default_rng(3)
        for box, height in zip(grid.boxes, grid.heights, strict=True):
            low, high = box[::2] + grid.distance, box[1::2] - grid.distance
            points = rng.uniform(low, high, (40, 2))
            assert np.abs(predicted(grid.network, points) - height).max() <= grid.bound * (1 + 1e-9)


def test_the_errors_are_those_of_the_network_on_the_training_examples():
    data = data_of(dataset="reg-gauss")
    grid = tower_grid(data, 4)
    missed = grid.network.predict(data.columns[data.train])[:, 0] - data.Y[data.train, 0]
    assert grid.largest == pytest.approx(np.abs(missed).max(), rel=1e-12)
    assert grid.mean_square == pytest.approx(np.square(missed).mean(), rel=1e-12)


def test_more_boxes_come_nearer_to_the_examples():
    data = data_of(dataset="reg-gauss")
    squares = [tower_grid(data, m).mean_square for m in (1, 2, 4, 8)]
    assert squares == sorted(squares, reverse=True)


def test_the_map_shows_the_network_s_output_the_upper_row_first():
    grid = tower_grid(data_of(dataset="reg-plane"), 3)
    (x_low, x_high), (y_low, y_high) = grid.view.box
    shown = raster(grid, 12, 10)
    corner = [x_low + (x_high - x_low) / 24, y_high - (y_high - y_low) / 20]
    assert shown[0, 0] == pytest.approx(grid.network.predict([corner])[0, 0])


def test_inputs_of_very_different_sizes_have_towers_too(tmp_path):
    path = tmp_path / "sizes.csv"
    rows = [f"{i % 7 * 1e-6},{i % 5 * 1e6},{i}" for i in range(35)]
    path.write_text("a,b,y\n" + "\n".join(rows) + "\n", encoding="utf-8")
    grid = tower_grid(data_of(dataset=str(path)), 4)
    np.testing.assert_allclose(grid.tops, grid.heights, atol=grid.bound + 1e-9)


def test_the_selected_box_stays_one_of_them():
    choice = TowerChoice()
    choice.select(-1)
    assert choice.box == 15
    choice.grow(-2)
    assert (choice.per_side, choice.box) == (2, 3)
    choice.grow(-5)
    assert (choice.per_side, choice.box) == (1, 0)
    choice.grow(50)
    assert choice.per_side == MOST and 0 <= choice.box < MOST**2
    choice.box = 0
    choice.move(1, 2)
    assert choice.box == MOST + 2
    choice.move(-5, 100)
    assert choice.box == MOST - 1
