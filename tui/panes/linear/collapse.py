"""The collapse pane: the product of the network's matrices, and whether it is the network."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from engine import AffineMap
from tui.drawing.glyphs import Glyphs
from tui.drawing.matrix_layout import ENTRY, Named, beside, bracketed, product_lines
from tui.drawing.numbers import cells_of, count, norm
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, Span, width_of
from tui.explain.explainable import Explainable
from tui.explain.linear import product_entries
from tui.model.frame import Frame
from tui.model.linear.facts import LinearFacts
from tui.panes.base.selectable_table import FootedTable
from tui.panes.base.table_pane import TablePane

ROUNDING = 1e-12  # a relative difference below it is that of the order of additions
MOST_NAMED = 4  # layers that the title names one by one
MOST_ROWS = 12  # of a matrix, or as many as the pane has
MOST_PINNED = 3  # rows of W_z that stay in sight
SPACED = 9  # from this height on there are blank lines
MOST_VALUES = 4  # singular values


@dataclass(frozen=True)
class Truth:
    """Something measured: ``spellings`` of what it is, the longest first, how far off, and
    whether that is no more than rounding."""

    spellings: tuple[str, ...]
    value: float
    holds: bool


def collapse_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The matrices, W_z and b_z, and how far they are from the network."""
    facts = frame.linear
    if facts is None or facts.product is None:
        return None
    most_rows = max(MOST_ROWS, sheet.height)
    lines = product_lines(_factors(frame, facts, sheet.glyphs), most_rows, sheet)
    ends = _ends(facts.product, min(len(facts.product.W), most_rows), sheet)
    pinned = len(ends) <= MOST_PINNED
    if not pinned:
        lines += [[], *ends]
    lines += [[], *_more(frame, facts.product, sheet)]
    below = [_measured(truth, sheet) for truth in _truths(frame, facts)]
    if pinned:
        gap: list[Line] = [[]] if sheet.height >= SPACED else []
        below = [*gap, *ends, *gap, *below]
    return FootedTable(
        title=_title(frame, facts, sheet.glyphs),
        subtitle=f"in the {'network' if _scaled(frame) else 'data'}'s units",
        head=[],
        count=len(lines),
        row=lines.__getitem__,
        foot_room=len(below),
        below=lambda i: below,
    )


def no_collapse(frame: Frame, sheet: Sheet) -> Table:
    """Where there are no finite numbers to multiply."""
    beyond = frame.linear is not None and frame.linear.product is None
    text = "The network's numbers are no longer finite." if frame.divergence or beyond else ""
    return Table.of_words("Collapse", text, sheet)


def _title(frame: Frame, facts: LinearFacts, glyphs: Glyphs) -> str:
    if facts.why:
        return f"No collapse {glyphs.dot} {facts.why}"
    names = [f"W{glyphs.layer(l)}" for l in range(len(facts.matrices), 0, -1)]
    if len(names) > MOST_NAMED:
        names = [names[0], "…", names[-1]]
    skips = " and skips" if frame.network.skips else ""
    return f"Collapse {glyphs.dot} W_z = {' '.join(names)}{skips}"


def _factors(frame: Frame, facts: LinearFacts, glyphs: Glyphs) -> list[Named]:
    """W⁽ᴸ⁾ … W⁽¹⁾ in the order of the product, with what comes after each but the identity."""
    activations = (*frame.network.activations, frame.network.output)
    factors = []
    for l, ((W, _), activation) in enumerate(zip(facts.matrices, activations, strict=True), 1):
        then = "" if activation == "identity" else f", {activation}"
        factors.append(Named(f"W{glyphs.layer(l)}{then}", W))
    return factors[::-1]


def _ends(product: AffineMap, most_rows: int, sheet: Sheet) -> list[Line]:
    """W_z = […]  b_z = […], and the rank of W_z."""
    palette = sheet.palette
    d, palette = product.W.shape[1], sheet.palette

    def of_W(columns: int) -> list[list[Line]]:
        values = bracketed(product.W, columns, most_rows, sheet)
        return [[[Span("W_z =", palette.hi)]], values]

    values = bracketed(product.b[:, None], 1, most_rows, sheet)
    of_b: list[list[Line]] = [[[Span("b_z =", palette.hi)]], values]
    rank: list[Line] = [[Span(f" rank {product.rank}", palette.low)]]
    most = sheet.width // ENTRY
    if d <= most:
        whole = of_W(d)
        besides = beside([*whole, [[]], *of_b, rank]), beside([*whole, [[]], *of_b])
        for lines in (*besides, beside(whole) + beside(of_b)):
            if width_of(lines[0]) <= sheet.width:
                return lines
    for columns in range(min(d, most), 0, -1):
        lines = beside([*of_W(columns), [[]], *of_b])
        if width_of(lines[0]) <= sheet.width:
            return lines
    return beside(of_W(1))


def _more(frame: Frame, product: AffineMap, sheet: Sheet) -> list[Line]:
    """Below the matrices: what else goes into W_z and b_z, and what W_z is like."""
    glyphs, palette = sheet.glyphs, sheet.palette
    label = partial(Span, ink=palette.low)
    sigma = product.singular_values.tolist()
    values = "  ".join(norm(value).strip() for value in sigma[:MOST_VALUES])
    more = " …" if len(sigma) > MOST_VALUES else ""
    lines: list[Line] = [
        [label(f"rank of W_z {product.rank}, singular values "), Span(values + more, palette.mid)]
    ]
    if frame.network.skips:
        skips = ", ".join(f"{s} to {t}" for s, t in frame.network.skips)
        lines.append([label("skip connections from layer "), Span(skips, palette.mid)])
    for l, bias in enumerate(frame.network.biases, start=1):
        name = f"b{glyphs.layer(l)} = "
        columns = (sheet.width - len(name) - 4) // (cells_of(bias) + 1)
        (row,) = bracketed(bias[None], columns, 1, sheet)
        lines.append([label(name), *row])
    return lines


def _truths(frame: Frame, facts: LinearFacts) -> list[Truth]:
    """How far the product is from the network, and relu, or what is not linear, from any map."""
    n = count(len(frame.data.train))
    truths = [
        Truth(
            (
                f"network minus (W_z x + b_z), largest of {n}, relative",
                f"network minus (W_z x + b_z), of {n}, relative",
                "network − (W_z x + b_z)",
            ),
            facts.affine_error,
            facts.affine_error < ROUNDING,
        )
    ]
    rounding = ROUNDING * float(frame.data.y_scale.sd.max())
    if not facts.exact and (nearest := _nearest(facts, rounding)) is not None:
        r_squared, off, holds = nearest
        what = "best affine fit" if facts.degree == 1 else f"best fit of degree {facts.degree}"
        share = f"R² {r_squared:.4f}"
        spellings = f"network minus its {what} ({share})", f"minus {what}, {share}", share
        truths.append(Truth(spellings, off, holds))
    elif np.isfinite(facts.relu_error):
        spellings = (
            "same weights with relu, minus its best affine fit",
            "with relu, minus its best affine fit",
            "with relu, minus best fit",
        )
        truths.append(Truth(spellings, facts.relu_error, facts.relu_error < rounding))
    return truths


def _nearest(facts: LinearFacts, rounding: float) -> tuple[float, float, bool] | None:
    """R² and largest deviation of the terms of the fit that are nearest to the network, and
    whether that is no more than rounding, be it of large outputs."""
    if facts.fit is None or facts.network is None or facts.network_fitted is None:
        return None
    fitted = facts.network_fitted
    with np.errstate(all="ignore"):  # on the way to divergence
        off = fitted - facts.fit.design @ facts.network
        largest, missed = float(np.abs(off).max()), float((off**2).sum())
        total = float(((fitted - fitted.mean()) ** 2).sum())
    if not np.isfinite(missed + total):
        return None
    holds = largest <= max(rounding, ROUNDING * float(np.abs(fitted).max()))
    if holds or total == 0.0:  # a network that hardly varies has no variance to divide by
        return float(holds), largest, holds
    return 1.0 - missed / total, largest, holds


def _measured(truth: Truth, sheet: Sheet) -> Line:
    glyphs, palette = sheet.glyphs, sheet.palette
    mark = glyphs.check if truth.holds else glyphs.fail
    value = f" {norm(truth.value)} {mark}"
    room = sheet.width - len(value)
    spellings = truth.spellings
    text = next((text for text in spellings if len(text) <= room), spellings[-1][:room])
    return [Span(text.ljust(room), palette.mid), Span(value, palette.hi)]


def _scaled(frame: Frame) -> bool:
    """Whether the network's units are others than the data's."""
    scales = frame.data.x_scale, frame.data.y_scale
    return any((scale.mean != 0.0).any() or (scale.sd != 1.0).any() for scale in scales)


class CollapsePane(TablePane):
    """The actual matrices, their product, and the network measured against it."""

    HELP = """
Collapse: layers without an activation between them are one layer. The product of their
matrices is W_z, and b_z what their biases come to: ŷ = W_z x + b_z, whatever the depth.
The first line below measures it: the network itself minus that one map, the largest difference
on the training data over the largest |ŷ|; ✓ below 1e−12, which is rounding.
The second: the same weights with relu in the hidden layers, minus the affine map that comes
nearest to it, in the data's own units. ✗: no one affine map can be it.
Where an activation is not linear the title names its layer, W_z is what the matrices alone
would make, and R² says how much of the network's ŷ the best affine map takes up.
The rank of W_z is at most the width of the narrowest layer, unless connections skip it.
{up} {down} scroll; {zoom} gives the pane the screen, with more columns of wide matrices.
{activation} switches the hidden activation to relu and back: the collapse breaks before your eyes.
"""

    faces = (collapse_table, no_collapse)

    def explainable(self, frame: Frame) -> Explainable:
        """The first entry of W_z."""
        return product_entries(frame)
