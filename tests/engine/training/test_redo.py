"""Redo brings back exactly what undo removed: events, steps, states, to the last bit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import engine
from engine.training.record.state import State

SMALL = engine.Experiment(dataset="xor", hidden=(2,), optimizer="momentum", batch_size=7)


def bits(state: State) -> tuple[Any, ...]:
    return (state.step, state.vectors.tobytes(), state.count, state.settings, state.batches)


def whole(trainer: engine.Trainer) -> tuple[Any, ...]:
    """All that there is of a run, at its present step."""
    history = trainer.history
    checkpoints = {step: bits(state) for step, state in sorted(history.checkpoints.items())}
    return (
        tuple(history.events), history.latest_step, history.divergence, history.stride,
        checkpoints, bits(trainer.state), trainer.divergence, trainer.costs(), trainer.settings,
    )  # fmt: skip


def replayed(trainer: engine.Trainer) -> engine.Trainer:
    """Another run with the same events, at the same step, without the checkpoints."""
    other = engine.Trainer(SMALL)
    other.history.events += trainer.history.events
    return other.resume(other.history, 0).seek(trainer.step_count)


MOVES = st.one_of(
    st.tuples(st.just("step"), st.integers(1, 40)),
    st.tuples(st.just("seek"), st.floats(0.0, 1.0)),
    st.tuples(st.sampled_from(["rate", "edit", "assign", "freeze"]), st.integers(1, 9)),
    st.tuples(st.sampled_from(["undo", "redo", "undo and redo"]), st.just(0)),
)


def move(trainer: engine.Trainer, kind: str, number: float) -> None:
    match kind:
        case "step":
            trainer.step(int(number))
        case "seek":
            trainer.seek(int(number * trainer.history.latest_step))
        case "rate":
            trainer.change(learning_rate=number / 100.0)
        case "edit":
            trainer.edit(1, "weight", (0, 1), number / 10.0)
        case "assign":
            trainer.assign(trainer.network.parameters * -0.5)
        case "freeze":
            trainer.freeze(1, "bias", 0, number > 4)


@settings(max_examples=80, deadline=None)
@given(st.lists(MOVES, max_size=16))
@example([("rate", 1), ("step", 40), ("seek", 0.5), ("edit", 1), ("step", 9), ("undo", 0),
          ("undo", 0), ("redo", 0), ("redo", 0), ("redo", 0)])  # fmt: skip
@example([("step", 20), ("rate", 1), ("step", 20), ("undo", 0), ("step", 1), ("redo", 0)])
@example([("step", 20), ("rate", 1), ("step", 20), ("undo", 0), ("seek", 0.2), ("redo", 0)])
@example([("rate", 1), ("step", 20), ("rate", 2), ("seek", 0.4), ("undo", 0), ("redo", 0)])
def test_redo_brings_back_to_the_last_bit_what_undo_removed(moves):
    trainer = engine.Trainer(SMALL)
    future: list[tuple[Any, ...]] = []  # the runs before each undo, until something new is made
    for kind, number in moves:
        past, latest = [*trainer.history.events], trainer.history.latest_step
        if kind in ("undo", "undo and redo"):
            before = whole(trainer)
            if (event := trainer.undo()) is None:
                assert whole(trainer) == before
            else:
                assert trainer.history.latest_step == trainer.step_count == event.step
                assert trainer.history.events == past[: len(trainer.history.events)]
                future.append(before)
        if kind in ("redo", "undo and redo"):
            before = whole(trainer)
            event = trainer.redo()
            assert (event is None) == (not future)
            assert whole(trainer) == (future.pop() if future else before)
        elif kind != "undo":
            move(trainer, kind, number)
            if trainer.history.events != past or trainer.history.latest_step > latest:
                future.clear()
        assert len(trainer.history.undone) == len(future)
    assert bits(replayed(trainer).state) == bits(trainer.state)


def test_the_run_goes_on_after_redo_as_if_nothing_had_been_undone():
    trainer, alone = (engine.Trainer(SMALL).step(147).change(learning_rate=0.015) for _ in range(2))
    trainer.step(1000)
    event = trainer.undo()
    assert (trainer.step_count, trainer.history.latest_step) == (147, 147)
    assert trainer.redo() == event and trainer.step_count == 1147
    assert bits(trainer.step(500).state) == bits(alone.step(1500).state)
    assert trainer.redo() is None


@pytest.mark.parametrize("new", [
    lambda trainer: trainer.step(), lambda trainer: trainer.change(batch_size=3),
    lambda trainer: trainer.seek(20).edit(1, "bias", 0, 1.0),
])  # fmt: skip
def test_a_new_step_or_event_ends_what_can_be_redone(new):
    trainer = engine.Trainer(SMALL).step(30).change(learning_rate=0.1).step(30)
    trainer.undo()
    new(trainer)
    before = whole(trainer)
    assert trainer.redo() is None and whole(trainer) == before


def test_going_back_and_forth_within_the_past_keeps_what_can_be_redone():
    trainer = engine.Trainer(SMALL).step(30).change(learning_rate=0.1).step(30)
    before = whole(trainer)
    trainer.undo()
    trainer.seek(0).seek(30).seek(11)
    assert trainer.redo() and whole(trainer) == before


def test_a_divergence_is_undone_and_redone():
    trainer = engine.Trainer(engine.Experiment(dataset="cars", hidden=(), batch_size=50))
    trainer.step(10).change(learning_rate=10.0).step(5000)
    divergence, step = trainer.divergence, trainer.step_count
    assert divergence and step < 5000
    trainer.undo()
    assert trainer.divergence is trainer.history.divergence is None
    trainer.redo()
    assert (trainer.divergence, trainer.step_count) == (divergence, step)
    assert trainer.history.divergence == divergence


def test_costs_that_were_computed_are_not_computed_again_after_redo():
    trainer = engine.Trainer(SMALL).step(30).change(learning_rate=0.1).step(300)
    curve = trainer.curve()
    trainer.undo()
    trainer.curve()
    trainer.redo()
    for before, after in zip(curve, trainer.curve(0), strict=True):
        assert np.array_equal(before, after)


def test_a_twin_can_redo_too_and_changes_nothing_in_its_original():
    trainer = engine.Trainer(SMALL).step(30).change(learning_rate=0.1).step(30)
    before = whole(trainer)
    trainer.undo()
    twin = trainer.twin()
    twin.redo()
    assert whole(twin) == before and trainer.history.undone
    trainer.redo()
    assert whole(trainer) == before


def test_what_was_undone_takes_no_more_memory_than_the_history_had():
    trainer = engine.Trainer(SMALL)
    for i in range(5):
        trainer.step(2000).change(learning_rate=0.01 * (i + 1))
    size = trainer.history.nbytes
    while trainer.undo():
        assert trainer.history.nbytes <= size
    assert trainer.step_count == 2000
