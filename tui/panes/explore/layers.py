"""The layers pane: z, a, δ and the gradients of every unit, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from textual import events

from engine import EngineError
from engine.arrays import Array, length, lengths
from engine.network.losses import loss_named
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import MINUS, WIDE, cost_text, norm, num
from tui.drawing.palette import Palette
from tui.model.frame import Frame
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.explain.explainable import Explainable

COLUMNS = {"l": 1, "j": 4, "z": 11, "a": 18, "δ": 25}  # where each column ends
CHOICES = ("z", "a", "δ", "∂C/∂b", "‖∂C/∂w‖")  # the columns that can be explained
BARS = ((56, 5), (48, 3))  # from which width on the bars of δ have which half-width
MOST_CELLS, MOST_DECIMALS = 10, 8  # of ŷ and y there
SUM_ROWS = 2  # for ŷ, y and C_x below the table


@dataclass(frozen=True)
class Numbers:
    """The numbers of the table, computed once per frame; lists are by layer."""

    z: list[Array]
    a: list[Array]
    delta: list[Array]
    norms: list[Array]  # ‖∂C/∂w‖ of each unit
    largest_delta: float
    largest_norm: float


def numbers_of(frame: Frame) -> Numbers:
    """The numbers of a frame."""
    shown = frame.shown
    delta = [frame.shown_row(d) for d in shown.deltas]
    norms = [lengths(g) for g in frame.batch.weight_gradients]
    return Numbers(
        z=[frame.shown_row(z) for z in shown.forward.z],
        a=[frame.shown_row(a) for a in shown.forward.a[1:]],
        delta=delta,
        norms=norms,
        largest_delta=_largest(delta),
        largest_norm=_largest(norms),
    )


@dataclass(frozen=True)
class Row:
    """A line of the table: a unit, or (unit None) its layer as a whole."""

    layer: int
    unit: int | None


def rows_of(frame: Frame, pane_height: int) -> tuple[tuple[Row, ...], int]:
    """All rows of the table, and how many of them fit below its head."""
    sizes = frame.network.sizes[1:]
    height = max(1, pane_height - 1)
    # if all units fit, but not with the layers' lines, these are left out
    layer_lines = not sum(sizes) <= height < sum(sizes) + len(sizes)
    return _all_rows(sizes, layer_lines), height


def first_row(before: int, rows: tuple[Row, ...], height: int, frame: Frame) -> int:
    """The first row to show: scrolled no further than needed to show the selected unit."""
    selected = rows.index(Row(*frame.unit)) if frame.unit_lit and frame.unit[0] > 0 else 0
    return max(min(before, selected, max(0, len(rows) - height)), selected - height + 1)


class LayersPane(Pane):
    """A table of live numbers; the selected unit's row is lit."""

    HELP = """
Layers: every unit's numbers at this step.
z, a and δ = ∂C_x/∂z are of the selected example ({batch}: means over the next batch).
∂C/∂b and the norm of ∂C/∂w are of means over the batch that the next step will use.
Where the target was standardised, δ and ∂C are of the standardised cost.
The line above each layer has the norms of its whole δ and ∂C/∂W.
{up} {down} select a unit, {left} {right} a column, and so does a click; {explain} says where that
number comes from. {example_back} {example_on} change the example.
"""

    _first_row = 0
    _column = "δ"

    def titles(self, frame: Frame) -> tuple[str, str]:
        n = len(frame.batch.example_losses)
        units = " · standardised" if (frame.data.y_scale.sd != 1.0).any() else ""
        if frame.batch_mode:
            return f"Layers · mean of the next batch of {n}", f"all means over {n}{units}"
        of = f"example {frame.example + 1} of {len(frame.data.X)}"
        part = " (test)" if frame.example in frame.data.test else ""
        rows, height = rows_of(frame, self.size.height)
        more = f" · ↑↓ {len(rows) - height} more" if len(rows) > height else ""
        return f"Layers · {of}{part}{more}", f"z a δ of it · ∂C mean of batch ({n}){units}"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        self._head(canvas, frame.unit_lit)
        numbers = numbers_of(frame)
        rows, height = rows_of(frame, canvas.height)
        self._first_row = first = first_row(self._first_row, rows, height, frame)
        for y, row in enumerate(rows[first : first + height], start=1):
            if row.unit is None:
                self._layer(canvas, y, frame, numbers, row.layer)
            else:
                self._unit(canvas, y, frame, numbers, row.layer, row.unit)
        if canvas.height - 1 - len(rows) >= SUM_ROWS:
            self._sum(canvas, canvas.height - 1, frame)

    def _head(self, canvas: Canvas, lit: bool) -> None:
        glyphs, low = canvas.glyphs, canvas.palette.low
        _, db, dw = self._columns(canvas.width)
        spelt = {"δ": glyphs.delta, "∂C/∂b": glyphs.dC_db, "‖∂C/∂w‖": glyphs.norm_dC_dw}
        for name, end in {**COLUMNS, "∂C/∂b": db, "‖∂C/∂w‖": dw}.items():
            chosen = lit and name == self._chosen()
            if end <= canvas.width:
                text = spelt.get(name, name)
                canvas.right(end, 0, text, canvas.palette.hi if chosen else low, bold=chosen)

    @staticmethod
    def _columns(width: int) -> tuple[int, int, int]:
        """The half-width of the bars of δ, and where ∂C/∂b and ‖∂C/∂w‖ behind them end."""
        half = next((bars for room, bars in BARS if width >= room), 0)
        db = COLUMNS["δ"] + (2 * half + 3 if half else 2) + 6
        return half, db, db + 8

    def _choices(self) -> tuple[str, ...]:
        """The columns that there is room for."""
        return CHOICES if self._columns(self.size.width)[2] <= self.size.width else CHOICES[:-1]

    def _chosen(self) -> str:
        """The selected column; δ if there is no room for it."""
        return self._column if self._column in self._choices() else "δ"

    def _unit(
        self, canvas: Canvas, y: int, frame: Frame, numbers: Numbers, layer: int, unit: int
    ) -> None:
        palette = canvas.palette
        selected = frame.unit_lit and (layer, unit) == frame.unit
        if selected:
            canvas.paint(0, y, canvas.width, 1, palette.sel)
        if unit == 0 or y == 1:
            canvas.right(COLUMNS["l"], y, str(layer), ink=palette.mid)
        ink = palette.hi if selected else palette.mid
        canvas.right(COLUMNS["j"], y, str(unit + 1), ink=ink, bold=selected)
        delta = float(numbers.delta[layer - 1][unit])
        z, a = float(numbers.z[layer - 1][unit]), float(numbers.a[layer - 1][unit])
        column = self._chosen() if selected else ""
        for name, value in (("z", z), ("a", a), ("δ", delta)):
            bold = name == column
            canvas.right(COLUMNS[name], y, num(value), _ink(palette, value, bold), bold=bold)
        half, db, dw = self._columns(canvas.width)
        if half:
            share = delta / numbers.largest_delta if numbers.largest_delta else 0.0
            canvas.signed_bar(COLUMNS["δ"] + 1 + half, y, half, share, palette.ink(delta))
        if frame.network.bias:
            bias_gradient = float(frame.batch.bias_gradients[layer - 1][unit])
            bold = column == "∂C/∂b"
            canvas.right(db, y, num(bias_gradient), _ink(palette, bias_gradient, bold), bold=bold)
        else:
            canvas.right(db, y, "–", ink=palette.low)
        length = float(numbers.norms[layer - 1][unit])
        if dw > canvas.width:
            return
        bold = column == "‖∂C/∂w‖"
        canvas.right(dw, y, norm(length), ink=palette.hi if bold else palette.mid, bold=bold)
        room = canvas.width - dw - 1
        if room >= 2 and numbers.largest_norm:
            canvas.bar(dw + 1, y, room, length / numbers.largest_norm, palette.mid)

    def _layer(self, canvas: Canvas, y: int, frame: Frame, numbers: Numbers, layer: int) -> None:
        """The layer's own line: its activation, ‖δ⁽ˡ⁾‖ and ‖∂C/∂W⁽ˡ⁾‖."""
        glyphs, palette = canvas.glyphs, canvas.palette
        canvas.text(0, y, glyphs.dash * canvas.width, ink=palette.line)
        name = frame.network.layer_activations[layer - 1].name
        delta = length(numbers.delta[layer - 1])
        gradient = length(numbers.norms[layer - 1])
        _, _, dw = self._columns(canvas.width)
        dW = glyphs.norm(glyphs.derivative("C", "W" + glyphs.layer(layer)))
        canvas.text(1, y, f" {layer} {name} ", ink=palette.low)
        # in words there is no room for the layer, whose number begins the line
        delta_name = glyphs.norm(glyphs.delta + ("" if glyphs.ascii else glyphs.layer(layer)))
        ends = ((COLUMNS["δ"] + 4, delta_name, delta), (dw, dW, gradient))
        for end, label, value in ends[: 2 if dw <= canvas.width and dw > 46 else 1]:
            canvas.right(end - 7, y, f" {label}", ink=palette.low)
            canvas.right(end + 1, y, f" {norm(value)} ", ink=palette.mid)

    @staticmethod
    def _sum(canvas: Canvas, y: int, frame: Frame) -> None:
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
        if factor is not None:
            texts = _making(texts, values, frame.example_cost, factor)
        x = 1
        for name, value, text in zip((glyphs.y_hat, "y"), values, texts, strict=True):
            canvas.text(x, y, name + subscript, ink=palette.mid)
            x += len(name + subscript) + 1
            canvas.text(x, y, text, ink=palette.ink(value))
            x += max(WIDE, len(text)) + 1
        square = f"({glyphs.y_hat} {glyphs.minus} y){glyphs.squared}"
        half = f"({square})/2" if glyphs.ascii else f"½{square}"
        formula = "" if factor is None else f" = {square if factor == 1.0 else half}"
        canvas.text(x, y, f"C_x{formula} = ", ink=palette.mid)
        x += len(f"C_x{formula} = ")
        canvas.text(x, y, cost_text(frame.example_cost), ink=palette.hi)

    def explainable(self, frame: Frame) -> Explainable | None:
        """The number of the selected unit in the selected column."""
        from tui.explain.step import GradientNorm, StepQuantity

        layer, unit = frame.unit
        if layer == 0 or not frame.unit_lit:
            return None
        fan_in, mean = frame.network.sizes[layer - 1], frame.batch_mode
        match self._chosen():
            case "∂C/∂b" if not frame.network.bias:
                raise EngineError("this network has no biases, and so no ∂C/∂b")
            case "∂C/∂b":
                return StepQuantity(frame, "gradient", layer, unit, fan_in, mean)
            case "‖∂C/∂w‖":
                return GradientNorm(frame, layer, unit)
            case "z":
                return StepQuantity(frame, "z", layer, unit, batch_mode=mean)
            case "a":
                return StepQuantity(frame, "a", layer, unit, batch_mode=mean)
        return StepQuantity(frame, "delta", layer, unit, batch_mode=mean)

    def move(self, dx: int, dy: int) -> None:
        """Select another column, or another unit; where none is lit, first any."""
        frame = self.view
        if frame is None:
            return
        sizes = frame.network.sizes
        units = _all_rows(sizes[1:], False)
        layer, unit = frame.unit
        here = sum(sizes[1:layer]) + unit if frame.unit_lit and layer else None
        if dx:
            choices = self._choices()
            at = choices.index(self._chosen()) + dx
            self._column = choices[min(max(at, 0), len(choices) - 1)]
            self.redraw()
        if dy or here is None:
            row = units[0 if here is None else min(max(here + dy, 0), len(units) - 1)]
            self.post_message(self.UnitSelected(row.layer, row.unit or 0))

    def on_click(self, event: events.Click) -> None:
        """Select the unit drawn there, and the column."""
        offset = event.get_content_offset(self)
        if self.view is None or offset is None or offset.y < 1:  # above the rows is the head
            return
        rows, _ = rows_of(self.view, self.size.height)
        index = self._first_row + offset.y - 1
        if index >= len(rows) or rows[index].unit is None:
            return
        _, db, dw = self._columns(self.size.width)
        ends = {**COLUMNS, "∂C/∂b": db, "‖∂C/∂w‖": dw}
        self._column = next((c for c in self._choices() if offset.x < ends[c]), self._column)
        self.post_message(self.UnitSelected(rows[index].layer, rows[index].unit or 0))

    def on_mouse_scroll_down(self) -> None:
        self.move(0, 1)

    def on_mouse_scroll_up(self) -> None:
        self.move(0, -1)


@lru_cache(maxsize=4)
def _all_rows(sizes: tuple[int, ...], layer_lines: bool) -> tuple[Row, ...]:
    """A row for each unit of layers 1 … L, and one before each layer where these have lines."""
    return tuple(
        Row(layer, unit)
        for layer, n in enumerate(sizes, start=1)
        for unit in (*((None,) if layer_lines else ()), *range(n))
    )


def _making(texts: list[str], values: tuple[float, float], cost: float, factor: float) -> list[str]:
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


def _largest(arrays: list[Array]) -> float:
    values = np.abs(np.concatenate(arrays))
    return float(values[np.isfinite(values)].max(initial=0.0))


def _ink(palette: Palette, value: float, chosen: bool) -> int:
    """The ink of a number; a chosen 0, which has no sign to show, is bright."""
    return palette.hi if chosen and value == 0.0 else palette.ink(value)
