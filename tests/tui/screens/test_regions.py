"""The Regions screen driven by its keys, and going to and fro between the screens."""

import threading
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from frames import framed
from screen import press, running, settled, text
from textual.widgets import Input

import tui.session.counting.job
from engine import Experiment, count_regions, linear_regions, region_bounds
from engine.regions.counting import RegionCount
from tui.actions.screen_keys import SCREENS
from tui.commands.selection import move
from tui.experiments.library import built_in
from tui.model.regions.filter import ALLOWED, region_list
from tui.panes.base.pane import Pane
from tui.panes.explore.layers import LayersPane
from tui.panes.regions.count import RegionCountPane
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.table import RegionTablePane

CIRCLE = replace(built_in("circle"), hidden=(8, 6))
WIDE = replace(CIRCLE, hidden=(40, 40))


def said(app) -> str:
    """The last message of the app."""
    return app.message


def status(app) -> str:
    return text(app).splitlines()[-2]


async def test_digits_go_to_and_fro_and_each_screen_keeps_its_focus_and_its_zoom():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "3", "1")  # the cursor goes into the largest region
        await press(app, pilot, "tab", "tab", "n")
        before = text(app)
        await press(app, pilot, "3")
        assert isinstance(app.focused, RegionTablePane)
        assert "Network" not in text(app)
        await press(app, pilot, "z")
        zoomed = text(app)
        assert isinstance(app.focused, RegionTablePane)
        await press(app, pilot, "1")
        assert isinstance(app.focused, LayersPane)
        assert text(app) == before
        await press(app, pilot, "3")
        assert text(app) == zoomed
        await press(app, pilot, "1", "right", "3", "z")
        assert "step 26 " in status(app)


async def test_the_top_bar_marks_the_screen_that_is_shown():
    async with running(CIRCLE) as (app, pilot):
        for key, title in (("3", "3 Regions"), ("1", "1 Explore")):
            await press(app, pilot, key)
            (bar,) = app.screen.query("TopBar")
            canvas = bar._canvas
            lit = canvas.ground[0] == canvas.palette.sel
            assert "".join(canvas.chars[0][lit]).strip() == title
        assert {key for key, _ in SCREENS.values()} == {"1", "2", "3", "4", "5", "6"}


async def test_the_status_counts_what_the_engine_counts():
    async with running(CIRCLE) as (app, pilot):
        app.end_demo()
        app.seek(500)
        await press(app, pilot, "3")
        frame = framed(app.session)
        regions = linear_regions(frame.network, frame.view.box)
        bound = region_bounds(frame.network.sizes)["serra_2018_upper"]
        occupied = len(set(regions.locate(frame.data.X).tolist()) - {-1})
        numbers = [int(word) for word in status(app).split() if word.isdecimal()]
        expected = [500, 20, regions.activation_count, regions.linear_count, occupied, bound]
        assert numbers == expected


async def test_the_region_at_the_cursor_is_the_selected_one_everywhere():
    async with running(CIRCLE) as (app, pilot):
        app.seek(500)
        await press(app, pilot, "3", "shift+tab", "h", "k", "k")
        frame = framed(app.session)
        rank = region_list(frame).selected
        inside = frame.regions.map.locate(frame.cursor[None, :])[0]
        areas = frame.regions.map.areas
        assert rank == (areas > areas[inside]).sum()
        assert f"Region {rank + 1} " in text(app)
        await press(app, pilot, "tab", "down")
        assert region_list(framed(app.session)).selected == rank + 1
        assert f"Region {rank + 2} " in text(app)
        await press(app, pilot, "1")
        assert f"{rank + 2}/{len(areas)}" in text(app)


async def test_c_goes_round_the_colourings_on_this_screen_only():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "c")
        assert app.session.selection.colour_by == "output"
        await press(app, pilot, "3", "c")
        assert app.session.selection.colour_by == "region"
        await press(app, pilot, "c", "c", "c")
        assert app.session.selection.colour_by == "output"


async def test_the_palette_offers_what_the_screen_can_do_and_does_it():
    async with running(built_in("mtcars")) as (app, pilot):
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert not any("principal axes" in title for title in titles)
        await press(app, pilot, "3", "ctrl+p", *"colouring", "enter")
        assert app.session.selection.colour_by == "region"
        offered = {command.title: command for command in app.get_system_commands(app.screen)}
        offered["plane: principal components"].callback()
        assert app.session.selection.view.names == ("PC₁", "PC₂")


async def test_a_walk_starts_at_the_cursor_follows_it_and_ends():
    async with running(CIRCLE) as (app, pilot):
        app.seek(500)
        await press(app, pilot, "3", "shift+tab", "w")
        start = app.session.selection.cursor
        assert framed(app.session).walk is None  # it has no length yet
        await press(app, pilot, *["k"] * 12, *["l"] * 9)
        walk = framed(app.session).walk
        there = frame_map(app).locate(app.session.selection.cursor[None, :])[0]
        assert np.array_equal(framed(app.session).walk_start, start)
        assert np.array_equal(walk.patterns[-1], frame_map(app).patterns[there])
        assert f"Walk: {len(walk.t)} borders" in text(app)
        await press(app, pilot, "w")
        assert framed(app.session).walk is None
        assert "Walk" not in text(app)


def frame_map(app):
    return framed(app.session).regions.map


async def test_a_filter_is_typed_and_a_wrong_one_explained():
    async with running(CIRCLE) as (app, pilot):
        app.seek(500)
        await press(app, pilot, "3", "slash")
        app.screen.query_one(Input).value = "data colour"
        await press(app, pilot, "enter")
        assert "'colour' is not a filter" in text(app)
        app.screen.query_one(Input).value = "data corners>3"
        await press(app, pilot, "enter")
        assert app.session.selection.region_filter == "data corners>3"
        assert f"{region_list(framed(app.session)).shown.sum()} shown" in text(app)
        await press(app, pilot, "slash")
        app.screen.query_one(Input).value = ""
        await press(app, pilot, "enter")
        assert app.session.selection.region_filter == ""


async def test_p_goes_through_pairs_of_inputs_components_and_examples():
    async with running(built_in("mtcars")) as (app, pilot):
        await press(app, pilot, "3")
        names = []
        for _ in range(12):
            names.append(", ".join(app.session.selection.view.names))
            assert f"ŷ({names[-1]})" in text(app)
            await press(app, pilot, "p")
        assert names[0] == names[11] == "wt, cyl"
        assert names[9] == "PC₁, PC₂"
        assert len(set(names)) == 11


async def test_a_plane_through_three_examples_can_be_typed():
    async with running(built_in("mtcars")) as (app, pilot):
        await press(app, pilot, "3", "P")
        for typed, says in (("1 2", "type three numbers, 1 to 32"), ("4 9 4", "lie on a line")):
            app.screen.query_one(Input).value = typed
            await press(app, pilot, "enter")
            assert says in text(app)
        app.screen.query_one(Input).value = "4, 9, 17"
        await press(app, pilot, "enter")
        assert "t from example 4 toward 9 and 17" in text(app)


async def test_every_pane_can_be_reached_on_a_small_terminal():
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "3")
        for pane in (RegionDetailPane, RegionCountPane, RegionMapPane, RegionTablePane):
            await press(app, pilot, "tab")
            assert isinstance(app.focused, pane)
            assert app.focused.size.height > 5
        await press(app, pilot, "tab", "tab", "z")
        assert app.focused.size.height > 15
        assert "Count over training" in text(app)


async def test_playing_keeps_up_with_the_count_of_a_2_16_16_1_network():
    async with running(replace(CIRCLE, hidden=(16, 16))) as (app, pilot):
        await press(app, pilot, "3", "space")
        frames = 0
        for _ in range(12):
            app.tick()
            await pilot.pause(0)
            view = app.screen.query_one(RegionTablePane).view
            frames += view.playing
            assert view.regions.step == view.step
            assert view.regions.map.activation_count == count_regions(view.network, view.view.box)
        assert frames > 0


async def test_the_count_over_training_fills_while_paused():
    async with running(CIRCLE) as (app, pilot):
        app.seek(300)
        await press(app, pilot, "3")
        app.session.look_back(inf)
        app.tick()
        await settled(pilot)
        steps = framed(app.session).counts.steps
        assert steps[0] == 0
        assert steps[-1] > 250


async def test_keys_are_answered_while_a_long_count_runs_and_escape_ends_it(monkeypatch):
    opened = threading.Event()

    def endless(*_):
        for share in range(1, 1000):
            yield RegionCount(1000 * share, share / 1000, 0)
            opened.wait(0.005)

    monkeypatch.setattr(tui.session.counting.job, "counting", endless)
    async with running(WIDE) as (app, pilot):
        await press(app, pilot, "3", "C", "right", "right")
        assert app.session.trainer.step_count == 2
        while not app.session.counter.news:
            await pilot.pause(0.001)
        app.show()
        await settled(pilot)
        assert " %" in status(app)
        await press(app, pilot, "escape")
        assert app.session.counter.latest_job.join(5.0) is None
        assert not app.session.counter.latest_job.is_alive()
        await press(app, pilot, "C")
        job = app.session.counter.latest_job
    job.join(5.0)  # the app has told it to end
    assert not job.is_alive()


async def test_another_experiment_ends_the_count_of_the_last():
    async with running(WIDE) as (app, pilot):
        job = app.session.counter.latest_job
        app.open(CIRCLE)
        await settled(pilot)
        job.join(5.0)
        assert not job.is_alive()
        assert framed(app.session).regions.map is not None


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (200, 60)])
async def test_every_size_has_room_for_map_and_table(size):
    async with running(CIRCLE, size, ascii=True) as (app, pilot):
        await press(app, pilot, "3")
        screen = text(app)
        assert screen.isascii()
        assert "Regions of" in screen
        assert "regions" in screen
        side = app.screen.query_one(RegionTablePane).size.width
        assert side >= 30 or size[0] < 80


async def test_curved_networks_say_so_on_this_screen():
    async with running(Experiment(hidden=(4,), activation="tanh")) as (app, pilot):
        await press(app, pilot, "3", "w", "k", "C", "slash", "escape", "c")
        assert "curved" in status(app)


async def test_a_count_that_rounding_may_have_decided_says_so():
    W, b = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [0.0, 0.0, 1e-12]
    almost_meeting = Experiment(hidden=(3,), weights=(W, [[1.0] * 3]), biases=(b, [0.0]))
    async with running(almost_meeting) as (app, pilot):
        await press(app, pilot, "3")
        assert "close calls" in status(app)


async def test_p_leads_back_from_a_typed_plane_of_two_inputs():
    async with running(CIRCLE) as (app, pilot):
        first = app.session.selection.view
        await press(app, pilot, "3")
        assert "p plane" not in text(app)
        await press(app, pilot, "P")
        app.screen.query_one(Input).value = "1 20 35"
        await press(app, pilot, "enter")
        assert app.session.selection.view.names != first.names
        assert "p plane" in text(app)
        await press(app, pilot, "p")
        assert app.session.selection.view.names == first.names
        assert "p plane" not in text(app)


async def test_one_input_has_no_planes_to_type():
    async with running(built_in("sine")) as (app, pilot):
        await press(app, pilot, "P")
        assert not app.screen.query(Input)
        assert "a plane needs two inputs" in said(app)


async def test_each_key_moves_the_cursor_by_one_cell_as_far_as_the_last():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "3", "shift+tab")
        grid = app.focused._grid

        def cell():
            return tuple(grid.cells(app.session.selection.cursor[None, :])[0].tolist())

        column, row = cell()
        for key, dx, dy in (("l", 1, 0), ("k", 0, -1), ("h", -1, 0), ("j", 0, 1)):
            for _ in range(2):
                column, row = column + dx, row + dy
                await press(app, pilot, key)
                assert cell() == (column, row)
                axis = 0 if dx else 1
                middle = grid.middle(column, row)
                assert app.session.selection.cursor[axis] == middle[axis]
        for _ in range(row + 2):
            move(app, 0, -1)
            await settled(pilot)
        assert cell() == (column, 0)


async def test_the_cursor_starts_inside_a_region_of_a_network_without_biases():
    async with running(CIRCLE) as (app, _):
        frame = framed(app.session)
        z = frame.network.predict(frame.data.x_scale.apply(frame.view.inputs(frame.cursor[None])))
        hidden = frame.network.weights[0] @ frame.cursor
        assert np.isfinite(z).all() and (hidden != 0.0).all()


async def test_a_zoomed_map_fills_the_screen_and_goes_back_to_its_place():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "3", "shift+tab")
        pane = app.screen.query_one(RegionMapPane)
        before = pane.outer_size
        await press(app, pilot, "z")
        assert pane.outer_size.width == 120
        await pilot.resize_terminal(110, 36)
        await settled(pilot)
        assert pane.outer_size.width == 110
        await pilot.resize_terminal(120, 40)
        await press(app, pilot, "z")
        assert pane.outer_size == before


async def test_all_of_the_filters_words_are_offered_in_a_small_terminal():
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "3", "slash")
        above_the_status = "\n".join(text(app).splitlines()[:-2])
        words = [word.strip(",;") for word in above_the_status.replace("│", " ").split()]
        allowed = ALLOWED.split(", ")
        assert [word for word in words if word in allowed] == allowed
        app.screen.query_one(Input).value = "on:9.9"
        await press(app, pilot, "enter")
        assert "the network has 2 hidden layers" in text(app)


@pytest.mark.parametrize(("changes", "why"), [
    ({"activation": "tanh"}, "curved"), ({"learning_rate": 1e300}, "not finite"),
])  # fmt: skip
async def test_without_borders_there_is_no_walk_and_a_reason(changes, why):
    async with running(replace(CIRCLE, **changes)) as (app, pilot):
        app.seek(20)
        await press(app, pilot, "3", "w")
        assert app.session.selection.walk_start is None
        assert "no walk" in said(app)
        assert why in said(app)


@pytest.mark.parametrize(
    ("experiment", "shown"),
    [
        (Experiment(activation="tanh"), {"region-map", "region-detail"}),
        (built_in("challenger"), {"region-map", "region-table", "region-detail"}),
        (Experiment(), {"region-map", "region-table", "region-detail", "region-count"}),
    ],
)
async def test_panes_without_anything_to_show_leave_their_room(experiment, shown):
    async with running(experiment, (120, 40)) as (app, pilot):
        await press(app, pilot, "3")
        assert {pane.id for pane in app.screen.query(Pane) if pane.display} == shown
        assert text(app).count("There are no linear regions") == ("region-table" not in shown)
