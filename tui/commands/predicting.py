"""Predict first: the result of a micro-step is hidden until the user has guessed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.actions.action import Action
from tui.commands.weights import finite_number
from tui.drawing.numbers import num

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.model.frame import Frame

TOLERANCE = 0.01  # of the result, within which a guess is right
HINTS = (
    "enter takes the guess; with nothing typed, it shows the value; esc closes",
    "enter: guess, or see the value; esc closes",
    "enter guesses; esc closes",
)


class Guess(NamedTuple):
    """What the user typed. ``value`` is None if the user only wants to see the result."""

    value: float | None


def toggle(app: BaseApp) -> None:
    """Predict first, or no longer; the score is kept."""
    preferences = app.preferences
    preferences.predicting = not preferences.predicting
    app.do(lambda: None, pause=True)
    if preferences.predicting:
        text, key = "predict first: each result waits for your guess", app.shown_keys["predict"]
        app.tell(f"{text}; enter takes it, {key} ends this", text)
    else:
        app.tell("results are shown at once again")


def ask_guess(app: BaseApp) -> None:
    """Ask for a guess at the hidden result, in the row of the key bar: what it is computed from
    stays in sight."""
    from tui.dialogs.prompt_line import PromptLine

    app.do(lambda: None, pause=True)
    screen, frame = app.frame_screen, app.session.frame("backprop")
    asked = _hidden_result(frame)
    if screen is None or asked is None:
        return
    name, value = asked
    PromptLine(
        f"{name} =",
        HINTS,
        "type a number, or esc",
        _read,
        lambda guess: _show_result(app, name, value, guess),
        lambda frame: _hidden_result(frame) == asked,
    ).open(screen, frame, app.look)


def _hidden_result(frame: Frame) -> tuple[str, float] | None:
    """The name and the value of the result that waits for a guess; None if none does."""
    facts = frame.backprop
    if facts is None or not facts.hidden:
        return None
    symbol = facts.explanation.symbol
    return symbol.name.written() if symbol.name else "the result", symbol.value


def _show_result(app: BaseApp, name: str, value: float, guess: Guess) -> None:
    """Show the result, and say whether the guess is right."""
    session = app.session
    trainer, row, microscope = session.trainer, session.selection.looked_at, session.microscope
    verdict = ""
    if guess.value is not None:
        right = is_right(guess.value, value)
        microscope.keep_score(right)
        verdict = "right: " if right else f"{num(guess.value).strip()} is not it: "
    app.do(lambda: microscope.reveal(trainer, row))
    has_score = app.preferences.predicting and microscope.guesses
    score = f" · {microscope.right} of {microscope.guesses} right" if has_score else ""
    text = f"{verdict}{name} = {num(value).strip()}"
    app.tell(f"{text}{score}", text)


def is_right(guess: float, value: float) -> bool:
    """Whether a guess is within 1 % of the result, or looks the same on the screen."""
    return abs(guess - value) <= TOLERANCE * abs(value) or num(guess) == num(value)


def _read(text: str) -> Guess:
    """The guess that was typed; ValueError if it is no number."""
    return Guess(finite_number(text) if text else None)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "predict",
        ("Q",),
        "Q",
        "predict first: hide each result until you have guessed it; press again to show all",
        toggle,
        "predict first",
        screens=("backprop",),
        name="predict first",
    ),
)
