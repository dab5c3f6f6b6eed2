"""The line at the bottom that says what a key has done, or why nothing was done."""

from textual import events

from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.text_lines import wrapped
from tui.panes.base.look import Look
from tui.panes.base.pane import CanvasWidget

HELP, HELP_ACTION = "help", "keys"
GAP = 2  # cells between a message and the key of help


class MessageLine(CanvasWidget):
    """One message, on as many rows as its shortest form needs; hidden while there is none."""

    def __init__(self, over_keys: bool = False) -> None:
        """``over_keys``: it covers the key bar, and so names the key of help."""
        super().__init__(Look())
        self._over_keys = over_keys
        self._forms: tuple[str, ...] = ("",)
        self.display = False

    def say(self, forms: tuple[str, ...], look: Look) -> None:
        """Show a message, of which there are these forms, in place of the one before; "" hides the
        line."""
        if (forms, look) == (self._forms, self.look):
            return
        self._forms, self.look = forms, look
        self.display = bool(forms[0])
        self._fit()
        self.redraw()
        if self.screen is not self.app.screen:  # Textual lays out the uppermost screen alone
            self.screen._refresh_layout()

    def resized(self) -> None:
        self._fit()
        super().resized()

    def _fit(self) -> None:
        self.styles.height = max(1, len(self._lines()[0]))

    def _lines(self) -> tuple[list[str], str]:
        """The rows, and what names the key of help beside the last one: on one row if a form has
        room there."""
        room = max(1, self.app.size.width - 2)
        forms = [self.look.glyphs.prose(form) for form in self._forms]
        key = self.look.keys["keys"]
        beside = (f"{key} {HELP}", key) if self._over_keys else ("",)
        rooms = [max(1, room - len(help_key) - GAP * bool(help_key)) for help_key in beside]
        for help_key, width in zip(beside, rooms, strict=True):
            if text := first_fitting((form for form in forms if "\n" not in form), width):
                return [text], help_key
        paragraphs = forms[-1].splitlines()
        return [line for text in paragraphs for line in wrapped(text, rooms[0])], beside[0]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """On the key of help: help. Not when the button is let go, as the line is gone then."""
        _, help_key = self._lines()
        to_end = self.size.width - 1 - event.x
        if event.y == self.size.height - 1 and 0 < to_end <= len(help_key):
            self.app.call_later(self.app.action_act, HELP_ACTION)  # type: ignore[attr-defined]

    def paint(self, canvas: Canvas) -> None:
        canvas.paint(0, 0, canvas.width, canvas.height, canvas.palette.sel)
        lines, help_key = self._lines()
        for y, line in enumerate(lines):
            canvas.text(1, y, line, bold=True)
        canvas.right(canvas.width - 1, canvas.height - 1, help_key, canvas.palette.mid)
