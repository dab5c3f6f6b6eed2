"""Several runs: branching off, switching, comparing, renaming, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.wording import count
from tui.actions.action import Action
from tui.commands.screens import visit
from tui.model.key_hint_error import KeyHintError
from tui.session.runs import MAX_NAME_LENGTH

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def branch_off(app: BaseApp) -> None:
    """Begin a branch, and say so."""
    before = app.session.runs.current.name
    branch = app.session.branch_off()
    step = app.session.trainer.step_count
    app.do(lambda: None, pause=True)
    text = f"run {branch.name} branches off from {before} at step {count(step)}"
    app.tell(f"{text}; changes from now on apply to it alone", text)


def switch(app: BaseApp, by: int) -> None:
    """Make the run so many places on the current one. EngineError if there is only one run."""
    session = app.session
    if session.runs.other is None:
        raise KeyHintError("there is one run only: {branch} begins another, from this step")
    app.do(lambda: session.switch_to(session.runs.index + by), pause=not session.runs.together)


def rename(app: BaseApp) -> None:
    """Ask for a new name for the current run."""
    from tui.dialogs.base import Ask

    def read(text: str) -> str:
        app.session.runs.rename(text)
        return text

    name = app.session.runs.current.name
    limits = f"1 to {MAX_NAME_LENGTH} characters"
    question = Ask(f"Another name for run {name}", limits, read, name)
    app.ask(question, lambda _: app.show())


def delete(app: BaseApp) -> None:
    """Delete the current run, once its name is typed. EngineError if it is the only one."""
    from tui.dialogs.base import Ask

    session, name = app.session, app.session.runs.current.name
    if session.runs.other is None:
        raise KeyHintError("this is the only run: {restart} restarts it")
    session.time.playing = False

    def read(text: str) -> str:
        if text != name:
            raise ValueError(f"type {name} to delete the run, or esc")
        return text

    question = Ask(f"Delete run {name}", f"with its history: type {name}", read)
    app.ask(question, lambda _: app.do(session.delete_run))


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "branch",
        ("B",),
        "B",
        "begin a branch from this step: a second run with the same past",
        branch_off,
        "branch",
        name="begin a branch",
    ),
    Action(
        "compare",
        ("vertical_line",),
        "|",
        "compare runs side by side, all of them stepping together; press again to go back",
        lambda app: visit(app, "compare"),
        "compare",
        name="compare runs",
    ),
    Action(
        "run_before",
        ("less_than_sign",),
        "<",
        "switch to the previous run",
        lambda app: switch(app, -1),
        "run",
    ),
    Action(
        "run_after",
        ("greater_than_sign",),
        ">",
        "switch to the next run",
        lambda app: switch(app, 1),
        "run",
    ),
    Action(
        "run_other",
        ("V",),
        "V",
        "on Compare: the current run beside the next other one",
        lambda app: app.do(app.session.runs.compare_with_next),
        "other",
        screens=("compare",),
        name="beside another run",
    ),
    Action(
        "rename",
        ("e",),
        "e",
        "on Compare: name the current run (typed)",
        rename,
        "name",
        screens=("compare",),
        name="name this run (typed)",
    ),
    Action(
        "delete_run",
        ("delete",),
        "del",
        "on Compare: delete the current run, once its name is typed",
        delete,
        "delete",
        screens=("compare",),
        name="delete this run",
    ),
)
