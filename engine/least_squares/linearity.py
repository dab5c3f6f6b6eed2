"""Linear in what? How far z⁽ᴸ⁾ of a network is from linear in x, and in its weights."""

from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.least_squares.ols import ols
from engine.network.network import Network
from engine.network.parameter_linearity import (
    difference_rounding,
    random_direction,
    second_difference,
    z_rounding,
)

SQUARED_COLUMNS = 8  # of more columns, only the first have squares and products


class Bend(NamedTuple):
    """A measure of how far something is from linear: 0 if it is, up to ``rounding``."""

    size: float
    rounding: float

    @property
    def is_zero(self) -> bool | None:
        """Whether rounding explains it; None if it is not finite."""
        return self.size <= self.rounding if np.isfinite(self.size) else None


class LinearIn(NamedTuple):
    """How far z⁽ᴸ⁾ is from linear in x (``in_x``) and in the parameters (``in_weights``).

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1.0]], [[1.0]]])  # relu(x), at −1, 0 and 1
        >>> round(engine.linear_in(network, [[-1.0], [0.0], [1.0]]).in_x.size, 6)
        0.333333
    """

    in_x: Bend
    in_weights: Bend


def linear_in(
    network: Network, X: ArrayLike, columns: ArrayLike | None = None, seed: int = 0
) -> LinearIn:
    """Measure how far z = z⁽ᴸ⁾ is from linear in x, and from linear in the weights and biases.

    In x: the largest |z − ẑ| over the rows and outputs, where ẑ is the best affine map of x, by
    least squares. It is 0 if and only if z is affine on these rows.

    In the weights: the largest |z(θ + hd) − 2z(θ) + z(θ − hd)|/h² over the rows and outputs, with h
    = 2⁻⁶, along a random direction d of length 1 in all parameters θ. It is 0 if z is linear in
    them. A kink of relu within ±h also counts.

    Arguments:
        network: the network.
        X: its inputs (n, d); a few hundred rows are enough.
        columns: x itself (n, c), if the inputs are features computed from it; None: X.
        seed: of the direction.

    Returns:
        Both, each with the size that rounding alone may give it.

    Raises:
        ShapeError: X does not fit the network, or the columns do not fit X.

    Example:
        >>> import engine
        >>> network = engine.Network([1, 3, 1], "identity", seed=1)
        >>> in_x, in_weights = engine.linear_in(network, [[-1.0], [0.0], [2.0]])
        >>> in_x.is_zero, in_weights.is_zero
        (True, False)
    """
    inputs = network.checked_inputs(X)
    x = inputs if columns is None else np.asarray(columns, dtype=np.float64)
    if x.ndim != 2 or len(x) != len(inputs):
        raise ShapeError(f"columns must be ({len(inputs)}, c), beside X; they are {x.shape}")
    with np.errstate(all="ignore"):  # numbers of a diverged network
        z = network.forward(inputs).z[-1]
        rounding = z_rounding(network, inputs)
        deviation = np.nan
        if np.isfinite(z).all():
            deviation = max(
                float(np.abs(ols(x, column, method="fast").residuals).max()) for column in z.T
            )
        direction = random_direction(network, range(1, len(network.weights) + 1), seed)
        difference = np.nan
        if np.isfinite(network.parameters).all():
            difference = float(np.abs(second_difference(network, inputs, direction)).max())
        bound = difference_rounding(network, inputs, direction, rounding)
    return LinearIn(
        # the residuals of errors ε have a length of at most |ε| ≤ √n·max|ε|
        Bend(deviation, rounding * len(inputs) ** 0.5),
        Bend(difference, bound),
    )


class ReferenceNetwork(NamedTuple):
    """A network, and its inputs (n, d): the data's columns, or features computed from them."""

    network: Network
    inputs: Array


def reference_networks(
    columns: ArrayLike, hidden: tuple[int, ...] = (4, 3), outputs: int = 1, seed: int = 0
) -> dict[str, ReferenceNetwork]:
    """Four networks on the same data, which are linear in different things.

    "one layer" is linear in x and in its weights; "polynomial features", one layer on x_j and
    x_j·x_k, in its weights alone; "identity stack" in x alone; "relu stack", with the same weights,
    in neither. The weights are random. Those after the first layer are above 0, and all units of
    the first have their kink at the mean of the data, so that every relu stack bends there.

    Arguments:
        columns: x (n, c), of some varying columns; products are made of the first 8.
        hidden: the units of the hidden layers of both stacks, one layer or more.
        outputs: the number of outputs.
        seed: of the weights.

    Returns:
        The networks by name, each with its inputs.

    Raises:
        ShapeError: the columns are not a matrix, or there is no hidden layer.

    Example:
        >>> import engine
        >>> x = [[-2.0], [-1.0], [0.0], [1.0], [3.0]]
        >>> for name, (network, inputs) in engine.reference_networks(x).items():
        ...     in_x, in_weights = engine.linear_in(network, inputs, x)
        ...     print(name, in_x.is_zero, in_weights.is_zero)
        one layer True True
        polynomial features False True
        identity stack True False
        relu stack False False
    """
    x = np.array(columns, dtype=np.float64)
    if x.ndim != 2 or not x.size or not hidden:
        raise ShapeError(f"reference networks take columns (n, c) and hidden layers; got {x.shape}")
    c = x.shape[1]
    pairs = combinations_with_replacement(range(min(c, SQUARED_COLUMNS)), 2)
    products = [x[:, j] * x[:, k] for j, k in pairs]
    features = np.column_stack([x, *products])
    relu = Network([c, *hidden, outputs], "relu", seed=seed)
    for W in relu.weights[1:]:
        np.abs(W, out=W)
    relu.biases[0][:] = -relu.weights[0] @ x.mean(axis=0)
    identity = Network([c, *hidden, outputs], "identity").with_parameters(relu.parameters)
    polynomial = Network([features.shape[1], outputs], seed=seed)
    return {
        "one layer": ReferenceNetwork(Network([c, outputs], seed=seed), x),
        "polynomial features": ReferenceNetwork(polynomial, features),
        "identity stack": ReferenceNetwork(identity, x),
        "relu stack": ReferenceNetwork(relu, x),
    }
