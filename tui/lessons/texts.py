"""What the panel of a lesson says, as plain texts; also for a handout."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, isnan

from engine.measures.claim import Checked
from engine.wording import count
from tui.lessons.course import Course
from tui.lessons.lesson import CHOICES, Prediction, StatedClaim, Step

SMALL = 1e-3  # below this a number is written as a power of ten
LARGE = 1e6


def number_text(value: float) -> str:
    """A measured number: a count as it is, others with four digits, tiny ones with one."""
    if isnan(value):
        return "not a number"
    if not isfinite(value):
        return "−∞" if value < 0 else "∞"
    if value == round(value) and abs(value) < LARGE:
        return f"{value:.0f}".replace("-", "−")
    size = abs(value)
    if SMALL <= size < LARGE:
        return f"{value:.4g}".replace("-", "−")
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def claim_text(stated: StatedClaim, checked: Checked | None) -> str:
    """The sentence of a claim with the measured numbers; with … before they are measured."""
    value, bound = ("…", "…") if checked is None else map(number_text, checked[:2])
    return stated.says.format(value=value, bound=bound)


def step_text(step: Step, keys: Mapping[str, str]) -> str:
    """The text of a step, with the user's keys."""
    return step.text.format_map(keys)


def ask_text(step: Step, keys: Mapping[str, str]) -> str:
    """What the reader is asked to do; "" if nothing."""
    if not step.ask:
        return ""
    until = f", and wait for step {count(step.until)}" if step.until else ""
    return f"Press {one_key(keys[step.ask])}{until}."


def one_key(shown: str) -> str:
    """The first of the keys of an action, which its help writes beside each other."""
    return shown.split()[0]


def question_lines(prediction: Prediction) -> list[str]:
    """The question, and its choices with their letters."""
    lettered = zip(CHOICES, prediction.choices, strict=False)
    return [prediction.question, *(f"{letter}) {choice}" for letter, choice in lettered)]


def verdict_text(course: Course) -> str:
    """What became of the reader's prediction; "" before there is one."""
    prediction = course.step.prediction if course.step else None
    if prediction is None or not course.answer:
        return ""
    if course.is_right:
        return f"You said {course.answer}: right."
    return f"You said {course.answer}; it is {course.truth}."
