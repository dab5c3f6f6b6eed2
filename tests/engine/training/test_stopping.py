"""Metrics and stop conditions, against counting by hand."""

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.data.metrics import accuracy, classes_of, confusion_matrix, r_squared
from engine.training.prepare import prepare
from engine.training.stopping import CHECK_EVERY, Watch, next_check, reason_to_stop


def test_accuracy_and_confusion_count_the_rows_by_class():
    data = prepare(engine.Experiment(dataset="circle")).dataset
    predicted = np.where(data.X[:, :1] > 0.0, 0.9, -0.2)
    rows = data.test
    expected = np.zeros((2, 2), dtype=int)
    for row in rows:
        expected[int(data.Y[row, 0] > 0), int(data.X[row, 0] > 0)] += 1
    found = confusion_matrix(data, predicted, rows)
    np.testing.assert_array_equal(found, expected)
    assert accuracy(found) == (expected[0, 0] + expected[1, 1]) / len(rows)
    assert np.isnan(accuracy(found * 0))


def test_several_classes_go_to_the_largest_output():
    data = prepare(engine.Experiment(dataset="circle")).dataset
    Y = np.eye(3)[[0, 1, 2, 2]]
    data = replace(data, Y=Y, X=data.X[:4])
    predicted = np.array([[0.5, 0.3, 0.2], [0.4, 0.3, 0.3], [0.1, 0.2, 0.7], [0, 0, 1]])
    assert classes_of(data, predicted).tolist() == [0, 0, 2, 2]
    found = confusion_matrix(data, predicted, np.arange(4))
    np.testing.assert_array_equal(found, [[1, 0, 0], [1, 0, 0], [0, 0, 2]])


def test_r_squared_of_least_squares_is_that_of_its_fit():
    experiment = engine.Experiment(dataset="cars", hidden=())
    data = prepare(experiment).dataset
    fit = engine.ols(data.X, data.Y[:, 0])
    found = r_squared(data, fit.fitted[:, None], data.train)
    assert found == pytest.approx(fit.r_squared, rel=1e-12)


def played(experiment, most=20_000):
    """Why and where a run pauses that looks when it should."""
    trainer, watch = engine.Trainer(experiment), Watch()
    while trainer.step_count < most:
        look = next_check(experiment, trainer.step_count)
        trainer.seek(most if look is None else min(look, most))
        if reason := reason_to_stop(experiment, trainer, watch):
            return reason, trainer
    return "", trainer


def test_a_run_pauses_at_the_step_that_was_set_and_goes_on_from_there():
    reason, trainer = played(engine.Experiment(stop_steps=123))
    assert trainer.step_count == 123
    assert "step 123" in reason
    assert next_check(engine.Experiment(stop_steps=123), 123) is None


def test_a_run_pauses_below_the_cost_that_was_set():
    reason, trainer = played(engine.Experiment(dataset="cars", hidden=(), stop_below=230.0))
    scale = trainer.prepared.cost_scale
    assert trainer.costs()[0] * scale < 230.0
    assert trainer.seek(trainer.step_count - CHECK_EVERY).costs()[0] * scale >= 230.0
    assert "below 230" in reason


def test_a_run_pauses_when_it_has_stopped_improving():
    reason, trainer = played(engine.Experiment(dataset="xor", hidden=(2,), stop_patience=500))
    assert "has not improved since step" in reason
    assert trainer.step_count < 20_000


STILL = engine.Experiment(dataset="gauss", hidden=(2,), learning_rate=1e-300)


def at_step(step: int, **conditions: object) -> tuple[engine.Experiment, engine.Trainer, float]:
    """An experiment with these conditions, a run of it that does not learn, and what patience
    looks at: its test loss, without test data the training loss."""
    experiment = replace(STILL, **conditions)
    trainer = engine.Trainer(experiment).step(step)
    train, test = trainer.costs()
    return experiment, trainer, (train if test is None else test) * trainer.prepared.cost_scale


@pytest.mark.parametrize(("patience", "since", "stops"), [
    (100, 0, True), (101, 0, False), (99, 1, True), (100, 1, False), (1, 100, False),
])  # fmt: skip
def test_patience_ends_when_so_many_steps_were_no_better(patience, since, stops):
    experiment, trainer, cost = at_step(100, stop_patience=patience)
    reason = reason_to_stop(experiment, trainer, Watch(cost, since))
    assert reason == stops * f"stopped: the test loss has not improved since step {since}"


def test_only_a_lower_loss_is_an_improvement_and_patience_begins_anew_with_it():
    experiment, trainer, cost = at_step(100, stop_patience=100)
    equal, higher = Watch(cost, 0), Watch(np.nextafter(cost, np.inf), 0)
    assert reason_to_stop(experiment, trainer, equal) and equal == Watch(cost, 0)
    assert not reason_to_stop(experiment, trainer, higher) and higher == Watch(cost, 100)


def test_patience_is_with_the_training_loss_where_there_are_no_test_data():
    experiment, trainer, cost = at_step(100, stop_patience=100, train_fraction=1.0)
    assert "the training loss" in reason_to_stop(experiment, trainer, Watch(cost, 0))


def test_a_cost_is_below_another_when_it_is_less_and_of_the_training_data():
    _, trainer, _ = at_step(100)
    cost = trainer.costs()[0] * trainer.prepared.cost_scale
    assert cost != trainer.costs()[1]
    for below, stops in ((cost, False), (float(np.nextafter(cost, np.inf)), True)):
        experiment = replace(STILL, stop_below=below)
        assert bool(reason_to_stop(experiment, trainer, Watch())) == stops


@pytest.mark.parametrize(("conditions", "step", "look"), [
    ({"stop_steps": 5}, 4, 5), ({"stop_steps": 5}, 5, None), ({"stop_steps": 5}, 6, None),
    ({"stop_patience": 1}, 0, 100), ({"stop_patience": 1}, 99, 100),
    ({"stop_below": 1.0}, 100, 200), ({"stop_below": 1.0}, 101, 200),
    ({"stop_below": 1.0, "stop_steps": 150}, 100, 150),
    ({"stop_below": 1.0, "stop_steps": 150}, 150, 200),
])  # fmt: skip
def test_a_look_is_due_at_every_hundredth_step_and_at_the_one_that_is_set(conditions, step, look):
    assert next_check(replace(STILL, **conditions), step) == look


@pytest.mark.parametrize(("step", "stops"), [(4, False), (5, True), (6, False)])
def test_a_run_stops_at_the_step_that_is_set_and_at_no_other(step, stops):
    experiment, trainer, _ = at_step(step, stop_steps=5)
    assert bool(reason_to_stop(experiment, trainer, Watch())) == stops


def test_without_conditions_nothing_is_looked_at():
    experiment = engine.Experiment()
    assert next_check(experiment, 7) is None
    assert reason_to_stop(experiment, engine.Trainer(experiment), Watch()) == ""
