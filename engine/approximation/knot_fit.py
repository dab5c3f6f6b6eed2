"""Least squares on given hinges relu(x − k), or on the last hidden layer's activations."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from engine.approximation.relu import checked_knots, relu_spline
from engine.approximation.targets import sample
from engine.arrays import Array
from engine.errors import ShapeError
from engine.least_squares.ols import OlsFit, ols
from engine.network.network import Network


@dataclass(frozen=True, eq=False)
class KnotFit:
    """The continuous curve of straight pieces with given knots (K,) that fits data best.

    ``fit`` is OLS of y on 1, x, relu(x − k₁), …, relu(x − k_K), the data sorted by x: with the
    knots given, the rest is OLS.

    Example:
        >>> import engine
        >>> fit = engine.fit_knots([-2, -1, 0, 1, 2], [2, 1, 0, 1, 2], knots=[0])
        >>> fit.fit.coefficients.round(6).tolist(), fit.cost
        ([0.0, -1.0, 2.0], 0.0)
    """

    knots: Array
    fit: OlsFit

    @property
    def cost(self) -> float:
        """C, the mean of (ŷ − y)²."""
        return self.fit.ssr / len(self.fit.y)

    @property
    def slopes(self) -> Array:
        """The slopes of the pieces (K + 1,), from left to right."""
        slopes: Array = np.cumsum(self.fit.coefficients[1:])
        return slopes

    @cached_property
    def network(self) -> Network:
        """The same curve as a network with one hidden layer of relu, K + 1 units at most."""
        constant, slope = self.fit.coefficients[:2].tolist()
        if not len(self.knots):  # a line: two units that meet at 0
            return relu_spline(np.zeros(1), constant, np.repeat(slope, 2))
        return relu_spline(self.knots, constant + slope * float(self.knots[0]), self.slopes)


def fit_knots(x: ArrayLike, y: ArrayLike, knots: ArrayLike, method: str | None = None) -> KnotFit:
    """Least squares of y on the continuous curves of straight pieces with given knots.

    Arguments:
        x, y: data (n,).
        knots: the knots (K,), K ≥ 0, ascending. A knot without data on one side changes nothing
            (its coefficient is 0).
        method: as in ``ols``; "fast" is for a curve that is drawn again at every key.

    Returns:
        The fit, with its coefficients, C, and the network that is the same curve.

    Raises:
        ShapeError: the arrays are not (n,), (n,) and (K,).
        DataError: a number is not finite, or the knots are not ascending.

    Example:
        >>> import engine
        >>> fit = engine.fit_knots([0, 1, 2, 3, 4], [0, 1, 2, 1, 0], knots=[2])
        >>> fit.fit.names, fit.slopes.round(6).tolist(), fit.cost
        (('intercept', 'x', 'relu(x−2)'), [1.0, -1.0], 0.0)
    """
    k = checked_knots(knots)
    x, y = sample(x, y)
    names = ["x", *(f"relu(x{-knot:+.4g})".replace("-", "−") for knot in k.tolist())]
    return KnotFit(k, ols(hinges(x, k), y, names=names, method=method))


def hinges(x: Array, knots: Array) -> Array:
    """The columns x, relu(x − k₁), …, relu(x − k_K), (n, K + 1)."""
    with np.errstate(over="ignore"):  # least squares says what is too large
        return np.column_stack([x, np.maximum(x[:, np.newaxis] - knots, 0.0)])


@dataclass(frozen=True, eq=False)
class LastLayerFit:
    """OLS on the last hidden layer: a fit for each of the k outputs, and the network with it.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1], [-1]], [[3, 3]]])
        >>> best = engine.fit_last_layer(network, [[-1], [0], [2]], [[1], [0], [2]])
        >>> len(best.fits), best.cost
        (1, 0.0)
    """

    fits: tuple[OlsFit, ...]
    network: Network

    @property
    def cost(self) -> float:
        """C, the mean over the examples of Σ_k (a_k − y_k)²."""
        return sum(fit.ssr for fit in self.fits) / len(self.fits[0].y)


def fit_last_layer(
    network: Network, X: ArrayLike, Y: ArrayLike, method: str | None = None
) -> LastLayerFit:
    """Least squares on 1, a⁽ᴸ⁻¹⁾: the best last layer on the hidden layers that a network has.

    The new network has the output "identity". With quadratic cost, no network with these hidden
    layers and that output has a smaller C on these data.

    Arguments:
        network: its hidden layers are kept; without hidden layers a⁽ᴸ⁻¹⁾ = x. What skip connections
            add to z⁽ᴸ⁾ is kept, and subtracted from Y for the fit.
        X, Y: inputs (n, d) and targets (n, k).
        method: as in ``ols``.

    Returns:
        The fits of the outputs, C, and the network with the new last layer.

    Raises:
        ShapeError: X or Y does not fit the network.
        DataError: an activation or a target is not finite.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1], [-1]], [[3, 3]]])  # 3|x|
        >>> best = engine.fit_last_layer(network, [[-1], [0], [2]], [[1], [0], [2]])  # |x|
        >>> best.network.weights[1].round(6).tolist(), best.cost
        ([[1.0, 1.0]], 0.0)
    """
    Y = np.asarray(Y, dtype=np.float64)
    a = network.forward(X).a
    if Y.shape != a[-1].shape:
        raise ShapeError(f"Y has shape {Y.shape}; this network gives {a[-1].shape}")
    last = len(network.weights)
    for s in network.skips_into(last):
        Y = Y - a[s]
    fits = tuple(ols(a[-2], column, method=method) for column in Y.T)
    coefficients = np.array([fit.coefficients for fit in fits])
    best = Network.from_arrays(
        [*network.weights[:-1], coefficients[:, 1:]],
        [*network.biases[:-1], coefficients[:, 0]],
        network.activations,
        skips=network.skips,
        convolutions=[pair for pair in network.convolutions if pair[0] != last],
    )
    return LastLayerFit(fits, best)
