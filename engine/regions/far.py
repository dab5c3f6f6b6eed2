"""Far away along a ray: the last affine piece, and where it begins."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Bools
from engine.errors import ShapeError
from engine.network.affine import AffineMap
from engine.network.network import Network
from engine.regions.cells.power_of_two_scaling import TOLERANCE, ScaledNetwork, scaled_network


class FarPiece(NamedTuple):
    """The last piece of z⁽ᴸ⁾ along the ray x + t·direction, t ≥ 0: it never ends.

    Attributes:
        start: the t from which on no hidden unit changes sign; 0 if none does on the ray.
        point: the point of the ray at ``start`` (d,).
        map: the affine map of z⁽ᴸ⁾ in force there, W (k, d) and b (k,).
        slope: dz⁽ᴸ⁾/dt (k,): where it is 0, z⁽ᴸ⁾ stays constant, however far one goes.
        pattern: which hidden units are on (units,).

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0], [0, 1]], [[1, 2]]])
        >>> engine.far_piece(network, [-1, 0], [1, -1]).map.W.tolist()
        [[1.0, 0.0]]
    """

    start: float
    point: Array
    map: AffineMap
    slope: Array
    pattern: Bools


def far_piece(network: Network, x: ArrayLike, direction: ArrayLike) -> FarPiece:
    """The affine map of z⁽ᴸ⁾ in force far away from x along a direction.

    On a ray every unit is piecewise linear in t with finitely many pieces, so that a last one
    exists: beyond it z⁽ᴸ⁾ grows linearly or stays constant, whatever the data were (Hein,
    Andriushchenko & Bitterwolf 2019, Why ReLU Networks Yield High-Confidence Predictions Far Away
    From the Training Data, lemma 3.1). It is found layer by layer, exact up to rounding: on the
    last piece of a layer, z = s·t + c, so that for large t a unit has the sign of s, or of c where
    s = 0, and its last change of sign is at −c/s.

    Arguments:
        network: its hidden activations must be piecewise linear.
        x: the start of the ray (d,).
        direction: its direction (d,), not 0; t counts its lengths.

    Returns:
        A FarPiece.

    Raises:
        ShapeError: if x or the direction is not a finite vector (d,), or the direction is 0.
        NotPiecewiseLinearError: if a hidden layer is curved.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2], [1]], [[1, -1]]], [[1, -0.5], [0]])
        >>> far = engine.far_piece(network, [0.0], [1.0])
        >>> far.start, far.slope.tolist(), far.map.b.tolist()
        (0.5, [1.0], [1.5])
    """
    origin = _checked(network, x, "x")
    step = _checked(network, direction, "direction")
    if not step.any():
        raise ShapeError("the direction of a ray must not be 0")
    ray = scaled_network(network, np.ones(1), AffineMap(step[:, np.newaxis], origin))
    start, pattern = _last_switch(ray)
    patterns = pattern[np.newaxis]
    W, b = scaled_network(network, np.ones(len(origin))).affine(patterns)
    slope = ray.affine(patterns).W[0, :, 0]
    return FarPiece(start, origin + start * step, AffineMap(W[0], b[0]), slope, pattern)


def _last_switch(ray: ScaledNetwork) -> tuple[float, Bools]:
    """The largest t ≥ 0 at which a hidden unit changes sign, and the pattern after it."""
    start, a = 0.0, np.array([[1.0, 0.0]])  # (units, 2): s and c of every input of the layer
    sums, patterns = a, [np.zeros(0, dtype=np.bool_)]
    for layer in ray.hidden:
        z, sums = layer.W @ a, layer.W_sums @ sums
        z[:, 1] += layer.b
        sums[:, 1] += layer.b_sums
        z[np.abs(z) <= TOLERANCE * sums] = 0.0
        s, c = z.T
        switch = np.flatnonzero(layer.bends & (s != 0.0))
        start = float(np.max(-c[switch] / s[switch], initial=start))
        on = ((np.where(s == 0.0, c, s) > 0.0) | ~layer.bends)[: layer.units]
        patterns.append(on)
        slopes = layer.slopes(on[:, np.newaxis])
        a, sums = slopes * z, slopes * sums
    return float(ray.unscale(np.array([[start]]))[0, 0]), np.concatenate(patterns)


def _checked(network: Network, values: ArrayLike, name: str) -> Array:
    array = np.array(values, dtype=np.float64)
    if array.shape != network.sizes[:1] or not np.isfinite(array).all():
        raise ShapeError(
            f"{name} has shape {array.shape}; it must be a finite vector ({network.sizes[0]},)"
        )
    return array
