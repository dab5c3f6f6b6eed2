"""The collapse of linear layers, one layer at a time from the last to the first:

    z⁽ᴸ⁾ = P⁽⁰⁾x + P⁽¹⁾b⁽¹⁾ + … + P⁽ᴸ⁾b⁽ᴸ⁾,   P⁽ᴸ⁾ = I,  P⁽ˡ⁻¹⁾ = P⁽ˡ⁾W⁽ˡ⁾ + Σ_t P⁽ᵗ⁾

P⁽ˡ⁾ = W⁽ᴸ⁾…W⁽ˡ⁺¹⁾ is the map from a⁽ˡ⁾ to z⁽ᴸ⁾; a skip connection from l − 1 to t adds P⁽ᵗ⁾. In a
convolution W⁽ˡ⁾ is the Toeplitz matrix of its kernel. Multiplied out for three layers:

    W⁽³⁾W⁽²⁾W⁽¹⁾x + W⁽³⁾W⁽²⁾b⁽¹⁾ + W⁽³⁾b⁽²⁾ + b⁽³⁾

(Goodfellow, Bengio & Courville, Deep Learning, 2016, § 6.1: why a network needs nonlinear units.)
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.errors import NotAffineError
from engine.network.affine import piecewise_slopes
from engine.network.collapse import not_affine
from engine.network.network import Network


class CollapseStep(NamedTuple):
    """The step of layer l, from L down to 1.

    Attributes:
        layer: l.
        product: P⁽ˡ⁻¹⁾ = W⁽ᴸ⁾…W⁽ˡ⁾ and what skip connections add (k, n_{l−1}): the map from
            a⁽ˡ⁻¹⁾ to z⁽ᴸ⁾. That of layer 1 is W_z.
        skips: the layers t whose P⁽ᵗ⁾ skip connections from layer l − 1 add, in rising order.
        bias_term: W⁽ᴸ⁾…W⁽ˡ⁺¹⁾b⁽ˡ⁾ and what skip connections add (k,): what b⁽ˡ⁾ comes to in
            z⁽ᴸ⁾. The sum over all layers is b_z.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0]], [[5.0]]], activation="identity")
        >>> step = engine.collapse_steps(network)[-1]
        >>> step.layer, step.product.tolist(), step.skips, step.bias_term.tolist()
        (1, [[10.0]], (), [0.0])
    """

    layer: int
    product: Array
    skips: tuple[int, ...]
    bias_term: Array


def collapse_steps(network: Network) -> tuple[CollapseStep, ...]:
    """Every product of matrices on the way to W_z, and the terms of b_z one by one.

    Arguments:
        network: a network with identity activations in its hidden layers. The output activation
            is left out, as in ``collapse``: ŷ = σ(W_z x + b_z).

    Returns:
        One step for each layer, the last layer's first.

    Raises:
        NotAffineError: a hidden activation is not the identity; the message names the layer.
        EngineError: a parameter is not finite.

    Example:
        >>> import engine
        >>> weights, biases = [[[2.0]], [[5.0]], [[7.0]]], [[1.0], [3.0], [4.0]]
        >>> network = engine.Network.from_arrays(weights, biases, "identity")
        >>> steps = engine.collapse_steps(network)
        >>> [step.product.item() for step in steps]  # W⁽³⁾, W⁽³⁾W⁽²⁾, W⁽³⁾W⁽²⁾W⁽¹⁾
        [7.0, 35.0, 70.0]
        >>> [step.bias_term.item() for step in steps]  # b⁽³⁾, W⁽³⁾b⁽²⁾, W⁽³⁾W⁽²⁾b⁽¹⁾
        [4.0, 21.0, 35.0]
    """
    if message := not_affine(network):
        raise NotAffineError(f"{message}, so z is not one affine map of the inputs")
    piecewise_slopes(network)  # EngineError if a parameter is not finite
    last = len(network.weights)
    maps = {last: np.eye(network.sizes[-1])}  # P⁽ˡ⁾
    steps = []
    with np.errstate(all="ignore"):  # a product too large for a float is inf
        for layer in range(last, 0, -1):
            product = maps[layer] @ network.weights[layer - 1]
            skips = network.skips_from(layer - 1)
            for t in skips:
                product = product + maps[t]
            maps[layer - 1] = product
            bias_term = maps[layer] @ network.biases[layer - 1]
            steps.append(CollapseStep(layer, product, skips, bias_term))
    return tuple(steps)
