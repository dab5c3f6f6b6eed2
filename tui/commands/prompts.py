"""What the app asks the user to type: where to go, and what to show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from engine import EngineError
from tui.dialogs.base import Ask
from tui.model.regions.filter import ALLOWED, parse

if TYPE_CHECKING:
    from tui.base_app import BaseApp

AHEAD = 20_000  # steps that "go to step" may train on


def ask_example(app: BaseApp) -> None:
    n = len(app.session.prepared.dataset.X)
    _ask_number(app, "Go to example", 1, n, lambda i: app.session.selection.select_example(i - 1))


def ask_step(app: BaseApp) -> None:
    app.session.time.playing = False
    most = app.session.trainer.history.latest_step + AHEAD
    _ask_number(app, "Go to step", 0, most, app.session.time.seek)


def ask_plane(app: BaseApp) -> None:
    """EngineError where there is one input."""
    if app.session.prepared.dataset.columns.shape[1] < 2:
        raise EngineError("a plane needs two inputs; here there is one")
    prompt = "Plane through three examples, such as 1 20 35"
    _ask(app, Ask(prompt, app.session.selection.plane_through), app.session.selection.look_at)


def ask_filter(app: BaseApp) -> None:
    """Nothing typed means all regions."""
    session, prompt = app.session, f"Only regions with {ALLOWED}"
    read = partial(parse, sizes=session.prepared.network.sizes)
    _ask(app, Ask(prompt, read, session.selection.region_filter), session.selection.filter_regions)


def _ask(app: BaseApp, question: Ask, act: Callable[[Any], object]) -> None:
    """Ask for a line of text, and act on what it means."""

    def go(answer: Any) -> None:
        if answer is not None:
            app.do(lambda: act(answer))

    app.push_screen(question, go)


def _ask_number(
    app: BaseApp, prompt: str, least: int, most: int, act: Callable[[int], object]
) -> None:
    read = partial(whole_number, least, most)
    _ask(app, Ask(f"{prompt}, {least} to {most}", read, kind="integer"), act)


def whole_number(least: int, most: int, text: str) -> int:
    """The number that a text means; ValueError where it is none between these."""
    if text.isdecimal() and least <= int(text) <= most:
        return int(text)
    raise ValueError(f"{text or 'nothing'}: type {least} to {most}, or esc")
