"""The best affine approximation of a network on given data, by least squares."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import EngineError
from engine.least_squares.ols import ols
from engine.network.affine import AffineMap
from engine.network.network import Network


@dataclass(frozen=True)
class AffineApproximation:
    """The affine map with the least squared distance to a network's outputs on given data.

    Attributes:
        map: the map, with W (k, d) and b (k,).
        r_squared: the share of the outputs' variance about their means that the map explains; 1 if
            they do not vary.
        largest_deviation: the largest |output − map|.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1.0]], [[1.0]]])  # relu
        >>> approximation = engine.best_affine(network, [[-1.0], [0.0], [1.0]])
        >>> round(approximation.largest_deviation, 6)
        0.333333
    """

    map: AffineMap
    r_squared: float
    largest_deviation: float


def best_affine(network: Network, X: ArrayLike, of_z: bool = False) -> AffineApproximation:
    """The best affine approximation of a network on given inputs, by ordinary least squares.

    If the inputs do not determine it, columns that are linear combinations of earlier ones have
    the weight 0.

    Arguments:
        network: the network.
        X: inputs (n, d).
        of_z: approximate z⁽ᴸ⁾ instead of ŷ.

    Returns:
        The map, and how well it fits.

    Raises:
        ShapeError: X does not fit the network.
        EngineError: an output is not finite.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1.0]], [[1.0]]])  # relu
        >>> approximation = engine.best_affine(network, [[-1.0], [0.0], [1.0]])
        >>> round(approximation.map.W.item(), 6), round(approximation.r_squared, 6)
        (0.5, 0.75)
    """
    X = network.checked_inputs(X)
    forward = network.forward(X)
    outputs = forward.z[-1] if of_z else forward.prediction
    if not np.isfinite(outputs).all():
        raise EngineError("the outputs of the network on these data are not finite")
    fits = [ols(X, output) for output in outputs.T]
    coefficients = np.array([fit.coefficients for fit in fits])
    residuals = np.array([fit.residuals for fit in fits])
    size = float(np.abs(outputs).max()) or 1.0  # scaled, as squares may not fit float64
    varying = outputs[:, np.ptp(outputs, axis=0) > 0.0] / size
    total = float(((varying - varying.mean(axis=0)) ** 2).sum())
    unexplained = float(((residuals / size) ** 2).sum())
    return AffineApproximation(
        map=AffineMap(coefficients[:, 1:], coefficients[:, 0]),
        r_squared=1.0 - unexplained / total if total > 0.0 else 1.0,
        largest_deviation=float(np.abs(residuals).max()),
    )
