"""Reading a lesson from a TOML text: every mistake is told, with its line."""

from __future__ import annotations

from pathlib import Path

from engine import EngineError
from engine.toml_lines import table_of
from tui.lessons.checks import Checks, Known
from tui.lessons.lesson import Lesson
from tui.lessons.lines import Lines
from tui.lessons.steps import IN_STEPS, TOP_KEYS, one_line, step_of

WRITTEN_TWICE = ("Cannot overwrite a value", "Cannot declare")  # as Python tells it
TWICE = "; a key or a table is there twice: each step begins with the line [[step]]"


class LessonError(EngineError):
    """A lesson's file has mistakes: one line of the message for each, in the order of the file."""


def read_lesson(text: str, path: Path, known: Known) -> Lesson:
    """The lesson in a text, which is that of a file. LessonError tells every mistake."""
    try:
        table = table_of(text)
    except ValueError as error:
        is_twice = any(told in str(error) for told in WRITTEN_TWICE)
        raise LessonError(f"{error}{TWICE * is_twice}") from None
    checks = Checks(Lines(text), known, path.parent)
    checks.table(table, TOP_KEYS, tuple(TOP_KEYS), elsewhere=IN_STEPS)
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
    title, about = one_line(table["title"]), one_line(table["about"])
    return Lesson(path.stem, title, about, tuple(steps), path)
