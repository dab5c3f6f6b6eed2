"""Explanation of the smallest change of an input that flips the decision of a network."""

from dataclasses import dataclass
from math import isclose

import numpy as np

from engine.arrays import Array, length
from engine.explain.explanation import Definition, Explanation, Part
from engine.explain.expression import Expression, Function, Power, Product, Quotient, Sum, Symbol
from engine.explain.expression import difference as minus
from engine.network.affine import affine_at
from engine.network.network import Network
from engine.notation import Name, decimal

AGREE = 1e-6  # relative: |w·x + c|/‖w‖ is the distance found
NEAR = (1e-2, 1e-3, 1e-4, 1e-5)  # of the reach: how near to the point both sides are looked at
AROUND = 64  # directions in which the other side is sought


@dataclass(frozen=True, eq=False)
class FlipAt:
    """A flip from the input x (d,) to the ``point`` (d,), at this ``distance``.

    ``before`` and ``after`` are the decisions: classes from 0, or whether z⁽ᴸ⁾ of ``output``
    exceeds the ``level``; ``names`` what they are called. ``output`` is None where classes are
    compared. ``directions`` (k, d) span the line or plane that was searched; None: all inputs.
    ``reach``: a length in that plane, such as the distance between examples.
    """

    x: Array
    point: Array
    distance: float
    before: int
    after: int
    names: tuple[str, str]
    level: float = 0.0
    output: int | None = 0
    directions: Array | None = None
    reach: float = 1.0


def explain_flip(network: Network, flip: FlipAt) -> Explanation:
    """The distance of the nearest flip: |w·x + c|/‖w‖, where w·x + c is what decides in the affine
    piece of the point; where no such foot is nearest, ‖x − p‖ to the nearest place p on the border
    of a piece.

    NotPiecewiseLinearError if a hidden layer is curved.
    """
    w, c = _deciding(network, flip)
    basis = _basis(flip)
    along = w if basis is None else basis @ w
    height, steep = float(w @ flip.x + c), length(along)
    symbol = Symbol(Name("distance"), flip.distance)
    point = _written(flip.point)
    is_foot = steep > 0.0 and isclose(abs(height) / steep, flip.distance, rel_tol=AGREE)
    if is_foot and flip.distance > 0.0:
        definitions = _perpendicular(flip, w, c, along, basis)
        ratio: tuple[Part, ...] = ("|", Name("w·x + c"), "|", "/", Name("‖w‖"))
        equation: tuple[Part, ...] = (Name("distance"), "=", *ratio)
        where = f"It is the foot {point} of the perpendicular on w·x + c = 0. "
        where += f"{_what_decides(network, flip)}{_plane(basis)}"
        code = "abs(w @ x + c) / np.linalg.norm(w)"
    else:
        away = zip(flip.x.tolist(), flip.point.tolist(), strict=True)
        squares = tuple(
            Power(minus(Symbol(Name("x", indices=(i,)), a), Symbol(Name("p", indices=(i,)), b)), 2)
            for i, (a, b) in enumerate(away, start=1)
        )
        root = Function("sqrt", Sum(squares))
        definitions = (Definition(Symbol(Name("distance"), root.value), root),)
        symbol = definitions[0].symbol
        equation = (Name("distance"), "=", Name("‖x − p‖"))
        where = f"It is the place p = {point} on the border of a piece: none inside is nearer."
        code = "np.linalg.norm(x - p)"
    return Explanation(
        symbol=Symbol(symbol.name, definitions[-1].symbol.value),
        equation=equation,
        definitions=definitions,
        meaning=(
            f"The nearest point with another decision. {where}{_both_sides(network, flip, basis)}",
        ),
        code=code,
    )


def _deciding(network: Network, flip: FlipAt) -> tuple[Array, float]:
    """w (d,) and c of what decides in the piece of the point: it is 0 on the boundary."""
    W, b = affine_at(network, flip.point)
    if flip.output is None:
        return W[flip.after] - W[flip.before], float(b[flip.after] - b[flip.before])
    return W[flip.output], float(b[flip.output]) - flip.level


def _basis(flip: FlipAt) -> Array | None:
    """Orthonormal directions (k, d) of what was searched; None for all inputs."""
    if flip.directions is None or len(flip.directions) == len(flip.x):
        return None
    basis: Array = np.linalg.qr(flip.directions.T)[0].T
    return basis


def _perpendicular(
    flip: FlipAt, w: Array, c: float, along: Array, basis: Array | None
) -> tuple[Definition, ...]:
    """w·x + c, ‖w‖, and the distance."""
    inputs = [Symbol(Name("x", indices=(i,)), x) for i, x in enumerate(flip.x.tolist(), start=1)]
    slopes = [Symbol(Name("w", indices=(i,)), s) for i, s in enumerate(w.tolist(), start=1)]
    terms: list[Expression] = [Product(pair) for pair in zip(slopes, inputs, strict=True)]
    whole = Sum((*terms, Symbol(Name("c"), c)))
    squared = slopes
    if basis is not None:
        squared = [Symbol(Name("u", indices=(i,)), s) for i, s in enumerate(along.tolist(), 1)]
    root = Function("sqrt", Sum(tuple(Power(s, 2) for s in squared)))
    height, steep = Symbol(Name("w·x + c"), whole.value), Symbol(Name("‖w‖"), root.value)
    quotient = Quotient(Function("abs", height), steep)
    distance = Symbol(Name("distance"), quotient.value)
    return (
        Definition(height, whole),
        Definition(steep, root),
        Definition(distance, quotient),
    )


def _what_decides(network: Network, flip: FlipAt) -> str:
    last = len(network.weights)
    if flip.output is None:
        one, other = (Name("z", last, (k + 1,)).written() for k in (flip.after, flip.before))
        return f"w and c are the map of {one} − {other} in the piece there."
    z = Name("z", last, (flip.output + 1,) if network.sizes[-1] > 1 else ()).written()
    level = f" less {decimal(flip.level)}, where it flips," if flip.level else ""
    return f"w and c are the map of {z}{level} in the piece there."


def _plane(basis: Array | None) -> str:
    return "" if basis is None else " ‖w‖ is its length in the plane shown, u its parts there."


def _both_sides(network: Network, flip: FlipAt, basis: Array | None) -> str:
    """Both decisions next to the point, with the numbers that decide; "" if they are not found."""
    found = _sides(network, flip, basis)
    if found is None:
        return ""
    points, heights = found
    before, after = flip.names
    what = "the difference" if flip.output is None else "z less its level" if flip.level else "z"
    return (
        f" Check: just before it, at {_written(points[0])}, {what} is {decimal(heights[0])}: "
        f"{before}; just behind it, at {_written(points[1])}, {decimal(heights[1])}: {after}."
    )


def _sides(
    network: Network, flip: FlipAt, basis: Array | None
) -> tuple[tuple[Array, Array], tuple[float, float]] | None:
    """Points before and behind the point, at which the network decides so, and what decides."""
    span = np.eye(len(flip.x)) if basis is None else basis
    way = (flip.point - flip.x) / flip.distance if flip.distance > 0.0 else None
    turns = _turns(len(span)) @ span
    behind_first = turns if way is None else np.concatenate([way[None], turns])
    before_first = turns if way is None else np.concatenate([-way[None], turns])
    for near in NEAR:
        step = near * flip.reach
        sides = []
        for wanted, ways in ((flip.before, before_first), (flip.after, behind_first)):
            points = flip.point + step * ways
            decided, heights = _decided(network, flip, points)
            right = np.flatnonzero(decided == wanted)
            if right.size:
                sides.append((points[right[0]], float(heights[right[0]])))
        if len(sides) == 2:
            (a, height_a), (b, height_b) = sides
            return (a, b), (height_a, height_b)
    return None


def _turns(k: int) -> Array:
    """Unit vectors (m, k) in all directions of one or two coordinates."""
    if k == 1:
        return np.array([[1.0], [-1.0]])
    angles = 2.0 * np.pi * np.arange(AROUND) / AROUND
    turns: Array = np.zeros((AROUND, k))
    turns[:, 0], turns[:, 1] = np.cos(angles), np.sin(angles)
    return turns


def _decided(network: Network, flip: FlipAt, points: Array) -> tuple[Array, Array]:
    """The decisions (n,) of the network at points (n, d), and what decides (n,)."""
    z = network.forward(points).z[-1]
    if flip.output is None:
        return z.argmax(axis=1), z[:, flip.after] - z[:, flip.before]
    heights: Array = z[:, flip.output] - flip.level
    return (heights > 0.0).astype(np.intp), heights


def _written(point: Array) -> str:
    """(0.355, −0.396); of many inputs the first."""
    shown = [decimal(value) for value in point[:4].tolist()]
    return f"({', '.join(shown)}{', …' if len(point) > 4 else ''})"
