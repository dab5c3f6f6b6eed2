"""Sharing: share codes and the results they promise, screenshots. And quitting."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine import DataError
from engine.atomic_files import write_whole
from engine.data.source import source
from engine.wording import count
from tui.actions.action import Action
from tui.system.paths import absolute, shortened, typed_path

if TYPE_CHECKING:
    from engine.storage.share_code import Expected
    from tui.base_app import BaseApp


SCREEN_ENDINGS = (".svg", ".txt")


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


def ask_screenshot(app: BaseApp) -> None:
    """Ask for a name, suggest one that says what the screen shows, and save the screen under it;
    training pauses, so that it is this screen."""
    from tui.dialogs.base import Ask

    app.do(lambda: None, pause=True)
    experiment, step = app.session.experiment, app.session.trainer.step_count
    stem = f"nn-explore-{source(experiment.dataset).stem}-step-{step}"
    prompt = "a name that ends in .svg: a picture; in .txt: plain text"
    read = path_reader(SCREEN_ENDINGS)
    question = Ask("Screenshot", prompt, read, str(unused_path(stem, ".svg")))
    app.ask(question, lambda path: app.call_after_refresh(_save_screen, app, path))


def _save_screen(app: BaseApp, path: Path) -> None:
    """Save the screen without a message, as SVG or as text by the ending of the name."""
    app.show_message()
    content = screen_text(app) if path.suffix.lower() == ".txt" else app.export_screenshot()
    try:
        write_whole(path, content.encode("utf-8"))
    except DataError as error:
        app.tell(f"no screenshot: {error}")
    else:
        app.tell(f"saved {shortened(path)}")


def screen_text(app: BaseApp) -> str:
    """The characters of the screen, a line a row."""
    rows = app.screen._compositor.render_strips(app.size)  # as Textual's own screenshot does
    return "".join(f"{strip.text.rstrip()}\n" for strip in rows)


def path_reader(endings: Sequence[str], own: Path | None = None) -> Callable[[str], Path]:
    """Reads names of files to be written, with one of these endings. To write over a file, other
    than one's ``own``, its name must be entered twice."""
    warned: set[Path] = set()

    def read(text: str) -> Path:
        path = absolute(typed_path(text))
        if not text or path.suffix.lower() not in endings:
            names = " or ".join(endings)
            raise ValueError(f"{text or 'nothing'}: type a name that ends in {names}, or esc")
        if os.path.isdir(path):
            raise ValueError(f"{text} is a directory")
        if not os.path.isdir(path.parent):
            raise ValueError(f"there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            raise ValueError(f"nothing can be written to the folder {path.parent}")
        if os.path.exists(path) and path != own and path not in warned:
            warned.add(path)
            raise ValueError(f"{text} exists already: enter again overwrites it")
        return path

    return read


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
        "save the screen to a file (typed): .svg a picture, .txt plain text",
        ask_screenshot,
        name="screenshot to a file",
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
