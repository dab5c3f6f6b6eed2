"""Views: planes through the inputs, in the data's own units and as the network sees them."""

import numpy as np
import pytest

from engine import Dataset, EngineError, Experiment, linear_regions
from engine.training.prepare import Prepared, prepare
from tui.model.view import (
    View,
    examples_view,
    extreme_examples,
    leading_inputs,
    principal_view,
    view_of,
)

RNG = np.random.default_rng(5)


@pytest.fixture(scope="module")
def cars() -> Prepared:
    """Ten inputs, standardised for training."""
    return prepare(Experiment(dataset="mtcars", hidden=(5, 3), seed=3))


def views(data: Dataset) -> list[View]:
    return [view_of(data, (3, 5)), principal_view(data), examples_view(data, (0, 4, 9))]


def test_coordinates_undo_inputs_in_every_kind_of_view(cars: Prepared) -> None:
    for view in views(cars.dataset):
        points = RNG.normal(size=(20, 2)) * 3.0
        np.testing.assert_allclose(view.coordinates(view.inputs(points)), points, atol=1e-10)


def test_along_inputs_coordinates_are_the_inputs_to_the_last_bit(cars: Prepared) -> None:
    data = cars.dataset
    view = view_of(data, (3, 5))
    assert np.array_equal(view.coordinates(data.X), data.X[:, [3, 5]])
    rows = view.inputs(data.X[:, [3, 5]])
    assert np.array_equal(rows[:, [3, 5]], data.X[:, [3, 5]])
    held = np.delete(rows - data.X[data.train].mean(axis=0), [3, 5], axis=1)
    assert not held.any()


def test_the_network_s_plane_has_the_same_coordinates(cars: Prepared) -> None:
    data = cars.dataset
    points = RNG.normal(size=(20, 2))
    for view in views(data):
        plane = view.plane(data)
        assert plane is not None
        seen = data.x_scale.apply(view.inputs(points))
        np.testing.assert_allclose(plane.points(points), seen, atol=1e-10)


def test_two_inputs_that_are_not_scaled_need_no_plane() -> None:
    circle = prepare(Experiment(dataset="circle")).dataset
    assert view_of(circle).plane(circle) is None


def test_the_maps_of_regions_are_in_the_view_s_coordinates(cars: Prepared) -> None:
    data, network = cars.dataset, cars.network
    for view in views(data):
        regions = linear_regions(network, view.box, view.plane(data))
        low, high = np.array(view.box).T
        points = low + (high - low) * RNG.random((50, 2))
        z = network.forward(data.x_scale.apply(view.inputs(points))).z[-1]
        W, b = regions.maps
        i = regions.locate(points)
        np.testing.assert_allclose(np.einsum("nki,ni->nk", W[i], points) + b[i], z, atol=1e-9)


def test_principal_components_hold_the_two_largest_variances_and_are_uncorrelated(
    cars: Prepared,
) -> None:
    data = cars.dataset
    view = principal_view(data)
    scores = view.coordinates(data.X[data.train])
    covariance = np.cov(data.x_scale.apply(data.X[data.train]).T, bias=True)
    eigenvalues = np.linalg.eigvalsh(covariance)[::-1]
    np.testing.assert_allclose(np.cov(scores.T, bias=True), np.diag(eigenvalues[:2]), atol=1e-10)
    share = 100.0 * eigenvalues[:2].sum() / eigenvalues.sum()
    assert view.note == f"{share:.0f} % of the variance"


def test_three_examples_lie_in_the_corners_of_the_plane_through_them(cars: Prepared) -> None:
    data = cars.dataset
    view = examples_view(data, (0, 4, 9))
    corners = view.coordinates(data.X[[0, 4, 9]])
    np.testing.assert_allclose(corners, [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], atol=1e-12)
    np.testing.assert_allclose(view.inputs(corners), data.X[[0, 4, 9]], atol=1e-10)
    assert view.names == ("t₅", "t₁₀")
    assert view.note == "t from example 1 toward 5 and 10"


def test_a_point_beside_the_plane_has_the_coordinates_of_the_nearest_one(cars: Prepared) -> None:
    data = cars.dataset
    for view in views(data)[1:]:
        nearest = view.coordinates(data.X)
        for step in ([0.01, 0.0], [-0.01, 0.0], [0.0, 0.01], [0.0, -0.01]):
            away, further = (
                np.linalg.norm(
                    data.x_scale.apply(data.X) - data.x_scale.apply(view.inputs(points)), axis=1
                )
                for points in (nearest, nearest + step)
            )
            assert (away < further).all()


def test_every_box_holds_all_the_data(cars: Prepared) -> None:
    for view in views(cars.dataset):
        low, high = np.array(view.box).T
        points = view.coordinates(cars.dataset.X)
        assert ((low < points) & (points < high)).all()


def test_examples_on_a_line_make_no_plane(cars: Prepared) -> None:
    with pytest.raises(EngineError, match="examples 3, 8 and 3 lie on a line"):
        examples_view(cars.dataset, (2, 7, 2))


def test_of_a_regression_the_telling_examples_have_the_lowest_and_the_highest_target(
    cars: Prepared,
) -> None:
    y = cars.dataset.Y[:, 0]
    first, low, high = extreme_examples(cars.dataset, 7)
    assert (first, y[low], y[high]) == (7, y.min(), y.max())


def test_of_classes_they_are_the_nearest_of_another_and_of_its_own(tmp_path) -> None:
    rows = RNG.normal(size=(40, 3))
    kinds = "abc" * 13 + "a"
    lines = [",".join([*map(str, row), kind]) for row, kind in zip(rows, kinds, strict=True)]
    path = tmp_path / "kinds.csv"
    path.write_text("u,v,w,kind\n" + "\n".join(lines), encoding="utf-8")
    data = prepare(Experiment(dataset=str(path), hidden=(3,))).dataset
    X, kind = data.x_scale.apply(data.X), data.Y.argmax(axis=1)
    for example in range(0, 40, 7):
        distance = np.linalg.norm(X - X[example], axis=1)
        own, other = kind == kind[example], kind != kind[example]
        own[example] = False
        first, low, high = extreme_examples(data, example)
        assert first == example
        assert low == np.flatnonzero(other)[distance[other].argmin()]
        assert high == np.flatnonzero(own)[distance[own].argmin()]
        examples_view(data, (first, low, high))


def test_the_most_telling_inputs_come_first_and_every_input_once(cars: Prepared) -> None:
    order = leading_inputs(cars.dataset)
    assert sorted(order) == list(range(10))
    X = cars.dataset.X[cars.dataset.train]
    y = cars.dataset.Y[cars.dataset.train, 0]
    correlations = [abs(np.corrcoef(x, y)[0, 1]) for x in X.T]
    assert order[0] == int(np.argmax(correlations))


def test_the_only_input_has_an_interval_as_the_network_sees_it(tmp_path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("x,y\n" + "\n".join(f"{100 + i},{i * i}" for i in range(9)), encoding="utf-8")
    data = prepare(Experiment(dataset=str(path), hidden=(3,))).dataset
    view = view_of(data)
    (low, high) = view.interval(data)
    undone = data.x_scale.undo(np.array([[low], [high]]))[:, 0]
    np.testing.assert_allclose(undone, view.box[0], rtol=1e-12)
