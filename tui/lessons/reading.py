"""Reading a lesson from a TOML text: every mistake is told, with its line."""

from __future__ import annotations

from pathlib import Path

from engine import EngineError
from engine.toml_lines import table_of
from tui.lessons.checks import Checks, Known
from tui.lessons.lesson import Lesson
from tui.lessons.lines import Lines
from tui.lessons.steps import TOP_KEYS, step_of


class LessonError(EngineError):
    """A lesson's file has mistakes: one line of the message for each, in the order of the file."""


def read_lesson(text: str, path: Path, known: Known) -> Lesson:
    """The lesson in a text, which is that of a file. LessonError tells every mistake."""
    try:
        table = table_of(text)
    except ValueError as error:
        raise LessonError(str(error)) from None
    checks = Checks(Lines(text), known, path.parent)
    checks.table(table, TOP_KEYS, ("title", "about", "step"))
    entries = table.get("step")
    entries = entries if isinstance(entries, list) else []
    if "step" in table and not (entries and all(isinstance(entry, dict) for entry in entries)):
        checks.tell("step", "a lesson needs steps: each begins with the line [[step]]")
        entries = []
    steps = []
    for number, entry in enumerate(entries):
        checks.step = number
        steps.append(step_of(entry, checks))
    if checks.mistakes:
        lines = [f"line {line}: {mistake}" for line, mistake in sorted(checks.mistakes)]
        raise LessonError("\n".join(lines))
    return Lesson(path.stem, table["title"], table["about"], tuple(steps), path)
