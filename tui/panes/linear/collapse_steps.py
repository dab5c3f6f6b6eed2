"""Below the matrices of the collapse pane: its steps, one example both ways, more numbers."""

from functools import partial

from engine import AffineMap
from engine.arrays import Array
from tui.drawing.cells import first_fitting
from tui.drawing.matrix_layout import NamedMatrix, bracketed, product_lines
from tui.drawing.numbers import cells_of, norm
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, flowed
from tui.model.frame import Frame
from tui.model.linear.facts import LinearFacts
from tui.model.premises import shown_bias
from tui.panes.linear.product_formula import product_formula

MAX_NAMED = 4  # layers named one by one in a formula
MAX_ROWS = 12  # of a matrix, in a lower pane
MAX_VALUES = 4  # singular values


def step_blocks(frame: Frame, facts: LinearFacts, sheet: Sheet) -> list[list[Line]]:
    """The products on the way to W_z, then the terms of b_z, each below its formula."""
    last = len(facts.steps)
    products = [
        NamedMatrix(_formula(frame, step.layer - 1, last, sheet), step.product)
        for step in facts.steps[1:-1]
    ]
    terms: list[NamedMatrix] = []
    for step in reversed(facts.steps):
        l = step.layer
        factors = _formula(frame, l, last, sheet) if l < last else ""
        if factors.endswith("+ I"):
            factors = f"({factors})"
        sign = "+ " if terms else "b_z = "
        name = f"{sign}{factors}b{sheet.glyphs.layer(l)}"
        terms.append(NamedMatrix(name, step.bias_term[:, None]))
    groups = [products] if products else []
    if frame.network.bias:
        groups.append(terms)
    return [
        block for group in groups for block in between_blanks(product_lines(group, MAX_ROWS, sheet))
    ]


def _formula(frame: Frame, first: int, last: int, sheet: Sheet) -> str:
    """The map of a⁽ˡ⁾ to z⁽ᴸ⁾: W⁽ᴸ⁾…W⁽ˡ⁺¹⁾."""
    layer = sheet.glyphs.layer
    if last - first <= MAX_NAMED:
        skips = [skip for skip in frame.network.skips if skip[0] >= first]
        formula = product_formula(last, skips, lambda l: f"W{layer(l)}", first)
        if formula:
            return formula.replace(" W", "W").replace(" (", "(")
    elif not frame.network.skips:
        return f"W{layer(last)}…W{layer(first + 1)}"
    return f"∂z{layer(last)}/∂a{layer(first)} "


def both_ways(frame: Frame, facts: LinearFacts, sheet: Sheet) -> list[Line]:
    """The selected example layer by layer, and by W_z x + b_z."""
    assert facts.product is not None
    x = frame.prepared.inputs[frame.example]
    forward = frame.network.forward(x[None]).z[-1][0]
    is_y = frame.network.output == "identity" and not is_scaled(frame)
    z = sheet.glyphs.y_hat if is_y else f"z{sheet.glyphs.layer(len(facts.matrices))}"
    example, at_once = f"example {frame.example + 1}", "W_z x + b_z = "
    forms = (f"{example}, layer by layer: {z} = ", f"{example}: {z} = ")
    layered = first_fitting(forms, sheet.width - cells_of(forward) - len("[]"))
    cells = max(len(layered), len(at_once))
    return [
        _row_of(layered.rjust(cells), forward, sheet),
        _row_of(at_once.rjust(cells), facts.product(x), sheet),
    ]


def _row_of(name: str, values: Array, sheet: Sheet) -> Line:
    """A vector in a row behind its name, with as many entries as there is room for."""
    columns = max(1, (sheet.width - len(name) - 4) // (cells_of(values) + 1))
    (row,) = bracketed(values[None], columns, 1, sheet)
    return [Span(name, sheet.palette.low), *row]


def further_lines(frame: Frame, product: AffineMap, sheet: Sheet) -> list[Line]:
    """Below the matrices: rank and singular values of W_z, skip connections, kernels, biases."""
    glyphs, palette = sheet.glyphs, sheet.palette
    label = partial(Span, ink=palette.low)
    sigma = product.singular_values.tolist()
    values = [[Span(norm(value).strip(), palette.mid)] for value in sigma[:MAX_VALUES]]
    if len(sigma) > MAX_VALUES:
        values[-1].append(Span(" …", palette.mid))
    rank = [[label(f"rank of W_z {product.rank},")], [label("singular values")]]
    lines: list[Line] = flowed([*rank, *values], sheet.width, indent=1)
    if frame.network.skips:
        skips = ", ".join(f"{s} to {t}" for s, t in frame.network.skips)
        lines.append([label("skip connections from layer "), Span(skips, palette.mid)])
    for l, _ in frame.network.convolutions:
        kernel = frame.network.kernel(l)
        name = f"W{glyphs.layer(l)} = Toeplitz of the kernel "
        lines.append(_row_of(name, kernel, sheet))
    for l in range(1, len(frame.network.biases) + 1):
        bias = shown_bias(frame.network, frame.batch, l)
        lines.append(_row_of(f"b{glyphs.layer(l)} = ", bias, sheet))
    return lines


def between_blanks(lines: list[Line]) -> list[list[Line]]:
    """Groups of lines that stand between empty ones."""
    blocks: list[list[Line]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        else:
            blocks.append([])
    return blocks


def is_scaled(frame: Frame) -> bool:
    """Whether the network's units differ from the data's."""
    scales = frame.data.x_scale, frame.data.y_scale
    return any((scale.mean != 0.0).any() or (scale.sd != 1.0).any() for scale in scales)
