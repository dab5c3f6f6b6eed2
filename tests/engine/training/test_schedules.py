"""Schedules: the learning rate follows its formula, in every way of getting to a step."""

from math import cos, pi

import numpy as np
import pytest

import engine
from engine.training.schedules import SCHEDULES, learning_rate_at

pytestmark = pytest.mark.trained

RATE = 0.04


def rates(steps, **settings):
    chosen = engine.Settings(learning_rate=RATE, **settings)
    return [learning_rate_at(chosen, step) / RATE for step in range(steps)]


def test_each_schedule_is_its_formula():
    assert rates(5) == [1.0] * 5
    assert rates(7, schedule="step", schedule_steps=3) == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]
    cosine = rates(7, schedule="cosine", schedule_steps=4)
    np.testing.assert_allclose(cosine[:4], [(1 + cos(pi * t / 4)) / 2 for t in range(4)])
    assert cosine[4:] == [0.0] * 3


def test_warm_up_rises_by_equal_parts_and_the_schedule_begins_after_it():
    np.testing.assert_allclose(
        rates(8, warm_up=4, schedule="step", schedule_steps=2),
        [0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 0.5, 0.5],
    )


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("schedule", [*SCHEDULES])
def test_steps_under_a_schedule_are_steps_with_those_rates(schedule, optimizer):
    settings = {"schedule": schedule, "schedule_steps": 20, "warm_up": 5}
    scheduled = engine.Trainer(engine.Experiment(optimizer=optimizer, **settings))
    by_hand = engine.Trainer(engine.Experiment(optimizer=optimizer))
    for step in range(40):
        rate = learning_rate_at(scheduled.settings, step)
        if rate > 0.0:
            by_hand.change(learning_rate=rate).step()
    scheduled.step(40)
    np.testing.assert_array_equal(scheduled.network.parameters, by_hand.network.parameters)
    back = scheduled.seek(13).seek(40).network.parameters
    np.testing.assert_array_equal(back, by_hand.network.parameters)


def test_the_weights_can_be_drawn_on_another_scale():
    plain, wide = (
        engine.Trainer(engine.Experiment(init_scale=scale)).network for scale in (1.0, 4.0)
    )
    np.testing.assert_array_equal(wide.parameters, 4.0 * plain.parameters)


@pytest.mark.parametrize(
    "wrong", [{"schedule": "linear"}, {"schedule_steps": 0}, {"warm_up": -1}, {"init_scale": -1}]
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(engine.ExperimentError):
        engine.Experiment(**wrong)
