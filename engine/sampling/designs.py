"""What the repeated samples are drawn from: a design, and which assumption of OLS is broken."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.exact_input import check_finite
from engine.errors import DataError, ShapeError
from engine.noise import ERROR_KINDS, ErrorKind
from engine.quoting import shown
from engine.wording import plural

COLLINEAR = "collinear"
CORRELATION = 0.99  # of two collinear inputs: their variances are inflated by 1/(1 − 0.99²) = 50

SAMPLING_CASES = {name: kind.description for name, kind in ERROR_KINDS.items()} | {
    COLLINEAR: f"normal errors, and the last input has correlation {CORRELATION} with the first"
}
"""The cases of repeated sampling, each with a description: which assumption of OLS is broken."""


class Design(NamedTuple):
    """Q R = A (n, p), the intercept first if there is one; x (n,) is the first input."""

    A: Array
    Q: Array
    inverse_R: Array
    x: Array
    errors: ErrorKind

    def middle(self) -> Array:
        """Q'ΩQ (p, p), where Ω is the covariance of errors of variance 1."""
        return np.asarray(self.Q.T @ self.errors.times_covariance(self.x, self.Q))

    def hat_trace(self) -> float:
        """tr(HΩ), where H = QQ' is the hat matrix."""
        return float(np.trace(self.middle()))


def make_design(X: ArrayLike, case: str, intercept: bool = True) -> Design:
    """The design of X (n, d) or (n,) in a case of ``SAMPLING_CASES``.

    Raises ShapeError for another shape; DataError if the case is unknown, a number is not finite,
    columns are linear combinations of others, or there are not more examples than columns.
    """
    if case not in SAMPLING_CASES:
        raise DataError(f"no case {shown(case)}; there are: {', '.join(SAMPLING_CASES)}")
    inputs = np.asarray(X, dtype=np.float64)
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    if inputs.ndim != 2 or not inputs.size:
        raise ShapeError(f"repeated sampling takes X (n, d); it got {inputs.shape}")
    check_finite(inputs, "X")
    if case == COLLINEAR:
        inputs, case = collinear(inputs), "normal"
    A = np.column_stack([np.ones(len(inputs)), inputs]) if intercept else inputs
    n, p = A.shape
    if n <= p:
        raise DataError(
            f"{plural(n, 'example')} for {plural(p, 'coefficient')}: no residual is left for s.e."
        )
    Q, R = np.linalg.qr(A)
    if (np.abs(R.diagonal()) <= 1e-12 * np.linalg.norm(R, axis=0)).any():
        raise DataError("a column of X is a linear combination of the others: leave it out")
    return Design(A, Q, np.linalg.inv(R), inputs[:, 0], ERROR_KINDS[case])


def random_generator(seed: int) -> np.random.Generator:
    """The generator of the errors: another one than ``default_rng(seed)``, with which a caller may
    have drawn X."""
    return np.random.default_rng((seed, len("sampling")))


def collinear(X: ArrayLike, correlation: float = CORRELATION) -> Array:
    """X (n, d) with its last column moved until it has this correlation with the first.

    The column keeps its mean and its sd. With two columns the variance inflation factor of each
    is 1/(1 − correlation²).

    Arguments:
        X: two columns or more.
        correlation: in the sample, between −1 and 1.

    Returns:
        The columns (n, d), a copy.

    Raises:
        DataError: there is one column, or one of the two is constant, or both are collinear.

    Example:
        >>> import numpy as np
        >>> X = collinear([[1.0, 5.0], [2.0, 1.0], [3.0, 4.0], [4.0, 0.0]], correlation=0.9)
        >>> round(float(np.corrcoef(X.T)[0, 1]), 12)
        0.9
    """
    columns = np.array(X, dtype=np.float64)
    if columns.ndim != 2 or columns.shape[1] < 2:
        raise DataError("collinear inputs are two or more")
    if not -1.0 < correlation < 1.0:
        raise DataError(f"a correlation of {correlation} is not between −1 and 1")
    mean, sd = columns.mean(axis=0), columns.std(axis=0)
    if not (sd[0] > 0.0 and sd[-1] > 0.0):
        raise DataError("a constant input has no correlation with another")
    first, last = ((columns[:, j] - mean[j]) / sd[j] for j in (0, -1))
    rest = last - first * (first @ last) / (first @ first)
    if rest.std() < 1e-8:
        raise DataError("the first and the last input are collinear as they are")
    mixed = correlation * first + np.sqrt(1.0 - correlation**2) * rest / rest.std()
    columns[:, -1] = mean[-1] + sd[-1] * mixed
    return columns
