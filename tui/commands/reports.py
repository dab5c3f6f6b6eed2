"""Reports over the screen: what has changed, post-mortem, confusion matrix, help."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine import EngineError
from tui.drawing.numbers import count, norm
from tui.keys.action import help_text
from tui.model.changes import changes
from tui.model.refusal import Refusal
from tui.panes.base.pane import Pane
from tui.session.postmortem import Cure, PostMortemJob
from tui.session.present_mark import present_mark

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def mark(app: BaseApp) -> None:
    """Mark this moment."""
    made = present_mark(app.session)
    app.session.mark = made
    cost, key = norm(made.cost).strip(), app.shown_keys["changes"]
    app.tell(f"step {count(made.step)} is marked, C {cost}: {key} tells changes")


def show_changes(app: BaseApp) -> None:
    """Show what has changed since the mark."""
    from tui.dialogs.changes import ChangesScreen

    before = app.session.mark
    if before is None:
        raise Refusal(
            "no moment is marked: {mark} marks this one, {changes} then tells what has changed"
        )
    app.do(lambda: None, pause=True)
    app.clear_notifications()  # they would cover the dialog
    app.push_screen(ChangesScreen(changes(before, present_mark(app.session)), app.look))


def open_postmortem(app: BaseApp) -> None:
    """Examine the run, which pauses for it."""
    from tui.dialogs.postmortem import PostMortemScreen

    app.do(lambda: None, pause=True)
    job = PostMortemJob(app.session.trainer)
    job.start()

    def go(cure: Cure | None) -> None:
        if cure is not None:
            back = partial(app.session.go_back_to, cure.step, cure.learning_rate)
            app.attempt(lambda: app.do(back))
            app.notify(f"step {count(cure.step)}, η {cure.learning_rate:g}")

    app.push_screen(PostMortemScreen(job, app.look), go)


def open_confusion(app: BaseApp) -> None:
    """Show the confusion matrices; training pauses for it. EngineError where there are no
    classes."""
    from tui.dialogs.confusion import Confusion, confusion_lines

    frame = app.session.frame()
    lines = confusion_lines(frame)
    if not lines:
        raise EngineError(
            "there are no classes to confuse: R² in the status is of how well it fits"
        )
    app.do(lambda: None, pause=True)
    write = app.look.glyphs.text
    title = f"Confusion matrix · step {count(frame.step)}"
    app.push_screen(Confusion(write(title), "\n".join(map(write, lines))))


def show_help(app: BaseApp) -> None:
    """Show the help of the focused pane and the keys of the screen."""
    from tui.dialogs.base import Help

    screen, pane, glyphs = app.frame_screen, app.focused, app.look.glyphs
    of_pane = f"{pane.help(app.shown_keys)}\n\n" if isinstance(pane, Pane) else ""
    of_screen = help_text(screen.name if screen else None, app.actions)
    app.push_screen(Help(glyphs.prose(glyphs.keys(of_pane + of_screen))))
