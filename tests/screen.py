"""Running the app without a terminal, and reading its screen as text."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count, pairwise

import numpy as np
import pytest
from rich.console import RenderableType
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.timer import Timer

from engine import Experiment
from tui.app import NNExplore
from tui.dialogs import files
from tui.drawing.canvas import Canvas
from tui.panes.base.pane import Pane
from tui.session.session import Session
from tui.system.clock import Clock

files.AT_ONCE = 60.0  # a file is read before a test goes on, however slow the machine


class StoppedClock(Clock):
    """Calls nothing by itself; whoever asks what time it is finds a second gone by."""

    def __init__(self) -> None:
        self._seconds = count()

    def now(self) -> float:
        return float(next(self._seconds))

    def every(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
        return Timer(pump, seconds, callback=act)  # never started

    def after(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
        return Timer(pump, seconds, callback=act, repeat=0)


@asynccontextmanager
async def running(
    experiment: Experiment | Session | None = None, size: tuple[int, int] = (120, 40), **options
) -> AsyncIterator[tuple[NNExplore, Pilot]]:
    """The app on a screen of that size, its clock stopped: only ``tick`` trains.

    It begins with an experiment, or goes on with a session.
    """
    options.setdefault("clock", StoppedClock())
    if isinstance(experiment, Session):
        app = NNExplore(experiment.experiment, **options)
        experiment.preferences.predicting = app.preferences.predicting
        app.session, app.preferences = experiment, experiment.preferences
        app.draft.preferences = app.preferences
    else:
        app = NNExplore(experiment, **options)
    app.was_read = False
    with composed_when_read():
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            yield app, pilot
            if app.is_running and app.size and not app.was_read:
                text(app)


@contextmanager
def composed_when_read() -> Iterator[None]:
    """Put panes together to a screen in ``text`` alone.

    Textual does it for each frame, a third of an app's time, and drops it if there is no terminal.
    """

    compose = Compositor.render_update

    def if_asked(
        compositor: Compositor,
        full: bool = False,
        screen_stack: list[Screen] | None = None,
        simplify: bool = False,
    ) -> RenderableType | None:
        if full:  # a picture of the screen
            return compose(compositor, full, screen_stack, simplify)
        visible_screen_stack.set(screen_stack or [])
        compositor._dirty_regions.clear()
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", if_asked)
        yield


async def settled(pilot: Pilot) -> None:
    """Wait until what has happened has had its effects, and they theirs, and all is drawn."""
    resting = 0  # looks at it in a row: what is handled at this moment is in no queue
    for _ in range(6):
        await pilot.pause(0)
        resting = resting + 1 if at_rest(pilot.app.screen) else 0
        if resting == 2:
            return


def at_rest(screen: Screen) -> bool:
    """Whether nothing waits to be handled, laid out, drawn or called."""
    return not (
        screen._layout_required
        or screen._dirty_widgets
        or screen._callbacks
        or any(
            pump.message_queue_size or pump._next_callbacks
            for pump in (screen.app, *screen.walk_children(with_self=True))
        )
    )


async def press(app: NNExplore, pilot: Pilot, *keys: str) -> None:
    """Press keys by Textual's names, each after what the one before does is drawn; arrows that
    repeat as quickly as a key that is held down."""
    for key, following in pairwise((*keys, "")):
        app.simulate_key(key)
        if key != following or key not in ("left", "right"):
            await settled(pilot)


def text(app: NNExplore) -> str:
    """The characters of the screen, a line a row."""
    app.was_read = True
    strips = app.screen._compositor.render_strips(app.size)
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


def pane_text(app: NNExplore, pane_id: str, size: tuple[int, int]) -> str:
    """A pane of the screen with its titles, drawn in a size of its own, whatever the layout."""
    pane = app.screen.query_one(f"#{pane_id}", Pane)
    look = pane.look
    canvas = Canvas(*size, look.palette, look.glyphs, look.colour)
    with np.errstate(all="ignore"):
        pane.draw(canvas, pane.view)
    title, subtitle = pane.titles(pane.view)
    rows = [line.rstrip() for line in canvas.text_lines()]
    return "\n".join([f"[{pane_id} {size[0]}×{size[1]}] {title} | {subtitle}", *rows]) + "\n"
