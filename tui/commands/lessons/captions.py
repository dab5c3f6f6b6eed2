"""The captions of a demo: a box at the pane that the scene speaks of, with its claim measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.dialogs.lesson_panel import claim_mark
from tui.lessons.texts import claim_text, step_text
from tui.screens.callout import Callout, CalloutBox

if TYPE_CHECKING:
    from tui.base_app import BaseApp

ENDS = "any key ends this"


def show(app: BaseApp) -> None:
    """Show the caption of the scene on the present screen, and no other."""
    course, stage, screen = app.course, app.course.stage, app.frame_screen
    step = course.step
    if app.leaving or stage is None or step is None or screen is None or not screen.is_mounted:
        return  # the next tick tries again
    claim = ""
    if step.claim and not course.note and not course.asks:
        claim = f"{claim_mark(course, app.look)} {claim_text(step.claim, course.checked)}"
    keys = {**app.look.words, **app.shown_keys}
    here = step.screen or screen.NAME
    callout = Callout(step.title, step_text(step, keys), step.pane, here, claim=claim, ends=ENDS)
    boxes = screen.query(CalloutBox)
    if boxes:
        boxes.first().say(callout)
    else:
        stage.remove_caption()
        box = CalloutBox(callout)
        stage.remove_caption = box.remove
        screen.mount(box)
