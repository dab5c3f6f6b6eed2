"""Backpropagation, in readable form; ``kernel`` does the same in fixed buffers.

BP1  δ⁽ᴸ⁾ = J_σ(z⁽ᴸ⁾)ᵀ ∇_a C_x                  BP3  ∂C_x/∂b⁽ˡ⁾ = δ⁽ˡ⁾
BP2  δ⁽ˡ⁾ = (W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾) ⊙ σ′(z⁽ˡ⁾)           BP4  ∂C_x/∂W⁽ˡ⁾ = δ⁽ˡ⁾ a⁽ˡ⁻¹⁾ᵀ

A skip connection (l, t), which adds a⁽ˡ⁾ to z⁽ᵗ⁾, adds δ⁽ᵗ⁾ to W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾ in BP2. In a
convolution, ∂C_x/∂k of a weight k of the kernel is the sum of BP4 over its places in W, and that
of the bias the sum of BP3 over the units; it stands at each place, and 0 outside the kernel.

(Nielsen, Neural Networks and Deep Learning, 2015, ch. 2; Rumelhart, Hinton & Williams 1986.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.losses import Loss, check_targets, loss_for, output_delta
from engine.network.network import ForwardPass, Network, layer_views
from engine.network.structure.convolutions import padding_of


@dataclass(frozen=True)
class BackwardPass:
    """The results of a backward pass over n examples.

    Attributes:
        loss: the cost C, the mean of C_x over the examples.
        example_losses: C_x (n,).
        deltas: ``deltas[l-1]`` (n, n_l) is δ⁽ˡ⁾ = ∂C_x/∂z⁽ˡ⁾ of each example, not divided by n.
        weight_gradients: ``weight_gradients[l-1]`` (n_l, n_{l−1}) is ∂C/∂W⁽ˡ⁾.
        bias_gradients: ``bias_gradients[l-1]`` (n_l,) is ∂C/∂b⁽ˡ⁾; 0 in a network without bias.
        gradient: ∇C (P,), laid out like ``Network.parameters``.
        forward: the forward pass.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[3.0]]])  # a = 3x
        >>> backward = engine.backpropagate(network, [[1.0], [2.0]], [1.0, 1.0])
        >>> backward.deltas[0].tolist()  # 2 (a − y)
        [[4.0], [10.0]]
    """

    loss: float
    example_losses: Array
    deltas: tuple[Array, ...]
    weight_gradients: tuple[Array, ...]
    bias_gradients: tuple[Array, ...]
    gradient: Array
    forward: ForwardPass


def backpropagate(
    network: Network, X: ArrayLike, Y: ArrayLike, loss: str = "quadratic"
) -> BackwardPass:
    """The cost of a network on data, and its gradient, by equations BP1 to BP4 of this module.

    Arguments:
        network: the network; it is not changed.
        X: inputs (n, d), n ≥ 1.
        Y: targets (n, k), or (n,) if k = 1.
        loss: "quadratic", which is Σ(a − y)², or another name in
            ``engine.network.losses.LOSSES``.

    Returns:
        The losses, δ of every layer and the gradients of the mean cost.

    Raises:
        ShapeError: X or Y does not fit the network.
        DataError: the loss is not defined for these targets.
        ExperimentError: the loss is unknown, or does not go with the network's output activation.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0]]], [[1.0]])  # a = 2x + 1
        >>> backward = engine.backpropagate(network, [[1.0], [3.0]], [2.0, 5.0])
        >>> backward.loss, backward.gradient.tolist()  # [∂C/∂w, ∂C/∂b]
        (2.5, [7.0, 3.0])
    """
    rule = loss_for(loss, network.output)
    forward = network.forward(X)
    Y = checked_targets(network, Y, len(forward.a[0]))
    check_targets(rule, Y)
    with np.errstate(all="ignore"):
        return _backward(network, forward, Y, rule)


def _backward(network: Network, forward: ForwardPass, Y: Array, rule: Loss) -> BackwardPass:
    sigmas = network.layer_activations
    z, a = forward.z, forward.a
    delta = np.empty_like(Y)
    output_delta(rule, sigmas[-1])(z[-1], a[-1], delta, np.empty_like(Y), Y)  # BP1
    deltas = [delta]  # δ of the layers l + 1, l + 2, … L
    for l in range(len(sigmas) - 1, 0, -1):
        a_gradient = deltas[0] @ network.weights[l]  # ∂C_x/∂a⁽ˡ⁾
        for t in network.skips_from(l):
            a_gradient += deltas[t - l - 1]
        deltas.insert(0, a_gradient * sigmas[l - 1].slope(z[l - 1], a[l]))  # BP2

    gradient = mean_gradient(network, deltas, a)
    example_losses = rule.cost(z[-1], a[-1], Y)
    return BackwardPass(
        loss=float(example_losses.mean()),
        example_losses=example_losses,
        deltas=tuple(deltas),
        forward=forward,
        **layer_gradients(network, gradient),
    )


def mean_gradient(network: Network, deltas: Sequence[Array], a: Sequence[Array]) -> Array:
    """∇C (P,) from δ of every layer and a⁽⁰⁾, a⁽¹⁾, … of n examples, by BP3 and BP4."""
    n = len(a[0])
    gradient = np.zeros_like(network.parameters)
    for G, d, inputs in zip(
        layer_views(gradient, network.sizes, network.bias), deltas, a[:-1], strict=True
    ):
        fan_in = inputs.shape[1]
        G[:, :fan_in] = d.T @ inputs / n  # BP4, averaged
        if network.bias:
            G[:, -1] = d.sum(axis=0) / n  # BP3, averaged
    if network.sharing:
        network.sharing.share(gradient)
    return gradient


def layer_gradients(network: Network, gradient: Array) -> dict[str, Any]:
    """A gradient (P,) and its views by layer, as keyword arguments of BackwardPass."""
    parts = layer_views(gradient, network.sizes, network.bias)
    fan_ins = network.sizes[:-1]
    return {
        "gradient": gradient,
        "weight_gradients": tuple(G[:, :m] for G, m in zip(parts, fan_ins, strict=True)),
        "bias_gradients": tuple(G[:, -1] if network.bias else np.zeros(len(G)) for G in parts),
    }


def gradient_variance(network: Network, backward: BackwardPass) -> float:
    """The mean over the examples of ‖∇C_x − ∇C‖², where ∇C is the mean of ∇C_x.

    By BP3 and BP4, ‖∇C_x‖² is the sum over the layers of ‖δ‖²·(‖a‖² + 1), a the layer's inputs; a
    convolution has one component for each weight of its kernel and one for its bias.
    """
    squares = np.zeros(len(backward.example_losses))
    lengths = dict(network.convolutions)
    layers = zip(backward.deltas, backward.forward.a[:-1], strict=True)
    for layer, (deltas, a) in enumerate(layers, start=1):
        if m := lengths.get(layer):
            squares += _kernel_squares(deltas, a, m)
            squares += deltas.sum(axis=1) ** 2 * network.bias
        else:
            squares += (deltas**2).sum(axis=1) * ((a**2).sum(axis=1) + network.bias)
    gradient = network.once(backward.gradient)
    return max(0.0, float(squares.mean() - gradient @ gradient))


def _kernel_squares(deltas: Array, a: Array, m: int) -> Array:
    """Σ_j (∂C_x/∂k_j)² (n,) over the m weights of a kernel, from δ (n, n_l) and a (n, n_{l−1})."""
    units, inputs = deltas.shape[1], a.shape[1]
    padding = padding_of(inputs, units, m)
    padded = np.pad(a, ((0, 0), (padding, padding)))
    gradients = [(deltas * padded[:, j : j + units]).sum(axis=1) for j in range(m)]
    return np.asarray(np.square(gradients).sum(axis=0), dtype=np.float64)


def checked_targets(network: Network, Y: ArrayLike, rows: int) -> Array:
    """Y as a float64 (rows, k) array; ShapeError if it has another shape."""
    Y = np.asarray(Y, dtype=np.float64)
    outputs = network.sizes[-1]
    if Y.ndim == 1 and outputs == 1:
        Y = Y[:, None]
    if Y.shape != (rows, outputs):
        raise ShapeError(f"Y has shape {Y.shape}; it must be ({rows}, {outputs})")
    if rows == 0:
        raise ShapeError("X and Y have no rows: there must be at least one example")
    return Y
