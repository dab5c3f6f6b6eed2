"""The mouse on what is just going: a click that comes too late does nothing."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from screen import press, running, settled
from textual import events

from tui.commands.panes import next_pane
from tui.dialogs.offers.palette import PaletteView
from tui.experiments.library import built_in
from tui.message_line import MessageLine
from tui.panes.explore.output import OutputPane
from tui.session.session import Session

CIRCLE = built_in("circle")


def press_mouse(app, x, y, *kinds):
    for kind in kinds:
        app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))


async def test_a_click_on_a_message_takes_it_away_and_does_nothing_else():
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.tell("some words")
        await settled(pilot)
        before = app.present_place
        x, y = app.screen.query_one(MessageLine).region.center
        press_mouse(app, int(x), int(y), events.MouseDown, events.MouseUp)
        await settled(pilot)
        assert (app.message, app.present_place) == ("", before)


@pytest.mark.parametrize("turns", [1, 2])
async def test_a_click_beside_the_palette_after_one_on_a_command_leaves_it_once(turns):
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        here = app.screen
        app.action_command_palette()
        await settled(pilot)
        x, y = app.screen.query_one(PaletteView).region.center
        press_mouse(app, int(x), int(y), events.MouseDown, events.MouseUp)
        for _ in range(turns):
            await asyncio.sleep(0)
        press_mouse(app, 0, 20, events.MouseDown, events.MouseUp)
        await settled(pilot)
        assert here in app.screen_stack
        assert app.is_running


async def test_from_the_settings_panel_that_is_hidden_already_tab_goes_to_a_pane():
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "o")
        panel = app.focused
        app.frame_screen.show_settings(False)
        app.screen.set_focus(panel)  # as a click does on what is still drawn
        next_pane(app, 1)
        await settled(pilot)
        assert app.focused is not panel
        assert app.is_running


async def test_what_a_pane_says_of_what_is_gone_changes_nothing() -> None:
    """The message waits while another session takes the place of the one that the pane shows."""
    async with running(replace(built_in("circle"), hidden=(9, 9, 9))) as (app, pilot):
        pane = app.screen.query_one("#output", OutputPane)
        for message in (
            pane.CursorMoved(np.array([1.0, 2.0])),
            pane.UnitSelected(3, 8),
            pane.ExamplePlaced(np.array([1.0, 2.0])),
            pane.ExampleMoved(400, np.array([1.0, 2.0])),
        ):
            pane.post_message(message)
        app.open(built_in("line"))
        await settled(pilot)
        session = app.session
        fresh = Session(built_in("line"))
        assert session.selection.cursor.tolist() == fresh.selection.cursor.tolist()
        assert session.selection.unit == fresh.selection.unit
        assert session.experiment.edits == ()
        for message in (pane.CursorMoved(np.array([0.5])), pane.UnitSelected(0, 0)):
            pane.post_message(message)  # of what is there
        await settled(pilot)
        assert session.selection.cursor.tolist() == [0.5] and session.selection.unit == (0, 0)
