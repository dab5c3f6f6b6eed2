"""Metrics and stop conditions, against counting by hand."""

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.data.metrics import accuracy, classes_of, confusion_matrix, r_squared
from engine.training.prepare import prepare


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


CASES = {
    "circle": engine.Experiment(),
    "small batches": engine.Experiment(dataset="xor", hidden=(3,), batch_size=1, learning_rate=0.1),
    "adam": engine.Experiment(dataset="gauss", hidden=(3,), optimizer="adam", l2=0.01),
    "a file's units": engine.Experiment(dataset="cars", hidden=(), batch_size=50),
    "full batch": engine.Experiment(dataset="line", hidden=(4,), batch_size=100, schedule="step"),
}
MOST = 700


def trajectory(trainer: engine.Trainer, most: int = MOST) -> tuple[list[float], list[float]]:
    """C of the training data, and C that patience is with, at each step from the present one on;
    found step by step, in the units of the data."""
    scale = trainer.prepared.cost_scale
    costs = [trainer.costs()]
    while len(costs) <= most and not trainer.divergence:
        costs.append(trainer.step().costs())
    train = [both[0] * scale for both in costs]
    return train, [
        t if both[1] is None else both[1] * scale for t, both in zip(train, costs, strict=True)
    ]


@lru_cache
def costs_of(name: str) -> tuple[list[float], list[float]]:
    return trajectory(engine.Trainer(CASES[name]))


def first_below(costs: list[float], below: float) -> int | None:
    return next((step for step, cost in enumerate(costs) if step and cost < below), None)


def first_without_progress(costs: list[float], patience: int) -> tuple[int, int] | None:
    """The first step at which the lowest C so far is so many steps old, and the step of that."""
    lowest = 0
    for step, cost in enumerate(costs):
        if cost < costs[lowest]:
            lowest = step
        elif step - lowest >= patience:
            return step, lowest
    return None


def played(trainer: engine.Trainer, pieces: list[int], most: int = MOST) -> str:
    """Play in pieces of these lengths, up to a step or until it pauses; why it did."""
    i = 0
    while trainer.step_count < most and not trainer.divergence:
        if reason := trainer.play(min(pieces[i % len(pieces)], most - trainer.step_count)):
            return reason
        i += 1
    return ""


PIECES = st.lists(st.integers(1, 3000), min_size=1, max_size=4)


@given(st.sampled_from([*CASES]), st.floats(0.0, 1.1), PIECES)
@settings(max_examples=25, deadline=None)
def test_play_pauses_at_the_first_step_at_which_c_is_below(name, share, pieces):
    costs, _ = costs_of(name)
    below = min(costs) + share * (costs[0] - min(costs))
    trainer = engine.Trainer(CASES[name]).stop_when(stop_below=below)
    first, reason = first_below(costs, below), played(trainer, pieces)
    if first is None:
        assert reason == ""
    else:
        told = re.fullmatch(rf"stopped at step {first}: C = (\S+) is below (\S+)", reason)
        assert told and float(told[1]) < below
        assert float(told[1]) == pytest.approx(costs[first], rel=1e-3)
        assert told[2] == f"{below:g}"
    assert trainer.step_count == (MOST if first is None else first)
    assert trainer.history.latest_step == trainer.step_count
    alone = engine.Trainer(CASES[name]).seek(trainer.step_count)
    assert trainer.state.vectors.tobytes() == alone.state.vectors.tobytes()


@given(st.sampled_from([*CASES]), st.integers(1, 200), PIECES)
@settings(max_examples=25, deadline=None)
def test_play_pauses_at_the_first_step_at_which_c_has_not_improved_so_long(name, patience, pieces):
    _, costs = costs_of(name)
    trainer = engine.Trainer(CASES[name]).stop_when(stop_patience=patience)
    first, reason = first_without_progress(costs, patience), played(trainer, pieces)
    if first is None:
        assert (trainer.step_count, reason) == (MOST, "")
        return
    step, lowest = first
    which = "training" if name == "a file's units" else "test"
    why = f"the {which} loss has not improved since step {lowest}"
    assert reason == f"stopped at step {step}: {why}" and trainer.step_count == step


@given(st.integers(1, MOST + 50), PIECES)
@settings(max_examples=12, deadline=None)
def test_play_pauses_at_the_step_that_is_set(end, pieces):
    trainer = engine.Trainer(engine.Experiment(stop_steps=end))
    reason = played(trainer, pieces)
    assert trainer.step_count == min(end, MOST)
    assert reason == (
        f"stopped at step {end}: the step that the settings name" if end <= MOST else ""
    )


def test_the_circle_is_below_a_tenth_first_at_step_203():
    """Found by an independent loop: C was 0.0716 at step 300, where play paused before."""
    assert first_below(costs_of("circle")[0], 0.1) == 203
    trainer = engine.Trainer(engine.Experiment(stop_below=0.1))
    assert trainer.play(100_000) == "stopped at step 203: C = 0.09998 is below 0.1"


def test_conditions_that_hold_at_one_step_are_named_together():
    trainer = engine.Trainer(engine.Experiment(stop_below=0.1, stop_steps=203))
    reason = "stopped at step 203: the step that the settings name; C = 0.09998 is below 0.1"
    assert trainer.play(1000) == reason
    assert trainer.play(1000) == "" and trainer.step_count == 1203


def test_a_dip_between_two_calls_is_not_missed():
    """With batches of one example C goes up and down: it is below for single steps."""
    costs, _ = costs_of("small batches")
    dips = [
        step for step in range(2, MOST)
        if costs[step] < min(costs[:step]) and costs[step + 1] > costs[step]
    ]  # fmt: skip
    assert dips
    for step in dips[:5]:
        below = (costs[step] + min(costs[:step])) / 2
        trainer = engine.Trainer(replace(CASES["small batches"], stop_below=below))
        trainer.play(100_000)
        assert trainer.step_count == step


@pytest.mark.parametrize("pieces", [[1], [7, 64], [5000]])
def test_after_a_pause_play_goes_on_though_c_rises_and_falls_again(pieces):
    costs, _ = costs_of("small batches")
    below = float(np.median(costs))
    first = first_below(costs, below)
    assert sum(cost >= below for cost in costs[first:]) > 50
    trainer = engine.Trainer(replace(CASES["small batches"], stop_below=below))
    assert played(trainer, pieces) and trainer.step_count == first
    assert played(trainer, pieces) == "" and trainer.step_count == MOST


def test_another_limit_pauses_again_at_its_first_step_after_that():
    costs, _ = costs_of("small batches")
    first, second = float(np.quantile(costs, 0.7)), float(np.quantile(costs, 0.2))
    trainer = engine.Trainer(replace(CASES["small batches"], stop_below=first))
    assert trainer.play(MOST)
    at = trainer.step_count
    assert trainer.stop_when(stop_below=second).play(MOST)
    assert trainer.step_count == next(s for s in range(at + 1, MOST) if costs[s] < second)


def test_an_event_that_makes_c_rise_lets_it_pause_again():
    trainer = engine.Trainer(engine.Experiment(stop_below=0.1))
    start = trainer.network.parameters
    trainer.play(1000)
    assert trainer.change(learning_rate=0.01).play(1000) == "", "C is still below"
    trainer.assign(start)
    at = trainer.step_count
    assert trainer.play(5000).endswith(" is below 0.1") and trainer.step_count > at + 1


@pytest.mark.parametrize("pieces", [[1], [7, 64], [5000]])
def test_patience_begins_anew_with_each_pause(pieces):
    trainer, pauses = engine.Trainer(replace(STILL, stop_patience=250)), []
    for _ in range(3):
        assert "not improved" in played(trainer, pieces, 2000)
        pauses.append(trainer.step_count)
    assert pauses == [250, 500, 750]


def test_c_that_is_below_from_the_start_pauses_once_at_the_first_step():
    trainer = engine.Trainer(replace(STILL, stop_below=1e9))
    assert trainer.play(100).startswith("stopped at step 1: C = ")
    assert trainer.play(100) == "" and trainer.step_count == 101


def test_after_going_back_it_pauses_at_the_same_step_and_later_at_none():
    trainer = engine.Trainer(engine.Experiment(stop_below=0.1))
    trainer.play(1000)
    for back_to in (0, 150, 202):
        assert trainer.seek(back_to).play(1000) and trainer.step_count == 203
    for step in (203, 204, 250, 600):
        assert trainer.seek(step).play(100) == ""


def test_after_a_jump_patience_counts_from_where_play_goes_on():
    """Of steps that were not watched it is not said that they were no better."""
    trainer = engine.Trainer(replace(STILL, stop_patience=200))
    assert trainer.play(150) == ""
    reason = trainer.seek(1000).play(1000)
    assert reason == "stopped at step 1 200: the test loss has not improved since step 1 000"
    assert trainer.seek(100).play(1000) and trainer.step_count == 300


def test_an_event_begins_a_new_watch():
    trainer = engine.Trainer(replace(STILL, stop_patience=200))
    trainer.play(150)
    trainer.change(learning_rate=1e-200)
    assert trainer.play(1000) and trainer.step_count == 350


def test_a_run_that_diverges_before_a_condition_holds_stops_there_and_names_none():
    experiment = replace(CASES["a file's units"], learning_rate=3.0, stop_patience=5000)
    trainer = engine.Trainer(experiment)
    alone = engine.Trainer(experiment).step(5000)
    assert alone.divergence and trainer.play(5000) == ""
    assert (trainer.divergence, trainer.step_count) == (alone.divergence, alone.step_count)
    assert trainer.history.latest_step == alone.step_count
    patient = engine.Trainer(replace(experiment, stop_patience=3))
    assert patient.play(5000) == (
        "stopped at step 3: the training loss has not improved since step 0"
    )
    assert patient.divergence is None


def test_a_run_without_conditions_or_of_bare_arrays_makes_all_steps():
    assert engine.Trainer(engine.Experiment()).play(77) == ""
    network = engine.Network.from_arrays([[[0.0]]])
    trainer = engine.Trainer.from_arrays(network, [[1.0]], [1.0])
    assert trainer.play(5) == "" and trainer.step_count == 5


STILL = engine.Experiment(dataset="gauss", hidden=(2,), learning_rate=1e-300)


@pytest.mark.parametrize("of_test", [False, True])
def test_only_a_lower_loss_is_an_improvement(of_test):
    experiment = replace(STILL, stop_patience=100, train_fraction=None if of_test else 1.0)
    reason = engine.Trainer(experiment).play(1000)
    which = "test" if of_test else "training"
    assert reason == f"stopped at step 100: the {which} loss has not improved since step 0"


def test_a_cost_is_below_another_when_it_is_less_and_of_the_training_data():
    trainer = engine.Trainer(STILL)
    cost = trainer.costs()[0] * trainer.prepared.cost_scale
    assert cost != trainer.costs()[1]
    for below, stops in ((cost, False), (float(np.nextafter(cost, np.inf)), True)):
        assert bool(engine.Trainer(replace(STILL, stop_below=below)).play(5)) == stops
