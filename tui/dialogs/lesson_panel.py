"""The panel of a lesson, beside any screen: one step, what to do, and the claim measured live."""

from __future__ import annotations

from textual import getters

from tui.drawing.canvas import Canvas
from tui.drawing.palette import Palette
from tui.drawing.text_lines import wrapped
from tui.lessons.course import Course
from tui.lessons.texts import (
    ask_text,
    claim_text,
    question_lines,
    step_text,
    verdict_text,
)
from tui.model.frame import Frame
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane
from tui.session_app import SessionApp

Row = tuple[str, int, bool]  # a line, its ink, and whether it is bold


class LessonPanel(Pane):
    """Draws the step of the app's course."""

    app = getters.app(SessionApp)
    HELP = """
Lesson: a step says one thing about the screen beside it, asks you to press or to predict
something, and makes a claim that is measured on the run as it is now. · stands before a claim
until you have done what is asked, then ✓ if it holds, else ✗: try what changes it.
{lesson} goes to the next step, {lesson_back} to the one before; {commands} lists all lessons.
{cancel} closes the panel; {lesson} opens it again at the same step.
With the focus here {up} {down} scroll a text that is too long for the panel.
"""

    def __init__(self) -> None:
        super().__init__(id="lesson")
        self._first = 0  # of the rows that are shown
        self._shown: object = None  # the step that they are of

    def titles(self, frame: Frame) -> tuple[str, str]:
        course = self.app.course
        if course.lesson is None or course.step is None:
            return "Lesson", ""
        place = f"{course.number + 1} of {len(course.lesson.steps)}"
        return f"Lesson · {place} · {course.lesson.title}", ""

    def _keys(self, course: Course) -> list[tuple[str, str]]:
        """The keys of a lesson, each with what it does now."""
        keys = self.look.keys
        found = [(keys["lesson"], "answer" if course.asks else "end" if self._ends else "next")]
        if course.number:
            found.append((keys["lesson_back"], "back"))
        return [*found, (keys["cancel"], "close")]

    @property
    def _ends(self) -> bool:
        """Whether no step follows."""
        from tui.lessons.library import after

        course = self.app.course
        return course.is_last and course.lesson is not None and not after(course.lesson.name)

    def move(self, dx: int, dy: int) -> None:
        """Scroll."""
        self._first = max(0, self._first + dy)
        self.redraw()

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        course = self.app.course
        if course.step is None:
            return
        if self._shown is not course.step:
            self._shown, self._first = course.step, 0
        rows = panel_rows(course, self.look, canvas.palette, canvas.width - 1)
        room = canvas.height - 1
        self._first = min(self._first, max(0, len(rows) - room))
        for y, (text, ink, bold) in enumerate(rows[self._first :][:room]):
            canvas.text(0, y, text, ink, bold=bold)
        if len(rows) > self._first + room:
            canvas.right(canvas.width, room - 1, " ↓ more", canvas.palette.mid)
        x = 0
        for key, word in self._keys(course):
            canvas.text(x, room, key, canvas.palette.hi, bold=True)
            canvas.text(x + len(key) + 1, room, word, canvas.palette.mid)
            x += len(key) + len(word) + 3


def panel_rows(course: Course, look: Look, palette: Palette, width: int) -> list[Row]:
    """The lines of a step: its title, text, question, what to do, and the claim."""
    step, keys = course.step, look.keys
    assert step is not None
    hi, mid = palette.hi, palette.mid
    parts: list[list[Row]] = [
        [(step.title, hi, True)],
        _wrapped(step_text(step, keys), look, hi, width),
    ]
    ask = ask_text(step, keys)
    if ask:
        mark = look.glyphs.check if course.is_done else look.glyphs.marker_right
        parts.append(_marked(mark, ask, look, hi, width, bold=not course.is_done))
    if step.prediction:
        question, *choices = question_lines(step.prediction)
        rows = _marked("?", question, look, hi, width, bold=not course.answer)
        for choice in choices:
            rows += _marked("", choice, look, hi, width)
        if verdict := verdict_text(course):
            mark = look.glyphs.check if course.is_right else look.glyphs.fail
            rows += _marked(mark, verdict, look, hi, width)
        parts.append(rows)
    if step.claim and not course.asks:
        if course.note:
            parts.append(_marked("–", course.note, look, mid, width))
        else:
            text = claim_text(step.claim, course.checked)
            parts.append(_marked(claim_mark(course, look), text, look, hi, width, bold=True))
    return [row for part in parts for row in (*part, ("", hi, False))][:-1]


def claim_mark(course: Course, look: Look) -> str:
    """✓ of a claim that holds, ✗ of one that fails, · of one that waits."""
    if course.checked is None or not course.is_done:
        return look.glyphs.dot
    return look.glyphs.check if course.checked.holds else look.glyphs.fail


def _wrapped(text: str, look: Look, ink: int, width: int) -> list[Row]:
    return [(line, ink, False) for line in wrapped(look.glyphs.prose(text), width)]


def _marked(
    mark: str, text: str, look: Look, ink: int, width: int, bold: bool = False
) -> list[Row]:
    """A text after a mark, its lines below each other."""
    lines = wrapped(look.glyphs.prose(text), width - 2)
    return [(f"{mark if not at else '':<2}{line}", ink, bold) for at, line in enumerate(lines)]
