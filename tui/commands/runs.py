"""What the user does with several runs: branch off, switch, compare, rename, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.dialogs.base import Ask
from tui.drawing.numbers import count
from tui.model.refusal import Refusal

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def branch_off(app: BaseApp) -> None:
    """Begin a branch, and say so."""
    before = app.session.runs.current.name
    branch = app.session.branch_off()
    step = app.session.trainer.step_count
    app.do(lambda: None, pause=True)
    app.notify(
        f"run {branch.name} branches off from {before} at step {count(step)}; "
        "what you change now is changed in it alone",
    )


def switch(app: BaseApp, by: int) -> None:
    """Make the run so many places on the current one; EngineError where there is but one."""
    session = app.session
    if session.runs.other is None:
        raise Refusal("there is one run only: {branch} begins another, from this step")
    app.do(lambda: session.switch_to(session.runs.index + by), pause=not session.runs.together)


def rename(app: BaseApp) -> None:
    """Ask for another name of the current run."""

    def read(text: str) -> str:
        app.session.runs.rename(text)
        return text

    name = app.session.runs.current.name
    app.push_screen(Ask(f"Another name for run {name}", read, name), lambda _: app.show())


def delete(app: BaseApp) -> None:
    """Delete the current run, once its name is typed; EngineError where it is the only one."""
    session, name = app.session, app.session.runs.current.name
    if session.runs.other is None:
        raise Refusal("this is the only run: {restart} restarts it")
    session.time.playing = False

    def read(text: str) -> str:
        if text != name:
            raise ValueError(f"type {name} to delete the run, or esc")
        return text

    def answered(answer: str | None) -> None:
        if answer is not None:
            app.do(session.delete_run)

    app.push_screen(Ask(f"Delete run {name} with its history? Type its name", read), answered)
