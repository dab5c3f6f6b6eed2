"""Copying to the clipboard: an explanation, or the sentences of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from engine.wording import plural
from tui.dialogs.base import Page
from tui.drawing.cells import unpadded

if TYPE_CHECKING:
    from engine.explain import Explanation
    from engine.notation import Notation
    from tui.drawing.glyphs import Glyphs
    from tui.session_app import SessionApp


def copy(app: SessionApp, explanation: Explanation, latex: bool, glyphs: Glyphs) -> None:
    """Copy an explanation, if the terminal allows programs to write to its clipboard."""
    from engine.explain import written

    plain: Notation = "ascii" if glyphs.ascii else "unicode"
    text = unpadded(written(explanation, "latex" if latex else plain))
    app.copy_to_clipboard(text)
    name = explanation.symbol.name
    what = f"{name.written(plain)} " if name else ""
    lines = text.count("\n") + 1
    what += f"as {'LaTeX' if latex else 'text'}, {plural(lines, 'line')}"
    app.tell(f"copied {what}, if the terminal allows it")


class Description(Page):
    """Sentences, a paragraph each; y copies them."""

    CSS = """
    Description .dialog { width: 84; max-width: 100%; }
    """
    APP_ACTIONS: ClassVar[Mapping[str, str]] = {"describe": "dismiss", "copy": "copy"}

    def __init__(self, title: str, sentences: Sequence[str], glyphs: Glyphs) -> None:
        self.sentences = [glyphs.prose(sentence) for sentence in sentences]
        super().__init__(glyphs.text(title), "\n".join(self.sentences))

    def action_copy(self) -> None:
        """Copy the sentences, a line each."""
        self.app.copy_to_clipboard("\n".join(self.sentences))
        number = plural(len(self.sentences), "sentence")
        self.app.tell(f"copied {number}, if the terminal allows it")

    def _write_keys(self) -> None:
        super()._write_keys()
        key = self.app.shown_keys["copy"]
        for box in self.query(VerticalScroll):
            box.border_subtitle = f"{key} copies   {box.border_subtitle}"
