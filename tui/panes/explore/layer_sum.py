"""ŷ, y and C_x of the selected example, below the layers table."""

from engine.network.losses import loss_named
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import MINUS, WIDE, cost_text, num
from tui.model.frame import Frame

MOST_CELLS, MOST_DECIMALS = 10, 8  # of ŷ and y


def draw_sum(canvas: Canvas, y: int, frame: Frame) -> None:
    """ŷ, y and C_x of the selected example."""
    glyphs, palette = canvas.glyphs, canvas.palette
    if frame.batch_mode:
        canvas.text(1, y, "C of the batch = ", ink=palette.mid)
        canvas.text(18, y, cost_text(frame.batch_cost), ink=palette.hi)
        return
    k = frame.unit[1] if frame.unit[0] == len(frame.network.sizes) - 1 else 0
    subscript = glyphs.sub(k + 1) if len(frame.target) > 1 else ""
    factor = None if subscript else loss_named(str(frame.experiment.loss)).squares
    values = float(frame.prediction[k]), float(frame.target[k])
    texts = [num(value, WIDE).strip() for value in values]
    if factor is not None and not frame.playing:  # digits would jump from frame to frame
        texts = _with_enough_decimals(texts, values, frame.example_cost, factor)
    x = 1
    for name, value, text in zip((glyphs.y_hat, "y"), values, texts, strict=True):
        canvas.text(x, y, name + subscript, ink=palette.mid)
        x += len(name + subscript) + 1
        canvas.text(x, y, text, ink=palette.ink(value))
        x += max(WIDE, len(text)) + 2
    square = f"({glyphs.y_hat} {glyphs.minus} y){glyphs.squared}"
    half = f"({square})/2" if glyphs.ascii else f"½{square}"
    formula = "" if factor is None else f" = {square if factor == 1.0 else half}"
    cost = cost_text(frame.example_cost)
    name = first_fitting((f"C_x{formula} = ", "C_x = "), canvas.width - x - len(cost))
    if name:
        canvas.text(x, y, name, ink=palette.mid)
        canvas.text(x + len(name), y, cost, ink=palette.hi)


def _with_enough_decimals(
    texts: list[str], values: tuple[float, float], cost: float, factor: float
) -> list[str]:
    """ŷ and y with as many decimals as it takes for ``factor`` times the square of their
    difference, by what is printed, to be the cost as it is printed; within ``MOST_CELLS``."""
    exact = [float(t.replace(MINUS, "-")) == v for t, v in zip(texts, values, strict=True)]
    longer = (
        [
            text if is_exact else f"{value:+.{decimals}f}".replace("-", MINUS)
            for text, value, is_exact in zip(texts, values, exact, strict=True)
        ]
        for decimals in range(1, MOST_DECIMALS)
    )
    for pair in (texts, *longer):
        y_hat, y = (float(text.replace(MINUS, "-")) for text in pair)
        made = factor * (y_hat - y) * (y_hat - y)
        if max(map(len, pair)) <= MOST_CELLS and cost_text(made) == cost_text(cost):
            return pair
    return texts
