"""Errors of constructed curves against their width: what theory promises, and what is reached."""

from collections.abc import Callable, Iterator, Sequence
from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from engine.approximation.bumps import Construction, bump_train, staircase
from engine.approximation.knot_fit import fit_knots
from engine.approximation.knot_search import even_knots, max_knots, searching_knots
from engine.approximation.relu import interpolation_bound, relu_interpolant
from engine.approximation.targets import Target
from engine.approximation.units import unit_positions
from engine.arrays import Array
from engine.errors import DataError
from engine.least_squares.polynomial import polynomial
from engine.network.network import Network
from engine.regions.knots import knots as knots_of

BETWEEN = 8  # into how many parts each piece is cut to look for its largest error


class Errors(NamedTuple):
    """|ŷ − f|: the largest, and the x where it is; and the mean of the squares over the sample."""

    largest: float
    at: float
    mean_square: float


class SweepPoint(NamedTuple):
    """The error of one method at one width.

    ``width``: hidden units, of a polynomial the degree. ``parameters``: weights and biases, or
    coefficients. ``bound``: what ``largest`` cannot exceed, but for rounding; inf if nothing is
    known, as for data.
    """

    method: str
    width: int
    parameters: int
    largest: float
    mean_square: float
    bound: float = inf


class Sweep(NamedTuple):
    """The points so far, in the order of ``methods`` and then of the widths; ``done`` is 0 … 1."""

    points: tuple[SweepPoint, ...]
    done: float


def errors(target: Target, network: Network) -> Errors:
    """How far a network with one input and output is from a target.

    The largest error is over the sample; for a formula also on both sides of its jumps, where the
    network bends or steps, and at ``BETWEEN`` − 1 points between two such places.

    Example:
        >>> import numpy as np
        >>> import engine
        >>> from engine.approximation.sweep import errors
        >>> from engine.approximation.targets import formula_target
        >>> network = engine.relu_interpolant([0, 1], [0, 1])
        >>> errors(formula_target(np.square, (0, 1)), network).largest
        0.25
    """
    more: Array = np.zeros(0)
    if target.is_formula:
        low, high = target.interval
        places = _bends(network, target.interval)
        nodes = np.array([low, *np.sort(places[(low < places) & (places < high)]), high])
        index = np.arange(len(nodes))
        more = np.interp(np.arange(index[-1] * BETWEEN + 1) / BETWEEN, index, nodes)
    return errors_on(target, lambda x: network.predict(x[:, np.newaxis])[:, 0], more)


def _bends(network: Network, interval: tuple[float, float]) -> Array:
    """Where a network bends or steps; with several hidden layers only if piecewise linear.

    None of them of a network that has diverged.
    """
    if len(network.sizes) == 3:
        return unit_positions(network)
    is_linear = all(sigma.slopes for sigma in network.layer_activations[:-1])
    if is_linear and np.isfinite(network.parameters).all():
        return knots_of(network, interval).x
    return np.zeros(0)


def errors_on(
    target: Target, predict: Callable[[Array], Array], more: Array | None = None
) -> Errors:
    """The errors of any curve on the sample, at the jumps, and at the points ``more``."""
    others = np.zeros(0) if more is None else more
    jumps = np.array(target.jumps)
    x = np.concatenate([target.x, others, jumps, jumps])
    y = np.concatenate(
        [
            target.y,
            *map(target.function, (others, np.nextafter(jumps, -inf), np.nextafter(jumps, inf))),
        ]
    )
    with np.errstate(over="ignore"):  # what does not fit float64 is inf
        distance = np.abs(predict(x) - y)
        mean_square = float(np.square(distance[: len(target.x)]).mean())
    worst = int(distance.argmax())
    return Errors(float(distance[worst]), float(x[worst]), mean_square)


class PolynomialCurve(NamedTuple):
    """A fitted polynomial: ŷ at points (m,), its errors on the target's sample, and its
    coefficients (degree + 1,), of t = x moved and scaled to −1 … 1 on the target's interval."""

    predict: Callable[[Array], Array]
    errors: Errors
    coefficients: Array


def polynomial_curve(target: Target, degree: int) -> PolynomialCurve:
    """OLS of a target's sample on 1, x, …, x^degree.

    Powers are of x moved and scaled to −1 … 1: the same curve, and no power is large.

    Example:
        >>> from engine.approximation.sweep import polynomial_curve
        >>> from engine.approximation.targets import TARGETS
        >>> curve = polynomial_curve(TARGETS["line"], degree=1)
        >>> curve.errors.largest < 1e-12, curve.predict(np.array([2.0])).round(6).tolist()
        (True, [2.0])
    """
    low, high = target.interval

    def scaled(x: Array) -> Array:
        t: Array = (x / 2 - low / 2) / (high / 2 - low / 2) * 2 - 1
        return t

    fit = polynomial(scaled(target.x), target.y, degree, method="fast")

    def predict(x: Array) -> Array:
        y: Array = np.asarray(np.polynomial.polynomial.polyval(scaled(x), fit.coefficients))
        return y

    # the fitted values have digits that powers of x would lose; jumps belong to the sample
    found = errors_on(target, lambda x: np.interp(x, target.x, fit.fitted))
    return PolynomialCurve(predict, found, fit.coefficients)


def _polynomial(target: Target, width: int) -> SweepPoint:
    found = polynomial_curve(target, width).errors
    return SweepPoint("polynomial", width, width + 1, found.largest, found.mean_square)


def _interpolant(target: Target, width: int) -> Construction:
    knots = np.linspace(*target.interval, width)
    bound = interpolation_bound(knots, target.curvature) if isfinite(target.curvature) else inf
    return Construction(relu_interpolant(knots, target.function(knots)), bound)


def _even(target: Target, width: int) -> Construction:
    knots = even_knots(*target.interval, width - 1)
    return Construction(fit_knots(target.x, target.y, knots, "fast").network, inf)


class Method(NamedTuple):
    """How to build a curve of a given width, and the exponent of its largest error.

    ``build`` is None for a method that ``width_sweep`` treats apart.
    """

    description: str
    least_width: int
    exponent: float
    build: Callable[[Target, int], Construction] | None


METHODS = {
    "polynomial": Method("OLS on powers of x", 0, np.nan, None),
    "interpolant": Method("relu through the target at even knots", 2, -2.0, _interpolant),
    "even": Method("relu with even knots, by least squares", 2, -2.0, _even),
    "best": Method("relu with the best free knots, by least squares", 2, -2.0, None),
    "steps": Method(
        "a staircase of sigmoids", 1, -1.0, lambda target, width: staircase(target, width + 1)
    ),
    "bumps": Method(
        "bumps of two sigmoids each", 2, -1.0, lambda target, width: bump_train(target, width // 2)
    ),
}
"""Ways to build a curve by name. ``exponent``: the largest error falls as widthᵉ, for relu if f has
two continuous derivatives, for sigmoids if it has one. Polynomials have no such law: for sine the
error falls faster than any power, for a function with a jump not at all."""


def width_sweep(
    target: Target, widths: Sequence[int], methods: Sequence[str] = tuple(METHODS)
) -> Iterator[Sweep]:
    """The errors of constructed curves at several widths, step by step.

    Arguments:
        target: the curve, one of ``TARGETS`` or made by ``formula_target`` or ``data_target`` (in
            ``engine.approximation.targets``).
        widths: the widths: hidden units, or the degree. A method leaves out widths that are too
            small for it, or too large for the data.
        methods: names in ``METHODS``.

    Returns:
        An iterator of ``Sweep``. After each the caller can show the points and stop; the last one
        is complete.

    Raises:
        DataError: a method is unknown, or a width is below 0.

    Example:
        >>> import engine
        >>> from engine.approximation.targets import TARGETS
        >>> *_, sweep = engine.width_sweep(TARGETS["sine"], [5, 9, 17], ["interpolant", "even"])
        >>> [(p.width, p.parameters, round(p.largest, 2)) for p in sweep.points[:3]]
        [(5, 16, 0.93), (9, 28, 0.23), (17, 52, 0.07)]
    """
    unknown = [name for name in methods if name not in METHODS]
    if unknown:
        raise DataError(f"no method {unknown[0]!r}; there are: {', '.join(METHODS)}")
    if min(widths, default=0) < 0:
        raise DataError(f"a width of {min(widths)}: it must be 0 or more")
    return _sweeping(target, sorted({int(width) for width in widths}), methods)


def _sweeping(target: Target, widths: list[int], methods: Sequence[str]) -> Iterator[Sweep]:
    points: tuple[SweepPoint, ...] = ()
    for number, method in enumerate(methods):
        possible = [width for width in widths if _is_possible(target, method, width)]
        for point, done in _points(target, method, possible):
            if point is not None:
                points = (*points, point)
            yield Sweep(points, (number + done) / len(methods))
    yield Sweep(points, 1.0)


def _is_possible(target: Target, method: str, width: int) -> bool:
    free = max_knots(target.x)
    limits = {"best": free + 1, "polynomial": free + 1}
    return METHODS[method].least_width <= width <= limits.get(method, inf)


def _points(
    target: Target, method: str, widths: list[int]
) -> Iterator[tuple[SweepPoint | None, float]]:
    """The points of one method, and the share of its work; None where there is no new point."""
    if method == "best" and widths:
        previous = -1
        for search in searching_knots(target.x, target.y, widths[-1] - 1):
            point, width = None, search.knot_count + 1  # K + 1 units
            if search.knot_count > previous and width in widths:
                built = Construction(search.fit.network, inf)
                point = _point(target, method, width, built)
            previous = search.knot_count
            yield point, search.done
        return
    build = METHODS[method].build
    for index, width in enumerate(widths, start=1):
        if build is None:
            yield _polynomial(target, width), index / len(widths)
        else:
            yield _point(target, method, width, build(target, width)), index / len(widths)


def _point(target: Target, method: str, width: int, built: Construction) -> SweepPoint:
    found = errors(target, built.network)
    count, bound = built.network.parameter_count, built.bound if target.is_formula else inf
    return SweepPoint(method, width, count, found.largest, found.mean_square, bound)


def fitted_exponent(widths: Sequence[float], largest: Sequence[float]) -> float:
    """e of the power law error = c·widthᵉ, by least squares of the logarithms.

    Example:
        >>> from engine.approximation.sweep import fitted_exponent
        >>> round(fitted_exponent([1, 2, 4], [3.0, 0.75, 0.1875]), 9)
        -2.0
    """
    slope, _ = np.polyfit(np.log(widths), np.log(largest), 1)
    return float(slope)
