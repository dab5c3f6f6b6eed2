"""Answering the prediction of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.measures.moment import Moment
from engine.measures.table import measured
from tui.commands.lessons.panel import show
from tui.commands.weights import finite_number
from tui.lessons.lesson import CHOICES, Prediction
from tui.lessons.texts import number_text

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def ask_answer(app: BaseApp, prediction: Prediction) -> None:
    """Ask for the answer to a prediction, in the row of the key bar."""
    from tui.dialogs.prompt_line import PromptLine

    screen, course = app.frame_screen, app.course
    if screen is None:
        return
    app.session.time.playing = False
    letters = CHOICES[: len(prediction.choices)]
    hints = (f"type a letter, {letters[0]} to {letters[-1]}; enter",) if letters else ()
    PromptLine(
        "your answer:",
        hints or ("type a number; enter",),
        "type one of the letters" if letters else "type a number",
        lambda text: _read_answer(prediction, text),
        lambda answer: _take_answer(app, prediction, answer),
        lambda frame: course.asks is prediction,
    ).open(screen, app.session.frame(screen.NAME), app.look)


def _read_answer(prediction: Prediction, text: str) -> str:
    """The choice of a letter, or the number, that was typed; ValueError for anything else."""
    if not prediction.choices:
        return number_text(finite_number(text))
    lettered = dict(zip(CHOICES, prediction.choices, strict=False))
    if text.lower() not in lettered:
        raise ValueError(f"{text or 'nothing'}: type {', '.join(lettered)}")
    return lettered[text.lower()]


def _take_answer(app: BaseApp, prediction: Prediction, answer: str) -> None:
    """Show whether an answer is right."""
    if prediction.choices:
        app.course.answered(answer, prediction.answer, answer == prediction.answer)
    else:
        truth = measured(Moment.of(app.session.trainer), prediction.measure)
        guess = float(answer.replace("−", "-"))
        app.course.answered(answer, number_text(truth), abs(guess - truth) <= prediction.within)
    show(app)
