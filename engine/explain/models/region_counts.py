"""Explanations of region counts: chords and their crossings, layer by layer.

A unit is affine on each region of the preceding layers, so it cuts that convex region along one
chord or not at all; c chords with x crossings divide it into 1 + c + x regions (Euler's formula).
So a layer adds as many regions as it has chords and crossings in total.
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Ints
from engine.errors import EngineError
from engine.explain.explanation import Definition, Explanation
from engine.explain.expression import Minus, Sum, Symbol, number
from engine.network.network import Network
from engine.notation import Name
from engine.regions.cells.geometry import components
from engine.regions.knots import Knots
from engine.regions.region_map import RegionMap
from engine.wording import plural


class Cuts(NamedTuple):
    """The chords and crossings of a layer. A point where m chords cross is m − 1 crossings."""

    chords: int
    crossings: int


def explain_count(
    network: Network, regions: RegionMap | Knots, linear: bool = False
) -> Explanation:
    """The number of activation regions, or with ``linear`` of linear regions, of a network.

    ``regions`` are those of the network. For one input, its knots: intervals and linear pieces.
    """
    if isinstance(regions, Knots):
        return _of_pieces(network, regions) if linear else _of_intervals(regions)
    return _of_linear_regions(regions) if linear else _of_regions(network, regions)


def cuts(network: Network, regions: RegionMap) -> tuple[Cuts, ...]:
    """The chords and crossings of each hidden layer 1 … L − 1."""
    layers, units = regions.edge_units.T
    ends = regions.edges.reshape(-1, 2)
    vertices = _numbered(ends)
    low, high = regions.vertices.min(axis=0), regions.vertices.max(axis=0)
    # whether a vertex is on a side of the box, or of a region of the preceding layers
    on_side = np.zeros(vertices.size, dtype=np.bool_)
    on_side[vertices[((ends == low) | (ends == high)).any(axis=1)]] = True
    vertices = vertices.reshape(-1, 2)
    counts = []
    for layer in range(1, len(network.sizes) - 1):
        in_layer = layers == layer
        i, j = regions.edge_regions[layers >= layer].T
        earlier_region = components(regions.activation_count, i, j)
        chords = _distinct(earlier_region[regions.edge_regions[in_layer, 0]], units[in_layer])
        # one row for each unit through a vertex
        met = _distinct(vertices[in_layer].ravel(), np.repeat(units[in_layer], 2))[:, 0]
        inside = met[~on_side[met]]
        counts.append(Cuts(len(chords), len(inside) - len(np.unique(inside))))
        on_side[vertices[in_layer]] = True
    return tuple(counts)


def _of_regions(network: Network, regions: RegionMap) -> Explanation:
    definitions, total = [], Symbol(Name("R", 0), 1.0)
    for layer, (chords, crossings) in enumerate(cuts(network, regions), start=1):
        added = Symbol(Name("chords", layer), chords), Symbol(Name("crossings", layer), crossings)
        sum_ = Sum((total, *added))
        total = Symbol(Name("R", layer), sum_.value)
        definitions.append(Definition(total, sum_))
    if total.value != regions.activation_count:
        raise EngineError(
            f"{plural(regions.close_calls, 'vertex lies', 'vertices lie')} too near a border "
            "to tell on which side"
        )
    return Explanation(
        symbol=total,
        equation=_equation("R", "chords", "crossings"),
        definitions=tuple(definitions) or (Definition(total, number(1.0)),),
        meaning=(
            "The box is one region. Each unit cuts every region of the layers before along one "
            "chord, or not at all; each chord adds a region, and one more for each chord of its "
            "own layer that it crosses there.",
        ),
        code="engine.linear_regions(network, box).activation_count",
    )


def _of_linear_regions(regions: RegionMap) -> Explanation:
    everything = Symbol(Name("R"), regions.activation_count)
    joined = np.bincount(regions.linear_ids) - 1
    sum_ = Sum((everything, Minus(Symbol(Name("joined"), int(joined.sum())))))
    symbol = Symbol(Name("linear"), sum_.value)
    return Explanation(
        symbol=symbol,
        equation=(Name("linear"), "=", Name("R"), "−", Name("joined")),
        definitions=(Definition(symbol, sum_),),
        meaning=(
            "Neighbours among the ",
            Name("R"),
            " activation regions that have the same affine map are one linear region.",
        ),
        code="engine.linear_regions(network, box).linear_count",
    )


def _of_pieces(network: Network, knots: Knots) -> Explanation:
    makers = [min(layer for layer, _ in units) for units in knots.units]
    counts = np.bincount(makers, minlength=len(network.sizes) - 1)[1:].tolist()
    terms = [Symbol(Name("knots", layer), n) for layer, n in enumerate(counts, start=1)]
    sum_ = Sum((number(1.0), *terms))
    symbol = Symbol(Name("pieces"), sum_.value)
    return Explanation(
        symbol=symbol,
        equation=_equation("pieces", "knots"),
        definitions=(Definition(symbol, sum_),),
        meaning=(
            "A knot is where the slope changes; each adds a piece. It belongs to the first layer "
            "that has a unit which switches there.",
        ),
        code="len(engine.knots(network, interval).x) + 1",
    )


def _of_intervals(knots: Knots) -> Explanation:
    pieces = len(knots.x) + 1
    terms = (
        Symbol(Name("pieces"), pieces),
        Symbol(Name("unseen"), knots.activation_count - pieces),
    )
    symbol = Symbol(Name("R"), Sum(terms).value)
    return Explanation(
        symbol=symbol,
        equation=(Name("R"), "=", Name("pieces"), "+", Name("unseen")),
        definitions=(Definition(symbol, Sum(terms)),),
        meaning=(
            "Each knot parts two intervals, and so do the places, unseen in the curve, where units "
            "switch without a change of slope.",
        ),
        code="engine.knots(network, interval).activation_count",
    )


def _equation(total: str, *added: str) -> tuple[Name | str, ...]:
    """total = 1 + Σ(added + …), over the layers."""
    terms: list[Name | str] = [Name(added[0])]
    for name in added[1:]:
        terms += ["+", Name(name)]
    inner = ("(", *terms, ")") if len(added) > 1 else terms
    return Name(total), "=", Name("1"), "+", Name("Σ"), *inner


def _numbered(points: Array) -> Ints:
    """A number (n,) for each point (n, 2); equal points have the same number."""
    as_one = np.ascontiguousarray(points).view(np.complex128).ravel()
    return np.unique(as_one, return_inverse=True)[1]


def _distinct(a: Ints, b: Ints) -> Ints:
    """The distinct pairs (m, 2) of a[i] and b[i]."""
    return np.unique(np.column_stack([a, b]), axis=0)
