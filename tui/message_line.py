"""The line at the bottom that says what a key has done, or why nothing was done."""

from tui.drawing.canvas import Canvas
from tui.drawing.text_lines import wrapped
from tui.panes.base.pane import CanvasWidget, Look


class MessageLine(CanvasWidget):
    """One message, on as many rows as it needs; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__(Look())
        self._message = ""
        self.display = False

    def say(self, message: str, look: Look) -> None:
        """Show a message in place of the one before; "" hides the line."""
        if (message, look) == (self._message, self.look):
            return
        self._message, self.look = message, look
        self.display = bool(message)
        self._fit()
        self.redraw()

    def resized(self) -> None:
        self._fit()
        super().resized()

    def _fit(self) -> None:
        self.styles.height = max(1, len(self._lines()))

    def _lines(self) -> list[str]:
        text = self.look.glyphs.prose(self._message)
        return [
            line
            for paragraph in text.splitlines()
            for line in wrapped(paragraph, max(1, self.app.size.width - 2))
        ]

    def paint(self, canvas: Canvas) -> None:
        canvas.paint(0, 0, canvas.width, canvas.height, canvas.palette.sel)
        for y, line in enumerate(self._lines()):
            canvas.text(1, y, line, bold=True)
