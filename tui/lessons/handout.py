"""A lesson as a printed handout, in Markdown: the steps, and the claims with what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from engine.measures.claim import Checked
from engine.quoting import shown
from engine.training.fields import FIELDS
from engine.wording import count
from tui.lessons.lesson import CHOICES, Lesson, Step
from tui.lessons.texts import claim_text, one_key, question_lines, step_text


class Place(NamedTuple):
    """What a step shows, as a reader finds it: titles of its experiment, its screen and its pane,
    and the settings that are not those of the experiment."""

    experiment: str = ""
    settings: Mapping[str, Any] = {}
    screen: str = ""
    pane: str = ""


class Outcome(NamedTuple):
    """What became of a step: the claim as it was measured, or in ``note`` why it was not; and the
    answer to its prediction ("" without one)."""

    checked: Checked | None = None
    note: str = ""
    answer: str = ""
    place: Place = Place()

    def holds(self, step: Step) -> bool:
        """Whether the step could be shown, and what it claims is true."""
        return not self.note and (step.claim is None or bool(self.checked and self.checked.holds))


class Words(NamedTuple):
    """Of the actions by their ids: their keys, and what they do."""

    keys: Mapping[str, str]
    titles: Mapping[str, str]

    def key(self, action: str) -> str:
        """The key of an action, as Markdown writes keys."""
        return f"`{one_key(self.keys[action])}`"

    def done(self, action: str) -> str:
        """The key of an action, with what it does."""
        return f"{self.key(action)} ({self.titles[action]})"


def markdown(lesson: Lesson, outcomes: Sequence[Outcome], words: Words) -> str:
    """The handout of a lesson, with an outcome for each step; answers stand at its end."""
    keys = {action: words.key(action) for action in words.keys}
    parts, answers = [f"# {lesson.title}", lesson.about], []
    for number, (step, outcome) in enumerate(zip(lesson.steps, outcomes, strict=True), start=1):
        parts += [f"## {number}. {step.title}", step_text(step, keys)]
        parts += _set_up(step, outcome.place, words)
        if step.prediction:
            parts.append("**Predict.** " + "  \n".join(question_lines(step.prediction)))
            answers.append(f"{number}: {_with_letter(step, outcome.answer)}")
        if step.ask:
            until = f", and wait for step {count(step.until)}" if step.until else ""
            parts.append(f"**Do.** Press {words.done(step.ask)}{until}.")
        if step.claim:
            mark = "✓" if outcome.holds(step) else "✗"
            why = f" ({outcome.note})" if outcome.note else ""
            parts.append(f"**Measured.** {claim_text(step.claim, outcome.checked)} {mark}{why}")
        elif outcome.note:
            parts.append(f"**Failed.** {outcome.note} ✗")
    if answers:
        parts += ["## Answers", "  \n".join(answers)]
    return "\n\n".join(parts)


def _set_up(step: Step, place: Place, words: Words) -> list[str]:
    """How to come to what a step shows, a line for each thing to do."""
    lines = []
    if step.experiment:
        opens = "open" if place.experiment == step.experiment else "gallery"  # a file, or a title
        lines.append(f"Experiment: {place.experiment} ({words.key(opens)})")
    if place.settings:
        settings = ", ".join(_setting(name, value) for name, value in place.settings.items())
        lines.append(f"Settings: {settings} ({words.key('settings')})")
    if step.screen:
        zoomed = f", alone ({words.key('zoom')})" if step.zoom else ""
        pane = f", {place.pane}{zoomed}" if place.pane else ""
        lines.append(f"Screen: {place.screen} ({words.key(step.screen)}){pane}")
    if step.at is not None and (step.at or not step.experiment):  # it opens at step 0
        lines.append(f"Step of training: {count(step.at)} ({words.key('step_typed')})")
    lines += [f"Then: {words.done(action)}" for action in step.actions]
    return ["\n".join(f"- {line}" for line in lines)] if lines else []


def _setting(name: str, value: Any) -> str:
    if isinstance(value, float):
        value = f"{value:g}"
    text = value if isinstance(value, str) else shown(value).strip("[]").replace("'", "")
    return f"{FIELDS[name].label.strip()} {text or 'none'}"


def _with_letter(step: Step, answer: str) -> str:
    choices = step.prediction.choices if step.prediction else ()
    return f"{CHOICES[choices.index(answer)]}) {answer}" if answer in choices else answer
