"""Usual slips in backpropagation: the backward pass that each gives.

Each slip replaces one part of equations BP1 to BP4 of ``engine.network.backprop``; all layers
below go on with what it gives. ``engine.slips`` checks their gradients.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.network.backprop import BackwardPass, layer_gradients, mean_gradient
from engine.network.losses import Loss
from engine.network.network import Network, layer_views
from engine.wording import plural


class Setting(NamedTuple):
    """What a backward pass has: the right one, the targets (n, k), the loss and η."""

    network: Network
    right: BackwardPass
    Y: Array
    rule: Loss
    learning_rate: float


def _slope(setting: Setting, layer: int) -> Array:
    """σ′(z⁽ˡ⁾) (n, n_l); of softmax ∂a_j/∂z_j = a_j (1 − a_j)."""
    sigma, forward = setting.network.layer_activations[layer - 1], setting.right.forward
    a: Array = forward.a[layer]
    return a * (1.0 - a) if sigma.derivative is None else sigma.slope(forward.z[layer - 1], a)


def _slope_of_next(setting: Setting, layer: int) -> Array:
    slope = _slope(setting, layer + 1)
    sizes = setting.network.sizes
    return slope if sizes[layer] == sizes[layer + 1] else slope.mean(axis=1, keepdims=True)


def _no_slope(setting: Setting, layer: int) -> Array:
    return np.ones_like(setting.right.forward.z[layer - 1])


def _right_output(setting: Setting) -> Array:
    return setting.right.deltas[-1]


def _minus_output(setting: Setting) -> Array:
    return -setting.right.deltas[-1]


def _output_without_slope(setting: Setting) -> Array:
    """∇_a C_x, unless δ⁽ᴸ⁾ is a multiple of a − y anyway."""
    right = setting.right.deltas[-1]
    if setting.rule.factor_with(setting.network.output) is not None:
        return right
    out = np.empty_like(right)
    setting.rule.gradient(setting.right.forward.a[-1], setting.Y, out)
    return out


def _by_transpose(setting: Setting, layer: int, deltas: list[Array]) -> Array:
    return deltas[0] @ setting.network.weights[layer]  # a row for each example: δᵀW is (Wᵀδ)ᵀ


def _by_matrix(setting: Setting, layer: int, deltas: list[Array]) -> Array:
    W = setting.network.weights[layer]
    return deltas[0] @ (W.T if _is_square(W) else W)


def _by_updated_matrix(setting: Setting, layer: int, deltas: list[Array]) -> Array:
    network, forward = setting.network, setting.right.forward
    below = [np.zeros_like(z) for z in forward.z[:layer]]  # not yet computed
    gradient = mean_gradient(network, [*below, *deltas], forward.a)
    updated = network.parameters - setting.learning_rate * gradient
    W = layer_views(updated, network.sizes, network.bias)[layer][:, : network.sizes[layer]]
    return deltas[0] @ W


def _is_square(W: Array) -> bool:
    rows, columns = W.shape
    return bool(rows == columns)


class Note(NamedTuple):
    """How a slip applies to a network; ``possible`` is False if it cannot be made there."""

    text: str = ""
    possible: bool = True


def _anywhere(setting: Setting) -> Note:
    return Note()


NO_HIDDEN = Note("There is no hidden layer, so there is nothing to pass back.", False)


def _note_on_slope(setting: Setting) -> Note:
    sizes = setting.network.sizes
    if len(sizes) == 2:
        return NO_HIDDEN
    texts = []
    for l in range(len(sizes) - 2, 0, -1):
        if sizes[l + 1] == 1 != sizes[l]:
            texts.append(f"In layer {l}, σ′ of the one unit of layer {l + 1} multiplies all.")
        elif sizes[l + 1] != sizes[l]:
            texts.append(
                f"In layer {l} of {plural(sizes[l], 'unit')}, the mean of σ′ over the "
                f"{plural(sizes[l + 1], 'unit')} of layer {l + 1} is taken."
            )
    return Note(" ".join(texts))


def _note_on_transpose(setting: Setting) -> Note:
    network = setting.network
    if len(network.weights) == 1:
        return NO_HIDDEN
    square = [_is_square(W) for W in network.weights[1:]]
    if not any(square):
        return Note("No W on the way back is square: Wδ does not fit, and NumPy stops.", False)
    layers = [str(l) for l, fits in enumerate(square, start=2) if not fits]
    if not layers:
        return Note()
    which = f"W of layer{'s' * (len(layers) > 1)} {' and '.join(layers)}"
    return Note(f"Not with {which}, which {'are' if len(layers) > 1 else 'is'} not square.")


def _note_on_update(setting: Setting) -> Note:
    if len(setting.network.weights) == 1:
        return NO_HIDDEN
    return Note(f"The update is that of plain gradient descent, η = {setting.learning_rate:g}.")


def _note_on_mean(setting: Setting) -> Note:
    return Note("With one example, 1/n is 1." if len(setting.Y) == 1 else "")


def _note_on_left_out(setting: Setting) -> Note:
    network, rule = setting.network, setting.rule
    if rule.factor_with(network.output) is None:
        return Note("Left out in the output layer too.")
    if len(network.weights) == 1:
        return Note("There is no hidden layer, and δ of the output has no σ′ here.", False)
    return Note("The output layer is right: its δ has no σ′ here.")


@dataclass(frozen=True)
class Slip:
    """A slip: what is computed instead of the right part of the backward pass.

    ``name`` and ``sentence`` are for readers. ``output(setting)`` is δ⁽ᴸ⁾;
    ``passed_back(setting, l, δ of the layers above l)`` is W⁽ˡ⁺¹⁾ᵀδ⁽ˡ⁺¹⁾, ``slope(setting, l)``
    σ′(z⁽ˡ⁾); ``summed``: whether 1/n is forgotten. ``note(setting)`` says how it applies.
    """

    name: str
    sentence: str
    output: Callable[[Setting], Array] = _right_output
    passed_back: Callable[[Setting, int, list[Array]], Array] = _by_transpose
    slope: Callable[[Setting, int], Array] = _slope
    summed: bool = False
    note: Callable[[Setting], Note] = _anywhere


SLIPS = {
    slip.name: slip
    for slip in (
        Slip(
            "σ′ of the wrong layer",
            "δ⁽ˡ⁾ takes σ′(z⁽ˡ⁺¹⁾), the slope of the next layer, instead of σ′(z⁽ˡ⁾).",
            slope=_slope_of_next,
            note=_note_on_slope,
        ),
        Slip(
            "missing transpose",
            "δ⁽ˡ⁾ takes W⁽ˡ⁺¹⁾δ⁽ˡ⁺¹⁾ instead of W⁽ˡ⁺¹⁾ᵀδ⁽ˡ⁺¹⁾.",
            passed_back=_by_matrix,
            note=_note_on_transpose,
        ),
        Slip(
            "updated weights",
            "δ⁽ˡ⁾ takes W⁽ˡ⁺¹⁾ after its update instead of before.",
            passed_back=_by_updated_matrix,
            note=_note_on_update,
        ),
        Slip(
            "forgotten 1/n",
            "The gradients of the n examples are added up, and not divided by n.",
            summed=True,
            note=_note_on_mean,
        ),
        Slip(
            "wrong sign",
            "δ⁽ᴸ⁾ takes the difference of a and y the wrong way round, as y − a for a − y.",
            output=_minus_output,
        ),
        Slip(
            "σ′ left out",
            "δ is not multiplied by σ′(z).",
            output=_output_without_slope,
            slope=_no_slope,
            note=_note_on_left_out,
        ),
    )
}
"""The slips, by name."""


def wrong_pass(slip: Slip, setting: Setting) -> BackwardPass:
    """The backward pass with a slip; losses and forward pass are right."""
    network, right = setting.network, setting.right
    deltas = [slip.output(setting)]
    for l in range(len(network.weights) - 1, 0, -1):
        a_gradient = slip.passed_back(setting, l, deltas)
        for t in network.skips_from(l):
            a_gradient = a_gradient + deltas[t - l - 1]
        deltas.insert(0, a_gradient * slip.slope(setting, l))
    gradient = mean_gradient(network, deltas, right.forward.a)
    if slip.summed:
        gradient *= len(setting.Y)
    return replace(right, deltas=tuple(deltas), **layer_gradients(network, gradient))
