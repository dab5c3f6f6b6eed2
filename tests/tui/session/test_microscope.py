"""The microscope: it goes through training steps micro-step by micro-step, and back again."""

from dataclasses import replace

import numpy as np
import pytest
from frames import framed
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import EngineError, Experiment, Trainer
from engine.training.microsteps import COST_KINDS, PARAMETER_KINDS
from tui.experiments.library import built_in
from tui.session.microscope import Microscope
from tui.session.session import Session

SMALL = Experiment(dataset="xor", hidden=(3, 2), seed=1)
DIVERGING = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)


def test_going_on_passes_every_micro_step_and_then_takes_the_step_that_training_takes():
    trainer, straight, microscope = Trainer(SMALL), Trainer(SMALL), Microscope()
    for step in range(3):
        microsteps = microscope.taken_apart(trainer).microsteps
        for at, microstep in enumerate(microsteps):
            assert (microscope.at, trainer.step_count) == (at, step)
            assert microscope.microstep(microscope.taken_apart(trainer)) == microstep
            microscope.on(trainer)
    assert np.array_equal(trainer.network.parameters, straight.step(3).network.parameters)


@settings(max_examples=30)
@given(start=st.integers(0, 2), n=st.integers(0, 40))
def test_so_many_back_undo_so_many_on(start, n):
    trainer, microscope = Trainer(SMALL).step(start), Microscope()
    parameters = trainer.network.parameters
    for _ in range(n):
        microscope.on(trainer)
    for _ in range(n):
        microscope.back(trainer)
    assert (trainer.step_count, microscope.at) == (start, 0)
    assert np.array_equal(trainer.network.parameters, parameters)


def test_before_the_first_micro_step_of_a_run_there_is_none():
    trainer, microscope = Trainer(SMALL), Microscope()
    microscope.back(trainer)
    assert (trainer.step_count, microscope.at) == (0, 0)


def test_a_step_is_taken_apart_once_and_anew_after_any_event():
    trainer, microscope = Trainer(SMALL), Microscope()
    first = microscope.taken_apart(trainer)
    assert microscope.taken_apart(trainer) is first
    trainer.edit(1, "weight", (0, 0), 2.0)
    edited = microscope.taken_apart(trainer)
    assert edited.network.weights[0][0, 0] == 2.0
    trainer.change(l2=0.1)
    assert len(microscope.taken_apart(trainer).microsteps) == len(first.microsteps) + 3
    trainer.undo()
    trainer.undo()
    assert np.array_equal(microscope.taken_apart(trainer).parameters, first.parameters)


def test_a_component_is_of_the_layer_and_each_layer_keeps_its_own():
    trainer, microscope = Trainer(SMALL), Microscope()
    step = microscope.taken_apart(trainer)
    sizes, seen = step.network.sizes, {}
    for _ in step.microsteps:
        microstep = microscope.microstep(microscope.taken_apart(trainer))
        microscope.move_component(step, 100, 100)
        unit, of = microscope.component(step)
        whole = microstep.kind in COST_KINDS
        assert unit == (0 if whole else sizes[microstep.layer] - 1)
        assert of is None  # the bias comes last
        microscope.move_component(step, -1, -1)
        if microstep.kind in PARAMETER_KINDS:
            assert microscope.component(step)[1] == sizes[microstep.layer - 1] - 1
        seen[microstep] = microscope.component(step)
        microscope.at = min(microscope.at + 1, len(step.microsteps) - 1)
    for at, microstep in enumerate(step.microsteps):
        microscope.go_to(at)
        assert microscope.component(step)[0] == seen[microstep][0]


def test_without_biases_the_last_component_of_a_gradient_is_a_weight():
    trainer, microscope = Trainer(replace(SMALL, bias=False)), Microscope()
    step = microscope.taken_apart(trainer)
    microscope.go_to(len(step.microsteps) - 1)
    microscope.move_component(step, 100, 0)
    assert microscope.component(step) == (0, step.network.sizes[0] - 1)


def test_another_network_begins_anew_and_the_same_one_goes_on():
    session = Session(SMALL)
    for _ in range(5):
        session.microstep(1)
    session.restart(other_start=True)
    assert session.microscope.at == 5
    session.begin(replace(session.experiment, hidden=(2,)))
    assert session.microscope.at == 0
    assert framed(session, "backprop").backprop.step.network.sizes == (2, 2, 1)


def test_a_weight_under_the_microscope_is_the_selected_one():
    session = Session(SMALL)
    last = len(session.microscope.taken_apart(session.trainer).microsteps) - 1
    session.go_to_microstep(last)
    session.move_component(1, 2)
    assert (session.selection.unit, session.selection.weight) == ((1, 2), 1)
    session.move_component(1, 0)
    assert session.selection.weight == 2  # the fan-in: the bias
    session.select_weight(1, 0, 1)
    step = session.microscope.taken_apart(session.trainer)
    assert session.microscope.component(step) == (0, 1)


def test_after_a_divergence_there_is_no_next_step_but_a_way_back():
    session = Session(DIVERGING)
    session.time.step(1000)
    found = session.trainer.divergence
    assert found is not None
    with pytest.raises(EngineError, match="no next step to take apart"):
        session.microstep(1)
    assert framed(session, "backprop").backprop is None
    session.move_component(0, 1)
    session.go_to_microstep(3)
    session.microstep(-1)
    assert session.trainer.step_count == found.step - 1
    facts = framed(session, "backprop").backprop
    assert facts.at == len(facts.step.microsteps) - 1


def test_predicting_hides_a_result_until_it_is_revealed_for_each_example_and_step():
    session = Session(SMALL)
    microscope = session.microscope
    assert not session.hides_result
    session.preferences.predicting = True
    assert session.hides_result
    microscope.reveal(session.trainer, session.selection.looked_at)
    assert not session.hides_result
    session.microstep(1)
    assert session.hides_result
    session.microstep(-1)
    assert not session.hides_result
    session.selection.next_example(1)
    assert session.hides_result
    session.selection.next_example(-1)
    session.time.step(1)
    assert session.hides_result
    session.time.step(-1)
    assert not session.hides_result
    microscope.keep_score(True)
    microscope.keep_score(False)
    assert framed(session, "backprop").backprop.score == (1, 2)
    session.preferences.predicting = False
    assert framed(session, "backprop").backprop.score is None
