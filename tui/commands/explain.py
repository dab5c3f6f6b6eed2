"""Where does this number come from? The answer on the screen, or on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from tui.dialogs.clipboard import copy
from tui.explain.explainable import Asked
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp

NOTHING = "nothing is selected here to explain: the arrows, or a click, select"


def explain_selected(app: BaseApp) -> None:
    """Open the explanation of what is selected in the focused pane, for which training pauses; or
    ask for a guess at the result that is hidden."""
    screen = app.frame_screen
    if screen and screen.NAME == "backprop" and app.session.hides_result:
        from tui.commands.predicting import ask_guess

        ask_guess(app)
        return
    asked = _asked(app)
    from tui.dialogs.explanation import ExplanationScreen

    app.do(lambda: None, pause=True)
    app.clear_notifications()  # they would cover the dialog's keys
    app.push_screen(ExplanationScreen(app.session, asked, app.look))


def copy_text(app: BaseApp) -> None:
    """Copy the explanation of what is selected as text."""
    copy(app, _asked(app).explain(app.session), False, app.look.glyphs)


def copy_latex(app: BaseApp) -> None:
    """Copy the explanation of what is selected as LaTeX."""
    copy(app, _asked(app).explain(app.session), True, app.look.glyphs)


def _asked(app: BaseApp) -> Asked:
    """What is selected; EngineError where nothing is, or nothing can be said of it."""
    pane = app.focused
    if not isinstance(pane, Pane) or pane.view is None:
        raise EngineError(NOTHING)
    screen = app.frame_screen
    frame = app.session.frame(screen.NAME if screen else "")  # playing, the pane may be behind
    if frame.backprop is not None and frame.backprop.hidden:
        raise EngineError("nothing to copy yet: enter guesses the result first")
    asked = pane.asked(frame)
    if asked is None:
        raise EngineError(str(frame.divergence) if frame.divergence else NOTHING)
    return asked
