"""Features: Playground's seven and more, made of the columns by their published formulas."""

import numpy as np
import pytest

import engine
from engine.data.features import read_features
from engine.training.prepare import prepare


def prepared(dataset="circle", **settings):
    return prepare(engine.Experiment(dataset=dataset, hidden=(3,), **settings))


def test_playgrounds_seven_features_are_its_formulas():
    names = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")  # its dataset.ts, state.ts
    data = prepared(features=names).dataset
    x, y = prepared().dataset.X.T
    expected = [x, y, x**2, y**2, x * y, np.sin(x), np.sin(y)]
    assert data.feature_names == ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂")
    np.testing.assert_allclose(data.X.T, expected, rtol=1e-15)
    np.testing.assert_array_equal(data.columns.T, [x, y])


@pytest.mark.parametrize("names", [("x1^2", "x2^2"), ("cos x₂",), ("x1", "x1^2", "x1^3")])
def test_the_inputs_are_made_of_the_columns_they_need(names):
    data = prepared(features=names).dataset
    np.testing.assert_array_equal(data.inputs(data.columns), data.X)
    needed = {name for name in ("x₁", "x₂") if any(name in f for f in data.feature_names)}
    assert set(data.column_names) == needed


def test_names_on_the_screen_mean_the_same_when_read_again():
    first = prepared(features=("x1^12", "x2*x1", "cos(x1)", "x2"))
    again = prepare(engine.Experiment.from_toml(first.experiment.to_toml()))
    assert again.experiment == first.experiment
    np.testing.assert_array_equal(again.dataset.X, first.dataset.X)


def test_columns_of_a_file_take_features_and_are_standardised():
    data = prepared("mtcars", features=("wt", "wt*hp", "sin(hp)", "wt^2")).dataset
    assert data.feature_names == ("wt", "hp·wt", "sin hp", "wt²")
    scaled = data.x_scale.apply(data.X)
    np.testing.assert_allclose(scaled.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1.0)


def test_picked_columns_are_no_curved_features():
    data = prepared("mtcars", features=("wt", "hp")).dataset
    assert data.features == ()
    assert data.columns is data.X
    assert data.column_names == data.feature_names


@pytest.mark.parametrize(
    "text", ["", "x3", "x1^0", "x1^" + "9" * 4000, "x1^13", "tan(x1)", "sin(x1", "x1*x2*x1", "^2"]
)
def test_what_means_nothing_is_no_feature(text):
    assert read_features([text], ("x₁", "x₂")) == [None]
    with pytest.raises(engine.DataError, match=r"There are|there are"):
        prepared(features=(text or "x9",))


def test_a_feature_never_takes_the_name_of_a_column(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("x,y,xy,x²,t\n1,2,7,5,1\n2,3,9,6,2\n4,1,3,8,4\n", encoding="utf-8")
    first = prepared(str(path), features=("x*y", "xy", "x^2", "x²"))
    np.testing.assert_array_equal(first.dataset.X.T[:2], [[2, 6, 4], [7, 9, 3]])
    np.testing.assert_array_equal(first.dataset.X.T[2:], [[1, 4, 16], [5, 6, 8]])
    again = prepare(first.experiment)
    np.testing.assert_array_equal(again.dataset.X, first.dataset.X)


def test_powers_that_overflow_are_refused(tmp_path):
    path = tmp_path / "far.csv"
    path.write_text("x,y\n1e20,1\n2e20,2\n3e20,4\n", encoding="utf-8")
    assert prepared(str(path), features=("x^6",)).dataset.feature_names == ("x⁶",)
    with pytest.raises(engine.DataError, match=r"x¹² goes beyond 1e.140: choose a lower power"):
        prepared(str(path), features=("x^12",))
