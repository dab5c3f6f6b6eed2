"""The pane of screen GLM on what z of a network is linear in: x, the weights, both or neither."""

from engine.least_squares.linearity import Bend
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import CELLS, norm
from tui.drawing.text_lines import Line, Span, draw_line, words
from tui.explain.explainable import Explainable
from tui.explain.glm import linear_in_numbers
from tui.model.frame import Frame
from tui.model.glm.linear_in import Measured, linear_in_what
from tui.panes.base.pane import Pane
from tui.panes.glm.stack import MAX_ROUNDING

TITLES = "Linear in what?", "Linear in?"
HEADS = "in the weights", "weights", "in w"
NAMES = {"polynomial features": "polynomial"}  # shorter
WORD = len("linear")
GAP = 2  # cells between the columns
MEASURES = (
    "in x: the largest |z − its best affine fit|; in the weights: the second difference "
    "of z along all of them"
)
FEW = "– too few different examples to tell"


class LinearInPane(Pane):
    """A row for each reference network and the present one: is z linear in x, in the weights?"""

    HELP = """
Linear in what? A table: z of the last layer, as a function of x, and as one of the weights.
In x: the largest |z − its best affine fit|, by least squares, over the first 200 training examples.
In the weights: the second difference of z when all weights and biases move by ±h, here 1/64, along
a random direction of length 1. Where a number is no more than rounding, z is linear there; – where
rounding could hide that it is not, or the examples are too few.
One layer is linear in both: it is a GLM. On squares and products of x (polynomial regression) it is
linear in its weights only. A stack of identities is linear in x only: its weights multiply. The
same stack with relu is linear in neither.
The weights of these four are random; the last row is the present network.
"""

    SHOWS_SELECTION = False

    _known: tuple[Frame, tuple[Measured, ...]] | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        return self.fitting_title(*TITLES), ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        if self._known is None or self._known[0] is not frame:
            self._known = frame, linear_in_what(frame)
        for y, line in enumerate(_lines(canvas, self._known[1])[: canvas.height]):
            draw_line(canvas, y, line)

    def explainable(self, frame: Frame) -> Explainable | None:
        """Both numbers of each row, beginning with the present network's."""
        return linear_in_numbers(frame)


def _lines(canvas: Canvas, measured: tuple[Measured, ...]) -> list[Line]:
    palette, width = canvas.palette, canvas.width
    longest = max(len(m.name) for m in measured)
    label = next(
        (n for n in (longest, len("identity stack")) if n + 2 * (GAP + CELLS + 1 + WORD) <= width),
        0,
    )
    cell = CELLS + 1 + WORD if label else CELLS
    label = label or width - 2 * (GAP + cell)
    gap = " " * GAP
    left = " " * label + f"{gap}{'in x':<{cell}}{gap}"
    lines: list[Line] = [[Span(left + first_fitting(HEADS, width - len(left)), palette.low)]]
    for m in measured:
        name = first_fitting((m.name, NAMES.get(m.name, m.name), m.name.split()[0]), label)
        is_this = m is measured[-1]
        line = [Span(f"{name:<{label}}", palette.hi if is_this else palette.mid)]
        for bend, is_known in ((m.linear.in_x, m.tells_x), (m.linear.in_weights, True)):
            line.append(Span(gap, palette.low))
            line += _cell(bend if is_known else None, cell, canvas)
        lines.append(line)
    notes = [MEASURES] if all(m.tells_x for m in measured) else [FEW, MEASURES]
    for note in notes:
        more = words(note, palette.low, width)
        if len(lines) + len(more) < canvas.height:
            lines += more if note is FEW else [[], *more]
    return lines


def _cell(bend: Bend | None, cell: int, canvas: Canvas) -> Line:
    """The number and what it says; the word or the number alone where the cells are few."""
    palette = canvas.palette
    if bend is None or bend.is_zero is None or (bend.is_zero and bend.rounding >= MAX_ROUNDING):
        return [Span(f"{'–':>{CELLS}}".ljust(cell), palette.low)]
    bends = not bend.is_zero
    word, number = "bends" if bends else "linear", f"{norm(bend.size):>{CELLS}}"
    text = number if bends else f"{word:>{CELLS}}"
    if cell > CELLS:
        text = f"{number} {word:<{WORD}}"
    return [Span(text, palette.hi if bends else palette.mid, bends)]
