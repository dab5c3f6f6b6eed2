"""A question in the row of the key bar, with a field to type the answer. It covers no pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from textual import events, getters
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from engine import EngineError
from tui.dialogs.base import LineInput
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.model.frame import Frame
from tui.panes.base.look import Look
from tui.panes.base.pane import FrameWidget
from tui.session_app import SessionApp

Answer = TypeVar("Answer")
FIELD = 14  # cells to type in
GAP = 2  # cells between the field and what stands beside it


class PromptLine(FrameWidget, Generic[Answer]):
    """Asks for a line of text until it is answered, or its focus is lost, or the frame no longer
    has what is asked for.

    ``question`` stands before the field, the first of ``hints`` that has room behind it. ``read``
    turns the text into the answer; its ValueError or EngineError says what is wrong with the text,
    or, where that has no room, ``mistake`` does. ``applies`` says whether a frame still has what is
    asked for.
    """

    app = getters.app(SessionApp)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "never mind")]

    def __init__(
        self,
        question: str,
        hints: tuple[str, ...],
        mistake: str,
        read: Callable[[str], Answer],
        act: Callable[[Answer], object],
        applies: Callable[[Frame], bool],
    ) -> None:
        super().__init__()
        self._question, self._hints, self._mistake = question, hints, mistake
        self._mistakes: tuple[str, ...] = ()  # forms of what is wrong with the text
        self._read, self._act, self._applies = read, act, applies
        self._field = LineInput()
        self._focus_before: Widget | None = None
        self._is_open = False

    def open(self, screen: Screen[Any], frame: Frame, look: Look) -> None:
        """Show it on a screen. The field has the focus when this returns: no key that is typed at
        once is one of the screen's."""
        self._focus_before, self._is_open = screen.focused, True
        self.show(frame, look)
        self._field.styles.width = FIELD
        self._field.styles.margin = 0, 0, 0, len(self._prompt()) + 1
        screen.mount(self)
        self.mount(self._field)
        screen.set_focus(self._field)

    def action_close(self) -> None:
        """Close it, and focus the pane that had the focus before."""
        if self._is_open:
            self._is_open = False
            if self.screen.focused is self._field:
                before = self._focus_before
                self.screen.set_focus(before if before and before.display else None)
            self.remove()

    def show(self, frame: Frame, look: Look) -> None:
        if self._is_open and not self._applies(frame):
            self.action_close()
        super().show(frame, look)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        canvas.paint(0, 0, canvas.width, canvas.height, canvas.palette.sel)
        canvas.text(1, 0, self._prompt(), bold=True)
        x = len(self._prompt()) + 1 + FIELD + GAP
        forms = map(self.look.glyphs.prose, self._mistakes or self._hints)
        note = first_fitting(forms, canvas.width - x - 1)
        ink = None if self._mistakes else canvas.palette.mid
        canvas.text(x, 0, note, ink=ink, bold=bool(self._mistakes))

    def _prompt(self) -> str:
        return f"{self.look.glyphs.prose(self._question)} "

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._is_open:
            return
        try:
            answer = self._read(event.value.strip())
        except (ValueError, EngineError) as error:
            self._say_wrong(str(error), self._mistake)
        else:
            self.action_close()
            self.app.attempt(lambda: self._act(answer))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._say_wrong()

    def _say_wrong(self, *mistakes: str) -> None:
        if self._mistakes != mistakes:
            self._mistakes = mistakes
            self.redraw()

    def on_key(self, event: events.Key) -> None:
        """Let ↑ and ↓ select in the pane that had the focus: the field has no use for them."""
        if event.key in ("up", "down"):
            self.action_close()

    def on_descendant_blur(self) -> None:
        """Close it when another pane gets the focus, but not when the terminal loses it."""
        if self.app.app_focus:
            self.action_close()
