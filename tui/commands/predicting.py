"""Predict first: the result of a micro-step is hidden until the user has guessed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.commands.weights import finite_number
from tui.dialogs.base import Ask
from tui.drawing.numbers import num

if TYPE_CHECKING:
    from tui.base_app import BaseApp

NEAR = 0.01  # of the result: a guess so near is right


@dataclass(frozen=True)
class Guess:
    """What the user typed; without a value nothing, to be shown the result."""

    value: float | None


def toggle(app: BaseApp) -> None:
    """Predict first, or no longer; the score is kept."""
    preferences = app.preferences
    preferences.predicting = not preferences.predicting
    app.do(lambda: None, pause=True)
    if preferences.predicting:
        key = app.shown_keys["predict"]
        app.tell(
            f"predict first: each result waits for your guess; enter takes it, {key} ends this"
        )
    else:
        app.tell("results are shown at once again")


def ask_guess(app: BaseApp) -> None:
    """Ask for a guess at the hidden result, say whether it is right, and show the result."""
    session = app.session
    app.do(lambda: None, pause=True)
    facts = session.frame("backprop").backprop
    if facts is None or not facts.hidden:
        return
    symbol, write = facts.explanation.symbol, app.look.glyphs.text
    name = symbol.name.written() if symbol.name else "the result"
    trainer, row = session.trainer, session.selection.looked_at

    def answered(guess: Guess | None) -> None:
        if guess is None:
            return
        verdict = ""
        if guess.value is not None:
            is_near = is_right(guess.value, symbol.value)
            session.microscope.keep_score(is_near)
            typed = num(guess.value).strip()
            verdict = "right: " if is_near else f"{typed} is not it: "
        app.do(lambda: session.microscope.reveal(trainer, row))
        right, guesses = session.microscope.right, session.microscope.guesses
        counts = app.preferences.predicting and guesses
        kept = f" · {right} of {guesses} right" if counts else ""
        app.tell(f"{verdict}{name} = {num(symbol.value).strip()}{kept}")

    prompt = write(f"{name} = ? Your guess, or nothing to be shown it")
    app.push_screen(Ask(prompt, _read), answered)


def is_right(guess: float, value: float) -> bool:
    """Whether a guess is within 1 % of the result, or looks the same on the screen."""
    return abs(guess - value) <= NEAR * abs(value) or num(guess) == num(value)


def _read(text: str) -> Guess:
    """The guess that a text means; ValueError where it is no number."""
    return Guess(finite_number(text) if text else None)
