"""Affine maps as networks, and networks of linear layers as affine maps."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array
from engine.errors import EngineError, NotAffineError
from engine.network.affine import AffineMap, affine_at
from engine.network.network import Network
from engine.wording import plural


def collapse(network: Network, of_z: bool = True) -> AffineMap:
    """The affine map W_z x + b_z that a stack of layers with identity activations equals.

    It is the map of z⁽ᴸ⁾, before the output activation, as with ``affine_at``: ŷ = σ(W_z x + b_z).
    So only the hidden layers must be linear. Skip connections are included.

    Arguments:
        network: a network with identity activations in its hidden layers.
        of_z: False for the map of ŷ itself: then the output activation must be the identity too.

    Returns:
        The map, with W (k, d) and b (k,).

    Raises:
        NotAffineError: an activation is not the identity; the message names the layer.
        EngineError: a parameter is not finite.

    Example:
        >>> import engine
        >>> weights, biases = [[[2.0]], [[5.0]]], [[1.0], [3.0]]
        >>> network = engine.Network.from_arrays(weights, biases, "identity", output="sigmoid")
        >>> W, b = engine.collapse(network)  # z = 5 (2x + 1) + 3
        >>> W.tolist(), b.tolist()
        ([[10.0]], [8.0])
    """
    if message := not_affine(network, of_z):
        what = "z" if of_z else "the network"
        raise NotAffineError(f"{message}, so {what} is not one affine map of the inputs")
    return affine_at(network, np.zeros(network.sizes[0]))  # the same map at every x


def not_affine(network: Network, of_z: bool = True) -> str:
    """A message that names the first layer that is not linear; "" if ``collapse`` is possible."""
    names = network.activations if of_z else (*network.activations, network.output)
    for layer, name in enumerate(names, start=1):
        if name != "identity":
            return f"layer {layer} is not linear ({name})"
    return ""


def all_identity(network: Network, activation: str = "identity") -> Network:
    """A network with the same matrices, another activation in every hidden layer, and the identity
    at the output."""
    return Network.from_arrays(
        network.weights,
        network.biases if network.bias else None,
        activation,
        "identity",
        network.skips,
        network.convolutions,
    )


def embed_affine(network: Network, target: AffineMap) -> Array:
    """Parameters (P,) with which a network of this structure computes ŷ = W x + b.

    The inverse of ``collapse``. The layers before some layer m carry x (d,) in their first d units;
    layer m gets W (k, d) and b (k,); it and the later ones carry the outputs in their first k
    units. What skip connections add of the same numbers is subtracted. All other parameters are 0.

    Raises NotAffineError if a layer is not linear, the output included; EngineError if a layer is
    narrower than k, if b is not 0 and the network has no bias, or if no layer can be m: it must be
    no convolution, layers before it need d units, and no skip connection may lead past it.
    """
    collapse(network, of_z=False)  # raises NotAffineError
    k, d = target.W.shape
    narrowest = min(network.sizes[1:])
    if narrowest < k:
        raise EngineError(
            f"a layer of {plural(narrowest, 'unit')} cannot pass on {plural(k, 'output')}"
        )
    if not network.bias and target.b.any():
        raise EngineError("a network without bias cannot have an intercept")
    solved = network.with_parameters(np.zeros_like(network.parameters))
    m = _layer_of_map(network)
    for layer, W in enumerate(solved.weights, start=1):
        copies = len(network.skips_into(layer))  # of x, or after m of the outputs
        if layer == m:
            W -= copies * np.eye(*W.shape)
            W[:k, :d] += target.W
        elif network.kernel_length(layer):
            W[...] = (1 - copies) * np.eye(*W.shape)  # the kernel is one weight at its start
        else:
            carried = d if layer < m else k
            W[:carried, :carried] = (1 - copies) * np.eye(carried)
    if network.bias:
        solved.biases[m - 1][:k] = target.b
    return solved.parameters


def is_restricted(network: Network) -> bool:
    """Whether convolutions of a stack of linear layers may keep it from some affine maps: none of
    the layers can compute the whole map (see ``embed_affine``)."""
    sizes, kernels = network.sizes, network.convolutions
    return bool(kernels) and "" not in _obstacles(sizes, network.skips, kernels)


def _layer_of_map(network: Network) -> int:
    """The first layer m that can compute the map, see ``embed_affine``. EngineError if there is
    none: it says why, and without which connection there would be one."""
    sizes, skips, kernels = network.sizes, network.skips, network.convolutions
    obstacles = _obstacles(sizes, skips, kernels)
    if "" in obstacles:
        return obstacles.index("") + 1
    mends = [
        f"the skip connection {s} to {t}"
        for s, t in skips
        if "" in _obstacles(sizes, [skip for skip in skips if skip != (s, t)], kernels)
    ] + [
        f"the convolution of layer {layer}"
        for layer, m in kernels
        if "" in _obstacles(sizes, skips, [kernel for kernel in kernels if kernel != (layer, m)])
    ]
    kinds = ("skip connections" if skips else "", "convolutions" if kernels else "")
    mend = mends[0] if mends else " and ".join(filter(None, kinds))
    reasons = [*dict.fromkeys(obstacles)]
    more = "; …" if len(reasons) > 2 else ""
    raise EngineError(
        f"no layer can take the whole solution: {'; '.join(reasons[:2])}{more}. "
        f"Without {mend} it can be solved"
    )


def _obstacles(
    sizes: Sequence[int], skips: Sequence[tuple[int, int]], kernels: Sequence[tuple[int, int]]
) -> list[str]:
    """For each layer m = 1 … L why it cannot compute the map; "" if it can."""
    # one unit with a kernel as long as its input is as any dense unit
    convolved = {layer for layer, m in kernels if (sizes[layer], sizes[layer - 1]) != (1, m)}
    obstacles = []
    for m in range(1, len(sizes)):
        past = [(s, t) for s, t in skips if s < m < t]
        narrow = [layer for layer in range(1, m) if sizes[layer] < sizes[0]]
        if m in convolved:
            obstacles.append(f"layer {m} is a convolution")
        elif past:
            s, t = past[0]
            obstacles.append(f"the skip connection {s} to {t} leads past layer {m}")
        elif narrow:
            units = plural(sizes[narrow[0]], "unit")
            inputs = plural(sizes[0], "input")
            obstacles.append(f"layer {narrow[0]} of {units} cannot pass on {inputs}")
        else:
            obstacles.append("")
    return obstacles
