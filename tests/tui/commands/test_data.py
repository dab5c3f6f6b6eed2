"""Examples by hand: added, deleted and moved at the cursor, each in a new run that goes on."""

from dataclasses import replace

import numpy as np
import pytest
from frames import framed
from hypothesis import given
from hypothesis import strategies as st
from screen import press, running
from textual.widgets import Input

from engine import EngineError, Experiment
from engine.training.prepare import prepare
from tui.commands.data import (
    add_example,
    classes_of,
    move_example,
    nearest_example,
    read_target,
)
from tui.experiments.library import built_in
from tui.session.session import Session

CIRCLE = built_in("circle")  # 2-4-3-1, targets ±1, 500 examples
SINE = Experiment(dataset="sine", hidden=(3,))
CARS = Experiment(dataset="mtcars", hidden=(2,), learning_rate=0.01)


def data_of(app):
    return app.session.prepared.dataset


def hears(app):
    said = []
    app.tell = lambda message, *shorter: said.append(message)
    return said


async def typed(app, pilot, text):
    app.screen.query_one(Input).value = text
    await press(app, pilot, "enter")


async def test_a_adds_an_example_at_the_cursor_of_the_class_typed_to_train_on():
    async with running(CIRCLE) as (app, pilot):
        session, said = app.session, hears(app)
        session.selection.move_cursor(np.array([1.25, -5.5]))
        await press(app, pilot, "n", "a")
        assert app.screen.query_one(Input).value == "-1"  # the nearest is of the outer ring
        await typed(app, pilot, "+")
        assert len(data_of(app).X) == 501
        assert data_of(app).X[500].tolist() == [1.25, -5.5]
        assert data_of(app).Y[500].tolist() == [1.0]
        assert 500 in data_of(app).train
        assert session.selection.example == 500
        assert said[-1].startswith("example 501 is added at x₁ +1.250, x₂ −5.500: a new run")


async def test_esc_and_what_is_no_class_add_nothing():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "a")
        await typed(app, pilot, "two")
        await press(app, pilot, "escape")
        assert app.session.experiment.edits == ()
        assert len(app.session.runs.all) == 1


async def test_an_edit_goes_on_from_the_present_weights_and_leaves_the_old_run_as_a_ghost():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "space")
        weights = app.session.trainer.network.parameters.copy()
        await press(app, pilot, "delete")
        session = app.session
        np.testing.assert_array_equal(session.trainer.network.parameters, weights)
        assert (session.trainer.step_count, session.time.playing) == (0, False)
        (ghost,) = framed(session).ghosts
        assert ghost.steps[-1] == 25


async def test_the_ols_line_is_of_the_data_as_they_are_now():
    async with running(SINE) as (app, pilot):
        await press(app, pilot, "a")
        await typed(app, pilot, "40")
        train = data_of(app).train
        x, y = data_of(app).X[train, 0], data_of(app).Y[train, 0]
        residuals = y - np.polyval(np.polyfit(x, y, 1), x)
        name, cost = framed(app.session).baseline
        assert name == "OLS"
        assert cost == pytest.approx((residuals**2).mean(), rel=1e-9)


async def test_delete_takes_the_nearest_to_the_cursor_and_only_if_it_is_near():
    async with running(CIRCLE) as (app, pilot):
        said, X = hears(app), data_of(app).X
        app.session.selection.move_cursor(X[77] + 0.01)
        row = int(np.linalg.norm(X - X[77] - 0.01, axis=1).argmin())
        await press(app, pilot, "delete")
        np.testing.assert_array_equal(data_of(app).X, np.delete(X, row, axis=0))
        app.session.selection.move_cursor(np.array([-6.0, 6.0]))
        await press(app, pilot, "backspace")
        assert len(data_of(app).X) == 499
        assert said[-1].startswith("no example is near the cursor")


async def test_V_selects_the_nearest_and_v_moves_it_to_the_cursor():
    async with running(CIRCLE) as (app, pilot):
        before = data_of(app)
        app.session.selection.move_cursor(before.X[123])
        await press(app, pilot, "V")
        row = app.session.selection.example
        np.testing.assert_array_equal(before.X[row], before.X[123])
        app.session.selection.move_cursor(np.array([5.5, 5.25]))
        await press(app, pilot, "v")
        now = data_of(app)
        assert now.X[row].tolist() == [5.5, 5.25]
        np.testing.assert_array_equal(now.Y, before.Y)
        np.testing.assert_array_equal(now.train, before.train)
        others = np.arange(len(now.X)) != row
        np.testing.assert_array_equal(now.X[others], before.X[others])
        assert app.session.selection.example == row


async def test_A_takes_edits_back_one_by_one():
    async with running(CIRCLE) as (app, pilot):
        said, X = hears(app), data_of(app).X
        await press(app, pilot, "a", "enter", "V", "v", "delete")
        assert [edit[0] for edit in app.session.experiment.edits] == ["add", "move", "delete"]
        for left in (2, 1, 0):
            await press(app, pilot, "A")
            assert len(app.session.experiment.edits) == left
        np.testing.assert_array_equal(data_of(app).X, X)
        assert app.session.selection.example < len(X)
        await press(app, pilot, "A")
        assert said[-1].startswith("no edit of the data to undo")


async def test_each_of_two_runs_keeps_its_own_data():
    async with running(CIRCLE) as (app, pilot):
        baseline = framed(app.session).baseline
        await press(app, pilot, "n", "B", "a", "enter")
        app.session.switch_to(0)
        app.show()
        assert len(data_of(app).X) == 500
        assert app.session.selection.example == 499  # there is no 500 here
        assert framed(app.session).baseline == baseline
        app.session.switch_to(1)
        assert len(data_of(app).X) == 501


async def test_an_example_that_is_gone_is_selected_no_more():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "a", "enter", "pageup", "pagedown")
        assert app.session.selection.example == 500
        await press(app, pilot, "A", "pagedown", "pageup")
        assert app.session.selection.example == 499


async def test_of_many_inputs_what_is_off_the_plane_is_the_mean_or_stays():
    async with running(CARS) as (app, pilot):
        said, before, view = hears(app), data_of(app), app.session.selection.view
        off = [i for i in range(10) if i not in view.axes]
        middle = view.centre
        app.session.selection.move_cursor(middle)
        await press(app, pilot, "a")
        assert "the other inputs at the mean" in app.screen.prompt
        await typed(app, pilot, "20")
        added = data_of(app).X[-1]
        np.testing.assert_array_equal(added[list(view.axes)], middle)
        np.testing.assert_allclose(added[off], before.X[before.train].mean(axis=0)[off])
        app.session.selection.select_example(3)
        await press(app, pilot, "v")
        np.testing.assert_array_equal(data_of(app).X[3][list(view.axes)], middle)
        np.testing.assert_array_equal(data_of(app).X[3][off], before.X[3][off])
        assert "the other inputs keep their values" in said[-1]


async def test_on_a_tilted_plane_an_example_moves_within_it():
    async with running(CARS) as (app, pilot):
        session = app.session
        selection = session.selection
        selection.look_at_plane(len(session.selection.planes) - 2)  # the principal components
        before = data_of(app).X[3]
        away = session.selection.view.coordinates(before[None])[0]
        target = session.selection.cursor
        session.selection.select_example(3)
        await press(app, pilot, "v")
        after = data_of(app).X[3]
        np.testing.assert_allclose(
            session.selection.view.coordinates(after[None])[0], target, atol=1e-9
        )
        np.testing.assert_allclose(
            after - before, (target - away) @ session.selection.view.directions
        )


async def test_with_features_the_columns_they_are_made_of_are_edited():
    experiment = replace(CIRCLE, features=("x2", "x1^2"))
    async with running(experiment) as (app, pilot):
        app.session.selection.move_cursor(np.array([1.5, -2.0]))
        await press(app, pilot, "a", "enter")
        assert app.session.experiment.edits[0][1] == (1.5, -2.0)
        assert data_of(app).X[-1].tolist() == [-2.0, 2.25]


async def test_a_column_that_is_no_input_is_at_its_mean_and_stays():
    async with running(replace(CIRCLE, features=("x2",))) as (app, pilot):
        whole = prepare(CIRCLE).dataset
        app.session.selection.move_cursor(np.array([3.0]))
        await press(app, pilot, "a", "enter")
        mean = whole.X[whole.train, 0].mean()
        assert app.session.experiment.edits[0][1] == pytest.approx((mean, 3.0))
        app.session.selection.select_example(7)
        await press(app, pilot, "v")
        assert app.session.experiment.edits[1] == ("move", 7, (whole.X[7, 0], 3.0))


async def test_over_one_input_a_point_of_the_plot_is_x_and_y():
    async with running(SINE) as (app, _):
        add_example(app, np.array([1.0, 0.75]))
        n = len(data_of(app).X)
        assert (data_of(app).X[-1, 0], data_of(app).Y[-1, 0]) == (1.0, 0.75)
        row = int(data_of(app).train[0])
        move_example(app, row, np.array([2.0, -0.5]))
        assert len(data_of(app).X) == n
        assert app.session.selection.example == n - 1
        assert (data_of(app).X[-1, 0], data_of(app).Y[-1, 0]) == (2.0, -0.5)
        test = int(data_of(app).test[0])
        y = data_of(app).Y[test, 0]
        move_example(app, test, np.array([-1.0, 0.5]))
        assert (data_of(app).X[test, 0], data_of(app).Y[test, 0]) == (-1.0, y)
        assert test in data_of(app).test


async def test_trials_of_a_group_are_not_edited_and_the_message_says_so():
    async with running(Experiment(dataset="beetles", hidden=())) as (app, pilot):
        said = hears(app)
        await press(app, pilot, "a", "enter", "v")
        assert all("trials of a group" in message for message in said)
        assert len(said) == 2
        assert app.session.experiment.edits == ()


@given(st.floats(-6.0, 6.0), st.floats(-6.0, 6.0))
def test_the_nearest_is_no_farther_than_any_other_or_the_selected_one_at_the_cursor(x, y):
    session = SESSION
    session.selection.move_cursor(np.array([x, y]))
    away = np.linalg.norm(session.prepared.dataset.X - session.selection.cursor, axis=1)
    try:
        row = nearest_example(session)
    except EngineError:
        assert away.min() > 1.0  # a twelfth of the map
    else:
        at_cursor = row == session.selection.example and away[row] < 0.25  # half a cell each way
        assert at_cursor or away[row] == away.min()


SESSION = Session(CIRCLE)


def test_a_class_goes_by_its_name_and_its_sign():
    data = SESSION.prepared.dataset
    assert classes_of(data) == {"-1": (-1.0,), "+1": (1.0,)}
    for text, value in (("+", 1.0), ("-", -1.0), ("−1", -1.0), ("1", 1.0), ("+1", 1.0)):
        assert read_target(data, text) == (value,)
    with pytest.raises(ValueError, match=r"type one of -1, \+1"):
        read_target(data, "0")
    iris = prepare(Experiment(dataset="iris")).dataset
    for name, y in classes_of(iris).items():
        assert iris.target_names[int(np.argmax(y))] == name
        assert read_target(iris, name) == y
