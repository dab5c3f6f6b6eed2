"""The chain rule of one weight, with its factors by name:

    ∂C_x/∂w⁽ˡ⁾_jk = ∂C_x/∂a⁽ˡ⁾_j · ∂a⁽ˡ⁾_j/∂z⁽ˡ⁾_j · ∂z⁽ˡ⁾_j/∂w⁽ˡ⁾_jk

The first two are δ⁽ˡ⁾_j. In a hidden layer ∂C_x/∂a⁽ˡ⁾_j is the sum of W⁽ˡ⁺¹⁾ᵀδ⁽ˡ⁺¹⁾, one term for
each unit that the unit leads to. With softmax, z_j changes every output, and δ_j is the sum
Σ_i ∂C_x/∂a_i · ∂a_i/∂z_j. (Nielsen, Neural Networks and Deep Learning, 2015, ch. 2, eq. 36 to 53.)
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.backprop import BackwardPass, backpropagate, checked_targets
from engine.network.losses import loss_for
from engine.network.network import Network, layer_views
from engine.network.parameters import changeable_index


class BackTerm(NamedTuple):
    """A term weight·δ of ∂C_x/∂a: of the unit (from 0) of a later layer that it leads to.

    ``weight`` is None for a skip connection, which multiplies by 1.
    """

    layer: int
    unit: int
    weight: float | None
    delta: float

    @property
    def value(self) -> float:
        """The term."""
        return self.delta if self.weight is None else self.weight * self.delta


class ChainRule(NamedTuple):
    """The factors of ∂C_x/∂w⁽ˡ⁾_jk, or of ∂C_x/∂b⁽ˡ⁾_j, for one example.

    Attributes:
        layer, unit, input: l from 1; j and k from 0. k None: the bias, the weight of a node that
            is always 1.
        terms: what ∂C_x/∂a⁽ˡ⁾_j is the sum of; empty in the output layer.
        cost_by_a: ∂C_x/∂a_j (1,); with softmax ∂C_x/∂a_i of all outputs (n_L,).
        a_by_z: ∂a_j/∂z_j (1,), which is σ′(z_j); with softmax ∂a_i/∂z_j of all outputs (n_L,), row
            j of the Jacobian diag(a) − aaᵀ, which is symmetric.
        z_by_w: ∂z_j/∂w_jk, which is a⁽ˡ⁻¹⁾_k; 1 for the bias.
        delta: δ⁽ˡ⁾_j, as the backward pass computed it.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[3.0]], [[2.0]]], [[1.0], [0.0]])  # relu
        >>> chain = engine.chain_rule(network, [[1.0]], [5.0], layer=1, unit=0, input=0)
        >>> [term.value for term in chain.terms], chain.product  # 2·2(8 − 5), and · 1 · 1
        ([12.0], 12.0)
    """

    layer: int
    unit: int
    input: int | None
    terms: tuple[BackTerm, ...]
    cost_by_a: Array
    a_by_z: Array
    z_by_w: float
    delta: float

    @property
    def product(self) -> float:
        """The product of the factors; NaN or inf where an output is 0 or 1 to the last digit and
        the cost takes its logarithm: there δ is computed without ∂C_x/∂a."""
        with np.errstate(all="ignore"):
            return float(self.cost_by_a @ self.a_by_z * self.z_by_w)

    @property
    def gradient(self) -> float:
        """∂C_x/∂w = δ·∂z/∂w, as the backward pass computes it."""
        return self.delta * self.z_by_w


def chain_rule(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    loss: str = "quadratic",
    *,
    layer: int,
    unit: int,
    input: int | None = None,
    example: int = 0,
    backward: BackwardPass | None = None,
) -> ChainRule:
    """The factors of the derivative of C_x by one weight or bias.

    In a convolution they are those of one place of the weight: its derivative is the sum of the
    products over ``Network.places``.

    Arguments:
        network, X, Y, loss: as in ``backpropagate``.
        layer: 1 … L.
        unit: the unit j that the weight leads to, from 0.
        input: the input k that it comes from, from 0; None: the bias.
        example: a row of X.
        backward: the backward pass on the same data, if it is already computed.

    Returns:
        The factors.

    Raises:
        ShapeError: X or Y does not fit, or there is no such example.
        ExperimentError: the network has no such parameter (in a convolution: within the
            kernel), or the loss does not fit.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0, 1.0]]], [[0.5]], output="tanh")
        >>> chain = engine.chain_rule(network, [[0.0, 0.1]], [1.0], layer=1, unit=0, input=1)
        >>> [round(float(f), 4) for f in (*chain.cost_by_a, *chain.a_by_z, chain.z_by_w)]
        [-0.9259, 0.7116, 0.1]
        >>> round(chain.product, 5), round(chain.gradient, 5)
        (-0.06589, -0.06589)
    """
    kind, index = ("bias", unit) if input is None else ("weight", (unit, input))
    changeable_index(network, layer, kind, index)  # raises ExperimentError
    backward = backward or backpropagate(network, X, Y, loss)
    a = backward.forward.a
    Y = checked_targets(network, Y, len(a[0]))
    if example not in range(len(Y)):
        raise ShapeError(f"no example {example}: they are 0 to {len(Y) - 1}")
    with np.errstate(all="ignore"):
        terms = _terms(network, backward, layer, unit, example)
        a_by_z = _a_by_z(network, backward, layer, unit, example)
        cost_by_a = np.array([sum(term.value for term in terms)])
        if layer == len(network.weights):
            cost_by_a = _cost_by_output(network, a[-1], Y, loss, example)
            if len(a_by_z) == 1:
                cost_by_a = cost_by_a[unit : unit + 1]
    z_by_w = 1.0 if input is None else float(a[layer - 1][example, input])
    delta = float(backward.deltas[layer - 1][example, unit])
    return ChainRule(layer, unit, input, terms, cost_by_a, a_by_z, z_by_w, delta)


def _cost_by_output(network: Network, a: Array, Y: Array, loss: str, example: int) -> Array:
    """∂C_x/∂a⁽ᴸ⁾ (n_L,)."""
    row = slice(example, example + 1)
    out = np.empty((1, network.sizes[-1]))
    loss_for(loss, network.output).gradient(a[row], Y[row], out)
    return np.ravel(out)


def _a_by_z(network: Network, backward: BackwardPass, layer: int, unit: int, example: int) -> Array:
    """∂a_j/∂z_j (1,), or with softmax ∂a_i/∂z_j of all outputs i (n_L,)."""
    sigma, a = network.layer_activations[layer - 1], backward.forward.a[layer][example]
    if sigma.derivative is None:
        softmax: Array = (np.eye(len(a))[unit] - a) * a[unit]
        return softmax
    return sigma.slope(backward.forward.z[layer - 1][example], a)[unit : unit + 1]


def _terms(
    network: Network, backward: BackwardPass, layer: int, unit: int, example: int
) -> tuple[BackTerm, ...]:
    """The terms of ∂C_x/∂a of a unit: of the next layer, then of skip connections."""
    if layer == len(network.weights):
        return ()
    following = layer + 1
    weights, delta = network.weights[layer][:, unit], backward.deltas[layer][example]
    joined = np.arange(len(weights))
    if network.sharing is not None:
        numbers = layer_views(network.sharing.numbers, network.sizes, network.bias)[layer]
        joined = np.flatnonzero(numbers[:, unit])  # within the kernel
    by_weights = [
        BackTerm(following, i, float(weights[i]), float(delta[i])) for i in joined.tolist()
    ]
    by_skips = [
        BackTerm(t, unit, None, float(backward.deltas[t - 1][example, unit]))
        for t in network.skips_from(layer)
    ]
    return (*by_weights, *by_skips)
