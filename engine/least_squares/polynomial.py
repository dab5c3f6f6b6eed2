"""Polynomial regression with exact powers: rounding powers to float64 would lose digits."""

from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from operator import mul

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.exact_input import check_finite, integers
from engine.errors import DataError, ShapeError
from engine.least_squares.exact import TEXT_BITS, ExactSolution, IntegerColumns, solve_exactly
from engine.least_squares.fast import FastSolution, solve_fast
from engine.least_squares.fit import OlsFit
from engine.least_squares.ols import is_exact, read_fit
from engine.least_squares.solution import Solution, Square

Polynomial = list[Fraction]  # coefficients, the constant first


def polynomial(
    x: ArrayLike,
    y: ArrayLike,
    degree: int,
    weights: ArrayLike | None = None,
    method: str | None = None,
) -> OlsFit:
    """Ordinary or weighted least squares of y on 1, x, …, x^degree.

    The powers are computed without rounding, or in a Chebyshev basis for large data. If x has at
    most ``degree`` distinct values, the highest powers are dropped.

    Arguments:
        x, y: arrays (n,), also of decimal strings, Decimal or Fraction, which are not rounded.
        degree: a whole number, 0 or more.
        weights, method: as in ``ols``.

    Returns:
        The fit, with the intercept first.

    Raises:
        ShapeError, DataError: as in ``ols``, and if x^degree does not fit float64.

    Example:
        >>> import engine
        >>> engine.polynomial([0, 1, 2, 3], [1, 2, 5, 10], degree=2).coefficients.tolist()
        [1.0, 0.0, 1.0]
    """
    data, target, mass = read_fit(x, y, weights, method)
    floats = data.floats
    if floats.shape[1] != 1:
        raise ShapeError(f"polynomial takes x (n,); it got {floats.shape}")
    if not isinstance(degree, Integral) or degree < 0:
        raise DataError(f"polynomial: degree = {degree!r} is not a whole number, 0 or more")
    with np.errstate(over="ignore"):
        powers = floats ** np.arange(1, degree + 1)
    check_finite(floats, "x")
    if not np.isfinite(powers).all():
        raise DataError(f"polynomial: x^{degree} is too large for float64: scale x")
    w = None if mass is None else mass.floats
    solution: Solution
    if is_exact(method, len(floats), degree):
        xs, unit = integers(list(data.fractions[:, 0]))
        low, high = min(xs), max(xs)
        t = np.array([(2 * x - low - high) / (high - low or 1) for x in xs])
        ys = integers(list(target.fractions))
        fractions = None if mass is None else list(mass.fractions)
        basis = chebyshev(t, degree)
        solution = _solve_exactly(xs, unit, ys, degree, fractions)
    else:
        centre, half = _centre_and_half_width(floats)
        basis = chebyshev((floats[:, 0] - float(centre)) / float(half), degree)
        solution = _solve_fast(basis, target.floats, w, centre, half)
    labels = [f"x^{power}" if power > 1 else "x" for power in range(1, degree + 1)]
    y, w = target.floats.copy(), None if w is None else w.copy()
    return OlsFit(powers, y, w, True, labels, basis, solution)


def _solve_exactly(
    xs: list[int],
    unit: Fraction,
    ys: tuple[list[int], Fraction],
    degree: int,
    weights: list[Fraction] | None,
) -> ExactSolution:
    powers = [([1] * len(xs), Fraction(1))]
    for _ in range(degree):
        powers.append((list(map(mul, powers[-1][0], xs)), powers[-1][1] * unit))
    # x^k is at a distance of about (range/4)^k from lower powers, but its length is up to max|x|^k
    ratio = 4 * max(map(abs, xs)) // (max(xs) - min(xs) or 1)
    bits = TEXT_BITS + degree * ratio.bit_length()
    return solve_exactly(IntegerColumns.make([*powers[1:], ys], True, weights), True, bits)


def _centre_and_half_width(x: Array) -> tuple[Fraction, Fraction]:
    """The centre and the half width of the range of x."""
    low, high = Fraction(x.min().item()), Fraction(x.max().item())
    return Fraction(float((low + high) / 2)), Fraction(float((high - low) / 2)) or Fraction(1)


def _solve_fast(
    basis: Array, y: Array, weights: Array | None, centre: Fraction, half: Fraction
) -> "FastPolynomial":
    solution = solve_fast(basis, y, weights, True)
    degree = basis.shape[1]
    if solution.kept != list(
        range(degree + 1)
    ):  # drop the highest powers until all are independent
        first = next(j for j in range(degree + 1) if j not in solution.kept)
        return _solve_fast(basis[:, : first - 1], y, weights, centre, half)
    return FastPolynomial(solution, _chebyshev_powers(degree, centre, half))


@dataclass(frozen=True)
class FastPolynomial:
    """A fit on Chebyshev polynomials, converted to powers of x: ``powers[k]`` is T_k in powers."""

    solution: FastSolution
    powers: list[Polynomial]

    @property
    def method(self) -> str:
        return self.solution.method

    @property
    def kept(self) -> list[int]:
        return self.solution.kept

    @property
    def total(self) -> Square:
        return self.solution.total

    @property
    def explained(self) -> Square:
        return self.solution.explained

    @property
    def ssr(self) -> Square:
        return self.solution.ssr

    @property
    def coefficients(self) -> Array:
        return self._in_powers(self.solution.coefficients)

    def factor(self) -> Array:
        return np.apply_along_axis(self._in_powers, 0, self.solution.factor())

    def residuals(self) -> Array:
        return self.solution.residuals()

    def _in_powers(self, b: Array) -> Array:
        total = [Fraction(0)] * len(b)
        for factor, powers in zip(b, self.powers, strict=True):
            for power, coefficient in enumerate(powers):
                total[power] += Fraction(factor) * coefficient
        return np.array([float(value) for value in total])


def chebyshev(t: Array, degree: int) -> Array:
    """T_1(t) … T_degree(t), (n, degree): better conditioned than powers."""
    columns = [np.ones_like(t), t]
    for _ in range(degree - 1):
        columns.append(2.0 * t * columns[-1] - columns[-2])
    return np.array(columns[1 : degree + 1]).T.reshape(len(t), degree)


def _chebyshev_powers(degree: int, centre: Fraction, half: Fraction) -> list[Polynomial]:
    """T_k((x - centre)/half) as polynomials in x, k = 0 … degree."""
    polynomials: list[Polynomial] = [[Fraction(1)], [-centre / half, 1 / half]]
    for _ in range(degree - 1):  # T_k+1(t) = 2 t T_k(t) - T_k-1(t)
        zero, T, previous = Fraction(0), polynomials[-1], polynomials[-2]
        columns = zip([zero, *T], [*T, zero], [*previous, zero, zero], strict=True)
        polynomials.append([2 * (a - centre * b) / half - c for a, b, c in columns])
    return polynomials[: degree + 1]
