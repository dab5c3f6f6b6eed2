"""The affine map nearest to a network on given data, by least squares."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import EngineError
from engine.least_squares.ols import ols
from engine.network.affine import AffineMap
from engine.network.network import Network


@dataclass(frozen=True)
class AffineApproximation:
    """The affine map nearest to a network on given data, by least squares over its outputs.

    ``r_squared``: the share of the outputs' variance about their means that it takes up (1 where
    they do not vary). ``largest_deviation``: the largest |output − map|.
    """

    map: AffineMap
    r_squared: float
    largest_deviation: float


def best_affine(network: Network, X: ArrayLike, of_z: bool = False) -> AffineApproximation:
    """The best affine approximation of x ↦ ŷ on X (n, d); with ``of_z``, of x ↦ z⁽ᴸ⁾.

    Where rows of X do not determine it, columns that others combine to get the weight 0.
    """
    X = network.checked_inputs(X)
    forward = network.forward(X)
    outputs = forward.z[-1] if of_z else forward.prediction
    if not np.isfinite(outputs).all():
        raise EngineError("the network's outputs on these data are not finite")
    fits = [ols(X, output) for output in outputs.T]
    coefficients = np.array([fit.coefficients for fit in fits])
    residuals = np.array([fit.residuals for fit in fits])
    size = float(np.abs(outputs).max()) or 1.0  # squares need not fit float64
    varying = outputs[:, np.ptp(outputs, axis=0) > 0.0] / size
    total = float(((varying - varying.mean(axis=0)) ** 2).sum())
    missed = float(((residuals / size) ** 2).sum())
    return AffineApproximation(
        map=AffineMap(coefficients[:, 1:], coefficients[:, 0]),
        r_squared=1.0 - missed / total if total > 0.0 else 1.0,
        largest_deviation=float(np.abs(residuals).max()),
    )
