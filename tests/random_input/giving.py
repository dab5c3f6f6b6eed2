"""How inputs reach the app: as a terminal would send them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual import events
from textual.geometry import Size
from textual.keys import key_to_character
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.timer import Timer
from textual.widgets import Input

from tests.screen import StoppedClock, settled
from tui.app import NNExplore
from tui.commands.keys import ACTIONS
from tui.commands.lessons.scenes import go_on, present
from tui.commands.lessons.steps import known
from tui.lessons import library

from .inputs import Given

STEPS = 5  # that one tick of play trains, however fast the machine is
PATIENCE = 20  # times Textual's patience, half a minute
BREATH = 4  # turns of the event loop between inputs
LESSON = library.built_in("learning", known(ACTIONS))  # that is presented
LONG = 1e6  # seconds that it may take


class Bells(StoppedClock):
    """A clock that is stopped, and rings for all when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self._acts: list[tuple[MessagePump, Callable[[], object]]] = []

    def every(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
        self._acts.append((pump, act))
        return super().every(pump, seconds, act)

    def ring(self, but: MessagePump) -> None:
        """Call what is to be called every now and then, of all that run but for one."""
        for pump, act in self._acts:
            if pump is not but and pump.is_running:
                act()


async def breath() -> None:
    """Let the app begin with what it has been given; it may not be done before there is more."""
    for _ in range(BREATH):
        await asyncio.sleep(0)


async def give(app: NNExplore, pilot: Pilot[None], given: Given) -> None:
    """Let the app have an input."""
    await GIVING[given.kind](app, pilot, *given.arguments)


async def key(app: NNExplore, pilot: Pilot[None], name: str) -> None:
    """A key, by Textual's name or as a character."""
    app.post_message(events.Key(name, key_to_character(name)))
    await breath()


async def click(
    app: NNExplore, pilot: Pilot[None], x: float, y: float, button: int, times: int
) -> None:
    for _ in range(times):
        _mouse(app, events.MouseDown, x, y, button)
        _mouse(app, events.MouseUp, x, y, button)
    await breath()


async def drag(
    app: NNExplore, pilot: Pilot[None], x: float, y: float, to_x: float, to_y: float
) -> None:
    _mouse(app, events.MouseDown, x, y, 1)
    await breath()
    for part in (0.3, 0.7, 1.0):
        _mouse(app, events.MouseMove, x + part * (to_x - x), y + part * (to_y - y), 1)
    await breath()
    _mouse(app, events.MouseUp, to_x, to_y, 1)
    await breath()


async def wheel(
    app: NNExplore, pilot: Pilot[None], x: float, y: float, way: int, times: int
) -> None:
    for _ in range(times):
        _mouse(app, events.MouseScrollDown if way > 0 else events.MouseScrollUp, x, y, 0)
    await breath()


async def hover(app: NNExplore, pilot: Pilot[None], x: float, y: float) -> None:
    _mouse(app, events.MouseMove, x, y, 0)
    await breath()


async def paste(app: NNExplore, pilot: Pilot[None], text: str) -> None:
    app.post_message(events.Paste(text))
    await breath()


async def fill(app: NNExplore, pilot: Pilot[None], text: str) -> None:
    """Put a text into the line that has the focus, in place of what is there, if one has."""
    if isinstance(app.focused, Input):
        app.focused.value = text
        app.focused.cursor_position = len(text)
        await breath()


async def resize(app: NNExplore, pilot: Pilot[None], width: int, height: int) -> None:
    size = Size(width, height)
    app._driver._size = size  # as ``pilot.resize_terminal`` does, which then waits long
    app.post_message(events.Resize(size, size))
    await breath()
    if hasattr(app, "_check_resize"):  # not in the oldest Textual, which puts nothing off
        app._check_resize()  # else by the clock


async def tick(app: NNExplore, pilot: Pilot[None], times: int) -> None:
    """Ticks of the app's clock, in which play goes on by steps and not by seconds."""
    for _ in range(times):
        if app.session.time.playing:
            app.session.time.play_on(LONG, STEPS)
            app.show(at_once=False)
        else:
            app.tick()
        app.clock.ring(but=app)
        await breath()


async def settle(app: NNExplore, pilot: Pilot[None]) -> None:
    """Wait until the app has done all that it was given; it may take minutes where others have
    the machine."""
    for _ in range(PATIENCE):
        try:
            return await settled(pilot)
        except WaitForScreenTimeout:
            continue
    raise TimeoutError("the app does not come to rest")


async def scene(app: NNExplore, pilot: Pilot[None]) -> None:
    """The next scene of a demo or a presentation; where none is on, a presentation begins."""
    if app.screen is app.frame_screen and not app.leaving:
        if app.course.stage:
            app.attempt(lambda: go_on(app))
        else:
            app.attempt(lambda: present(app, LESSON))
    await breath()


def _mouse(app: NNExplore, event: Any, x: float, y: float, button: int) -> None:
    """What the mouse does at a point, given in parts of the screen."""
    at = int(x * app.size.width), int(y * app.size.height)
    app.post_message(event(None, *at, 0, 0, button, False, False, False, *at))


GIVING = {
    giving.__name__: giving
    for giving in (key, click, drag, wheel, hover, paste, fill, resize, tick, settle, scene)
}
