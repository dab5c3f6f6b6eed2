"""Keys and turns of the wheel that come before the screen is drawn: each of them counts."""

from collections.abc import Callable

import pytest
from screen import press, running, settled, text
from textual.screen import Screen

from engine import Experiment
from tui.app import NNExplore
from tui.dialogs.base import Ask
from tui.dialogs.gallery.dialog import GalleryScreen
from tui.panes.base.pane import Pane

GAUSS, CARS = Experiment(dataset="gauss", hidden=(6, 6)), Experiment(dataset="cars", hidden=())
CASES: dict[str, tuple[str, str, str, Callable[[NNExplore], object]]] = {
    "a unit in the table": ("1", "layers", "down", lambda app: app.session.selection.unit),
    "a unit in the network": ("1", "network", "down", lambda app: app.session.selection.unit),
    "the cursor": ("1", "output", "right", lambda app: app.session.selection.cursor.tolist()),
    "on Regions": ("3", "region-map", "up", lambda app: app.session.selection.cursor.tolist()),
    "a region": ("3", "region-table", "down", lambda app: app.session.selection.cursor.tolist()),
    "a residual": ("4", "residual-plot", "right", lambda app: app.session.selection.example),
    "a component": ("2", "backprop-network", "down", lambda app: app.session.microscope.units),
}


async def at_pane(app: NNExplore, pilot, screen: str, name: str) -> Pane:
    await press(app, pilot, screen)
    pane = next(pane for pane in app.screen.query(Pane) if pane.id == name)
    pane.focus()
    await settled(pilot)
    return pane


@pytest.mark.parametrize("case", CASES)
async def test_keys_at_once_select_what_the_same_keys_select_one_by_one(case) -> None:
    screen, name, key, selected = CASES[case]
    results = []
    for at_once in (True, False):
        async with running(CARS if screen == "4" else GAUSS) as (app, pilot):
            await at_pane(app, pilot, screen, name)
            for _ in range(3):
                app.simulate_key(key)
                if not at_once:
                    await settled(pilot)
            await settled(pilot)
            results.append(selected(app))
    assert results[0] == results[1]


async def test_notches_of_the_wheel_at_once_count_each() -> None:
    async with running(GAUSS) as (app, pilot):
        pane = await at_pane(app, pilot, "1", "layers")
        await press(app, pilot, "down")  # lights the first unit
        for _ in range(3):
            pane.on_mouse_scroll_down()
        await settled(pilot)
        assert app.session.selection.unit == (1, 3)


async def test_enter_right_behind_an_arrow_explains_what_the_arrow_has_selected() -> None:
    async with running(GAUSS) as (app, pilot):
        await at_pane(app, pilot, "1", "layers")
        await press(app, pilot, "down")
        app.simulate_key("down")
        app.simulate_key("enter")
        await settled(pilot)
        at_once = text(app)
        await press(app, pilot, "escape", "enter")
        assert text(app) == at_once


async def test_moves_at_once_are_drawn_once(monkeypatch) -> None:
    async with running(GAUSS) as (app, pilot):
        pane = await at_pane(app, pilot, "3", "region-map")
        drawn, show = [], app.show
        monkeypatch.setattr(app, "show", lambda at_once=True: drawn.append(1) or show(at_once))
        for _ in range(5):
            app.simulate_key("right")
        await settled(pilot)
        assert 1 <= len(drawn) <= 2
        assert pane.view.cursor.tolist() == app.session.selection.cursor.tolist()


async def test_the_key_of_the_palette_does_not_overtake_the_key_that_quits() -> None:
    async with running(GAUSS) as (app, pilot):
        for key in ("q", "ctrl+p"):
            app.simulate_key(key)
        await settled(pilot)
        assert app.leaving
        assert app.screen is app.frame_screen


@pytest.mark.parametrize(("key", "dialog"), [("G", Ask), ("ctrl+g", GalleryScreen)])
async def test_the_palette_does_not_open_over_a_dialog(key: str, dialog: type[Screen]) -> None:
    async with running(GAUSS) as (app, pilot):
        for one in (key, "ctrl+p"):
            app.simulate_key(one)
        await settled(pilot)
        assert isinstance(app.screen, dialog)


async def test_keys_right_behind_one_that_asks_are_typed_into_the_answer() -> None:
    async with running(GAUSS) as (app, pilot):
        for key in ("G", "4", "2", "enter"):
            app.simulate_key(key)
        await settled(pilot)
        assert app.session.trainer.step_count == 42


async def test_keys_right_behind_those_of_a_list_filter_it() -> None:
    async with running(GAUSS) as (app, pilot):
        for opener in ("question_mark", "ctrl+p"):
            for key in (opener, *"theme"):
                app.simulate_key(key)
            await settled(pilot)
            assert app.screen.view.typed == "theme"
            await press(app, pilot, "escape", "escape")
