"""Table of a small network's cases: which units are on, and the affine formula of that case.

With one hidden layer, z⁽ᴸ⁾ = Σ v_j σ(w_j·x + b_j) + c. In each case it is U·x + c, with U the sum
of v_j w_j over the units that are on (in leaky_relu, units that are off are added times α).
"""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import numpy as np

from engine import AffineMap, Dataset, ols
from engine.arrays import Array
from engine.network.activations import activation_named
from engine.wording import count
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import percent
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, Span, fitting_title, flowed, wide_number, width_of
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import in_data_units, in_view, symbol
from tui.model.regions.filter import region_list
from tui.model.regions.list import RegionList
from tui.model.regions.source import upper_bound
from tui.model.target_scale import target_of
from tui.model.view import View

MAX_UNITS = 3
NUMBERS = {2: "Two", 4: "Four", 8: "Eight"}
EMPTY_TEXTS = ("does not occur here", "not in the box", "absent")


@dataclass(frozen=True, eq=False)
class Case:
    """Which hidden units are on, and the affine map U·x + c of that case."""

    on: tuple[bool, ...]  # (n,)
    slopes: Array  # (n,) of the activation: 1, α or 0
    coefficients: Array  # (n,), the output's weights v times the slopes
    U: Array
    c: float


def has_cases(frame: Frame) -> bool:
    """Whether the network has one small layer of ReLUs over two plain inputs."""
    network = frame.network
    slopes = network.layer_activations[0].slopes
    return (
        len(network.sizes) == 3
        and network.sizes[1] <= MAX_UNITS
        and slopes is not None
        and slopes[0] != slopes[1] == 1.0  # 1, and 0 or α, as relu and leaky_relu
        and not network.skips
        and frame.view.flat
        and not frame.data.features
    )


def cases_of(frame: Frame, unit: int) -> tuple[list[Case], AffineMap]:
    """Every case of an output unit, and the hidden units' maps w, b, all in the view's
    coordinates. If the output is the identity, the cases give ŷ in the data's own units."""
    network = frame.network
    (W1, W2), (b1, b2) = network.weights, network.biases
    hidden = in_view(frame, AffineMap(W1, b1))
    output = in_data_units(frame, unit, W2[unit], b2[unit])
    low, high = activation_named(network.activations[0]).slopes or (0.0, 1.0)
    cases = []
    for on in product((True, False), repeat=len(b1)):
        slopes = np.where(on, high, low)
        coefficients = output.slopes * slopes
        with np.errstate(all="ignore"):  # a slope too large for a float is inf
            W, c = coefficients @ hidden.W, float(coefficients @ hidden.b + output.offset)
        cases.append(Case(on, slopes, coefficients, W, c))
    return cases, hidden


def case_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None if the network does not have such cases."""
    if not has_cases(frame):
        return None
    unit = target_of(frame).unit
    cases, hidden = cases_of(frame, unit)
    regions = region_list(frame)
    ranks = [_rank_of(case, regions) for case in cases]
    on = tuple((hidden.W @ frame.cursor + hidden.b > 0.0).tolist())
    current = next(i for i, case in enumerate(cases) if case.on == on)
    constant = frame.network.bias or any(case.c for case in cases)
    lines: list[Line] = []
    blocks = []
    for i, (case, rank) in enumerate(zip(cases, ranks, strict=True)):
        share = None if regions is None else 0.0 if rank is None else float(regions.share[rank])
        block = _lines(case, hidden, share, constant, i == current, sheet)
        blocks.append(range(len(lines), len(lines) + len(block)))
        lines += block

    def case_centre(i: int) -> Array | None:
        """The centre of a case's region; None if it has none."""
        rank = ranks[i] if 0 <= i < len(ranks) else None
        return None if rank is None or regions is None else regions.centre(rank)

    def next_centre(dy: int) -> Array | None:
        ahead = range(current + 1, len(cases)) if dy > 0 else range(current - 1, -1, -1)
        return next((centre for i in ahead if (centre := case_centre(i)) is not None), None)

    ols_line = _ols_line(frame, constant, sheet)
    glyphs = sheet.glyphs
    stale = regions is not None and frame.regions.step != frame.step
    title = f"{_number_of(cases, frame)} cases"
    forms = [f"{title}: U = v·w", title]
    if stale:
        forms.insert(0, f"{title}: U = v·w · areas of step {count(frame.regions.step)}")
    return Table(
        title=fitting_title(forms, sheet.width),
        subtitle=f"{symbol(frame, unit, glyphs)} = U·x" + (" + c" if constant else ""),
        head=[],
        count=len(lines),
        row=lambda i: lines[i],
        selected=blocks[current],
        place=lambda row: case_centre(next(i for i, block in enumerate(blocks) if row in block)),
        beside=next_centre,
        foot=lambda last: ols_line,
    )


def ols_plane(frame: Frame) -> AffineMap | None:
    """The plane of least squares of the training data, U (2,) and c, in the view's coordinates and
    the data's own units; None if the output is not the identity: then ŷ is no plane in a case."""
    if frame.network.output != "identity":
        return None
    unit, bias = target_of(frame).unit, frame.network.bias
    return _ols_plane(_Fitted(frame.data, frame.view, unit, bias, frame))


@dataclass(frozen=True)
class _Fitted:
    """What the plane depends on."""

    data: Dataset
    view: View
    unit: int
    bias: bool
    frame: Frame = field(compare=False)


@lru_cache(maxsize=2)
def _ols_plane(fitted: _Fitted) -> AffineMap:
    data, unit = fitted.data, fitted.unit
    inputs = data.encode(data.columns[data.train])
    y = data.y_scale.apply(data.Y[data.train])[:, unit]
    values = ols(inputs, y, intercept=fitted.bias).coefficients
    slopes, offset = (values[1:], values[:1]) if fitted.bias else (values, np.zeros(1))
    plane = in_view(fitted.frame, AffineMap(slopes[None, :], offset))
    affine = in_data_units(fitted.frame, unit, plane.W[0], plane.b[0])
    return AffineMap(affine.slopes, affine.offset)


def _ols_line(frame: Frame, constant: bool, sheet: Sheet) -> Line:
    """The one plane of least squares, to compare with the cases; [] if there is none."""
    plane, palette = ols_plane(frame), sheet.palette
    if plane is None:
        return []
    x, y = (wide_number(v, palette) for v in plane.W.tolist())
    numbers = [Span("U = (", palette.mid), x, Span(", ", palette.mid), y, Span(")", palette.mid)]
    if constant:
        numbers += [Span(" c = ", palette.mid), wide_number(float(plane.b), palette)]
    room = sheet.width - width_of(numbers)
    head = first_fitting(("OLS, one plane for all: ", "OLS, one plane: ", "OLS: "), room)
    return [Span(head or "", palette.low), *numbers]


def _number_of(cases: list[Case], frame: Frame) -> str:
    """How many cases there are, and how many of them can occur at once if that is less."""
    upper = upper_bound(frame.bounds)
    if upper is None or upper.value >= len(cases):
        return NUMBERS[len(cases)]
    return f"At most {upper.value} of {len(cases)}"


def _rank_of(case: Case, regions: RegionList | None) -> int | None:
    """The rank of a case's region, the only one with this pattern; None if there is none."""
    if regions is None:
        return None
    matches = np.flatnonzero((regions.map.patterns == case.on).all(axis=1))
    return int(regions.ranks[matches[0]]) if len(matches) else None


def _lines(
    case: Case,
    hidden: AffineMap,
    share: float | None,
    constant: bool,
    is_current: bool,
    sheet: Sheet,
) -> list[Line]:
    """A case's lamps, its formula in symbols and in numbers, on one line if there is room, and its
    share of the box (None: unknown)."""
    glyphs, palette = sheet.glyphs, sheet.palette
    is_empty = share == 0.0
    ink = palette.low if is_empty else palette.hi
    lamps = " ".join(glyphs.lamp_on if on else glyphs.lamp_off for on in case.on)
    lamps += glyphs.marker_right.ljust(2) if is_current and not sheet.colour else "  "
    used = np.flatnonzero(case.slopes).tolist()
    alphas = ["" if case.on[j] else "α" for j in used]
    names = [f"{a}v{(n := glyphs.sub(j + 1))}w{n}" for a, j in zip(alphas, used, strict=True)]
    head = [Span(lamps, ink), Span(f"U = {' + '.join(names) or '0'}", ink, not is_empty)]

    def signed(value: float) -> Span:
        number = wide_number(value, palette)
        return Span(number.text, palette.low if is_empty else number.ink)

    def vector(values: Array) -> Line:
        inner = [part for v in values.tolist() for part in (Span(", ", palette.mid), signed(v))]
        return [Span("(", palette.mid), *inner[1:], Span(")", palette.mid)]

    equals, dot = Span("= ", palette.mid), Span("·", palette.mid)
    parts = [[signed(case.coefficients[j]), dot, *vector(hidden.W[j])] for j in used]
    parts.append([equals, *vector(case.U)])
    if used:
        parts[0].insert(0, equals)
    if constant:
        parts.append([Span("c = ", palette.mid), signed(case.c)])

    share_text = _share_text(share, sheet.width - width_of(head) - 1)
    lines = flowed([head, *parts], sheet.width - len(share_text) - 1)
    if len(lines) > 1:
        widest = max(width_of(part) for part in parts)
        indent = min(len(lamps), max(0, sheet.width - widest))
        below = flowed(parts, sheet.width - indent)
        lines = [head, *([Span(" " * indent, ink), *line] for line in below)]
    if all(width_of(line) + len(share_text) >= sheet.width for line in lines):
        lines.append([])
    gaps = [sheet.width - width_of(line) - len(share_text) for line in lines]
    at = next((i for i, gap in enumerate(gaps) if gap > 0), 0)  # on the formula's line, if it fits
    lines[at].append(Span(" " * gaps[at] + share_text, palette.low if is_empty else palette.mid))
    return lines


def _share_text(share: float | None, room: int) -> str:
    """A case's share of the box; "" if it is unknown."""
    if share == 0.0:
        return first_fitting(EMPTY_TEXTS, room) or EMPTY_TEXTS[-1]
    return "" if share is None else percent(share)
