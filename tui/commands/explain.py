"""Explain the selected number, on the screen or on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from tui.dialogs.clipboard import copy
from tui.explain.explainable import Explainable
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp

NOTHING = "nothing is selected here to explain: the arrows, or a click, select"


def explain_selected(app: BaseApp) -> None:
    """Pause training, and explain what is selected in the focused pane; if its result is hidden,
    ask for a guess."""
    screen = app.frame_screen
    if screen and screen.NAME == "backprop" and app.session.hides_result:
        from tui.commands.predicting import ask_guess

        ask_guess(app)
        return
    explainable = _selected(app)
    from tui.dialogs.explanation import ExplanationScreen

    app.do(lambda: None, pause=True)
    app.clear_notifications()  # they would cover the dialog's keys
    app.push_screen(ExplanationScreen(explainable, app.look))


def copy_text(app: BaseApp) -> None:
    """Copy the explanation of what is selected as text."""
    copy(app, _selected(app).explain(), False, app.look.glyphs)


def copy_latex(app: BaseApp) -> None:
    """Copy the explanation of what is selected as LaTeX."""
    copy(app, _selected(app).explain(), True, app.look.glyphs)


def _selected(app: BaseApp) -> Explainable:
    """The selected number; EngineError if none is, or if it cannot be explained."""
    pane = app.focused
    if not isinstance(pane, Pane) or pane.view is None:
        raise EngineError(NOTHING)
    screen = app.frame_screen
    frame = app.session.snapshot(screen.NAME if screen else "")  # newer than the pane's frame
    if frame.backprop is not None and frame.backprop.hidden:
        raise EngineError("nothing to copy yet: enter guesses the result first")
    explainable = pane.explainable(frame)
    if explainable is None:
        raise EngineError(str(frame.divergence) if frame.divergence else NOTHING)
    return explainable
