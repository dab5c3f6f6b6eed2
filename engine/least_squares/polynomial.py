"""Polynomial regression with powers of its own making: rounded to float64 they lose the answer."""

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
    """Fit y (n,) on 1, x, …, x^degree of x (n,); otherwise as ``ols``.

    Where x has no more than ``degree`` distinct values, the powers too many are dropped.
    """
    data, target, mass = read_fit(x, y, weights, method)
    floats = data.floats
    if floats.shape[1] != 1:
        raise ShapeError(f"polynomial takes x (n,); it got {floats.shape}")
    if not isinstance(degree, Integral) or degree < 0:
        raise DataError(f"polynomial: degree = {degree!r} is no whole number from 0 on")
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
        basis = _chebyshev(t, degree)
        solution = _solve_exactly(xs, unit, ys, degree, fractions)
    else:
        centre, half = _middle(floats)
        basis = _chebyshev((floats[:, 0] - float(centre)) / float(half), degree)
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
    # x^k is about (range/4)^k away from lower powers, but up to max|x|^k long
    nearness = 4 * max(map(abs, xs)) // (max(xs) - min(xs) or 1)
    bits = TEXT_BITS + degree * nearness.bit_length()
    return solve_exactly(IntegerColumns.of([*powers[1:], ys], True, weights), True, bits)


def _middle(x: Array) -> tuple[Fraction, Fraction]:
    """Centre and half width of the range of x."""
    low, high = Fraction(x.min().item()), Fraction(x.max().item())
    return Fraction(float((low + high) / 2)), Fraction(float((high - low) / 2)) or Fraction(1)


def _solve_fast(
    basis: Array, y: Array, weights: Array | None, centre: Fraction, half: Fraction
) -> "FastPolynomial":
    solution = solve_fast(basis, y, weights, True)
    degree = basis.shape[1]
    if solution.kept != list(range(degree + 1)):  # only as many powers as are independent
        first = next(j for j in range(degree + 1) if j not in solution.kept)
        return _solve_fast(basis[:, : first - 1], y, weights, centre, half)
    return FastPolynomial(solution, _chebyshev_powers(degree, centre, half))


@dataclass(frozen=True)
class FastPolynomial:
    """A fit on Chebyshev polynomials told as one on powers: ``powers[k]`` is T_k in powers of x."""

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
        for share, powers in zip(b, self.powers, strict=True):
            for power, coefficient in enumerate(powers):
                total[power] += Fraction(share) * coefficient
        return np.array([float(value) for value in total])


def _chebyshev(t: Array, degree: int) -> Array:
    """T_1(t) … T_degree(t), (n, degree): well conditioned where powers are not."""
    columns = [np.ones_like(t), t]
    for _ in range(degree - 1):
        columns.append(2.0 * t * columns[-1] - columns[-2])
    return np.array(columns[1 : degree + 1]).T.reshape(len(t), degree)


def _chebyshev_powers(degree: int, centre: Fraction, half: Fraction) -> list[Polynomial]:
    """T_k((x - centre)/half) as polynomials in x, k = 0 … degree."""
    found: list[Polynomial] = [[Fraction(1)], [-centre / half, 1 / half]]
    for _ in range(degree - 1):
        zero, last = Fraction(0), found[-1]
        risen = zip([zero, *last], [*last, zero], [*found[-2], zero, zero], strict=True)
        found.append([2 * (a - centre * b) / half - c for a, b, c in risen])
    return found[: degree + 1]
