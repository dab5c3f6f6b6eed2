"""The line below the names of the screens with what to look for in an experiment of the gallery."""

from __future__ import annotations

import re
from collections.abc import Mapping

from textual import getters

from tui.actions.screen_keys import SCREENS
from tui.drawing.canvas import Canvas
from tui.drawing.text_lines import wrapped
from tui.panes.base.look import Look
from tui.panes.base.pane import CanvasWidget
from tui.session_app import SessionApp

STEP = re.compile(r"\bsteps? (\d{1,3}(?: \d{3})*)|(\d{1,3}(?: \d{3})*) steps\b")
SCREEN = re.compile(r"\bscreen (\w+)", re.IGNORECASE)
GAP = 3  # cells between the sentence and its keys, and between two keys


def keys_for(sentence: str, keys: Mapping[str, str]) -> tuple[str, ...]:
    """The keys to what a sentence names: its last step, its screen; and the one that removes it."""
    steps = [first or second for first, second in STEP.findall(sentence)]
    ids = {title: name for name, (_, title) in SCREENS.items()}
    screens = [title for title in SCREEN.findall(sentence) if title in ids]
    found = [f"{keys['step_typed']} {steps[-1].replace(' ', '')}"] if steps else []
    found += [f"{keys[ids[title]]} {title}" for title in screens[-1:]]
    return *found, "esc"


class LookForLine(CanvasWidget):
    """A sentence on as many rows as it needs; hidden without one, or where there is no room."""

    app = getters.app(SessionApp)

    def __init__(self) -> None:
        super().__init__(Look())
        self._sentence = ""
        self._lines: list[str] = []
        self.display = False

    @property
    def rows(self) -> int:
        """The rows that it takes from the panes."""
        return len(self._lines)

    def say(self, sentence: str, look: Look, width: int, most_rows: int) -> None:
        """Show a sentence in a terminal of that width, if that takes no more rows."""
        lines = self._laid_out(sentence, look, width) if sentence else []
        lines = lines if len(lines) <= most_rows else []
        if (lines, look) == (self._lines, self.look):
            return
        self._sentence, self._lines, self.look = sentence, lines, look
        self.display = bool(lines)
        self.styles.height = max(1, len(lines))
        self.redraw()

    def _laid_out(self, sentence: str, look: Look, width: int) -> list[str]:
        """The rows of the sentence, with room for the keys at the end of the last."""
        lines = wrapped(look.glyphs.prose(sentence), max(1, width - 4))
        has_room = len(lines[-1]) + GAP + len(self._keys(sentence, look)) <= width - 4
        return lines if has_room else [*lines, ""]

    def _keys(self, sentence: str, look: Look) -> str:
        return (" " * GAP).join(keys_for(sentence, look.keys))

    def paint(self, canvas: Canvas) -> None:
        palette = canvas.palette
        canvas.text(1, 0, canvas.glyphs.marker_right, palette.hi, bold=True)
        for y, line in enumerate(self._lines):
            canvas.text(3, y, line, palette.hi)
        keys = self._keys(self._sentence, self.look)
        canvas.right(canvas.width - 1, len(self._lines) - 1, keys, palette.mid, bold=True)
