"""Where the selected number comes from: shown in a dialog, or copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError
from engine.network.parameters import parameter_name, parameter_place
from tui.actions.action import Action
from tui.commands.predicting import ask_guess
from tui.drawing.numbers import exact, num
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.explain.explainable import Explainable
    from tui.model.frame import Frame

NOTHING = "nothing is selected here: select with the arrows or a click"


def explain_selected(app: BaseApp) -> None:
    """Open the explanation of what is selected in the focused pane, on Explore of the output if
    nothing is; training pauses. If the result is hidden, ask for a guess instead."""
    from tui.dialogs.explanation import ExplanationScreen

    screen = app.frame_screen
    if screen and screen.NAME == "backprop" and app.session.hides_result:
        ask_guess(app)
        return
    if screen and screen.NAME == "explore" and not _has_selected(app):
        app.do(lambda: app.session.select_unit(len(app.session.trainer.network.sizes) - 1, 0))
    selected = _selected(app)
    app.do(lambda: None, pause=True)
    app.push_screen(ExplanationScreen(selected, app.look))


def _has_selected(app: BaseApp) -> bool:
    """Whether a number is selected in the focused pane: not at the start, where a unit has yet to
    be chosen. There the output is selected, which is what all others lead to."""
    pane, frame = _place(app)
    return pane.explainable(frame) is not None or frame.divergence is not None


def copy_text(app: BaseApp) -> None:
    """Copy the explanation of what is selected as text."""
    _copy(app, as_latex=False)


def copy_latex(app: BaseApp) -> None:
    """Copy the explanation of what is selected as LaTeX."""
    _copy(app, as_latex=True)


def show_digits(app: BaseApp) -> None:
    """Show the selected number with all its digits, and copy it."""
    pane, frame = _place(app)
    numbers = pane.numbers(frame)
    if not numbers:
        raise EngineError(str(frame.divergence) if frame.divergence else NOTHING)
    app.copy_to_clipboard(", ".join(repr(value) for _, value in numbers))
    texts = (f"{name} = {exact(value)}" for name, value in numbers)
    app.tell("\n".join(texts))


def select_largest_gradient(app: BaseApp) -> None:
    """Select the weight or bias with the largest |∂C/∂w| of the next batch, in the network, where
    enter explains its update, and from there ← the gradient."""
    session = app.session
    frame = session.snapshot("explore")
    if frame.divergence:
        raise EngineError(str(frame.divergence))
    network, gradient = frame.network, frame.batch.gradient
    index = int(np.argmax(np.abs(gradient)))
    layer, _, at = parameter_place(network, index)
    unit, *inputs = at if isinstance(at, tuple) else (at,)
    weight = inputs[0] if inputs else network.sizes[layer - 1]  # the bias comes last
    app.do(lambda: session.select_weight(layer, unit, weight))
    if app.frame_screen:
        app.frame_screen.query_one("#network", Pane).focus()
    name = parameter_name(network, index)
    text = f"∂C/∂{name} = {num(gradient[index]).strip()} is the largest"
    how = f"{app.shown_keys['explain']} and ← lead to its terms"  # ← twice if there is a penalty
    app.tell(f"{text} of the next batch; {how}", f"{text}; {how}", text)


def _copy(app: BaseApp, as_latex: bool) -> None:
    from tui.dialogs.clipboard import copy

    copy(app, _selected(app).explain(), as_latex, app.look.glyphs)


def _selected(app: BaseApp) -> Explainable:
    """What is selected. EngineError if nothing is, or it cannot be explained."""
    pane, frame = _place(app)
    selected = pane.explainable(frame)
    if selected is None:
        raise EngineError(str(frame.divergence) if frame.divergence else NOTHING)
    return selected


def _place(app: BaseApp) -> tuple[Pane, Frame]:
    """The focused pane, and what it would show now. EngineError if there is none, or the result
    on it is still to be guessed."""
    screen = app.frame_screen
    pane = screen.pane if screen else None
    if pane is None or pane.view is None:
        raise EngineError(NOTHING)
    # not the pane's frame, which may be older while training plays
    frame = app.session.snapshot(screen.NAME if screen else "")
    if frame.backprop is not None and frame.backprop.hidden:
        raise EngineError("nothing to copy yet: enter guesses the result first")
    return pane, frame


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "explain",
        ("enter",),
        "enter",
        "explain the selected number; while a result is hidden, guess it",
        explain_selected,
        "why?",
        name="why this number?",
    ),
    Action(
        "largest_gradient",
        ("K",),
        "K",
        "on Explore: select the weight or bias with the largest |∂C/∂w| of the next batch",
        select_largest_gradient,
        "largest gradient",
        screens=("explore",),
        name="the largest gradient",
    ),
    Action(
        "copy",
        ("y",),
        "y",
        "copy that explanation as text",
        copy_text,
        name="copy the explanation",
    ),
    Action(
        "copy_latex",
        ("Y",),
        "Y",
        "copy that explanation as LaTeX",
        copy_latex,
        name="copy it as LaTeX",
    ),
    Action(
        "digits",
        ("number_sign",),
        "#",
        "all digits of what is selected: weight, z, a, δ, C, coefficient, cursor; they are copied",
        show_digits,
        name="all digits of a number",
    ),
)
