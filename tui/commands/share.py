"""Sharing: share codes and the results they promise, screenshots. And quitting."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from engine import DataError
from engine.atomic_files import write_whole
from engine.data.source import source
from engine.storage.share_code import Expected
from engine.wording import count
from tui.actions.action import Action

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def check(app: BaseApp, expected: Expected) -> None:
    """Train to the step of an expected result, unless the user cancels it, and say whether the
    result is the expected one."""
    from tui.dialogs.sharing import Training
    from tui.storage.sharing import in_words, verdict

    session = app.session

    def show_result(reached: bool | None) -> None:
        app.show()
        if reached:
            app.tell(verdict(session.trainer, expected))
        else:
            at = count(session.trainer.step_count)
            app.tell(f"cancelled at step {at}: expected is {in_words(expected)}")

    if session.trainer.step_count == expected.step:
        show_result(True)
    else:
        training = Training(session.trainer, expected.step, in_words(expected))
        app.push_screen(training, show_result)


def ask_share(app: BaseApp) -> None:
    """Show the share code, and copy it."""
    from tui.dialogs.sharing import Share

    app.do(lambda: None, pause=True)
    app.push_screen(Share(app.session, app.look.glyphs))


def save_screenshot(app: BaseApp) -> None:
    """Save the screen, without a message, as SVG, and say where."""
    app.show_message()
    app.call_after_refresh(_save_screenshot, app)


def _save_screenshot(app: BaseApp) -> None:
    """The name of the file says what the screen shows."""
    experiment, step = app.session.experiment, app.session.trainer.step_count
    path = unused_path(f"nn-explore-{source(experiment.dataset).stem}-step-{step}", ".svg")
    try:
        write_whole(path, app.export_screenshot().encode("utf-8"))
    except DataError as error:
        app.tell(f"no screenshot: {error}")
    else:
        app.tell(f"saved {path}")


def unused_path(stem: str, ending: str) -> Path:
    """A path in the current folder that does not exist: the stem, if need be with a number."""
    path, number = Path(stem + ending), 2
    while os.path.lexists(path):
        path, number = Path(f"{stem}-{number}{ending}"), number + 1
    return path


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "share",
        ("x",),
        "x",
        "share: copy one line that opens this experiment elsewhere",
        ask_share,
        name="share as a line of text",
    ),
    Action(
        "screenshot",
        ("f2",),
        "F2",
        "screenshot to a named file",
        save_screenshot,
    ),
    Action(
        "quit",
        ("q",),
        "q",
        "quit; nn-explore --recover opens the session again",
        lambda app: app.exit(),
        "quit",
        name="quit",
    ),
)
