"""Drawing the layers table: the example's block, the batch's, and the weights."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array, length
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import cut_names, short
from tui.drawing.numbers import norm, num
from tui.drawing.palette import Palette
from tui.model.frame import Frame
from tui.model.premises import shown_bias
from tui.panes.explore.layer_columns import OF_EXAMPLE, PITCH, Columns
from tui.panes.explore.layer_numbers import VISIBLE, LayerNumbers, bar_end
from tui.panes.explore.layer_rows import Row, RowKind, weight_pitch


@dataclass(frozen=True, eq=False)
class LayersTable:
    """The table of a frame on a canvas; ``chosen`` is the selected column, "" where no unit is."""

    canvas: Canvas
    frame: Frame
    columns: Columns
    numbers: LayerNumbers
    chosen: str

    def draw_heads(self) -> None:
        """The names of the blocks, and of the columns."""
        canvas, columns, glyphs = self.canvas, self.columns, self.canvas.glyphs
        low, mid = canvas.palette.low, canvas.palette.mid
        example, batch = self._blocks()
        canvas.text(0, 0, first_fitting(example, columns.rule - 1), mid)
        end = canvas.width if columns.weights is None else columns.weights - 1
        start = columns.rule + 2
        canvas.text(start, 0, first_fitting(batch, end - start), mid)
        canvas.text(0, 1, "l", low)
        canvas.right(columns.unit, 1, "j", low)
        spelt = {"δ": glyphs.delta, "∂C/∂b": glyphs.dC_db, "‖∂C/∂w‖": glyphs.norm_dC_dw}
        for name, column_end in columns.ends.items():
            is_chosen = name == self.chosen
            ink = canvas.palette.hi if is_chosen else low
            canvas.right(column_end, 1, spelt.get(name, name), ink, bold=is_chosen)
        if columns.weights is not None:
            canvas.text(columns.weights + 2, 0, "weights", mid)
            for index, name in enumerate(self._weight_names(PITCH)):
                canvas.right(columns.weights + 1 + PITCH * (index + 1), 1, name, low)
        self._rules(0, canvas.palette.line)
        self._rules(1, canvas.palette.line)

    def draw_row(self, y: int, row: Row, is_first: bool) -> None:
        """A row of the table; the first that is shown names its layer."""
        if row.part is RowKind.LAYER:
            self._layer(y, row.layer)
        elif row.part is RowKind.WEIGHT_HEAD:
            self._weight_head(y)
        elif row.part is RowKind.WEIGHTS_HEAD:
            self._weights_head(y)
        elif row.unit is not None:
            if self._is_selected(row):
                self.canvas.paint(0, y, self.canvas.width, 1, self.canvas.palette.sel)
            if row.part is RowKind.WEIGHT:
                self._weight(y, row)
                return
            self._name(y, row, is_first)
            if row.part is RowKind.WEIGHTS:
                pitch = weight_pitch(self.frame.network, self.canvas.width)
                self._weights(y, row, self.columns.unit, pitch)
                return
            self._unit(y, row)
            if self.columns.weights is not None:
                self._weights(y, row, self.columns.weights + 1, PITCH)

    # the heads

    def _blocks(self) -> tuple[list[str], list[str]]:
        """Of which examples the numbers of the two blocks are: texts, the longest first."""
        frame = self.frame
        n = count(len(frame.batch.example_losses))
        batch = [f"{of} batch of {n}" for of in ("mean of the next", "next")]
        batch += [f"batch of {n}", "next batch", "batch"]
        if frame.batch_mode:
            return ["mean of the next batch", "mean of the batch", "batch mean"], batch
        example = f"example {count(frame.example + 1)}"
        test = " (test)" if frame.example in frame.data.test else ""
        return [
            f"{example} of {count(len(frame.data.X))}{test}",
            f"{example}{test}",
            example,
        ], batch

    def _rules(self, y: int, ink: int) -> None:
        """The rules between the blocks, in one row."""
        for x in (self.columns.rule, self.columns.weights):
            if x is not None:
                self.canvas.text(x, y, self.canvas.glyphs.rule, ink)

    def _weight_names(self, pitch: int) -> list[str]:
        """The heads of all weights of a unit: the bias first, then the inputs of layer 1 by their
        names if it is the only layer."""
        network, glyphs = self.frame.network, self.canvas.glyphs
        names = [f"w{glyphs.sub(k + 1)}" for k in range(max(network.sizes[:-1]))]
        if len(network.sizes) == 2:
            names = cut_names(self.frame.data.feature_names, pitch - 1)
        return ["b"] * network.bias + names

    # rows

    def _is_selected(self, row: Row) -> bool:
        frame = self.frame
        if not frame.unit_lit or (row.layer, row.unit) != frame.unit:
            return False
        return row.part is not RowKind.WEIGHT or row.weight == frame.weight

    def _name(self, y: int, row: Row, is_first: bool) -> None:
        """The layer, once, and the unit."""
        canvas, palette, unit = self.canvas, self.canvas.palette, row.unit or 0
        if unit == 0 or is_first:
            canvas.text(0, y, str(row.layer), ink=palette.mid)
        selected = self._is_selected(row)
        ink = palette.hi if selected else palette.mid
        canvas.right(self.columns.unit, y, str(unit + 1), ink=ink, bold=selected)

    def _unit(self, y: int, row: Row) -> None:
        canvas, palette, columns = self.canvas, self.canvas.palette, self.columns
        numbers, at, unit = self.numbers, row.layer - 1, row.unit or 0
        self._rules(y, palette.line)
        chosen = self.chosen if self._is_selected(row) else ""
        delta = float(numbers.delta[at][unit])
        of_example = float(numbers.z[at][unit]), float(numbers.a[at][unit]), delta
        signed = dict(zip(OF_EXAMPLE, of_example, strict=True))
        gradient = float(numbers.bias_gradients[at][unit])
        if self.frame.network.bias:
            signed["∂C/∂b"] = gradient
            self._bar("∂C/∂b", y, gradient, numbers.bias_end)
        else:
            canvas.right(columns.ends["∂C/∂b"], y, "–", ink=palette.low)
        self._bar("δ", y, delta, numbers.delta_end)
        for name, value in signed.items():
            if name in columns.ends:
                bold = name == chosen
                ink = _ink(palette, value, bold)
                canvas.right(columns.ends[name], y, num(value), ink, bold=bold)
        name = "‖∂C/∂w‖"
        if name in columns.ends:
            size, bold = float(numbers.norms[at][unit]), name == chosen
            ink = palette.hi if bold else palette.mid
            canvas.right(columns.ends[name], y, norm(size), ink, bold=bold)
            self._bar(name, y, size, numbers.norm_end, palette.mid)

    def _bar(self, name: str, y: int, value: float, end: float, ink: int | None = None) -> None:
        """The bar of |value| behind a column's number, in the ink of its sign or that given; grey
        where it is next to nothing."""
        if name in self.columns.bars:
            palette = self.canvas.palette
            if abs(value) < VISIBLE:
                ink = palette.low
            elif ink is None:
                ink = palette.ink(value)
            x, cells = self.columns.ends[name] + 1, self.columns.bars[name]
            self.canvas.bar(x, y, cells, abs(value) / end, ink)

    def _layer(self, y: int, layer: int) -> None:
        """The layer's own line: its activation, ‖δ⁽ˡ⁾‖ and ‖∂C/∂W⁽ˡ⁾‖."""
        canvas, glyphs, columns = self.canvas, self.canvas.glyphs, self.columns
        palette, low = canvas.palette, canvas.palette.low
        canvas.text(0, y, glyphs.dash * canvas.width, ink=palette.line)
        self._rules(y, palette.line)
        name = f" {layer} {self.frame.network.layer_activations[layer - 1].name} "
        canvas.text(1, y, name, ink=low)
        of_layer = glyphs.layer(layer)
        parts = [
            ("δ", 1 + len(name), [glyphs.delta + of_layer, glyphs.delta], self.numbers.delta),
            (
                "‖∂C/∂w‖",
                columns.rule + 1,
                [glyphs.derivative("C", "W" + of_layer), glyphs.derivative("C", "W")],
                self.numbers.norms,
            ),
        ]
        for column, start, symbols, values in parts:
            if (end := columns.ends.get(column)) is None:
                continue
            number = f" {norm(length(values[layer - 1]))} "
            labels = [f" {glyphs.norm(symbol)}" for symbol in symbols]
            label = first_fitting(labels, end + 1 - len(number) - start)
            if not label and column == "δ":  # after a long name: over the bar, behind one blank
                end += columns.bars.get(column, 0)
                label = first_fitting(labels, end + 2 - len(number) - start)
            if label:
                canvas.right(end + 1 - len(number), y, label, ink=low)
                canvas.right(end + 1, y, number, ink=palette.mid)

    # weights

    def _weight_head(self, y: int) -> None:
        """The line above single weights: what stands in their columns."""
        canvas, low, ends = self.canvas, self.canvas.palette.low, self.columns.ends
        canvas.text(0, y, canvas.glyphs.dash * canvas.width, ink=canvas.palette.line)
        self._rules(y, canvas.palette.line)
        canvas.text(1, y, " weights ", low)
        canvas.right(ends["δ"] + 1, y, " w ", low)
        gradient = f" {canvas.glyphs.derivative('C', 'w')} "
        canvas.right(ends["∂C/∂b"] + 1, y, gradient, low)

    def _weights_head(self, y: int) -> None:
        """The line above all weights of units."""
        canvas, low = self.canvas, self.canvas.palette.low
        canvas.text(0, y, canvas.glyphs.dash * canvas.width, ink=canvas.palette.line)
        canvas.text(1, y, " w ", low)
        pitch = weight_pitch(self.frame.network, canvas.width)
        for index, name in enumerate(self._weight_names(pitch)):
            canvas.right(self.columns.unit + pitch * (index + 1) + 1, y, f" {name} ", low)

    def _weight(self, y: int, row: Row) -> None:
        """A weight of the only unit, or its bias, with its name, and ∂C by it."""
        canvas, palette, ends = self.canvas, self.canvas.palette, self.columns.ends
        names, (values, gradients) = self.frame.data.feature_names, self._single_unit
        name = names[row.weight] if row.weight < len(names) else "b"
        bold = self._is_selected(row)
        self._rules(y, palette.line)
        room = ends["δ"] - PITCH - 2
        canvas.text(2, y, short(name, room, names), palette.hi if bold else palette.mid)
        for column, numbers, end in (
            ("δ", values, self._weight_ends[0]),
            ("∂C/∂b", gradients, self._weight_ends[1]),
        ):
            value = float(numbers[row.weight])
            canvas.right(ends[column], y, num(value), _ink(palette, value, bold), bold=bold)
            self._bar(column, y, value, end)

    @cached_property
    def _single_unit(self) -> tuple[Array, Array]:
        """The weights of the only unit and ∂C by them, with the bias at the end."""
        W, dW = self.frame.network.weights[0][0], self.frame.batch.weight_gradients[0][0]
        if not self.frame.network.bias:
            return W, dW
        return np.append(W, self._biases[0]), np.append(dW, self.numbers.bias_gradients[0])

    @cached_property
    def _biases(self) -> list[Array]:
        """The biases of each layer."""
        network, batch = self.frame.network, self.frame.batch
        return [shown_bias(network, batch, l) for l in range(1, len(network.sizes))]

    @cached_property
    def _weight_ends(self) -> tuple[float, float]:
        """The ends of their bars."""
        values, gradients = self._single_unit
        return bar_end([values]), bar_end([gradients])

    def _weights(self, y: int, row: Row, start: int, pitch: int) -> None:
        """All weights of a unit, the bias first, from a column on."""
        frame, palette, at = self.frame, self.canvas.palette, row.layer - 1
        network, unit = frame.network, row.unit or 0
        W = network.weights[at][unit].tolist()
        numbered = [*enumerate(W)]
        if network.bias:
            numbered.insert(0, (len(W), float(self._biases[at][unit])))
        for index, (k, value) in enumerate(numbered, start=1):
            bold, end = self._is_selected(row) and k == frame.weight, start + pitch * index
            self.canvas.right(end, y, num(value), _ink(palette, value, bold), bold=bold)


def _ink(palette: Palette, value: float, chosen: bool) -> int:
    """The ink of a number; a chosen 0, which has no sign to show, is bright."""
    return palette.hi if chosen and value == 0.0 else palette.ink(value)
