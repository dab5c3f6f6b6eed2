"""The band below the names of the screens with the words of a scene of a presentation."""

from __future__ import annotations

from collections.abc import Sequence

from textual import getters

from tui.dialogs.lesson_panel import claim_mark
from tui.drawing.canvas import Canvas
from tui.drawing.text_lines import Line, Span, draw_line, flowed, truncated_text, words
from tui.lessons.course import Course
from tui.lessons.texts import claim_text, question_lines, step_text
from tui.panes.base.look import Look
from tui.panes.base.pane import CanvasWidget
from tui.session_app import SessionApp

WIDEST = 110  # columns of its text, to be read
LEAST = 3  # rows, or it is not shown
MARGIN = 2  # columns at each side
GAP = 3  # between two choices


class SceneBand(CanvasWidget):
    """The title, the text, question and answer, and the claim. Its rows stay as many as the scene
    needs at most, so that nothing moves when the answer is shown."""

    app = getters.app(SessionApp)

    def __init__(self) -> None:
        super().__init__(Look())
        self._lines: list[Line] = []
        self._of: object = None  # the scene, and the room, that it has been laid out for
        self._rows = 0
        self.display = False

    @property
    def rows(self) -> int:
        """The rows that it takes from the panes."""
        return self._rows if self.display else 0

    def say(self, course: Course, look: Look, width: int, most_rows: int) -> None:
        """Show the scene as it is now, on at most so many rows of a terminal of that width."""
        lines: list[Line] = []
        if most_rows >= LEAST and course.step:
            room = min(width - 2 * MARGIN, WIDEST)
            lines = _laid_out(course, look, room, most_rows, course.asks is None)
            scene = course.lesson, course.number, width, most_rows
            if scene != self._of:
                before = _laid_out(course, look, room, most_rows, is_answered=False)
                after = _laid_out(course, look, room, most_rows, is_answered=True)
                self._of, self._rows = scene, max(len(before), len(after))
            self._rows = max(self._rows, len(lines))
        if (lines, look) == (self._lines, self.look) and self.display == bool(lines):
            return
        self._lines, self.look = lines, look
        self.display = bool(lines)
        self.styles.height = max(1, self._rows)
        self.redraw()

    def paint(self, canvas: Canvas) -> None:
        course = self.app.course
        for y, line in enumerate(self._lines):
            draw_line(canvas, y, line, MARGIN)
        if course.lesson:
            place = f"scene {course.number + 1} of {len(course.lesson.steps)}"
            canvas.right(canvas.width - MARGIN, 0, place, canvas.palette.mid)


def _laid_out(
    course: Course, look: Look, width: int, most_rows: int, is_answered: bool
) -> list[Line]:
    """The rows: what is asked and claimed is whole, of the text as many sentences as fit."""
    step = course.step
    assert step is not None
    hi, prose = look.palette.hi, look.glyphs.prose
    below: list[Line] = []
    if step.prediction:
        question, *choices = question_lines(step.prediction)
        below += _marked("?", question, look, width, bold=not is_answered)
        if is_answered:
            answer = course.truth or step.prediction.answer or "…"
            below += _marked(look.glyphs.marker_right, answer, look, width, bold=True)
        else:
            parts = [[Span(prose(choice), hi)] for choice in choices]
            below += [[Span("  ", hi), *line] for line in flowed(parts, width - 2, gap=GAP)]
    if step.claim and (is_answered or not step.prediction):
        says = course.note or claim_text(step.claim, course.checked)
        mark = "–" if course.note else claim_mark(course, look)
        below += _marked(mark, says, look, width, bold=True)
    title: Line = [Span(prose(step.title), hi, bold=True)]
    room = max(0, most_rows - 1 - len(below))
    text = truncated_text([prose(step_text(step, look.keys))], hi, width, room) if room else []
    return [title, *text, *below][:most_rows]


def _marked(mark: str, text: str, look: Look, width: int, bold: bool) -> Sequence[Line]:
    """A text after a mark, its lines below each other."""
    hi = look.palette.hi
    lines = words(look.glyphs.prose(text), hi, width - 2)
    return [
        [
            Span(f"{mark if not at else '':<2}", hi, bold),
            *(Span(span.text, span.ink, bold) for span in line),
        ]
        for at, line in enumerate(lines)
    ]
