"""What panes write: texts that are cut at an edge, or lie over one another."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tui.drawing.canvas import Canvas

TEXT = re.compile(r"[^\W_]")  # with a letter or a figure
WORD = re.compile(r"[^\W_][\w.−]+")


@dataclass
class Recorded:
    """``cut``: texts that a canvas, or a canvas that it is pasted on, cuts at an edge.
    ``covered``: words and numbers over which others are written."""

    cut: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.cut.clear()
        self.covered.clear()

    def __bool__(self) -> bool:
        return bool(self.cut or self.covered)


@contextmanager
def recorded() -> Iterator[Recorded]:
    """Notes what any canvas gets from now on."""
    found = Recorded()
    text, paste = Canvas.text, Canvas.paste

    def noted_text(self, x, y, s, *look, **more):  # type: ignore[no-untyped-def]
        shown = self.glyphs.text(s)
        if 0 <= y < self.height and TEXT.search(shown):
            if shown[: max(0, -x)].strip() or shown[max(0, self.width - x) :].strip():
                found.cut.append(s)
            taken = self.__dict__.setdefault("taken", {})
            for word in WORD.finditer(shown):
                cells = [(x + i, y) for i in range(*word.span())]
                found.covered += [f"{word[0]} over {taken[c]}" for c in cells if c in taken]
                taken.update(dict.fromkeys(cells, word[0]))
        text(self, x, y, s, *look, **more)

    def noted_paste(self, other, x, y):  # type: ignore[no-untyped-def]
        if x < 0 or x + other.width > self.width or y + other.height > self.height:
            found.cut.append(f"a part of {other.width} × {other.height} at {x}, {y}")
        paste(self, other, x, y)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Canvas, "text", noted_text)
        patch.setattr(Canvas, "paste", noted_paste)
        yield found
