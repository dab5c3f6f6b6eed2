"""Rasters: what a map shows is the network itself, sampled and averaged."""

from dataclasses import replace

import numpy as np
import pytest
from frames import framed

from engine import Experiment, Network
from engine.training.prepare import Prepared, prepare
from tui.model.activation_samples import averaged, level_segments, raster_of, rasterise
from tui.model.view import view_of
from tui.session.session import Session


@pytest.fixture(scope="module")
def cars() -> Prepared:
    """Ten inputs and the target standardised: a map holds eight inputs at their means."""
    return prepare(Experiment(dataset="mtcars", hidden=(5, 3), seed=3))


def midpoint(box: tuple[float, float], index: int, side: int) -> float:
    return box[0] + (box[1] - box[0]) * (index + 0.5) / side


def test_every_sample_is_the_networks_own_number_at_that_point_with_the_top_row_largest(
    cars: Prepared,
) -> None:
    view = view_of(cars.dataset, (3, 5))
    side = 7
    raster = rasterise(cars.network, cars.dataset, view, side)
    for row, column in [(0, 0), (0, 6), (6, 0), (3, 5)]:
        x = cars.dataset.X[cars.dataset.train].mean(axis=0)
        x[3] = midpoint(view.box[0], column, side)
        x[5] = midpoint(view.box[1], side - 1 - row, side)
        seen = (x - cars.dataset.x_scale.mean) / cars.dataset.x_scale.sd
        forward = cars.network.forward(seen[None, :])
        for layer, a in enumerate(forward.a):
            drawn = [values[row, column] for values in raster.layers[layer]]
            np.testing.assert_allclose(drawn, a[0], rtol=1e-12, atol=1e-12)
        scale = cars.dataset.y_scale
        y_hat = forward.prediction[0, 0] * scale.sd[0] + scale.mean[0]
        assert raster.outputs[0][row, column] == pytest.approx(y_hat, rel=1e-12)


def test_a_line_is_sampled_from_left_to_right() -> None:
    sine = prepare(Experiment(dataset="sine", hidden=(4,)))
    view = view_of(sine.dataset)
    raster = rasterise(sine.network, sine.dataset, view, 50)
    x = np.array([[midpoint(view.box[0], i, 50)] for i in range(50)])
    np.testing.assert_allclose(raster.outputs[0], sine.network.predict(x)[:, 0], atol=1e-12)
    assert averaged(raster.layers[1][2], 10).shape == (10,)


def test_probabilities_of_all_classes_sum_to_one_in_every_sample(cars: Prepared) -> None:
    network = Network([10, 4, 3], output="softmax", seed=1)
    raster = rasterise(network, cars.dataset, view_of(cars.dataset), 20)
    np.testing.assert_allclose(np.sum(raster.layers[-1], axis=0), 1.0, rtol=1e-12)


@pytest.mark.parametrize(("side", "size"), [(144, 36), (144, 34), (72, 68), (50, 96)])
def test_an_average_of_a_plane_is_its_value_in_the_middle_of_the_pixel(
    side: int, size: int
) -> None:
    fine, coarse = ((np.arange(n) + 0.5) / n for n in (side, size))
    plane = 2.0 * fine[None, :] - 3.0 * fine[:, None]
    expected = 2.0 * coarse[None, :] - 3.0 * coarse[:, None]
    # a part of a sample counts with the sample's one value: less than a sample's width wrong
    tolerance = 1e-12 if side % size == 0 else 5.0 / side
    np.testing.assert_allclose(averaged(plane, size), expected, atol=tolerance)
    assert averaged(plane, size).mean() == pytest.approx(plane.mean(), abs=1e-12)


def test_a_sample_without_a_number_blanks_its_own_pixel_only() -> None:
    samples = np.ones((40, 40))
    samples[13, 27] = np.inf
    pixels = averaged(samples, 10)
    assert np.isnan(pixels[3, 6])
    assert np.isnan(pixels).sum() == 1
    assert np.nanmax(pixels) == pytest.approx(1.0)


def test_the_zero_line_of_a_disc_is_its_circle() -> None:
    y, x = np.indices((40, 40)) + 0.5
    segments = level_segments(12.0**2 - (x - 20.0) ** 2 - (y - 19.0) ** 2)
    for end in (segments[:, :2], segments[:, 2:]):
        np.testing.assert_allclose(np.hypot(*(end - [20.0, 19.0]).T), 12.0, atol=0.03)
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    assert lengths.sum() == pytest.approx(2 * np.pi * 12.0, rel=0.01)


def test_the_zero_line_of_a_plane_is_straight_from_edge_to_edge() -> None:
    y, x = np.indices((30, 30)) + 0.5
    segments = level_segments(x + 2.0 * y - 40.3)
    ends = segments.reshape(-1, 2)
    np.testing.assert_allclose(ends @ [1.0, 2.0], 40.3, atol=1e-9)
    assert ends[:, 0].min() == pytest.approx(-0.5, abs=0.5)
    assert ends[:, 0].max() == pytest.approx(30.5, abs=0.5)


def test_what_never_changes_sign_has_no_zero_line() -> None:
    for values in (np.zeros((9, 9)), np.full((9, 9), 1e308), np.full((9, 9), np.nan)):
        assert level_segments(values).shape == (0, 4)
    step = np.where(np.arange(9) < 4, -1e308, 1e308) * np.ones((9, 1))
    np.testing.assert_allclose(level_segments(step)[:, 0], 4.0)


def test_a_raster_is_kept_until_a_weight_or_the_view_changes() -> None:
    session = Session(Experiment(dataset="circle", hidden=(3,)))
    frame = framed(session)
    raster = raster_of(frame)
    session.selection.move_cursor(np.array([1.0, 1.0]))
    assert raster_of(framed(session)) is raster
    narrower = replace(frame.view, box=((0.0, 1.0), (0.0, 1.0)))
    assert raster_of(replace(frame, view=narrower)) is not raster
    session.time.step(1)
    assert raster_of(framed(session)) is not raster


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_a_diverged_network_gives_no_infinite_pixel(cars: Prepared, value: float) -> None:
    network = cars.network.copy()
    network.weights[0][:] = value
    network.weights[1][:] = -value
    raster = rasterise(network, cars.dataset, view_of(cars.dataset), 40)
    for unit in range(3):
        thumbnail = averaged(raster.layers[2][unit], 8)
        assert thumbnail.shape == (8, 8)
        assert not np.isinf(thumbnail).any()
