"""The explanation of a micro-step with its picture beside it, where both have room."""

from tui.drawing.canvas import Canvas
from tui.drawing.table import Sheet
from tui.model.backprop_facts import BackpropFacts
from tui.panes.backprop.pictures.choice import ROOM, picture_of
from tui.panes.explanation.layout import draw_explanation, is_complete
from tui.panes.explanation.view_state import ViewState

GUTTER = 3  # cells between the explanation and its picture, with a rule in the middle
SHARE, MOST = 0.3, 60  # of the width, and cells at most
LEAST_LEFT = 44  # cells of the explanation where it is short: of an activation, or a cost
SHORT = ("a", "example_cost")


def draw_with_picture(canvas: Canvas, facts: BackpropFacts, state: ViewState) -> None:
    """Fill a canvas; without a picture where it would take room from what is explained."""
    picture = picture_of(facts, canvas.glyphs)
    cells = 0 if picture is None else picture_cells(canvas, facts, state)
    if picture is None or not cells:
        draw_explanation(canvas, facts.explanation, state)
        return
    left = _blank(canvas, canvas.width - cells - GUTTER)
    draw_explanation(left, facts.explanation, state)
    right = _blank(canvas, cells)
    picture.draw(right)
    canvas.paste(left, 0, 0)
    canvas.paste(right, canvas.width - cells, 0)
    for y in range(canvas.height):
        x = canvas.width - cells - 1 - GUTTER // 2
        canvas.text(x, y, canvas.glyphs.rule, canvas.palette.line)


def picture_cells(canvas: Canvas, facts: BackpropFacts, state: ViewState) -> int:
    """The columns of the picture; 0 where there is no room for one."""
    width, height = canvas.width, canvas.height
    least, rows = ROOM
    if height < rows:
        return 0
    for cells in dict.fromkeys((max(least, min(round(SHARE * width), MOST)), least)):
        left = width - cells - GUTTER
        if facts.microstep.kind in SHORT and left >= LEAST_LEFT:
            return cells
        sheet = Sheet(canvas.palette, canvas.glyphs, canvas.colour, left, height)
        if left >= LEAST_LEFT and is_complete(facts.explanation, sheet, state):
            return cells
    return 0


def _blank(canvas: Canvas, width: int) -> Canvas:
    return Canvas(width, canvas.height, canvas.palette, canvas.glyphs, canvas.colour)
