"""Published bounds on the number of linear regions for given layer sizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from operator import index

from engine.errors import ShapeError


@dataclass(frozen=True)
class Bound:
    """A published bound, whose value for given sizes ``region_bounds`` computes.

    Attributes:
        kind: "upper" (no weights make more regions), "lower" (some weights make this number) or
            "maximum" (both).
        source: the paper.
        formula: for hidden layers 1 … H.
        leaky: whether an upper bound also holds for leaky_relu.
        skips: whether an upper bound also holds with skip connections.

    Lower bounds are for relu networks without skip connections.

    Example:
        >>> import engine
        >>> engine.BOUNDS["zaslavsky_1975"].formula
        'Σ_{j≤n_0} C(n_1, j)'
    """

    kind: str
    source: str
    formula: str
    leaky: bool = False
    skips: bool = False


BOUNDS = {
    "montufar_2014_lower": Bound(
        "lower",
        "Montúfar, Pascanu, Cho & Bengio 2014, Theorem 4; needs every n_l ≥ n_0",
        "∏_{l<H} ⌊n_l/n_0⌋^n_0 · Σ_{j≤n_0} C(n_H, j)",
    ),
    "serra_2018_lower": Bound(
        "lower",
        "Serra, Tjandraatmadja & Ramalingam 2018; needs every n_l ≥ 3n_0",
        "∏_{l<H} (⌊n_l/n_0⌋ + 1)^n_0 · Σ_{j≤n_0} C(n_H, j)",
    ),
    "zaslavsky_1975": Bound(
        "maximum",
        "Schläfli 1852, Zaslavsky 1975; one hidden layer, attained in general position",
        "Σ_{j≤n_0} C(n_1, j)",
        leaky=True,
        skips=True,
    ),
    "serra_2018_upper": Bound(
        "upper",
        "Serra, Tjandraatmadja & Ramalingam 2018, Theorem 1",
        "Σ_J ∏_l C(n_l, j_l), J: 0 ≤ j_l ≤ min(n_0, n_1 − j_1, …, n_{l−1} − j_{l−1}, n_l)",
    ),
    "montufar_2017_upper": Bound(
        "upper",
        "Montúfar 2017, Notes on the number of linear regions of deep neural networks",
        "∏_l Σ_{j≤d_l} C(n_l, j), d_l = min(n_0, …, n_{l−1})",
        leaky=True,
    ),
    "raghu_2017_upper": Bound(
        "upper",
        "Raghu, Poole, Kleinberg, Ganguli & Sohl-Dickstein 2017, the proof of Theorem 1",
        "∏_l Σ_{j≤n_0} C(n_l, j)",
        leaky=True,
        skips=True,
    ),
    "montufar_2014_upper": Bound(
        "upper",
        "Montúfar, Pascanu, Cho & Bengio 2014: a pattern is on or off for each unit",
        "2^(n_1 + … + n_H)",
        leaky=True,
        skips=True,
    ),
}
"""All bounds by name, lower ones first; each upper bound is at most the next one."""


def region_bounds(sizes: Sequence[int], dimension: int | None = None) -> dict[str, int]:
    """Published bounds on the number of regions of a relu network with these layer sizes.

    Upper bounds hold for activation regions in the whole input space, so also for linear regions
    and in any box. Lower bounds are attained by some relu network, in a box or the whole space.
    For other layers see ``Bound.leaky`` and ``Bound.skips``. Each upper bound also holds with
    identity layers, which bend nothing and keep no more dimensions than a relu layer.

    Arguments:
        sizes: (n_0, …, n_L). The output layer n_L does not matter, as it bends nothing.
        dimension: of a slice of the input space, 2 for a plane, 1 for a line. It replaces n_0 in
            every formula. None: the whole space.

    Returns:
        Exact integers by the names of ``BOUNDS``, in its order, which states the source of each.
        Bounds that do not apply to the sizes are absent.

    Raises:
        ShapeError: if sizes are not those of a network, or dimension is not 1 … n_0.

    Example:
        >>> import engine
        >>> engine.region_bounds([2, 3, 1])["zaslavsky_1975"]
        7
    """
    n0, *hidden = _checked(sizes, dimension)
    bounds = {
        "zaslavsky_1975": _cells(hidden[0], n0) if len(hidden) == 1 else None,
        "serra_2018_upper": _serra(n0, hidden),
        "montufar_2017_upper": prod(map(_cells, hidden, accumulate([n0, *hidden], min))),
        "raghu_2017_upper": prod(_cells(n, n0) for n in hidden),
        "montufar_2014_upper": 2 ** sum(hidden),
        "montufar_2014_lower": _folded(n0, hidden, 0) if all(n >= n0 for n in hidden) else None,
        "serra_2018_lower": _folded(n0, hidden, 1) if all(n >= 3 * n0 for n in hidden) else None,
    }
    return {name: value for name in BOUNDS if (value := bounds[name]) is not None}


def _binomials(n: int, last: int) -> list[int]:
    """C(n, 0) … C(n, min(n, last)), each from the previous one, as n may be in the thousands."""
    return [*accumulate(range(1, min(n, last) + 1), lambda c, j: c * (n - j + 1) // j, initial=1)]


def _cells(n: int, d: int) -> int:
    """The number of cells of n hyperplanes in general position in d dimensions: Σ_{j≤d} C(n, j)."""
    return sum(_binomials(n, d))


def _folded(n0: int, hidden: list[int], extra: int) -> int:
    """A lower bound: earlier layers map several pieces to the same image, cut by the last layer.

    Each earlier layer folds every input dimension into ⌊n/n_0⌋ + ``extra`` pieces.
    """
    if not hidden:
        return 1
    *folding, last = hidden
    pieces: int = prod((n // n0 + extra) ** n0 for n in folding)
    return pieces * _cells(last, n0)


def _serra(n0: int, hidden: list[int]) -> int:
    """Σ over J, summed layer by layer: count[d] regions whose image has d dimensions or fewer.

    A layer of n units cuts a region of d dimensions into C(n, j) regions with j units off, for
    each j ≤ min(d, n), and their images have at most min(d, n − j) dimensions. For new dimension
    e, either e = d ≤ n − j, or e = n − j < d: so prefix sums suffice. No dimension is above n_0,
    so only j ≤ n_0 and n − j ≤ n_0 occur, however wide the layer: O(n_0) per layer.
    """
    count = [0] * n0 + [1]
    for n in hidden:
        binomials = _binomials(n, n0)  # C(n, n − e) = C(n, e)
        prefix = list(accumulate(binomials))
        suffix = list(accumulate(reversed(count)))[::-1]  # Σ of count[d:]
        count = [
            count[e] * prefix[min(e, n - e)]
            + (binomials[e] * suffix[start] if (start := max(e + 1, n - e)) <= n0 else 0)
            for e in range(min(n0, n) + 1)
        ]
        count += [0] * (n0 - n)
    return sum(count)


def _checked(sizes: Sequence[int], dimension: int | None) -> list[int]:
    """(n_0, n_1, …, n_{L−1}), with the slice's dimension for n_0 if one is given."""
    try:
        numbers = [index(n) for n in sizes]
    except TypeError:
        numbers = []
    if len(numbers) < 2 or min(numbers) < 1:
        raise ShapeError(f"layer sizes {sizes!r}: at least inputs and outputs, whole, 1 or more")
    n0, *hidden = numbers[:-1]
    try:
        d = n0 if dimension is None else index(dimension)
    except TypeError:
        d = 0
    if not 1 <= d <= n0:
        raise ShapeError(
            f"dimension {dimension!r}: a slice of the space of {n0} inputs has 1 … {n0}"
        )
    return [d, *hidden]
