"""What is said to differ between two runs: against arrays, and against the bits themselves."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from frames import finish_counting, framed
from hypothesis import given, settings
from hypothesis import strategies as st
from screen import press, running, text

from engine import Experiment, Trainer, backpropagate
from tui.commands.training import step
from tui.drawing.numbers import num
from tui.model.run_comparison import differing
from tui.model.run_metrics import least_squares
from tui.session.frames.comparison import same_until
from tui.session.runs import Run
from tui.session.session import Session

pytestmark = pytest.mark.trained

CIRCLE = Experiment(dataset="circle", hidden=(4, 3))


def two(**changes: object) -> Session:
    session = Session(CIRCLE)
    session.time.step(40)
    session.branch_off()
    session.change(**changes)
    session.time.compare(True)
    session.time.step(60)
    return session


@pytest.mark.parametrize("current", [0, 1])
@pytest.mark.parametrize("batch", [False, True])
def test_differences_are_of_the_second_run_less_the_first(current, batch):
    session = two(learning_rate=0.3)
    session.switch_to(current)
    session.selection.batch_mode = batch
    found = framed(session, "compare").comparison
    one, other = (run.live.network for run in session.runs.live)
    apart = np.linalg.norm(other.parameters - one.parameters)
    assert found.distance == pytest.approx(apart, rel=1e-14)
    prepared = session.prepared
    rows = [session.selection.example]
    if batch:
        rows = prepared.dataset.train[session.trainer.next_rows()]
    deltas = [
        [d.mean(axis=0) for d in backpropagate(net, prepared.inputs[rows], Y).deltas]
        for net in (one, other)
        for Y in [prepared.targets[rows]]
    ]
    for i, layer in enumerate(found.layers):
        moved = [
            np.append((other.weights[i] - one.weights[i]).ravel(), other.biases[i] - one.biases[i])
        ]
        np.testing.assert_allclose(layer.change.moved, np.linalg.norm(moved), rtol=1e-14)
        assert abs(layer.weight.difference) == np.abs(moved).max()
        by = deltas[1][i] - deltas[0][i]
        assert layer.delta.difference == by[np.abs(by).argmax()]
    largest = max(
        (layer.weight for layer in found.layers), key=lambda weight: abs(weight.difference)
    )
    assert found.moved[0] == largest
    sizes = [abs(moved.difference) for moved in found.moved]
    assert sizes == sorted(sizes, reverse=True)


@given(at=st.integers(0, 60), edited=st.booleans(), on=st.integers(1, 40))
@settings(max_examples=20)
def test_runs_have_the_same_bits_up_to_the_step_that_is_said_and_not_after(at, edited, on):
    session = Session(CIRCLE)
    session.time.step(20)
    session.change(l2=0.001)  # which both have
    session.branch_off()
    session.time.step(at)
    if edited:
        session.trainer.edit(1, "weight", (0, 0), 9.0)
    else:
        session.change(learning_rate=0.2)
    session.time.step(on)
    one, other = (run.live for run in session.runs.live)
    last = same_until(*session.runs.live)
    assert last == 20 + at - edited
    for count in range(int(last) - 1, int(last) + 2):
        alike = np.array_equal(
            one.seek(count).network.parameters, other.seek(count).network.parameters
        )
        assert alike == (count <= last)


def test_runs_that_start_otherwise_are_never_said_to_be_the_same():
    def of(**changes: object) -> Run:
        return Run("", Trainer(replace(CIRCLE, **changes)))

    assert same_until(of(), of()) == inf
    assert same_until(of(), of(stop_steps=7)) == inf  # no step depends on it
    assert same_until(of(), of(init_seed=5)) is None
    assert same_until(of(), of(learning_rate=0.5)) is None
    edited = of()
    edited.live.edit(1, "bias", 0, 1.0)
    assert same_until(of(), edited) is None


def test_settings_that_all_runs_have_alike_are_left_out():
    one = CIRCLE
    three = [one, replace(one, l2=0.1), replace(one, stop_steps=3, learning_rate=0.5)]
    assert differing(three) == (
        {"learning_rate": 0.03, "l2": 0.0},
        {"learning_rate": 0.03, "l2": 0.1},
        {"learning_rate": 0.5, "l2": 0.0},
    )


def test_both_maps_show_the_regions_of_their_own_run():
    session = two(learning_rate=0.5)
    finish_counting(session)
    for frame, run in zip(
        framed(session, "compare").comparison.frames, session.runs.live, strict=True
    ):
        assert np.array_equal(frame.network.parameters, run.live.network.parameters)
        assert frame.regions.step == frame.step == run.live.step_count
        alone = Session(CIRCLE)
        alone.runs.all = (run,)
        finish_counting(alone)
        counts = [s.regions.map.activation_count for s in (frame, framed(alone))]
        assert counts[0] == counts[1]


async def test_the_numbers_are_on_the_screen():
    async with running(CIRCLE, (120, 40)) as (app, pilot):
        step(app, 40)
        await press(app, pilot, "B", "right_square_bracket", "vertical_line")
        step(app, 100)
        await press(app, pilot, "less_than_sign")
        found = framed(app.session, "compare").comparison
        shown = text(app)
        for moved in (*found.moved[:3], *(layer.delta for layer in found.layers)):
            assert moved.name in shown and num(moved.difference) in shown
        assert "η 0.06" in shown and "η 0.03" in shown


@pytest.mark.parametrize("batch", [False, True])
def test_a_run_on_edited_data_is_compared_on_its_own(batch):
    session = two()
    n = len(session.prepared.dataset.X)
    session.begin(replace(session.experiment, edits=tuple(("delete", 0) for _ in range(n // 2))))
    session.selection.select_example(10_000)
    session.switch_to(0)
    session.selection.batch_mode = batch
    for current in (0, 1, 0):
        session.switch_to(current)
        session.selection.select_example(len(session.prepared.dataset.X) - 1)
        session.time.step(1)
        found = framed(session, "compare").comparison
        assert [len(frame.data.X) for frame in found.frames] == [n, n - n // 2]
        assert all(frame.example < len(frame.data.X) for frame in found.frames)
        assert found.distance > 0.0 and found.same_until is None
        assert session.baseline == least_squares(session.prepared)
