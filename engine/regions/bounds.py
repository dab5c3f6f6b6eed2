"""Published bounds on the number of linear regions for given layer sizes.

Without biases every hyperplane z = 0 of layer 1 contains the origin, and n of them in d dimensions
make at most 2 Σ_{j<d} C(n − 1, j) regions (Cover 1965, Theorem 1). The network is then homogeneous,
so these regions are cones with their apex at 0, inside which the hyperplanes of a later layer
contain 0 too. A cone in which a unit keeps its sign is cut as a cross-section is, which has a
dimension less: into at most Σ_{j<d} C(n, j). The proofs of Serra, Montúfar, and Raghu and others
then hold with these numbers in place of Σ_{j≤d} C(n, j).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from typing import NamedTuple

from engine.errors import EngineError
from engine.regions.checked_layers import checked_dimension, checked_sizes, slopes_of


@dataclass(frozen=True)
class Bound:
    """A published bound, whose value for given layers ``region_bounds`` computes.

    Attributes:
        kind: "upper" (no weights make more regions), "lower" (some weights make this number, so
            the maximum is this or more) or "maximum" (both: the most that weights can make).
        source: the paper.
        formula: for hidden layers 1 … H.
        leaky: whether an upper bound also holds for leaky_relu.
        skips: whether an upper bound also holds with skip connections.
        unbiased: the formula without biases; "" if ``region_bounds`` describes it.

    Lower bounds are for relu networks with biases and without skip connections.

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
    unbiased: str = ""


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
        "Schläfli 1852, Zaslavsky 1975; one hidden layer, attained in general position; "
        "without biases Cover 1965, Theorem 1",
        "Σ_{j≤n_0} C(n_1, j)",
        leaky=True,
        skips=True,
        unbiased="2 Σ_{j<n_0} C(n_1 − 1, j)",
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


def region_bounds(
    sizes: Sequence[int],
    bias: bool = True,
    activations: str | Sequence[str] | None = None,
    *,
    dimension: int | None = None,
    central: bool = False,
    skips: Sequence[tuple[int, int]] = (),
) -> dict[str, int]:
    """Published bounds on the number of regions of networks with these layers.

    Upper bounds hold for activation regions in the whole input space, so also for linear regions
    and in any box. Lower bounds are attained by some network, in a box or the whole space.

    An identity layer bends nothing: it counts only where it is narrower than the layers before, as
    fewer dimensions pass through it. Without biases all hyperplanes contain the origin: see this
    module's docstring.

    Arguments:
        sizes: (n_0, …, n_L). The output layer n_L does not matter, as it bends nothing.
        bias: whether the layers have biases.
        activations: one name, or a list of one for each hidden layer; None: relu.
        dimension: of a slice of the input space, 2 for a plane, 1 for a line. It replaces n_0 in
            every formula. None: the whole space.
        central: whether the slice contains the origin: without biases, the hyperplanes then meet
            there within the slice too (Cover 1965). If not, it may be at any distance.
        skips: the skip connections, as in ``Network``.

    Returns:
        Exact integers by the names of ``BOUNDS``, in its order, which states the source of each.
        Bounds that do not apply are absent. Each upper bound is at most the next one.

    Raises:
        ShapeError: if sizes are not those of a network, or dimension is not 1 … n_0.
        NotPiecewiseLinearError: if an activation is curved.
        EngineError: if bias is not a bool.

    Example:
        >>> import engine
        >>> engine.region_bounds([2, 3, 1])["zaslavsky_1975"]
        7
        >>> engine.region_bounds([2, 3, 1], bias=False)["zaslavsky_1975"]  # lines through one point
        6
    """
    n0, *hidden = checked_sizes(sizes)
    d = checked_dimension(dimension, n0)
    if not isinstance(bias, bool):
        raise EngineError(f"bias must be True or False, not {bias!r}; name dimension=")
    slopes = slopes_of(activations, len(hidden))
    bends = [low != high for low, high in slopes]
    layers = _Layers(d, tuple(zip(hidden, bends, strict=True)), bias, central or d == n0)
    is_relu = {pair for pair, bent in zip(slopes, bends, strict=True) if bent} <= {(0.0, 1.0)}
    values = {**_upper(layers, bool(skips)), **_lower(layers, is_relu and not skips)}
    return {
        name: values[name]
        for name, bound in BOUNDS.items()
        if name in values
        and (bound.kind == "lower" or is_relu or bound.leaky)
        and (bound.kind == "lower" or not skips or bound.skips)
    }


class _Layers(NamedTuple):
    """The layers whose regions are bounded: the width of each hidden one, and whether it bends.

    ``dimension`` is that of a slice of the inputs, or of the whole space of them; ``has_origin``
    is whether 0 is in it.
    """

    dimension: int
    hidden: tuple[tuple[int, bool], ...]
    bias: bool
    has_origin: bool

    @property
    def widths(self) -> list[int]:
        """Those of the layers that bend."""
        return [n for n, bends in self.hidden if bends]

    @property
    def is_open(self) -> bool:
        """Whether the first hyperplanes cut a whole space around 0, not a cone in a half-space."""
        return self.has_origin and not self.bias

    @property
    def rank(self) -> int:
        """The dimensions that hyperplanes can cut: without biases, of the cone over a slice."""
        return self.dimension + (not self.bias and not self.has_origin)

    @property
    def lost(self) -> int:
        """The dimensions that a cross-section has less than its cone."""
        return int(not self.bias)


def _upper(layers: _Layers, skips: bool) -> dict[str, int]:
    """The upper bounds for layers of relu, the maximum included if it is known."""
    narrowed, full = _product(layers, narrow=True), _product(layers, narrow=False)
    bounds = {
        "serra_2018_upper": _serra(layers),
        "montufar_2017_upper": narrowed,
        "raghu_2017_upper": full,
        "montufar_2014_upper": 2 ** sum(layers.widths),
    }
    # a skip connection may lead some of the dimensions round a narrow identity layer
    if len(layers.widths) == 1 and (not skips or narrowed == full):
        bounds["zaslavsky_1975"] = narrowed
    return bounds


def _lower(layers: _Layers, can_fold: bool) -> dict[str, int]:
    """The lower bounds that apply, if the activations and connections allow for folding."""
    d, widths = layers.dimension, layers.widths
    narrowest = min((n for n, bends in layers.hidden if not bends), default=d)
    if widths and not (can_fold and layers.bias and narrowest >= d):
        return {}
    bounds = {}
    if min(widths, default=d) >= d:
        bounds["montufar_2014_lower"] = _folded(d, widths, 0)
    if min(widths, default=3 * d) >= 3 * d:
        bounds["serra_2018_lower"] = _folded(d, widths, 1)
    return bounds


def _binomials(n: int, last: int) -> list[int]:
    """C(n, 0) … C(n, min(n, last)), each from the previous one, as n may be in the thousands."""
    return [*accumulate(range(1, min(n, last) + 1), lambda c, j: c * (n - j + 1) // j, initial=1)]


def _cells(n: int, d: int) -> int:
    """The number of cells of n hyperplanes in general position in d dimensions: Σ_{j≤d} C(n, j)."""
    return sum(_binomials(n, d))


def _cells_around_0(n: int, d: int) -> int:
    """The same if the hyperplanes contain the origin, for d ≥ 1: 2 Σ_{j<d} C(n − 1, j)."""
    return 2 * _cells(n - 1, d - 1)


def _product(layers: _Layers, narrow: bool) -> int:
    """The product over the layers of the number of cells of their hyperplanes.

    With ``narrow`` in no more dimensions than the narrowest layer before, else always in all.
    """
    rank, is_open, total = layers.rank, layers.is_open, 1
    for n, bends in layers.hidden:
        if bends:
            total *= _cells_around_0(n, rank) if is_open else _cells(n, rank - layers.lost)
            is_open = False
        if narrow and n < rank:
            rank = n
            is_open = not bends and not layers.bias  # a cone may become a whole space
    return total


def _folded(n0: int, hidden: list[int], extra: int) -> int:
    """A lower bound: earlier layers map several pieces to the same image, cut by the last layer.

    Each earlier layer folds every input dimension into ⌊n/n_0⌋ + ``extra`` pieces.
    """
    if not hidden:
        return 1
    *folding, last = hidden
    pieces: int = prod((n // n0 + extra) ** n0 for n in folding)
    return pieces * _cells(last, n0)


def _serra(layers: _Layers) -> int:
    """Σ over J, summed layer by layer: count[d] regions whose image has d dimensions or fewer.

    Without biases the images of ``open_count`` regions may be whole spaces of ``open_d`` dimensions
    around 0, all others are in a half-space.
    """
    rank = layers.rank
    open_d, open_count = rank, int(layers.is_open)
    count = [0] * rank + [1 - open_count]
    for n, bends in layers.hidden:
        if bends:
            count = _cut(count, n, layers.lost)
            for j, cells in enumerate(_off_around_0(n, open_d) if open_count else ()):
                count[min(open_d, n - j)] += cells * open_count
            open_count = 0
        elif n < rank:
            wider, count[n + 1 :] = sum(count[n + 1 :]), [0] * (rank - n)
            if layers.bias:
                count[n] += wider
            else:
                open_d = min(open_d, n) if open_count else n
                open_count += wider
    return sum(count) + open_count


def _off_around_0(n: int, d: int) -> list[int]:
    """How many of the cells of n hyperplanes around 0 in d dimensions have 0, 1, … units off.

    At the least: there are at most C(n, j) cells with j units off.
    """
    return [*_binomials(n, d - 1), *_binomials(n - 1, d - 1)[d - 1 :]]


def _cut(count: list[int], n: int, lost: int) -> list[int]:
    """``count`` after a layer of n units.

    It cuts a region of d dimensions into C(n, j) regions with j units off, for each
    j ≤ min(d − lost, n), and their images have at most min(d, n − j) dimensions. For new dimension
    e, either e = d ≤ n − j, or e = n − j < d: so prefix sums suffice. No dimension is above n_0, so
    only j ≤ n_0 and n − j ≤ n_0 occur, however wide the layer: O(n_0) per layer.
    """
    rank = len(count) - 1
    binomials = _binomials(n, rank)  # C(n, n − e) = C(n, e)
    prefix = list(accumulate(binomials))
    suffix = list(accumulate(reversed(count)))[::-1]  # Σ of count[d:]
    new = [
        count[e] * prefix[max(0, min(e - lost, n - e))]
        + (binomials[e] * suffix[start] if (start := max(e + 1, n - e + lost)) <= rank else 0)
        for e in range(min(rank, n) + 1)
    ]
    return new + [0] * (rank - n)
