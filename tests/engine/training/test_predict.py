"""``Trainer.predict`` takes and gives the data's own units."""

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.training.prepare import prepare

FULL = {"hidden": (), "batch_size": 1000}


def raw(dataset: str) -> engine.Dataset:
    """The data as they are, without scales or computed inputs."""
    return prepare(engine.Experiment(dataset=dataset)).loaded


def solved(trainer: engine.Trainer) -> engine.Trainer:
    """The trainer with the least-squares solution of its scaled data as its weights."""
    X, Y = trainer.prepared.inputs, trainer.prepared.targets
    A = np.column_stack([X, np.ones(len(X))])
    return trainer.assign(np.linalg.lstsq(A, Y, rcond=None)[0].ravel())


def test_a_trained_linear_network_predicts_what_the_least_squares_fit_of_mtcars_does():
    """Miles a gallon from weight (1000 lbs) and horsepower, in these units."""
    data = raw("mtcars")
    columns = [data.feature_names.index(name) for name in ("wt", "hp")]
    X, y = data.X[:, columns], data.Y[:, 0]
    fit = engine.ols(X, y)
    experiment = engine.Experiment(
        dataset="mtcars", features=("wt", "hp"), learning_rate=0.2, **FULL
    )
    trainer = engine.Trainer(experiment).step(2000)
    np.testing.assert_allclose(trainer.predict(X)[:, 0], fit.fitted, rtol=1e-9)
    new = np.array([[2.5, 100.0], [4.0, 250.0]])
    expected = np.column_stack([np.ones(2), new]) @ fit.coefficients
    np.testing.assert_allclose(trainer.predict(new)[:, 0], expected, rtol=1e-9)


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("features", [None, ("wt", "wt^2", "wt*hp"), ("hp", "sin(wt)")])
def test_curved_inputs_are_computed_of_the_columns_in_the_order_that_is_named(
    standardize, features
):
    data = raw("mtcars")
    experiment = engine.Experiment(
        dataset="mtcars", features=features, standardize=standardize, **FULL
    )
    trainer = solved(engine.Trainer(experiment))
    names = trainer.prepared.dataset.column_names
    X = data.X[:, [data.feature_names.index(name) for name in names]]
    assert {*names} == ({"wt", "hp"} if features else {*data.feature_names})
    wt, hp = (data.X[:, data.feature_names.index(name)] for name in ("wt", "hp"))
    made = {None: data.X, ("wt", "wt^2", "wt*hp"): np.column_stack([wt, wt**2, wt * hp]),
            ("hp", "sin(wt)"): np.column_stack([hp, np.sin(wt)])}  # fmt: skip
    fit = engine.ols(made[features], data.Y[:, 0])
    np.testing.assert_allclose(trainer.predict(X)[:, 0], fit.fitted, rtol=1e-6)


@pytest.mark.parametrize("standardize", [True, False])
def test_the_published_predictions_of_profits_by_population(tmp_path, standardize):
    """Ng's ex1: with θ = (−3.63029144, 1.16636235) cities of 35 000 and 70 000 people give
    4519.767868 and 45342.450129 (in units of 10 000 people and 10 000 $)."""
    bias, weight = -3.63029144, 1.16636235
    path = tmp_path / "profits.csv"
    path.write_text(
        "population,profit\n6.1101,17.592\n5.5277,9.1302\n8.5186,13.662\n7.0032,11.854\n",
        encoding="utf-8",
    )
    experiment = engine.Experiment(dataset=str(path), standardize=standardize, **FULL)
    trainer = engine.Trainer(experiment)
    x, y = trainer.prepared.dataset.x_scale, trainer.prepared.dataset.y_scale
    assert x.is_identity == y.is_identity == (not standardize)
    trainer.edit(1, "weight", (0, 0), float(weight * x.sd[0] / y.sd[0]))
    trainer.edit(1, "bias", 0, float((bias + weight * x.mean[0] - y.mean[0]) / y.sd[0]))
    found = 10_000 * trainer.predict([[3.5], [7.0]])[:, 0]
    np.testing.assert_allclose(found, [4519.767868, 45342.450129], atol=1e-3)  # θ has 8 decimals


@pytest.mark.parametrize("experiment", [
    engine.Experiment(), engine.Experiment(features=("x1^2", "x2", "x1*x2")),
    engine.Experiment(dataset="iris"), engine.Experiment(dataset="challenger", hidden=(2,)),
    engine.Experiment(dataset="circle", output="sigmoid", loss="binary_cross_entropy"),
    engine.Experiment(dataset="sine"), engine.Experiment(dataset="cars", hidden=(3,)),
])  # fmt: skip
def test_of_the_examples_of_the_data_it_predicts_what_the_network_does_of_their_inputs(experiment):
    trainer = engine.Trainer(experiment).step(20)
    prepared = trainer.prepared
    expected = trainer.network.predict(prepared.inputs)
    if prepared.dataset.task == "regression":
        expected = expected * prepared.dataset.y_scale.sd + prepared.dataset.y_scale.mean
    found = trainer.predict(prepared.dataset.columns)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    if prepared.experiment.output in ("sigmoid", "softmax"):
        assert ((found >= 0.0) & (found <= 1.0)).all()


def test_a_softmax_gives_a_probability_for_each_class():
    trainer = engine.Trainer(engine.Experiment(dataset="iris")).step(100)
    found = trainer.predict(trainer.prepared.dataset.columns)
    assert found.shape == (150, 3)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)


def test_a_run_of_bare_arrays_speaks_the_units_of_its_arrays():
    network = engine.Network.from_arrays([[[2.0, 1.0]]], [[0.5]])
    trainer = engine.Trainer.from_arrays(network, [[100.0, 1.0]], [7.0])
    assert trainer.predict([[1.0, 3.0]]).tolist() == [[5.5]]


def test_it_is_of_the_present_step():
    trainer = engine.Trainer(engine.Experiment(dataset="cars", **FULL))
    first = trainer.predict([[10.0]])
    assert trainer.step(5).predict([[10.0]]) != first
    assert trainer.seek(0).predict([[10.0]]) == first


@pytest.mark.parametrize(("X", "shape"), [
    ([[1.0, 2.0, 3.0]], "(1, 3)"), ([1.0, 2.0], "(2,)"), ([[[1.0, 2.0]]], "(1, 1, 2)"),
])  # fmt: skip
def test_another_shape_is_refused_by_the_names_of_the_columns(X, shape):
    trainer = engine.Trainer(engine.Experiment(dataset="mtcars", features=("wt^2", "hp"), **FULL))
    with pytest.raises(engine.ShapeError) as refused:
        trainer.predict(X)
    assert str(refused.value) == (
        f"X has shape {shape}; this run takes (n, 2), the columns hp, wt of mtcars"
    )


def test_one_column_and_very_many_are_named():
    with pytest.raises(engine.ShapeError, match=r"takes \(n, 1\), the column speed of cars"):
        engine.Trainer(engine.Experiment(dataset="cars", **FULL)).predict([[1.0, 2.0]])


def test_the_docstring_of_the_network_says_whose_units_it_speaks():
    assert "the network's own units" in " ".join(engine.Network.predict.__doc__.split())
    assert "Trainer.predict" in engine.Network.predict.__doc__


def test_examples_that_were_edited_change_no_unit():
    """Edits change the data but not the scales: the same weights predict the same."""
    experiment = engine.Experiment(dataset="cars", **FULL)
    trainer = engine.Trainer(experiment)
    edited = replace(
        experiment, edits=(("add", (60.0,), (400.0,)),),
        weights=[W.tolist() for W in trainer.network.weights], biases=[[0.0]],
    )  # fmt: skip
    np.testing.assert_array_equal(
        engine.Trainer(edited).predict([[10.0]]), trainer.predict([[10.0]])
    )
