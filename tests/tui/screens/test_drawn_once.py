"""How often panes are drawn, and what stays of an app that was closed."""

import asyncio
import gc
import weakref
from collections import Counter

import pytest
from screen import press, running
from stored_runs import stored

from tui.app import NNExplore
from tui.panes.base.pane import FrameWidget


@pytest.fixture
def drawings(monkeypatch):
    """How often each pane and each bar was drawn."""
    drawn = Counter()
    paint = FrameWidget.paint

    def paint_and_count(widget, canvas):
        drawn[type(widget).__name__] += 1
        paint(widget, canvas)

    monkeypatch.setattr(FrameWidget, "paint", paint_and_count)
    return drawn


async def test_every_pane_is_drawn_once_when_its_screen_is_first_shown(drawings):
    async with running(stored("circle")) as (app, pilot):
        app.end_demo()
        for key in ("2", "3", "4", "5"):
            assert set(drawings.values()) == {1}
            assert {type(w).__name__ for w in app.screen.query(FrameWidget) if w.size} == {
                *drawings
            }
            drawings.clear()
            await press(app, pilot, key)


async def test_the_other_panes_are_on_the_terminal_before_the_first_plot_is_drawn(monkeypatch):
    happened = []
    paint, display = FrameWidget.paint, NNExplore._display

    def paint_and_note(widget, canvas):
        happened.append(type(widget).__name__)
        paint(widget, canvas)

    def display_and_note(app, screen, update):
        assert not app._batch_count, "what would be drawn is thrown away"
        happened.append("display")
        display(app, screen, update)

    monkeypatch.setattr(FrameWidget, "paint", paint_and_note)
    monkeypatch.setattr(NNExplore, "_display", display_and_note)
    async with running(stored("circle")):
        before = happened[: happened.index("LossPane")]
    assert "display" in before[before.index("NetworkPane") :]


async def test_every_pane_is_drawn_for_a_new_size_at_most_twice(drawings):
    async with running(stored("circle")) as (app, pilot):
        drawings.clear()
        await pilot.resize_terminal(100, 30)
        assert {type(w).__name__ for w in app.screen.query(FrameWidget) if w.size} == {*drawings}
        assert max(drawings.values()) <= 2


def test_an_app_that_was_closed_does_not_stay_in_memory():
    async def closed():
        async with running() as (app, _):
            return weakref.ref(app)

    first = asyncio.run(closed())
    asyncio.run(closed())
    gc.collect()
    assert first() is None
