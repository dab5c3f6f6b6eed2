"""Least squares in float64, for large data: normal equations or QR, and one refinement step."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.linalg import LinAlgError

from engine.arrays import Array
from engine.data.exact_input import check_finite
from engine.least_squares.scaled_design import ScaledDesign
from engine.least_squares.solution import Square

QR_BLOCK = 256  # rows at a time
SMALLEST_SQUARE = 1e-200  # smaller sums of squares may have lost digits to underflow
MAX_INFLATION = 1e6  # largest 1/(1 - R²) of a column on the others, for normal equations
RANK_TOLERANCE = 1e-12  # smallest independent part of a column, relative to its length
EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class FastSolution:
    """A solution by normal equations (``method`` "gram") or Householder QR ("qr").

    ``b`` (k,), ``inverse`` (k, k) and ``scaled_ssr`` are for the scaled design and y, the
    properties for the original ones. ``inverse`` is (A'A)⁻¹, or with QR its upper triangular
    factor.
    """

    method: str
    scaled: ScaledDesign
    b: Array
    inverse: Array
    scaled_ssr: float

    @property
    def kept(self) -> list[int]:
        return self.scaled.columns

    @property
    def coefficients(self) -> Array:
        if self.scaled.is_original:
            return self.b
        with np.errstate(over="ignore", invalid="ignore"):
            b = self.scaled.in_x_units(self.b)
            if self.scaled.intercept and self.scaled.centre is not None:
                b[0] += self.scaled.centre[-1]
            return b * self._unit

    @property
    def ssr(self) -> Square:
        return self._in_y_units(self.scaled_ssr)

    @property
    def total(self) -> Square:
        return self._in_y_units(self.scaled_total)

    @property
    def explained(self) -> Square:
        return self._in_y_units(max(self.scaled_total - self.scaled_ssr, 0.0))

    @cached_property
    def scaled_total(self) -> float:
        y, weights = self.scaled.y, self.scaled.weights
        if self.scaled.intercept:
            weighted = y if weights is None else y[weights > 0.0]
            if weighted.min() == weighted.max():
                return 0.0
            for _ in range(2):  # subtract the mean, then the mean of the rounding errors
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
            return self.scaled.in_x_units(S)

    def residuals(self) -> Array:
        blocks = [self.scaled.residuals(x, y, self.b) for x, y, _ in self.scaled.blocks()]
        return np.concatenate(blocks) * self._unit

    def _in_y_units(self, square: float) -> Square:
        return square if self.scaled.units is None else Fraction(square) * Fraction(self._unit) ** 2

    @property
    def _unit(self) -> float:
        return 1.0 if self.scaled.units is None else float(self.scaled.units[-1])


def solve_fast(X: Array, y: Array, weights: Array | None, intercept: bool) -> FastSolution:
    """Least squares of y (n,) on X (n, d); DataError if a number is not finite."""
    scaled = ScaledDesign(X, y, weights, intercept, list(range(X.shape[1] + intercept)))
    with np.errstate(all="ignore"):
        solution = _by_normal_equations(scaled)
        if solution is None:
            check_finite(X, "X")
            check_finite(y, "y")
            scaled = _centred(_with_units(scaled))
            solution = _by_normal_equations(scaled) or _by_qr(scaled)
        return solution


def _by_normal_equations(scaled: ScaledDesign) -> FastSolution | None:
    """None if columns are close to dependent, or numbers are too large or not finite."""
    k = len(scaled.columns)
    if len(scaled.y) < k:
        return None  # the columns are dependent
    gram = np.zeros((k + 1, k + 1))
    for design, weights in scaled.designs():
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
    inflation = inverse.diagonal().tolist()
    if min(inflation, default=1.0) <= 0.0 or max(inflation, default=1.0) > MAX_INFLATION:
        return None
    inverse *= scales
    b, ssr = _refined(scaled, inverse @ gram[:k, k], inverse)
    return FastSolution("gram", scaled, b, inverse, ssr) if isfinite(ssr) else None


def _by_qr(scaled: ScaledDesign) -> FastSolution:
    """Of dependent columns the first ones are kept."""
    R, rows, mass = _triangle(scaled)
    first = int(scaled.intercept)
    centred = R[first:, first:-1]  # without the row of the intercept
    offsets = np.zeros(R.shape[1] - 1 - first) if scaled.centre is None else scaled.centre[:-1]
    noise = EPSILON * np.hypot(np.linalg.norm(R[:, first:-1], axis=0), np.sqrt(mass) * offsets)
    independent = _independent_columns(centred, noise, rows - first)
    columns = [*range(first), *(first + column for column in independent)]
    if len(columns) < len(scaled.columns):
        scaled = scaled._replace(columns=columns)
        R = np.asarray(np.linalg.qr(R[:, [*columns, -1]], mode="r"))
    k = len(columns)
    R = R[:k] * np.sign(R.diagonal()[:k])[:, None]
    S = np.asarray(np.linalg.inv(R[:, :k]))
    inflation = ((S * np.linalg.norm(R[:, :k], axis=0)[:, None]) ** 2).sum(axis=1)
    # no refinement if its own rounding error would be larger than the error it corrects
    inverse = S @ S.T if inflation.max(initial=1.0) < 1.0 / EPSILON else np.zeros_like(S)
    b, ssr = _refined(scaled, S @ R[:, k], inverse)
    return FastSolution("qr", scaled, b, S, ssr)


def _with_units(design: ScaledDesign) -> ScaledDesign:
    """Divided by units near each column's largest number, if squares might not fit float64."""
    largest = np.array([max(column.max(), -column.min()) for column in (*design.X.T, design.y)])
    if ((largest == 0.0) | ((largest > 1e-100) & (largest < 1e100))).all():
        return design
    units = np.ldexp(1.0, np.frexp(largest)[1] - 1)
    return design._replace(X=design.X / units[:-1], y=design.y / units[-1], units=units)


def _centred(design: ScaledDesign) -> ScaledDesign:
    """Centred at the mean of the first block, which is close enough to the mean of all rows.

    If that block is a share f of the rows, the two are within 1/√f standard deviations.
    """
    if not design.intercept:
        return design
    x, y, _ = next(design.blocks())
    return design._replace(centre=np.append(x.mean(axis=0), y.mean()))


def _triangle(scaled: ScaledDesign) -> tuple[Array, int, float]:
    """R (≤ k + 1, k + 1) of [design, y], the number of rows with weight, and their total weight."""
    R = np.empty((0, len(scaled.columns) + 1))
    rows, mass = 0, 0.0
    for design, weights in scaled.designs():
        rows += len(design) if weights is None else int(np.count_nonzero(weights))
        mass += len(design) if weights is None else float(weights.sum())
        if weights is not None:
            design = design * np.sqrt(weights)[:, None]
        for start in range(0, len(design), QR_BLOCK):
            stacked = np.vstack([R, design[start : start + QR_BLOCK]])
            R = np.asarray(np.linalg.qr(stacked, mode="r"))
    return R, rows, mass


def _independent_columns(columns: Array, noise: Array, max_rank: int) -> list[int]:
    """Indices of the columns, at most ``max_rank``, that are independent of the earlier ones.

    ``noise`` is the possible rounding error of each column, before it was centred.
    """
    lengths = np.linalg.norm(columns, axis=0)
    kept: list[int] = []
    size = min(max_rank, columns.shape[1])
    basis = np.empty((len(columns), size))  # Gram–Schmidt, each column orthogonalised twice
    triangle = np.zeros((size, size))  # the inverse of R, one column for each kept column
    for index, column in enumerate(columns.T):
        k = len(kept)
        if k == size:
            break  # all later columns are dependent
        Q, inverse = basis[:, :k], triangle[:k, :k]
        projection = Q.T @ column
        residual = column - Q @ projection
        correction = Q.T @ residual
        residual, projection = residual - Q @ correction, projection + correction
        length = float(np.linalg.norm(residual))
        combination = inverse @ projection
        error = noise[index] + np.abs(combination) @ noise[kept]
        if length > max(RANK_TOLERANCE * lengths[index], 4.0 * error):
            kept.append(index)
            basis[:, k] = residual / length
            triangle[:k, k], triangle[k, k] = -combination / length, 1.0 / length
    return kept


def _refined(scaled: ScaledDesign, b: Array, inverse: Array) -> tuple[Array, float]:
    """b after one step of iterative refinement, which corrects most rounding errors; SSR."""
    gradient, ssr = np.zeros(len(b)), 0.0
    for x, y, weights in scaled.blocks():
        residuals = scaled.residuals(x, y, b)
        weighted = residuals if weights is None else weights * residuals
        gradient[scaled.intercept :] += weighted @ x
        if scaled.intercept:
            gradient[0] += weighted.sum()
        ssr += float(residuals @ weighted)
    step = inverse @ gradient
    return b + step, max(ssr - float(gradient @ step), 0.0)
