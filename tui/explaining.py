"""Where does this number come from? The answer on the screen, or on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from tui.asked import Asked
from tui.panes.pane import Pane

if TYPE_CHECKING:
    from engine.explain import Explanation
    from engine.notation import Notation
    from tui.app import NNExplore

NOTHING = "nothing is selected here to explain: the arrows, or a click, select"


def explain_selected(app: NNExplore) -> None:
    """Open the explanation of what is selected in the focused pane, for which training pauses; or
    ask for a guess at the result that is hidden."""
    screen = app.frame_screen
    if screen and screen.NAME == "backprop" and app.session.hides_result:
        from tui.predicting import ask_guess  # not before it is wanted

        ask_guess(app)
        return
    asked = _asked(app)
    from tui.screens.explanation import ExplanationScreen  # not before it is wanted

    app.do(lambda: None, pause=True)
    app.clear_notifications()  # they would cover the dialog's keys
    app.push_screen(ExplanationScreen(app.session, asked, app.look))


def copy_text(app: NNExplore) -> None:
    """Copy the explanation of what is selected as text."""
    copy(app, _asked(app).explain(app.session), latex=False)


def copy_latex(app: NNExplore) -> None:
    """Copy the explanation of what is selected as LaTeX."""
    copy(app, _asked(app).explain(app.session), latex=True)


def copy(app: NNExplore, explanation: Explanation, latex: bool) -> None:
    """Copy an explanation, as far as the terminal lets a program write to its clipboard."""
    from engine.explain import written  # not before it is wanted

    plain: Notation = "ascii" if app.look.glyphs.ascii else "unicode"
    text = written(explanation, "latex" if latex else plain)
    app.copy_to_clipboard(text)
    name = explanation.symbol.name
    what = f"{name.written(plain)} " if name else ""
    lines = text.count("\n") + 1
    app.notify(
        f"copied {what}as {'LaTeX' if latex else 'text'}, {lines} lines, if the terminal allows it",
    )


def _asked(app: NNExplore) -> Asked:
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
