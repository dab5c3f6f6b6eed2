"""Polynomials of every degree up to a limit on the same data: what each costs, and its curve."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf
from numbers import Integral
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.exact_input import check_finite
from engine.errors import DataError, ShapeError
from engine.least_squares.fit import OlsFit
from engine.least_squares.polynomial import chebyshev, polynomial


class PolynomialCost(NamedTuple):
    """One degree of a path.

    ``train_cost`` and ``test_cost`` are the mean of (y − ŷ)² over the training and the test
    examples; ``test_cost`` is NaN without test examples. ``condition_number`` is that of
    1, x, …, x^degree at the training examples, inf if x has at most ``degree`` distinct values.
    """

    degree: int
    train_cost: float
    test_cost: float
    condition_number: float


@dataclass(frozen=True, eq=False)
class PolynomialPath:
    """Least-squares polynomials of several degrees on the same data.

    Attributes:
        degrees: the degrees, ascending.
        top: the fit of the highest degree, from ``polynomial``.
        x, y: the training examples (n,).
        test: x and y of the test examples, or None.

    Example:
        >>> import engine
        >>> path = engine.polynomial_path([0, 1, 2, 3], [1, 2, 5, 10], [1, 2])
        >>> [round(cost.train_cost, 12) for cost in path.costs]
        [1.0, 0.0]
        >>> path.predict(2, [4.0]).round(9).tolist()  # 1 + x², beyond the data
        [17.0]
    """

    degrees: tuple[int, ...]
    top: OlsFit
    x: Array
    y: Array
    test: tuple[Array, Array] | None

    def fit(self, degree: int) -> OlsFit:
        """The fit of a degree with all that ``polynomial`` gives, exact and slower."""
        return polynomial(self.x, self.y, degree)

    def predict(self, degree: int, x: ArrayLike) -> Array:
        """The fitted curve of a degree at any x (m,), also beyond the data.

        It is computed on Chebyshev polynomials, so that no digits cancel between powers.

        Raises DataError if the degree is above the highest of the path.
        """
        if not 0 <= degree <= self.degrees[-1]:
            raise DataError(f"degree {degree} is not among 0 … {self.degrees[-1]} of this path")
        count = min(degree + 1, self._rank)
        solved = np.linalg.solve(self._qr[1][:count, :count], self._parts[:count])
        with np.errstate(over="ignore", invalid="ignore"):
            curve: Array = self._columns(np.asarray(x, dtype=np.float64), count) @ solved
        return curve

    @cached_property
    def costs(self) -> tuple[PolynomialCost, ...]:
        """Train cost, test cost and condition number of each degree."""
        return tuple(
            PolynomialCost(
                degree, self._train_cost(degree), self._test_cost(degree), self._condition(degree)
            )
            for degree in self.degrees
        )

    def _train_cost(self, degree: int) -> float:
        count = min(degree + 1, self._rank)
        residuals = self.y - self._qr[0][:, :count] @ self._parts[:count]
        return float(np.mean(residuals**2))

    def _test_cost(self, degree: int) -> float:
        if self.test is None or not len(self.test[0]):
            return np.nan
        return float(np.mean((self.test[1] - self.predict(degree, self.test[0])) ** 2))

    def _condition(self, degree: int) -> float:
        """As ``OlsFit.condition_number``: the factor of the highest degree begins with those of the
        lower ones."""
        count = degree + 1
        if count > self._rank:
            return inf
        design = self.top.design[:, :count]
        unit = np.abs(design).max()
        largest = np.linalg.eigvalsh((design / unit).T @ (design / unit))[-1]
        with np.errstate(over="ignore"):
            factor = self.top.factor[:count, :count]
            return float(np.sqrt(largest) * (unit * np.linalg.norm(factor, 2)))

    @property
    def _rank(self) -> int:
        """How many powers, from 1 on, are independent at the training examples."""
        return self.top.rank

    @cached_property
    def _centre_and_half(self) -> tuple[float, float]:
        low, high = float(self.x.min()), float(self.x.max())
        return low / 2.0 + high / 2.0, (high / 2.0 - low / 2.0) or 1.0

    @cached_property
    def _qr(self) -> tuple[Array, Array]:
        Q, R = np.linalg.qr(self._columns(self.x, self._rank))
        return Q, R

    @cached_property
    def _parts(self) -> Array:
        """Q'y: the first k of them belong to the polynomial with k coefficients."""
        Q, _ = self._qr
        parts = Q.T @ self.y
        return np.asarray(parts + Q.T @ (self.y - Q @ parts))  # once refined

    def _columns(self, x: Array, count: int) -> Array:
        """T_0 … T_(count − 1) at x, scaled to −1 … 1 over the training examples."""
        centre, half = self._centre_and_half
        t = (x - centre) / half
        return np.column_stack([np.ones_like(t), chebyshev(t, count - 1)])


def polynomial_path(
    x: ArrayLike,
    y: ArrayLike,
    degrees: Iterable[int] = range(1, 13),
    test: tuple[ArrayLike, ArrayLike] | None = None,
) -> PolynomialPath:
    """Least-squares polynomials of several degrees, with the cost of each in one call.

    The highest degree is fitted by ``polynomial``. The lower ones follow from it: with an
    orthonormal basis of ascending degree, a polynomial is the sum of the first parts of y. The
    condition numbers are exact to rounding however large they are.

    Arguments:
        x, y: the training examples (n,).
        degrees: whole numbers, 0 or more; 1 … 12.
        test: x (m,) and y (m,) of test examples, or None.

    Returns:
        The path; ``costs`` has a row for each degree.

    Raises:
        ShapeError, DataError: as in ``polynomial``, or there is no degree.

    Example:
        >>> import engine, numpy as np
        >>> x = np.linspace(-1.0, 1.0, 11)  # Runge's example
        >>> path = engine.polynomial_path(x, 1.0 / (1.0 + 25.0 * x**2), [2, 10])
        >>> [round(cost.train_cost, 6) for cost in path.costs]
        [0.040522, 0.0]
        >>> round(path.predict(10, [0.95]).item(), 2)  # between the points; the function is 0.04
        1.92
    """
    ordered = tuple(sorted(set(degrees)))
    if not ordered or not all(isinstance(d, Integral) and d >= 0 for d in ordered):
        raise DataError(f"polynomial_path takes degrees, whole numbers from 0; it got {ordered}")
    top = polynomial(x, y, ordered[-1])
    inputs = np.array(x, dtype=np.float64).reshape(len(top.y))
    held_out = None
    if test is not None:
        test_x, test_y = (np.array(values, dtype=np.float64).ravel() for values in test)
        if test_x.shape != test_y.shape:
            raise ShapeError(f"test has {len(test_x)} x and {len(test_y)} y")
        check_finite(test_x, "test x")
        check_finite(test_y, "test y")
        held_out = test_x, test_y
    return PolynomialPath(ordered, top, inputs, top.y, held_out)
