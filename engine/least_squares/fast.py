"""Least squares in float64, for data too large to be exact: one pass, then one correction."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.linalg import LinAlgError

from engine.arrays import Array
from engine.data.exact_input import check_finite
from engine.least_squares.design_blocks import Rows
from engine.least_squares.solution import Square

QR_BLOCK = 256  # rows at a time
SMALLEST_SQUARE = 1e-200  # float64 may have lost digits of what is smaller
WELL_APART = 1e6  # the largest 1/(1 - R²), of a column on the others, for normal equations
RANK_TOLERANCE = 1e-12  # of a column's length, once the columns before it are taken out
EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class FastSolution:
    """Least squares by normal equations (``method`` "gram") or by Householder QR ("qr").

    ``b`` (k,), ``inverse`` (k, k) = (A'A)⁻¹ or, of QR, its upper triangular factor, and the sums of
    squares are of design and y as ``seen``; the properties, of them as they are.
    """

    method: str
    seen: Rows
    b: Array
    inverse: Array
    ssr_seen: float

    @property
    def kept(self) -> list[int]:
        return self.seen.columns

    @property
    def coefficients(self) -> Array:
        if self.seen.as_it_is:
            return self.b
        with np.errstate(over="ignore", invalid="ignore"):
            b = self.seen.own(self.b)
            if self.seen.intercept and self.seen.centre is not None:
                b[0] += self.seen.centre[-1]
            return b * self._unit

    @property
    def ssr(self) -> Square:
        return self._in_own_unit(self.ssr_seen)

    @property
    def total(self) -> Square:
        return self._in_own_unit(self.total_seen)

    @property
    def explained(self) -> Square:
        return self._in_own_unit(max(self.total_seen - self.ssr_seen, 0.0))

    @cached_property
    def total_seen(self) -> float:
        y, weights = self.seen.y, self.seen.weights
        if self.seen.intercept:
            counting = y if weights is None else y[weights > 0.0]
            if counting.min() == counting.max():
                return 0.0
            for _ in range(2):  # about the mean, and about the mean of what rounding left of it
                y = y - np.average(y, weights=weights)
        return float(y @ (y if weights is None else weights * y))

    def factor(self) -> Array:
        """S (k, k), upper triangular, with S S' = (A'A)⁻¹."""
        S = self.inverse
        if self.method == "gram":
            scale = np.sqrt(S.diagonal())
            correlation = S / scale / scale[:, None]
            S = np.asarray(np.linalg.cholesky(correlation[::-1, ::-1]))[::-1, ::-1]
            S = S * scale[:, None]
        with np.errstate(over="ignore", invalid="ignore"):
            return self.seen.own(S)

    def residuals(self) -> Array:
        rests = [self.seen.rest(x, y, self.b) for x, y, _ in self.seen.blocks()]
        return np.concatenate(rests) * self._unit

    def _in_own_unit(self, square: float) -> Square:
        return square if self.seen.units is None else Fraction(square) * Fraction(self._unit) ** 2

    @property
    def _unit(self) -> float:
        return 1.0 if self.seen.units is None else float(self.seen.units[-1])


def solve_fast(X: Array, y: Array, weights: Array | None, intercept: bool) -> FastSolution:
    """Least squares of y (n,) on X (n, d); DataError where a number is not finite."""
    seen = Rows(X, y, weights, intercept, list(range(X.shape[1] + intercept)))
    with np.errstate(all="ignore"):
        solution = _by_normal_equations(seen)
        if solution is None:
            check_finite(X, "X")
            check_finite(y, "y")
            seen = _centred(_scaled(seen))
            solution = _by_normal_equations(seen) or _by_qr(seen)
        return solution


def _by_normal_equations(seen: Rows) -> FastSolution | None:
    """None where the columns are too near to dependent, or a number is too large or not finite."""
    k = len(seen.columns)
    if len(seen.y) < k:
        return None  # dependent by rights: no product of 10 000 columns is made to find that out
    gram = np.zeros((k + 1, k + 1))
    for design, weights in seen.designs():
        gram += design.T @ (design if weights is None else design * weights[:, None])
    squares = gram.diagonal()
    if min(squares.tolist()) < SMALLEST_SQUARE:
        return None
    scale = 1.0 / np.sqrt(squares[:k])
    scales = scale * scale[:, None]
    try:
        inverse = np.asarray(np.linalg.inv(gram[:k, :k] * scales))
    except LinAlgError:
        return None
    apart = inverse.diagonal().tolist()
    if min(apart, default=1.0) <= 0.0 or max(apart, default=1.0) > WELL_APART:
        return None
    inverse *= scales
    b, ssr = _corrected(seen, inverse @ gram[:k, k], inverse)
    return FastSolution("gram", seen, b, inverse, ssr) if isfinite(ssr) else None


def _by_qr(seen: Rows) -> FastSolution:
    """Where columns are dependent, the first of them are kept."""
    R, rows, mass = _triangle(seen)
    first = int(seen.intercept)
    about_mean = R[first:, first:-1]  # below the row of the intercept
    offsets = np.zeros(R.shape[1] - 1 - first) if seen.centre is None else seen.centre[:-1]
    noise = EPSILON * np.hypot(np.linalg.norm(R[:, first:-1], axis=0), np.sqrt(mass) * offsets)
    independent = _independent_columns(about_mean, noise, rows - first)
    columns = [*range(first), *(first + column for column in independent)]
    if len(columns) < len(seen.columns):
        seen = replace(seen, columns=columns)
        R = np.asarray(np.linalg.qr(R[:, [*columns, -1]], mode="r"))
    k = len(columns)
    R = R[:k] * np.sign(R.diagonal()[:k])[:, None]
    S = np.asarray(np.linalg.inv(R[:, :k]))
    apart = ((S * np.linalg.norm(R[:, :k], axis=0)[:, None]) ** 2).sum(axis=1)
    # a step of refinement whose own rounding is more than what it would mend is not taken
    inverse = S @ S.T if apart.max(initial=1.0) < 1.0 / EPSILON else np.zeros_like(S)
    b, ssr = _corrected(seen, S @ R[:, k], inverse)
    return FastSolution("qr", seen, b, S, ssr)


def _scaled(seen: Rows) -> Rows:
    """In units near each column's largest number, where squares might not fit float64."""
    largest = np.array([max(column.max(), -column.min()) for column in (*seen.X.T, seen.y)])
    if ((largest == 0.0) | ((largest > 1e-100) & (largest < 1e100))).all():
        return seen
    units = np.ldexp(1.0, np.frexp(largest)[1] - 1)
    return replace(seen, X=seen.X / units[:-1], y=seen.y / units[-1], units=units)


def _centred(seen: Rows) -> Rows:
    """Less the first block's mean, which is as good as that of all.

    (With a share f of the rows in it, it is within 1/√f standard deviations of that.)
    """
    if not seen.intercept:
        return seen
    x, y, _ = next(seen.blocks())
    return replace(seen, centre=np.append(x.mean(axis=0), y.mean()))


def _triangle(seen: Rows) -> tuple[Array, int, float]:
    """R (≤ k + 1, k + 1) of [design, y]; how many rows weigh, and what they weigh together."""
    R = np.empty((0, len(seen.columns) + 1))
    rows, mass = 0, 0.0
    for design, weights in seen.designs():
        rows += len(design) if weights is None else int(np.count_nonzero(weights))
        mass += len(design) if weights is None else float(weights.sum())
        if weights is not None:
            design = design * np.sqrt(weights)[:, None]
        for start in range(0, len(design), QR_BLOCK):
            stacked = np.vstack([R, design[start : start + QR_BLOCK]])
            R = np.asarray(np.linalg.qr(stacked, mode="r"))
    return R, rows, mass


def _independent_columns(columns: Array, noise: Array, most: int) -> list[int]:
    """Indices of the columns, at most so many, that earlier ones do not combine to.

    ``noise``: how far rounding may have moved each, as it was before an origin was taken off.
    """
    lengths = np.linalg.norm(columns, axis=0)
    kept: list[int] = []
    room = min(most, columns.shape[1])
    basis = np.empty((len(columns), room))  # Gram–Schmidt, each column orthogonalised twice
    triangle = np.zeros((room, room))  # the inverse of R, a column more with each that is kept
    for index, column in enumerate(columns.T):
        k = len(kept)
        if k == room:
            break  # the earlier ones combine to all the rest
        Q, inverse = basis[:, :k], triangle[:k, :k]
        share = Q.T @ column
        rest = column - Q @ share
        again = Q.T @ rest
        rest, share = rest - Q @ again, share + again
        length = float(np.linalg.norm(rest))
        combined = inverse @ share
        terms = np.abs(combined) @ noise[kept]
        sure = max(RANK_TOLERANCE * lengths[index], 4.0 * (noise[index] + terms))
        if length > sure:
            kept.append(index)
            basis[:, k] = rest / length
            triangle[:k, k], triangle[k, k] = -combined / length, 1.0 / length
    return kept


def _corrected(seen: Rows, b: Array, inverse: Array) -> tuple[Array, float]:
    """b after one step of refinement, which takes up most of what rounding lost; SSR."""
    gradient, ssr = np.zeros(len(b)), 0.0
    for x, y, weights in seen.blocks():
        rest = seen.rest(x, y, b)
        weighted = rest if weights is None else weights * rest
        gradient[seen.intercept :] += weighted @ x
        if seen.intercept:
            gradient[0] += weighted.sum()
        ssr += float(rest @ weighted)
    step = inverse @ gradient
    return b + step, max(ssr - float(gradient @ step), 0.0)
