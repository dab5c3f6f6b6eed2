"""C + R along a run: what a step minimises, from where its values can be compared."""

import numpy as np
import pytest

from engine import Experiment, Trainer
from engine.network.penalty import penalty, weight_mask
from engine.training.record.objective import Objective, least_cost, objective


def objective_of(trainer: Trainer) -> Objective:
    prepared = trainer.prepared
    assert prepared is not None
    steps, costs, _ = trainer.curve()
    now = trainer.step_count
    by_step = {int(s): cost for s, cost in zip(steps, costs, strict=True) if s < now}
    by_step[trainer.step_count] = trainer.costs()[0]
    return objective(
        trainer.network,
        (prepared.experiment.settings, trainer.settings),
        trainer.history.events,
        trainer.history.checkpoints,
        by_step,
        least_cost(trainer.loss, prepared.targets[prepared.dataset.train]),
    )


def test_it_is_the_cost_and_the_penalty_at_each_step() -> None:
    trainer = Trainer(Experiment(l1=0.01, l2=0.1)).step(300)
    past = objective_of(trainer)
    for step, value in zip(past.steps.tolist(), past.values, strict=True):
        other = Trainer(Experiment(l1=0.01, l2=0.1)).step(int(step))
        p = other.network.parameters
        expected = other.costs()[0] + penalty(p, weight_mask(other.network), 0.01, 0.1)
        assert value == pytest.approx(expected, rel=1e-12)


def test_values_before_another_penalty_or_an_edit_are_not_compared() -> None:
    trainer = Trainer(Experiment()).step(300)
    assert objective_of(trainer).steps[0] == 0
    trainer.change(learning_rate=0.01).step(100)
    assert objective_of(trainer).steps[0] == 0
    trainer.change(l2=0.1).step(100)  # the checkpoint before, with the present penalty
    assert objective_of(trainer).steps[0] == max(s for s in trainer.history.checkpoints if s <= 400)
    trainer.edit(1, "weight", (0, 0), 2.0).step(100)
    past = objective_of(trainer)
    assert past.steps[0] >= 500
    assert objective_of(trainer.seek(300)).steps[0] == 0  # at 300 none of it had happened


def test_of_a_cost_that_can_be_negative_it_is_what_is_above_the_least() -> None:
    counts = Experiment(dataset="dobson", hidden=(), output="exp", loss="poisson", batch_size=9)
    trainer = Trainer(counts).step(2000)
    assert trainer.costs()[0] < 0.0
    assert (objective_of(trainer).values >= 0.0).all()


@pytest.mark.parametrize(
    ("values", "risen"),
    [
        ([1.0, 0.5, 0.1, 0.05], False),
        ([1.0, 0.1, *[0.5] * 4], True),  # three times the lowest, at four points
        ([1.0, 0.1, *[0.5] * 3], False),
        ([1.0, 0.1, *[0.5] * 3, 0.2], False),
        ([1.0, 0.9, *[1.4] * 12], True),  # half above the lowest, at twelve points
        ([1.0, 0.9, *[1.4] * 11], False),
        ([1.0, 0.001, *[0.01] * 12], False),  # ten times, but next to nothing of the first
        ([1.0, 0.9, 2e3], True),
        ([1.0, 0.9, np.inf], True),
        ([0.0] * 20, False),
        ([1e-31, 0.0, 2e-31], False),  # rounding
        ([0.0, 1.0], True),
        ([1.0, 0.5, np.nan], True),
        ([np.inf, np.inf], False),  # there is nothing to go back to
    ],
)
def test_far_above_its_lowest_is_high_for_a_while_or_exploding(values: list, risen: bool) -> None:
    steps = 50.0 * np.arange(len(values))
    assert Objective(steps, np.array(values)).has_risen == risen


def test_a_swing_of_momentum_is_not_far_above() -> None:
    values = np.array([1.0, 0.1, *[0.5] * 12])
    assert not Objective(np.arange(14.0), values).has_risen
