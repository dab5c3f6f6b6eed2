"""The confusion matrix: how many examples of each class were predicted as which class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from engine.wording import noun_for, plural
from tui.dialogs.base import Page, StaticCanvas, WholeCells
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, padded
from tui.drawing.colours.oklab import contrast
from tui.drawing.grid import cut_names
from tui.drawing.numbers import NONE, percent
from tui.drawing.palette import mix
from tui.drawing.text_lines import wrapped
from tui.model.frame import Frame
from tui.model.target_scale import class_names, scores_of
from tui.panes.base.look import Look

LONGEST_NAME = 12
TAKEN = "taken for"
GAP = 2  # cells in a cell of the matrix beside its count
WIDEST = 8  # cells of a cell of the matrix where names are short
TALL = 5  # up to so many classes a cell is three rows high, where there is room
LEAST, MOST = 0.06, 0.7  # how much of the brightest ink is in a ground: of no example, of all


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """The confusion of a part of the data: ``counts`` (c, c), a row for each class, a column for
    each prediction. ``text`` says how many are right."""

    text: str
    counts: NDArray[np.intp]
    names: tuple[str, ...]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Of the examples of a class, the share in each cell."""
        shares: NDArray[np.float64] = self.counts / np.maximum(
            self.counts.sum(axis=1, keepdims=True), 1
        )
        return shares


class Confusion(Page):
    """The confusion matrices of the training and of the test data."""

    APP_ACTIONS: ClassVar[Mapping[str, str]] = {"confusion": "dismiss"}

    def __init__(self, title: str, matrices: list[ConfusionMatrix], look: Look) -> None:
        super().__init__(title, "")
        self.matrices, self.look = matrices, look

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as box:
            if self.app.has_class("ascii"):
                box.vertical_scrollbar.renderer = WholeCells  # type: ignore[misc]
            box.border_title = Content(self.heading)
            width, height = self.app.size
            yield StaticCanvas(confusion_canvas(self.matrices, self.look, width - 10, height - 4))


def confusion_matrices(frame: Frame) -> list[ConfusionMatrix]:
    """Of the training data, then of the test data if there are any; none if there are no
    classes."""
    scores, names = scores_of(frame), tuple(map(padded, class_names(frame)))
    if scores.confusion is None:
        return []
    data = frame.data
    text = _right("training data", len(data.train), scores.train, scores.confusion)
    matrices = [ConfusionMatrix(text, scores.confusion, names)]
    if scores.test is not None and scores.test_confusion is not None:
        text = _right("test data", len(data.test), scores.test, scores.test_confusion)
        matrices.append(ConfusionMatrix(text, scores.test_confusion, names))
    return matrices


def _right(part: str, n: int, accuracy: float, counts: NDArray[np.intp]) -> str:
    """How many of ``n`` are right; those whose predictions are not finite are in no cell."""
    missing = n - int(counts.sum())
    if isnan(accuracy):
        verb = noun_for(missing, "is", "are")
        return f"{part}: {NONE} right; {plural(missing, 'prediction')} of {n} {verb} not finite"
    return f"{part}: {percent(accuracy)} right, {int(np.trace(counts))} of {n}"


def confusion_canvas(
    matrices: list[ConfusionMatrix], look: Look, width: int, height: int
) -> Canvas:
    """The matrices one below the other, at most ``width`` wide, in ``height`` rows if possible."""
    classes = len(matrices[0].counts)
    names = cut_names(matrices[0].names, LONGEST_NAME)
    left = max(len(TAKEN), 3 + max(map(len, names))) + 1  # "is " and the name
    digits = max(len(str(m.counts.max())) for m in matrices)
    cell = max(WIDEST, GAP + max(digits, *map(len, names)))
    cell = min(cell, max(0, width - left) // classes)
    if cell < digits + 1:  # no room for a matrix: what is mistaken for what
        lines = [line for m in matrices for line in _list_of_mistakes(m, width)]
        canvas = Canvas(width, len(lines), look.palette, look.glyphs, look.colour)
        for y, line in enumerate(lines):
            canvas.text(0, y, line, look.palette.mid)
        return canvas
    texts = [wrapped(m.text, width) for m in matrices]
    heads = sum(len(text) + 3 for text in texts)
    tall = classes <= TALL and heads + 3 * classes * len(matrices) <= height
    rows = 3 if tall else 1
    size = max([left + cell * classes, *(cell_count(t) for text in texts for t in text)])
    canvas = Canvas(size, heads + rows * classes * len(matrices) - 1, look.palette, look.glyphs)
    canvas.colour = look.colour
    y = 0
    for matrix, text in zip(matrices, texts, strict=True):
        for line in text:
            canvas.text(0, y, line)
            y += 1
        y = _draw_matrix(canvas, y + 1, matrix, names, (left, cell, rows)) + 1
    return canvas


def _draw_matrix(
    canvas: Canvas, y: int, matrix: ConfusionMatrix, names: list[str], sizes: tuple[int, int, int]
) -> int:
    """Draw from row y on, with cells of this size; returns the first row below."""
    (left, cell, rows), palette = sizes, canvas.palette
    canvas.text(0, y, TAKEN, palette.low)
    for j, name in enumerate(cut_names(matrix.names, cell - 1)):
        canvas.text(left + j * cell + (cell - len(name)) // 2, y, name, palette.mid)
    for i, (counts, shares) in enumerate(zip(matrix.counts, matrix.shares, strict=True)):
        top = y + 1 + i * rows
        canvas.text(0, top + rows // 2, "is ", palette.low)
        canvas.text(3, top + rows // 2, names[i], palette.mid)
        for j, (number, share) in enumerate(zip(counts, shares, strict=True)):
            x, text, ink = left + j * cell, str(number), palette.hi if number else palette.low
            if canvas.colour:
                ground = int(mix(palette.bg, palette.hi, LEAST + (MOST - LEAST) * float(share)))
                canvas.paint(x, top, cell, rows, ground)
                if number and contrast(palette.bg, ground) > contrast(ink, ground):
                    ink = palette.bg
            x += (cell - len(text)) // 2
            canvas.text(x, top + rows // 2, text, ink, bold=i == j)
    return y + 1 + rows * len(names)


def _list_of_mistakes(matrix: ConfusionMatrix, width: int) -> Iterator[str]:
    """The text, and the commonest mistakes, a line each."""
    yield from wrapped(matrix.text, width)
    wrong = matrix.counts - np.diag(np.diag(matrix.counts))
    order = np.argsort(-wrong, axis=None, kind="stable")
    for at in order[: np.count_nonzero(wrong)]:
        i, j = divmod(int(at), len(wrong))
        text = f"{wrong[i, j]} of {matrix.names[i]} taken for {matrix.names[j]}"
        yield from wrapped(text, width)
    yield ""
