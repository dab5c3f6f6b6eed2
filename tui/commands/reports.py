"""Reports on a run: what has changed since a marked step, confusion matrix, post-mortem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from engine.wording import count
from tui.actions.action import Action
from tui.drawing.numbers import cost_text, setting
from tui.model.key_hint_error import KeyHintError

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.postmortem import LowerRate


def mark(app: BaseApp) -> None:
    """Mark this step, for ``show_changes``."""
    from tui.session.present_mark import present_mark

    marked = present_mark(app.session)
    app.session.mark = marked
    cost, key = cost_text(marked.cost), app.shown_keys["changes"]
    text = f"step {count(marked.step)} is marked"
    app.tell(f"{text}, C {cost}: {key} shows what has changed", f"{text}: {key} shows changes")


def show_changes(app: BaseApp) -> None:
    """Show what has changed since the mark."""
    from tui.dialogs.changes import ChangesScreen
    from tui.model.changes import changes
    from tui.session.present_mark import present_mark

    before = app.session.mark
    if before is None:
        raise KeyHintError("no step is marked: {mark} marks this one, for {changes}")
    app.do(lambda: None, pause=True)
    app.push_screen(ChangesScreen(changes(before, present_mark(app.session)), app.look))


def open_confusion(app: BaseApp) -> None:
    """Show the confusion matrices; training pauses. EngineError if there are no classes."""
    from tui.dialogs.confusion import Confusion, confusion_matrices

    frame = app.session.frame()
    matrices = confusion_matrices(frame)
    if not matrices:
        raise EngineError("no confusion matrix for a regression: R² is below")
    app.do(lambda: None, pause=True)
    title = app.look.glyphs.text(f"Confusion matrix · step {count(frame.step)}")
    app.push_screen(Confusion(title, matrices, app.look))


def describe(app: BaseApp) -> None:
    """Show the present state as sentences; training pauses."""
    from tui.dialogs.clipboard import Description
    from tui.explain.description.facts import facts_of
    from tui.explain.description.sentences import sentences

    app.do(lambda: None, pause=True)
    name = app.frame_screen.NAME if app.frame_screen else ""
    frame = app.session.snapshot(name)
    texts = sentences(frame, facts_of(frame), name, app.shown_keys)
    app.push_screen(Description(f"In words · step {count(frame.step)}", texts, app.look.glyphs))


def open_postmortem(app: BaseApp) -> None:
    """Examine the run, which pauses for it; go back to an earlier step if the user wants that."""
    from tui.dialogs.postmortem import PostMortemScreen
    from tui.session.postmortem import PostMortemJob

    app.do(lambda: None, pause=True)
    job = PostMortemJob(app.session.trainer)
    job.start()

    def go_back(cure: LowerRate) -> None:
        app.attempt(lambda: app.do(lambda: app.session.go_back_to(cure.step, cure.learning_rate)))
        app.tell(f"step {count(cure.step)}, η {setting(cure.learning_rate)}")

    app.ask(PostMortemScreen(job, app.look), go_back)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action("mark", ("m",), "m", "mark this step", mark),
    Action(
        "changes",
        ("M",),
        "M",
        "what has changed since the mark",
        show_changes,
        name="changes since the mark",
    ),
    Action(
        "confusion",
        ("percent_sign",),
        "%",
        "the confusion matrix: how many examples of each class are taken for which",
        open_confusion,
        name="the confusion matrix",
    ),
    Action(
        "postmortem",
        ("X",),
        "X",
        "why a run diverged and the way back; of a healthy run, how near it is to diverging",
        open_postmortem,
        name="why did the run diverge?",
    ),
    Action(
        "describe",
        ("f3",),
        "F3",
        "this screen in words: the state of the run as plain sentences",
        describe,
        "in words",
        name="this screen in words",
    ),
)
