"""Play pauses by itself exactly where the experiment says, however it is cut into frames."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Experiment, Trainer
from engine.training.stopping import CHECK_EVERY
from tui.session.stop_conditions import StopConditions

EASY = Experiment(dataset="gauss", hidden=(3,), seed=2)


def played(trainer: Trainer, stopper: StopConditions, cuts: list[int], most: int = 6000) -> str:
    """Play in pieces of these lengths until it pauses; why it did."""
    i = 0
    while trainer.step_count < most:
        trainer.step(stopper.steps_to_check(trainer, cuts[i % len(cuts)]))
        if reason := stopper.reason(trainer):
            return reason
        i += 1
    return ""


@pytest.mark.parametrize("cuts", [[1], [7, 64], [5000]])
def test_it_pauses_at_the_step_that_is_set_and_no_second_time(cuts: list[int]) -> None:
    trainer, stopper = Trainer(replace(EASY, stop_steps=321)), StopConditions()
    assert "321" in played(trainer, stopper, cuts)
    assert trainer.step_count == 321
    assert not played(trainer, stopper, cuts, most=1000)


@pytest.mark.parametrize("cuts", [[1], [7, 64], [5000]])
def test_it_pauses_at_the_first_look_at_which_c_is_below(cuts: list[int]) -> None:
    trainer, stopper = Trainer(replace(EASY, stop_below=0.01)), StopConditions()
    assert "below 0.01" in played(trainer, stopper, cuts)
    at = trainer.step_count
    reference = Trainer(EASY)
    costs = {}
    for step in range(CHECK_EVERY, at + 1, CHECK_EVERY):
        reference.seek(step)
        costs[step] = reference.costs()[0]
    assert [step for step, cost in costs.items() if cost < 0.01] == [at]
    # played on, C stays below: once is enough
    assert not played(trainer, stopper, cuts, most=at + 500)
    # but after going back to the start it pauses there again
    trainer.seek(0)
    assert "below 0.01" in played(trainer, stopper, cuts)
    assert trainer.step_count == at


def test_without_improvement_it_waits_as_long_as_set_and_after_that_as_long_again() -> None:
    still = replace(EASY, learning_rate=1e-300, stop_patience=250)
    trainer, stopper = Trainer(still), StopConditions()
    steps = []
    for _ in range(3):
        assert "not improved" in played(trainer, stopper, [37])
        steps.append(trainer.step_count)
    # the first look of each watch, at 100 steps, is the best; 250 steps on is looked at after 300
    assert np.diff([0, *steps]).tolist() == [400, 400, 400]


@pytest.mark.parametrize(
    ("patience", "stops"), [(1, 200), (100, 200), (101, 300), (200, 300), (201, 400)]
)
def test_patience_is_looked_at_as_soon_as_it_has_ended(patience: int, stops: int) -> None:
    trainer = Trainer(replace(EASY, learning_rate=1e-300, stop_patience=patience))
    assert "not improved since step 100" in played(trainer, StopConditions(), [37])
    assert trainer.step_count == stops


@pytest.mark.parametrize(("back_to", "best"), [(0, 100), (150, 200)])
def test_after_going_back_patience_begins_anew(back_to: int, best: int) -> None:
    trainer, stopper = (
        Trainer(replace(EASY, learning_rate=1e-300, stop_patience=200)),
        StopConditions(),
    )
    assert not played(trainer, stopper, [50], most=250)  # the best was at step 100
    trainer.seek(back_to)
    assert f"not improved since step {best}" in played(trainer, stopper, [50])
    assert trainer.step_count == best + 200


def test_another_run_is_watched_anew() -> None:
    stopper = StopConditions()
    first, second = (Trainer(replace(EASY, stop_below=0.01)) for _ in range(2))
    assert played(first, stopper, [64]) == played(second, stopper, [64]) != ""
    assert first.step_count == second.step_count


def test_without_conditions_nothing_is_cut_short() -> None:
    trainer, stopper = Trainer(EASY), StopConditions()
    assert stopper.steps_to_check(trainer, 12345) == 12345
    assert stopper.reason(trainer.step(100)) == ""
