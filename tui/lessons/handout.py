"""A lesson as a printed handout, in Markdown: the steps, and the claims with what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.measures.claim import Checked
from tui.lessons.lesson import CHOICES, Lesson, Step
from tui.lessons.texts import ask_text, claim_text, question_lines, step_text


class Outcome(NamedTuple):
    """What became of a step: the claim as it was measured, or why it was not; and the answer to
    its prediction ("" without one)."""

    checked: Checked | None = None
    note: str = ""
    answer: str = ""


def markdown(lesson: Lesson, outcomes: Sequence[Outcome], keys: Mapping[str, str]) -> str:
    """The handout of a lesson, with an outcome for each step."""
    parts = [f"# {lesson.title}", lesson.about]
    for number, (step, outcome) in enumerate(zip(lesson.steps, outcomes, strict=True), start=1):
        parts += [f"## {number}. {step.title}", step_text(step, keys), *_place(step, keys)]
        if step.prediction:
            parts.append("**Predict.** " + "  \n".join(question_lines(step.prediction)))
        if ask := ask_text(step, keys):
            parts.append(f"**Do.** {ask}")
        if step.claim:
            mark = "✓" if outcome.checked and outcome.checked.holds else "✗"
            says = claim_text(step.claim, outcome.checked)
            why = f" ({outcome.note})" if outcome.note else ""
            parts.append(f"**Measured.** {says} {mark}{why}")
    answers = [
        f"{number}: {_with_letter(step, outcome.answer)}"
        for number, (step, outcome) in enumerate(zip(lesson.steps, outcomes, strict=True), start=1)
        if step.prediction
    ]
    if answers:
        parts += ["## Answers", "  \n".join(answers)]
    return "\n\n".join(parts)


def _place(step: Step, keys: Mapping[str, str]) -> list[str]:
    """What is shown: the experiment, the training step and the screen."""
    found = [f"experiment `{step.experiment}`"] if step.experiment else []
    found += [f"step {step.at}"] if step.at is not None else []
    found += [f"screen {step.screen} (key `{keys[step.screen]}`)"] if step.screen else []
    return [f"*On the screen: {', '.join(found)}.*"] if found else []


def _with_letter(step: Step, answer: str) -> str:
    choices = step.prediction.choices if step.prediction else ()
    return f"{CHOICES[choices.index(answer)]}) {answer}" if answer in choices else answer
