"""The pane of screen GLM on one hidden unit: a linear predictor and an inverse link, no target."""

from typing import NamedTuple

import numpy as np

from engine import EngineError
from engine.wording import plural
from tui.drawing.canvas import Canvas
from tui.drawing.grid import cut
from tui.drawing.numbers import CELLS, num
from tui.drawing.text_lines import Line, Span, draw_line, draw_words, number, words
from tui.explain.explainable import Explainable, standardised_note
from tui.explain.step import StepQuantity
from tui.model.frame import Frame
from tui.model.glm.formulas import NO_LINK, UNIT_LINK
from tui.panes.base.pane import Pane

NAME = 12  # cells of an input's name at the most
WITH_FACTORS = 2 * CELLS + 4  # cells beside a name for w · x before the product
MISSING = "no target, no distribution of a: nothing to fit"
SHORT = "no target: nothing to fit"
NO_UNIT = "no hidden unit: this network is one layer"


class _Term(NamedTuple):
    """What one input adds to z: its name, weight and value."""

    name: str
    w: float
    x: float


class HiddenUnitPane(Pane):
    """z and a of one hidden unit at the selected example, as those of a GLM."""

    HELP = """
Hidden unit as a GLM: like one, it has a linear predictor, z = b + Σ w x, and an inverse link, the
activation a = σ(z); x are the inputs of its layer. What makes a model of these is missing: data
have no target for a hidden unit, so a has no distribution, no likelihood and nothing to fit. Its
weights are fitted only by what the layers behind make of a.
The link is what gives z back from a. relu has none: all z below 0 give 0.
The numbers are those of the selected example, the largest |w x| first.
{up} {down} select the unit, of all hidden layers in turn; {explain} says where its z comes from.
{example_back} {example_on} change the example.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        chosen = _chosen(frame)
        if chosen is None:
            return "Hidden unit", ""
        name = self.look.glyphs.unit("a", chosen[0], chosen[1] + 1)
        forms = f"Hidden unit {name} as a GLM", f"Unit {name} as a GLM", f"Unit {name}"
        return self.fitting_title(
            *forms
        ), f"example {frame.example + 1}{standardised_note(frame.data)}"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        chosen = _chosen(frame)
        if chosen is None:
            draw_words(canvas, NO_UNIT)
            return
        for y, line in enumerate(_lines(canvas, frame, *chosen)[: canvas.height]):
            draw_line(canvas, y, line)

    def move(self, dx: int, dy: int) -> None:
        """Select the hidden unit above or below."""
        frame = self.view
        chosen = None if frame is None else _chosen(frame)
        if frame is None or chosen is None or not dy:
            return
        sizes = frame.network.sizes
        units = [(l, j) for l in range(1, len(sizes) - 1) for j in range(sizes[l])]
        at = units.index(chosen) + dy
        self.post_message(self.UnitSelected(*units[min(max(at, 0), len(units) - 1)]))

    def explainable(self, frame: Frame) -> Explainable:
        """z of the unit at the selected example."""
        chosen = _chosen(frame)
        if chosen is None:
            raise EngineError(NO_UNIT)
        return StepQuantity(frame, "z", *chosen)


def _chosen(frame: Frame) -> tuple[int, int] | None:
    """The selected hidden unit, or else the first one: layer from 1, unit from 0."""
    sizes, (layer, unit) = frame.network.sizes, frame.unit
    if len(sizes) < 3:
        return None
    return (layer, unit) if 0 < layer < len(sizes) - 1 else (1, 0)


def _terms(canvas: Canvas, frame: Frame, layer: int, unit: int) -> list[_Term]:
    """What each input of the unit adds, the largest first."""
    glyphs, network, passed = canvas.glyphs, frame.network, frame.single.forward
    x, w = passed.a[layer - 1][0], network.weights[layer - 1][unit]
    names = (
        [*frame.data.feature_names]
        if layer == 1
        else [glyphs.unit("a", layer - 1, j + 1) for j in range(len(x))]
    )
    terms = [_Term(*term) for term in zip(names, w.tolist(), x.tolist(), strict=True)]
    for source in network.skips_into(layer):
        skipped = float(passed.a[source][0, unit])
        name = glyphs.unit("a", source, unit + 1) if source else frame.data.feature_names[unit]
        terms.append(_Term(name, 1.0, skipped))
    return sorted(terms, key=lambda term: -abs(np.nan_to_num(term.w * term.x)))


def _lines(canvas: Canvas, frame: Frame, layer: int, unit: int) -> list[Line]:
    """z with its terms, a with the inverse link, and what is missing; the terms that have no room
    in one line."""
    glyphs, palette, width = canvas.glyphs, canvas.palette, canvas.width
    network, passed = frame.network, frame.single.forward
    z, a = float(passed.z[layer - 1][0, unit]), float(passed.a[layer][0, unit])
    bias = float(network.biases[layer - 1][unit]) if network.bias else None
    name_z, name_a = (glyphs.unit(letter, layer, unit + 1) for letter in "za")
    sigma = network.activations[layer - 1]
    result = [
        _row(canvas, f"{name_z} =", "", z, True),
        _row(canvas, f"{name_a} =", f"{sigma}(z)", a, True),
        *words(_link(sigma), palette.mid, width),
        *words(MISSING if canvas.height > 6 else SHORT, palette.hi, width),
    ]
    terms = _terms(canvas, frame, layer, unit)
    room = canvas.height - len(result) - (bias is not None)
    shown = terms if len(terms) <= room else terms[: max(0, room - 1)]
    rows = [] if bias is None else [_row(canvas, "b", "", bias)]
    longest = max((min(len(term.name), NAME) for term in terms), default=0)
    for term in shown:
        factors = ""
        if longest + WITH_FACTORS + CELLS + 1 <= width:
            factors = f"{num(term.w)} {glyphs.text('·')} {num(term.x)}"
        rows.append(_row(canvas, term.name, factors, term.w * term.x))
    if more := len(terms) - len(shown):
        rest = float(sum(term.w * term.x for term in terms[len(shown) :]))
        rows.append(_row(canvas, plural(more, "more input"), "", rest))
    return [*rows, *result] if room > 0 else result


def _row(canvas: Canvas, name: str, middle: str, value: float, bold: bool = False) -> Line:
    """A name, how the number comes about if there is room, and the number at the right."""
    palette = canvas.palette
    cells = min(canvas.width, NAME + WITH_FACTORS + CELLS + 6)
    room = cells - CELLS - 1
    name = cut(name, NAME if middle else room)
    text = f"{name:<{NAME}} {middle}"
    if len(text) > room:
        text = f"{name} {middle}" if len(name) + 1 + len(middle) <= room else name
    shown = number(value, palette)
    return [
        Span(text.rstrip().ljust(room), palette.hi if bold else palette.mid),
        Span(" ", 0),
        Span(shown.text, shown.ink, bold),
    ]


def _link(sigma: str) -> str:
    """The inverse link of a unit by its activation, and its link."""
    if why := NO_LINK.get(sigma):
        return f"{sigma} as inverse link: no link, {why}"
    if link := UNIT_LINK.get(sigma):
        return f"inverse link {sigma}, of the link {link} = z"
    return f"inverse link {sigma}"
