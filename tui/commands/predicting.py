"""Predict first: the result of a micro-step is hidden until the user has guessed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.actions.action import Action
from tui.commands.weights import finite_number
from tui.drawing.numbers import num

if TYPE_CHECKING:
    from tui.base_app import BaseApp

TOLERANCE = 0.01  # of the result, within which a guess is right


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
    """Ask for a guess at the hidden result, say whether it is right, and show the result."""
    from tui.dialogs.base import Ask

    session = app.session
    app.do(lambda: None, pause=True)
    facts = session.frame("backprop").backprop
    if facts is None or not facts.hidden:
        return
    symbol = facts.explanation.symbol
    name = symbol.name.written() if symbol.name else "the result"
    trainer, row = session.trainer, session.selection.looked_at

    def show_result(guess: Guess) -> None:
        verdict = ""
        if guess.value is not None:
            right = is_right(guess.value, symbol.value)
            session.microscope.keep_score(right)
            verdict = "right: " if right else f"{num(guess.value).strip()} is not it: "
        app.do(lambda: session.microscope.reveal(trainer, row))
        right_count, guess_count = session.microscope.right, session.microscope.guesses
        has_score = app.preferences.predicting and guess_count
        score = f" · {right_count} of {guess_count} right" if has_score else ""
        app.tell(f"{verdict}{name} = {num(symbol.value).strip()}{score}")

    prompt = f"{name} = ? Type a guess, or leave it empty to see the value"
    app.ask(Ask("Guess", prompt, _read), show_result)


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
