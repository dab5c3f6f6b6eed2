"""The collapse pane of screen Linear: the product of the matrices, compared with the network."""

from dataclasses import dataclass
from math import isnan

import numpy as np

from engine.wording import plural
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.matrix_layout import ENTRY, NamedMatrix, beside, bracketed, product_lines
from tui.drawing.numbers import CELLS, known, norm
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, Span, fitting_title, width_of
from tui.explain.explainable import Explainable
from tui.explain.linear import product_entries
from tui.model.frame import Frame
from tui.model.linear.facts import ROUNDING, LinearFacts, readable_error
from tui.model.premises import is_below, is_finite
from tui.panes.base.selectable_table import FootedTable
from tui.panes.base.table_pane import TablePane
from tui.panes.linear.collapse_steps import (
    MAX_NAMED,
    MAX_ROWS,
    between_blanks,
    both_ways,
    further_lines,
    is_scaled,
    step_blocks,
)
from tui.panes.linear.product_formula import product_formula

BOTH_UNITS = (
    "in the network's units; the last line: in the data's",
    "network's units; last line: data's",
    "units: network; last: data",
)
MORE = 18  # cells of the subtitle's line for the border, and for what there is more
MAX_PINNED = 3  # rows of W_z that do not scroll
SPACED = 9  # height from which there are blank lines


@dataclass(frozen=True)
class MeasuredDifference:
    """A measured difference between the network and an affine map."""

    wordings: tuple[str, ...]  # the longest first
    value: float  # NaN: it cannot be measured
    holds: bool | None  # whether it is no more than rounding; None: that cannot be said


def collapse_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The matrices, W_z and b_z, and their difference from the network; None if not finite."""
    facts = frame.linear
    if facts is None or facts.product is None:
        return None
    max_rows = max(MAX_ROWS, sheet.height)
    ends = _ends(facts, max_rows, sheet)
    comparisons = _comparisons(frame, facts, sheet.glyphs)
    below = [_comparison_line(one, sheet) for one in comparisons]
    blocks = []
    if len(facts.matrices) > 1:  # else W⁽¹⁾ is W_z
        blocks = between_blanks(
            product_lines(_factors(frame, facts, sheet.glyphs), max_rows, sheet)
        )
    if len(ends) <= MAX_PINNED:
        gap: list[Line] = [[]] if sheet.height >= SPACED else []
        below = [*gap, *ends, *gap, *below] if blocks else [*gap, *below]
    if not blocks or len(ends) > MAX_PINNED:
        blocks.append(ends)
    if len(facts.steps) > 1:
        steps = [] if facts.why else step_blocks(frame, facts, sheet)
        blocks += [*steps, both_ways(frame, facts, sheet)]
    blocks.append(further_lines(frame, facts.product, sheet))
    lines = in_pages(blocks, sheet.height - len(below))
    return FootedTable(
        title=_title(frame, facts, sheet),
        subtitle=_units(frame, comparisons, sheet.width),
        head=[],
        count=len(lines),
        row=lines.__getitem__,
        foot_room=len(below),
        below=lambda i: below,
    )


def in_pages(blocks: list[list[Line]], rows: int) -> list[Line]:
    """The blocks with a blank between, none cut by the end of a page of so many rows: those that
    the first page has room for come first."""
    first: list[list[Line]] = []
    later: list[list[Line]] = []
    for block in blocks:
        used = sum(len(one) + 1 for one in first)
        (first if used + len(block) <= rows else later).append(block)
    if not first:
        later = [*later[-1:], *later[:-1]]  # lines of their own, which may go on below
    lines: list[Line] = []
    for block in (*first, *later):
        left = rows - len(lines) % max(rows, 1)
        if lines:
            lines += [[]] if len(block) < left else [[]] * left
        lines += block
    return lines


def _units(frame: Frame, comparisons: list[MeasuredDifference], width: int) -> str:
    """The units of the matrices and of z; the second comparison is always in those of the data."""
    if not is_scaled(frame):
        return "in the data's units"
    if all(isnan(comparison.value) for comparison in comparisons[1:]):
        return "in the network's units"
    return first_fitting(BOTH_UNITS, width - MORE)


def no_collapse(frame: Frame, sheet: Sheet) -> Table:
    """A text, if there are no finite numbers to multiply."""
    text = ""
    if frame.divergence or not is_finite(frame.network):
        text = "The network's numbers are no longer finite."
    elif frame.linear is not None:
        text = "The product of the matrices is too large for a float."
    return Table.of_words("Collapse", text, sheet)


def _title(frame: Frame, facts: LinearFacts, sheet: Sheet) -> str:
    """The formula of W_z, or the layer that is not linear, in the form that fits."""
    glyphs = sheet.glyphs
    if facts.why:
        whys = facts.why, facts.why.replace(" is not linear", "")
        forms = [f"No collapse {glyphs.dot} {why}" for why in whys]
        return fitting_title((*forms, "No collapse"), sheet.width)
    names = [f"W{glyphs.layer(l)}" for l in range(len(facts.matrices), 0, -1)]
    brief = " ".join([names[0], "…", names[-1]])
    equation = " ".join(names) if len(names) <= MAX_NAMED else brief
    if skips := frame.network.skips:
        short = len(facts.matrices) <= MAX_NAMED
        formula = product_formula(len(facts.matrices), skips, lambda l: f"W{glyphs.layer(l)}")
        equation = formula if formula and short else f"{equation} and skips"
    of_z = "" if facts.exact else f" of z{glyphs.layer(len(facts.matrices))}"
    forms = [f"Collapse{of_z} {glyphs.dot} W_z = {equation}"]
    if len(names) > 2 and not skips:
        forms.append(f"Collapse{of_z} {glyphs.dot} W_z = {brief}")
    return fitting_title((*forms, f"Collapse{of_z}", "Collapse"), sheet.width)


def _factors(frame: Frame, facts: LinearFacts, glyphs: Glyphs) -> list[NamedMatrix]:
    """W⁽ᴸ⁾ … W⁽¹⁾ in the order of the product, each with its activation if it has one."""
    activations = (*frame.network.activations, frame.network.output)
    factors = []
    for l, ((W, _), activation) in enumerate(zip(facts.matrices, activations, strict=True), 1):
        suffix = ", Toeplitz" if frame.network.kernel_length(l) else ""
        suffix += "" if activation == "identity" else f", {activation}"
        factors.append(NamedMatrix(f"W{glyphs.layer(l)}{suffix}", W))
    return factors[::-1]


def _ends(facts: LinearFacts, max_rows: int, sheet: Sheet) -> list[Line]:
    """W_z = […]  b_z = […], where rounding is 0, and the rank of W_z if there is room."""
    product = facts.product
    assert product is not None
    b = np.where(np.abs(product.b) <= facts.rounding, 0.0, product.b)
    max_rows = min(len(product.W), max_rows)
    d, palette = product.W.shape[1], sheet.palette

    def W_blocks(columns: int) -> list[list[Line]]:
        values = bracketed(product.W, columns, max_rows, sheet)
        return [[[Span("W_z =", palette.hi)]], values]

    values = bracketed(b[:, None], 1, max_rows, sheet)
    b_blocks: list[list[Line]] = [[[Span("b_z =", palette.hi)]], values]
    rank: list[Line] = [[Span(f" rank {product.rank}", palette.low)]]
    max_columns = sheet.width // ENTRY
    if d <= max_columns:
        whole = W_blocks(d)
        side_by_side = beside([*whole, [[]], *b_blocks, rank]), beside([*whole, [[]], *b_blocks])
        for lines in (*side_by_side, beside(whole) + beside(b_blocks)):
            if width_of(lines[0]) <= sheet.width:
                return lines
    for columns in range(min(d, max_columns), 0, -1):
        lines = beside([*W_blocks(columns), [[]], *b_blocks])
        if width_of(lines[0]) <= sheet.width:
            return lines
    return beside(W_blocks(1))


def _comparisons(frame: Frame, facts: LinearFacts, glyphs: Glyphs) -> list[MeasuredDifference]:
    """z⁽ᴸ⁾ against the product; then ŷ against its best affine fit, or the same weights with relu
    against theirs."""
    n, output = plural(len(frame.data.train), "example"), frame.network.output
    difference = f"z{glyphs.layer(len(facts.matrices))} − (W_z x + b_z)"
    error, is_share = readable_error(frame.network, facts.affine_error, facts.rounding)
    share = " / Σ|terms|" if is_share else ""
    comparisons = [
        MeasuredDifference(
            (
                f"largest |{difference}|{share} of {n}",
                f"largest |{difference}|{share}",
                f"|{difference}|{share}",
                f"{difference}{share}",
                f"z{glyphs.layer(len(facts.matrices))} {glyphs.minus} product{share}",
            ),
            error,
            facts.collapses,
        )
    ]
    wordings: tuple[str, ...]
    units = ", in the data's units" if is_scaled(frame) else ""
    name = "best affine fit" if facts.degree == 1 else f"best fit of degree {facts.degree}"
    whose = "with relu, minus its best affine fit" if facts.exact else f"minus its {name}"
    rounding = ROUNDING * float(frame.data.y_scale.sd.max())
    if _fits_anything(facts):
        if len(facts.matrices) > 1 or not facts.exact:
            examples = plural(len(frame.data.train), "example")
            wordings = f"{whose}, which goes through any {examples}", whose, "minus best fit"
            comparisons.append(MeasuredDifference(wordings, np.nan, None))
    elif not facts.exact and (nearest := _nearest(facts, rounding)) is not None:
        r_squared, deviation, holds = nearest
        explained = f"R² {known(r_squared, '{:.4f}'.format)}"
        what = "network" if facts.why else f"{glyphs.y_hat} = {output}(z)"
        wordings = (
            *([f"{what} minus its {name} ({explained}){units}"] if units else []),
            f"{what} minus its {name} ({explained})",
            f"{what} minus {name}, {explained}",
            f"minus {name}, {explained}",
            f"minus best fit, {explained}",
            "minus best fit",
        )
        comparisons.append(MeasuredDifference(wordings, deviation, holds))
    elif np.isfinite(facts.relu_error):
        whose = "with relu, minus its best affine fit"
        z = "" if facts.exact else f"z{glyphs.layer(len(facts.matrices))} of the "
        wordings = (
            f"{z}same weights {whose}",
            f"same weights {whose}",
            whose,
            "with relu, minus best fit",
            "relu − best fit",
        )
        if units and facts.exact:  # else z is in no unit of the data
            wordings = (f"{wordings[0]}{units}", f"{whose}{units}", *wordings)
        is_affine = is_below(facts.relu_error, rounding)
        comparisons.append(MeasuredDifference(wordings, facts.relu_error, is_affine))
    return comparisons


def _fits_anything(facts: LinearFacts) -> bool:
    """Whether the fit that the outputs are compared with goes through them whatever they are,
    because there are as many coefficients as examples."""
    polynomial = facts.fit is not None and not facts.exact and facts.fit.freedom <= 0
    return facts.freedom <= 0 or polynomial


def _nearest(facts: LinearFacts, rounding: float) -> tuple[float, float, bool] | None:
    """The best fit of the network's ŷ by the terms of the OLS fit: R² (NaN if ŷ is constant), the
    largest deviation, and whether that is no more than rounding."""
    if facts.fit is None or facts.network is None or facts.network_fitted is None:
        return None
    fitted = facts.network_fitted
    with np.errstate(all="ignore"):  # shortly before divergence
        residuals = fitted - facts.fit.design @ facts.network
        largest, residual_ss = float(np.abs(residuals).max()), float((residuals**2).sum())
        deviations = fitted - fitted.mean()
        total = float((deviations**2).sum())
    if not np.isfinite(residual_ss + total):
        return None
    rounding = max(rounding, ROUNDING * float(np.abs(fitted).max()))
    holds = largest <= rounding
    if not float(np.abs(deviations).max()) > rounding:
        return np.nan, largest, holds
    return 1.0 if holds else 1.0 - residual_ss / total, largest, holds


def _comparison_line(comparison: MeasuredDifference, sheet: Sheet) -> Line:
    glyphs, palette = sheet.glyphs, sheet.palette
    mark = " " if isnan(comparison.value) else glyphs.mark(comparison.holds)
    value = f" {known(comparison.value, norm).rjust(CELLS)} {mark}"
    room = sheet.width - len(value)
    text = first_fitting(comparison.wordings, room)
    return [Span(text.ljust(room), palette.mid), Span(value, palette.hi)]


class CollapsePane(TablePane):
    """The matrices, their product, and how much the network differs from it."""

    HELP = """
Collapse: layers without an activation between them are one layer. The product of their
matrices is W_z, and b_z what their biases come to: z = W_z x + b_z, whatever the depth, where z is
that of the last layer. Below the matrices stand the products on the way, such as W⁽³⁾W⁽²⁾, the
terms of b_z one by one, and the selected example layer by layer and at once ({example_back}
{example_on} select another). A skip connection adds the identity I to what it leads past, and W of
a convolution is Toeplitz: on each diagonal one weight of its kernel. Both are linear. An activation
σ after the last layer bends nothing in z: ŷ = σ(W_z x + b_z).
The first line below measures it: z minus that one map, the largest difference on the training
data; ✓ if that is rounding, about 1e−12 of the sum of the terms' absolute values, Σ|terms|; –
where a hidden layer is not linear, but on these examples does not bend.
The second: the same weights with relu in the hidden layers, minus the affine map that comes
nearest to it, in the data's own units; the first is in the network's. ✗: no one affine map can
be it.
Where a hidden layer is not linear the title names it, and W_z is what the matrices alone would
make. There, and with σ at the end, R² says how much of ŷ the best affine map explains.
The rank of W_z is at most the width of the narrowest layer, unless connections skip it.
{up} {down} scroll; {zoom} gives the pane the screen, with more columns of wide matrices.
{activation} switches the hidden activation to relu and back: then the collapse no longer holds.
"""

    faces = (collapse_table, no_collapse)

    def explainable(self, frame: Frame) -> Explainable:
        """The first entry of W_z."""
        return product_entries(frame)
