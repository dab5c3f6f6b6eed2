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
    """``texts``: all that are written. ``cut``: texts that a canvas, or a canvas that it is pasted
    on, cuts at an edge. ``outside``: texts in rows that a canvas does not have. ``covered``: words
    and numbers over which others are written."""

    texts: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
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
        found.texts.append(shown)
        if not 0 <= y < self.height and shown.strip():
            found.outside.append(f"{s!r} in row {y} of {self.height}")
        elif TEXT.search(shown):
            if shown[: max(0, -x)].strip() or shown[max(0, self.width - x) :].strip():
                found.cut.append(s)
            taken = self.__dict__.setdefault("taken", {})
            for word in WORD.finditer(shown):
                self.__dict__.setdefault("words", []).append((x + word.start(), y, word[0]))
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


def broken_words(canvas: Canvas) -> list[str]:
    """Words and numbers of which a canvas, recorded as it was drawn, shows only a part."""
    lines, broken = canvas.text_lines(), []
    for x, y, word in canvas.__dict__.get("words", ()):
        shown = lines[y][max(x, 0) : x + len(word)]
        if x >= 0 and shown != word and any(map(str.__eq__, shown, word)):
            broken.append(f"{word} is {shown} in {lines[y]!r}")
    return broken
