"""The mouse on the map: a drag moves an example, ctrl+click adds one. What the map leaves out."""

import numpy as np
import pytest
from frames import framed
from screen import press, running, settled
from textual.widgets import Input

from engine import Experiment
from tui.experiments.library import built_in
from tui.model.target_scale import SPAN
from tui.panes.explore.output import OutputPane

CIRCLE = built_in("circle")
SINE = Experiment(dataset="sine", hidden=(3,))
OUTER = 499  # an example with free cells outwards of it


def data_of(app):
    return app.session.prepared.dataset


def pane_of(app):
    pane = app.screen.query_one(OutputPane)
    assert pane._grid is not None
    return pane, pane._grid


def at(app, point):
    """The cell of a point, and where it is on the pane."""
    pane, grid = pane_of(app)
    column, row = grid.column(point[0]), grid.row(point[1])
    return (column, row), (column + grid.left + pane.gutter.left, row + pane.gutter.top)


async def drag(app, pilot, start, end):
    pane, _ = pane_of(app)
    await pilot.mouse_down(pane, offset=start)
    await pilot.hover(pane, offset=end)
    await pilot.mouse_up(pane, offset=end)
    await settled(pilot)


def near(app, point):
    """The example that a click there would select."""
    pane, _ = pane_of(app)
    return pane.example_in(at(app, point)[0])


async def test_a_drag_moves_the_example_by_as_many_cells_as_the_mouse():
    async with running(CIRCLE) as (app, pilot):
        before, start = data_of(app).X, at(app, data_of(app).X[OUTER])[1]
        row = near(app, before[OUTER])
        await drag(app, pilot, start, (start[0] + 2, start[1] - 1))
        now, (_, grid) = data_of(app).X, pane_of(app)
        np.testing.assert_allclose(now[row] - before[row], grid.steps * [2, 1])
        assert app.session.experiment.edits == (("move", row, tuple(now[row])),)
        assert app.session.selection.example == row


async def test_a_drag_over_one_input_moves_x_and_in_training_data_y():
    async with running(SINE) as (app, pilot):
        before, (_, grid) = data_of(app), pane_of(app)
        points = np.column_stack([before.X, before.Y])
        row = next(row for row in before.train if near(app, points[row]) == row)
        _, start = at(app, points[row])
        await drag(app, pilot, start, (start[0] + 3, start[1]))
        x, y = points[row] + grid.steps * [3, 0]
        assert (data_of(app).X[row, 0], data_of(app).Y[row, 0]) == (pytest.approx(x), y)
        assert near(app, (x, y)) == row
        _, start = at(app, (x, y))
        await drag(app, pilot, start, (start[0], start[1] - 2))
        assert [edit[0] for edit in app.session.experiment.edits] == ["move", "add", "delete"]
        moved = data_of(app).X[-1, 0], data_of(app).Y[-1, 0]
        np.testing.assert_allclose(moved, [x, y + 2 * grid.steps[1]])
        assert len(data_of(app).X) == len(before.X)


async def test_a_click_or_a_drag_from_bare_ground_changes_no_data():
    async with running(CIRCLE) as (app, pilot):
        pane, _ = pane_of(app)
        _, corner = at(app, (-5.9, 5.9))
        await drag(app, pilot, corner, (corner[0] + 4, corner[1] + 3))
        await pilot.click(pane, offset=at(app, data_of(app).X[OUTER])[1])
        assert app.session.experiment.edits == ()
        assert app.session.selection.example == near(app, data_of(app).X[OUTER])


async def test_ctrl_click_adds_of_a_class_that_is_asked_for():
    async with running(CIRCLE) as (app, pilot):
        pane, grid = pane_of(app)
        (column, row), offset = at(app, (5.5, -5.5))
        await pilot.click(pane, offset=offset, control=True)
        await settled(pilot)
        assert app.screen.query_one(Input).value == "-1"
        await press(app, pilot, "enter")
        np.testing.assert_allclose(data_of(app).X[500], grid.middle(column, row))


async def test_ctrl_click_over_one_input_adds_at_once_the_y_that_is_there():
    async with running(SINE) as (app, pilot):
        pane, grid = pane_of(app)
        (column, row), offset = at(app, (1.0, -0.9))
        await pilot.click(pane, offset=offset, control=True)
        await settled(pilot)
        data = data_of(app)
        assert [data.X[-1, 0], data.Y[-1, 0]] == grid.middle(column, row).tolist()


async def test_H_hides_the_test_examples_from_the_map_and_from_the_keys_and_the_mouse():
    async with running(CIRCLE) as (app, pilot):
        test = data_of(app).test[3]
        app.session.selection.move_cursor(data_of(app).X[test])
        await press(app, pilot, "H", "V")
        assert app.session.selection.example in data_of(app).train
        assert near(app, data_of(app).X[test]) in {*data_of(app).train, None}
        pane, _ = pane_of(app)
        assert "in test" not in "\n".join(pane._canvas.text_lines())
        await press(app, pilot, "H")
        assert "in test" in "\n".join(pane._canvas.text_lines())


async def test_discretised_a_pixel_has_one_of_two_colours_by_the_sign_of_the_output():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "d")
        pane, grid = pane_of(app)
        palette, canvas, frame = app.look.palette, pane._canvas, framed(app.session)
        half = grid.steps / [1.0, 2.0]
        fills = {palette.fill(-1.0 / SPAN): -1.0, palette.fill(1.0 / SPAN): 1.0}
        seen = []
        for row in range(grid.height):
            for column in range(grid.width):
                ground = int(canvas.ground[row, column + grid.left])
                if canvas.chars[row, column + grid.left] == "▀" and ground in fills:
                    centre = grid.middle(column, row) - [0.0, half[1] / 2.0]
                    y_hat = frame.outputs(centre[None])[0, 0]
                    if abs(y_hat) > 0.1:
                        assert fills[ground] == np.sign(y_hat)
                        seen.append(fills[ground])
        assert len(seen) > 100
        assert {*seen} == {-1.0, 1.0}


@pytest.mark.parametrize(("experiment", "key"), [(SINE, "d"), (Experiment(dataset="cars"), "H")])
async def test_where_there_is_nothing_to_leave_out_the_message_says_so(experiment, key):
    async with running(experiment) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        await press(app, pilot, key)
        assert len(said) == 1


@pytest.mark.parametrize("flag", ["shows_test", "discretised"])
async def test_the_settings_panel_turns_the_switches_too(flag):
    async with running(CIRCLE) as (app, pilot):
        before = getattr(app.preferences, flag)
        app.draft.option = {"shows_test": "show_test", "discretised": "discretise"}[flag]
        await press(app, pilot, "o", "right")
        assert getattr(app.preferences, flag) is not before
