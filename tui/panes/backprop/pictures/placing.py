"""The explanation of a micro-step with its picture beside or below it, where both have room."""

import numpy as np

from tui.drawing.canvas import Canvas
from tui.model.backprop.facts import BackpropFacts
from tui.panes.backprop.pictures.choice import ROOM, picture_of
from tui.panes.explanation.layout import draw_explanation, may_be_complete, natural_cells
from tui.panes.explanation.view_state import ViewState

GUTTER = 3  # cells between the explanation and its picture, with a rule in the middle
SHARE, MOST = 0.3, 90  # of the width, and cells at most
LEAST_LEFT = 44  # cells of the explanation where it is short: of an activation, or a cost
SHORT = ("a", "example_cost")


def draw_with_picture(canvas: Canvas, facts: BackpropFacts, state: ViewState) -> None:
    """Fill a canvas; without a picture where it would take room from what is explained."""
    explanation, cells = facts.explanation, picture_cells(canvas.width, canvas.height)
    picture = picture_of(facts, canvas.glyphs) if cells else None
    if picture is not None:
        free = canvas.width - natural_cells(canvas, explanation) - GUTTER
        cells = min(max(cells, free), MOST)
        left = _blank(canvas, canvas.width - cells - GUTTER)
        short = facts.microstep.kind in SHORT and facts.example is not None
        may_fit = short or may_be_complete(left, explanation)
        if may_fit and (draw_explanation(left, explanation, state) or short):
            right = _blank(canvas, cells)
            picture.draw(right)
            canvas.paste(left, 0, 0)
            start = min(left.width, natural_cells(left, explanation))
            canvas.paste(right, start + GUTTER, 0)
            for y in range(canvas.height):
                x = start + GUTTER // 2
                canvas.text(x, y, canvas.glyphs.rule, canvas.palette.line)
            return
    draw_explanation(canvas, explanation, state)
    if not cells:
        _draw_below(canvas, facts)


def _draw_below(canvas: Canvas, facts: BackpropFacts) -> None:
    """The picture in the empty rows below an explanation, if they are enough."""
    rows = np.flatnonzero((canvas.chars != " ").any(axis=1))
    top = int(rows.max(initial=0)) + 2
    height = min(canvas.height - top, canvas.width // 3)
    has_room = canvas.width >= ROOM[0] and height >= ROOM[1]
    picture = picture_of(facts, canvas.glyphs) if has_room else None
    if picture is not None:
        below = Canvas(canvas.width, height, canvas.palette, canvas.glyphs, canvas.colour)
        picture.draw(below)
        canvas.paste(below, 0, top)


def picture_cells(width: int, height: int) -> int:
    """The columns of a picture in a pane of that size; 0 where there is no room for one."""
    least, rows = ROOM
    cells = max(least, min(round(SHARE * width), MOST))
    return cells if height >= rows and width - cells - GUTTER >= LEAST_LEFT else 0


def _blank(canvas: Canvas, width: int) -> Canvas:
    return Canvas(width, canvas.height, canvas.palette, canvas.glyphs, canvas.colour)
