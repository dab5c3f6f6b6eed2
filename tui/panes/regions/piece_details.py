"""Sections of the detail pane: formula, pattern, neighbours, inequalities, examples."""

from collections.abc import Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools, length
from engine.wording import plural
from tui.drawing.grid import cut, short
from tui.drawing.numbers import CELLS, NONE, known, norm, num
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, Span, flowed, number, terms, width_of, words
from tui.explain.region_texts import progress_text, reason_text
from tui.model.frame import Frame
from tui.model.premises import finite
from tui.model.regions.affine_in_view import LocalMap, short_symbol, symbol
from tui.model.regions.bends import curvature, nearest_border
from tui.model.regions.far_out import far_out
from tui.model.regions.list import RegionList
from tui.model.regions.nearest_flip import (
    decision_name,
    flip_at_cursor,
    has_flips,
    typical_distance,
)
from tui.model.regions.result import Regions
from tui.model.target_scale import target_of

MAX_LISTED = 60  # neighbours, examples
FACT_GAP = 2
SYMBOL = 3  # cells up to which a name such as x₁ follows its slope without a gap
LABEL = 5  # cells of the layers' labels beside the lamps

Section = list[Line]


def sections_table(title: str, sections: Sequence[Section], frame: Frame, sheet: Sheet) -> Table:
    """The sections below each other, with blank lines between them if there is room."""
    filled = [section for section in sections if section]
    lines = [line for section in filled for line in section]
    if len(lines) + len(filled) - 1 <= sheet.height:
        lines = [line for section in filled for line in ([], *section)][1:]
    affine = symbol(frame, target_of(frame).unit, sheet.glyphs)
    return Table(title, f"{affine} is affine here", [], len(lines), lines.__getitem__)


def why_no_map(regions: Regions) -> str:
    """The progress of a running count, or the reason."""
    if regions.progress:
        return f"counting {progress_text(regions.progress)} · esc cancels"
    return reason_text(regions.reason)


def fact(name: str, value: str, cells: int, sheet: Sheet) -> Line:
    """A name and its value, padded to ``cells`` so that the next facts keep their places."""
    return [Span(f"{name} ", sheet.palette.low), Span(value.ljust(cells), sheet.palette.hi)]


def at_cursor(frame: Frame, sheet: Sheet, current: bool = True) -> Section:
    """The cursor's place, and ŷ exactly there; – unless what stands below is ``current``."""
    glyphs, palette, target = sheet.glyphs, sheet.palette, target_of(frame)
    output = glyphs.sub(target.unit + 1) if frame.network.sizes[-1] > 1 else ""
    y_hat = float(frame.outputs(frame.cursor[None, :])[0, target.unit]) if current else nan
    names, room = frame.view.names, sheet.width - CELLS - 3
    parts: list[Line] = [
        [Span(f"{short(name, room, names)} ", palette.low), number(value, palette)]
        for name, value in zip(names, frame.cursor.tolist(), strict=True)
    ]
    parts[0].insert(0, Span(f"{glyphs.cursor} ", palette.hi))
    value = known(finite(y_hat), num).rjust(CELLS)
    ink = palette.ink(y_hat, target.half) if current else palette.low
    parts.append([Span(f"{glyphs.y_hat}{output} ", palette.low), Span(value, ink)])
    return flowed(parts, sheet.width, indent=2, gap=FACT_GAP)


def nearest_flip(frame: Frame, sheet: Sheet) -> Section:
    """The place nearest to the cursor at which the decision is another, how far it is, and how far
    apart examples are; [] where there is no decision."""
    if not has_flips(frame):
        return []
    glyphs, palette = sheet.glyphs, sheet.palette
    mark = Span(f"{glyphs.flip} ", palette.hi)
    flip = None if frame.playing else flip_at_cursor(frame)  # it would hop
    if flip is None and not frame.playing:
        return [[mark, Span("no flip in the box", palette.low)]]
    names, room = frame.view.names, sheet.width - CELLS - 3
    nowhere = Span(NONE.rjust(CELLS), palette.low)
    place = [nowhere] * len(names)
    if flip is not None:
        place = [number(value, palette) for value in flip.point.tolist()]
    parts: list[Line] = [
        [Span(f"{short(name, room, names)} ", palette.low), value]
        for name, value in zip(names, place, strict=True)
    ]
    parts[0].insert(0, mark)
    sd = "" if frame.data.x_scale.is_identity else " sd"
    after = NONE if flip is None else decision_name(frame, flip.after)
    away = NONE if flip is None else norm(flip.distance)
    parts += [
        [Span("flips to ", palette.low), Span(cut(after, sheet.width - 11), palette.hi)],
        fact("away", f"{away}{sd}", CELLS, sheet),
        fact("examples apart", f"{norm(typical_distance(frame.data))}{sd}", CELLS, sheet),
    ]
    return flowed(parts, sheet.width, indent=2, gap=FACT_GAP)


def bends(frame: Frame, regions: RegionList, sheet: Sheet) -> Section:
    """The jump of the slope at the nearest border, with the unit that makes it; and the curvature
    of the whole map."""
    glyphs, palette = sheet.glyphs, sheet.palette
    total = curvature(frame, regions)
    parts: list[Line] = []
    border = nearest_border(frame, regions)
    if border is not None:
        shape = "convex" if border.jump > 0.0 else "concave" if border.jump < 0.0 else "no bend"
        name = glyphs.unit("a", border.layer, border.unit + 1)
        parts = [
            [Span("nearest border ", palette.low), Span(name, palette.hi)],
            [
                Span("slope jumps ", palette.low),
                Span(known(finite(border.jump), num), palette.ink(border.jump)),
                Span(f" {shape}", palette.hi),
            ],
        ]
    parts.append(fact("curvature", known(finite(total), norm), CELLS, sheet))
    return flowed([*parts, *outwards(frame, sheet)], sheet.width, indent=2, gap=FACT_GAP)


def outwards(frame: Frame, sheet: Sheet) -> list[Line]:
    """ŷ far outside the data, on the way out through the cursor; [] where it is unknown."""
    unit = target_of(frame).unit
    if frame.regions.step != frame.step or not frame.is_sound:
        return []
    far = far_out(frame, unit)
    if far is None or np.isnan(far.limit):
        return []
    glyphs, palette = sheet.glyphs, sheet.palette
    name = glyphs.y_hat + (glyphs.sub(unit + 1) if frame.network.sizes[-1] > 1 else "")
    head = Span(f"far out {name} ", palette.low)
    if far.slope and np.isfinite(far.slope):
        length_unit = "unit" if frame.data.x_scale.is_identity else "sd"
        return [[head, number(far.slope, palette), Span(f" a {length_unit}", palette.low)]]
    if np.isinf(far.limit):
        return [[head, Span("without limit", palette.hi)]]
    return [[head, Span(num(far.limit), palette.ink(far.limit, target_of(frame).half))]]


def formula(frame: Frame, affine: LocalMap, more: Sequence[Line], sheet: Sheet) -> Section:
    """ŷ = +0.951 x₁ +3.682 x₂ +1.725; its steepness, and further facts."""
    glyphs, palette, unit = sheet.glyphs, sheet.palette, target_of(frame).unit
    name = symbol(frame, unit, glyphs)
    names = _names_for(frame, sheet.width - len(name) - 3)
    parts = terms(affine.slopes.tolist(), float(affine.offset), names, palette)
    if not np.isfinite([*affine.slopes, affine.offset]).all():
        parts = words(f"{NONE} (too large for a float)", palette.mid, sheet.width)
    head: Line = [Span(f"{name} =", palette.hi)]
    steep = glyphs.norm(glyphs.nabla + short_symbol(frame, glyphs))
    steepness = length(affine.slopes)
    facts = [fact(steep, known(finite(steepness), norm), CELLS, sheet), *more]
    output = frame.network.output
    if output == "softmax":  # a function of all z
        facts.append([Span(f"{glyphs.y_hat} = softmax(z)", palette.mid)])
    elif output != "identity":
        number = glyphs.sub(unit + 1) if frame.network.sizes[-1] > 1 else ""
        facts.append([Span(f"{glyphs.y_hat}{number} = {output}({name})", palette.mid)])
    return [
        *flowed([head, *parts], sheet.width, indent=len(name) + 3),
        *flowed(facts, sheet.width, gap=FACT_GAP),
    ]


def lamps(frame: Frame, on: Bools, sheet: Sheet) -> Section:
    """A row for each hidden layer: which of its units are on (units,), and how many."""
    glyphs, palette, network = sheet.glyphs, sheet.palette, frame.network
    sizes = network.sizes[1:-1]
    layers = np.split(on, np.cumsum(sizes)[:-1]) if sizes else []
    counts = [f"{np.count_nonzero(layer)} of {len(layer)} on" for layer in layers]
    room = max(1, sheet.width - LABEL - 2 - max(map(len, counts), default=0))
    gap = " " if 2 * max(sizes, default=0) - 1 <= room else ""
    longest = min(room, max(sizes, default=0) * (1 + len(gap)) - len(gap))
    section = []
    for l, (layer, on_count) in enumerate(zip(layers, counts, strict=True), start=1):
        row = [Span(f"a{glyphs.layer(l)} ".ljust(LABEL), palette.hi)]
        if network.activations[l - 1] == "identity":
            row.append(Span("identity: always on", palette.low))
        else:
            marks = [
                (glyphs.lamp_on if lit else glyphs.lamp_off, palette.hi if lit else palette.low)
                for lit in layer.tolist()
            ]
            row += _lamp_row(marks, gap, room)
            row.append(Span(" " * (LABEL + longest - width_of(row)), palette.low))
            row.append(Span(f"  {on_count}", palette.low))
        section.append(row)
    return section


def _lamp_row(marks: list[tuple[str, int]], gap: str, room: int) -> Line:
    """The lamps in at most ``room`` cells."""
    if len(marks) > room:
        marks = [*marks[: room - 1], ("…", marks[-1][1])]
    return [Span(mark if i == 0 else gap + mark, ink) for i, (mark, ink) in enumerate(marks)]


def pattern_at(frame: Frame, position: Array) -> Bools:
    """Which hidden units (units,) are on at a position (k,) of the view."""
    row = frame.data.encode(frame.view.inputs(position[None, :]))
    zs = frame.network.forward(row).z[:-1]
    return np.concatenate([z[0] > 0.0 for z in zs] or [np.zeros(0, np.bool_)])


def neighbours(regions: RegionList, rank: int, sheet: Sheet) -> Section:
    """The adjacent regions, and the regions of the same linear region."""
    adjacent, same = regions.neighbours(rank), regions.same_map(rank)
    numbers = regions.numbers
    section = _numbers(plural(len(adjacent), "neighbour"), np.sort(numbers[adjacent]), sheet)
    alike = np.sort(numbers[same])
    return section + (_numbers("the same map as in", alike, sheet) if len(same) else [])


def inequalities(frame: Frame, regions: RegionList, rank: int, sheet: Sheet) -> Section:
    """For each unit that borders the region: the inequality that keeps it on or off."""
    glyphs, palette = sheet.glyphs, sheet.palette
    section = []
    for side in regions.map.inequalities(int(regions.ids[rank])):
        name = glyphs.unit("z", side.layer, side.unit + 1)
        names = _names_for(frame, sheet.width - len(name) - 1)
        gap = "" if max(map(len, names), default=0) <= SYMBOL else " "
        parts = [
            [Span(name, palette.low)],
            *terms(side.slope.tolist(), side.offset, names, palette, gap),
            [Span("> 0" if side.on else "< 0", palette.hi)],
        ]
        section += flowed(parts, sheet.width, indent=len(name) + 1)
    return section


def _names_for(frame: Frame, width: int) -> list[str]:
    """The names of the inputs, shortened so that each fits on a line with its slope."""
    names = frame.view.names
    return [short(name, max(1, width - CELLS - 1), names) for name in names]


def examples(rows: NDArray[np.intp], sheet: Sheet) -> Section:
    """The numbers of the examples in the region."""
    return _numbers(plural(len(rows), "example"), rows + 1, sheet) if len(rows) else []


def _numbers(name: str, shown: NDArray[np.intp], sheet: Sheet) -> Section:
    """A name, and the first of these numbers."""
    head: Line = [Span(name, sheet.palette.low)]
    if not len(shown):
        return [head]
    numbers = [[Span(str(i), sheet.palette.mid)] for i in shown[:MAX_LISTED].tolist()]
    if len(shown) > MAX_LISTED:
        numbers.append([Span(f"+ {len(shown) - MAX_LISTED} more", sheet.palette.low)])
    return flowed([head, *numbers], sheet.width, indent=2)
