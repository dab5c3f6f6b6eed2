"""The line at the bottom that says what a key has done, or why nothing was done."""

from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.text_lines import wrapped
from tui.panes.base.pane import CanvasWidget, Look


class MessageLine(CanvasWidget):
    """One message, on as many rows as its shortest form needs; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__(Look())
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

    def resized(self) -> None:
        self._fit()
        super().resized()

    def _fit(self) -> None:
        self.styles.height = max(1, len(self._lines()))

    def _lines(self) -> list[str]:
        room = max(1, self.app.size.width - 2)
        forms = [self.look.glyphs.prose(form) for form in self._forms]
        text = first_fitting((form for form in forms if "\n" not in form), room) or forms[-1]
        return [line for paragraph in text.splitlines() for line in wrapped(paragraph, room)]

    def paint(self, canvas: Canvas) -> None:
        canvas.paint(0, 0, canvas.width, canvas.height, canvas.palette.sel)
        for y, line in enumerate(self._lines()):
            canvas.text(1, y, line, bold=True)
