"""The line at the bottom that says what a key has done, or why nothing was done."""

from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.text_lines import wrapped
from tui.panes.base.pane import CanvasWidget, Look

HELP = "help"
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

    def resized(self) -> None:
        self._fit()
        super().resized()

    def _fit(self) -> None:
        self.styles.height = max(1, len(self._lines()))

    def _lines(self) -> list[str]:
        help_key = self._help_key
        room = max(1, self.app.size.width - 2 - (len(help_key) + GAP if help_key else 0))
        forms = [self.look.glyphs.prose(form) for form in self._forms]
        text = first_fitting((form for form in forms if "\n" not in form), room) or forms[-1]
        return [line for paragraph in text.splitlines() for line in wrapped(paragraph, room)]

    @property
    def _help_key(self) -> str:
        return f"{self.look.keys['keys']} {HELP}" if self._over_keys else ""

    def paint(self, canvas: Canvas) -> None:
        canvas.paint(0, 0, canvas.width, canvas.height, canvas.palette.sel)
        for y, line in enumerate(self._lines()):
            canvas.text(1, y, line, bold=True)
        key = self._help_key
        canvas.right(canvas.width - 1, canvas.height - 1, key, canvas.palette.mid)
