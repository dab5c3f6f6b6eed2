"""The dialog with the state of the run in sentences, which can be copied."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.containers import VerticalScroll

from engine.wording import plural
from tui.dialogs.base import Page
from tui.drawing.glyphs import Glyphs


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
