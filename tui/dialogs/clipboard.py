"""Copying an explanation to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.wording import plural
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
