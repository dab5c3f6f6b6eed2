"""What each hidden unit adds to the output, and where it bends or steps."""

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.network import Network
from engine.wording import plural


def contributions(network: Network, X: ArrayLike, output: int = 0) -> Array:
    """What each unit of the last hidden layer adds to one output: w⁽ᴸ⁾_j·a⁽ᴸ⁻¹⁾_j.

    With one hidden layer it is v_j·σ(w_j·x + b_j). Their sum and b⁽ᴸ⁾ are z⁽ᴸ⁾ (with skip
    connections into the last layer, what those add is missing), which is ŷ with an identity output.

    Arguments:
        network: the network; without hidden layers a⁽ᴸ⁻¹⁾ is x.
        X: inputs (n, d).
        output: the index of the output, from 0.

    Returns:
        The contributions (n, units).

    Raises:
        ShapeError: X does not fit the network, or there is no such output.

    Example:
        >>> import engine
        >>> network = engine.relu_interpolant([0, 1, 2], [0, 1, 0])
        >>> engine.contributions(network, [[1.5]]).tolist()
        [[1.5, -1.0, 0.0]]
    """
    if not 0 <= output < network.sizes[-1]:
        raise ShapeError(f"output {output}; they are numbered 0 to {network.sizes[-1] - 1}")
    with np.errstate(all="ignore"):  # as in ``Network.forward``
        added: Array = network.forward(X).a[-2] * network.weights[-1][output]
    return added


def unit_positions(network: Network) -> Array:
    """The points s_j = −b_j/w_j (units,) where z of a first-layer unit is 0; NaN where w_j = 0.

    There relu bends, and a sigmoid has its middle (Nielsen 2015, "Neural Networks and Deep
    Learning", ch. 4). The network must have one input.

    Example:
        >>> import engine
        >>> from engine.approximation.units import unit_positions
        >>> unit_positions(engine.relu_interpolant([-2, 1], [0, 3])).tolist()
        [-2.0, 1.0]
    """
    if network.sizes[0] != 1:
        raise ShapeError(
            f"this network has {plural(network.sizes[0], 'input')}; positions are for one"
        )
    w, b = network.weights[0][:, 0], network.biases[0]
    with np.errstate(all="ignore"):
        positions: Array = np.where(w != 0.0, -b / np.where(w != 0.0, w, 1.0), np.nan)
    positions += 0.0  # no −0
    return positions
