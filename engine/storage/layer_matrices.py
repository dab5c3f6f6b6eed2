"""W and b of one layer from matrices that were typed, pasted or read from a file."""

import re
from collections.abc import Mapping
from typing import Literal

from engine.arrays import Array
from engine.errors import DataError, ShapeError
from engine.network.network import Network
from engine.wording import listed, plural

MAX_NAMES = 6  # listed in a message
Contents = Literal["W", "b", "W and b"]


def layer_shapes(network: Network, layer: int, only_weights: bool = False) -> str:
    """``W of layer 2 is 3 × 4, [W b] 3 × 5, b 3 numbers``"""
    n, m = network.weights[layer - 1].shape
    with_b = network.bias and not only_weights
    more = f", [W b] {n} × {m + 1}, b {plural(n, 'number')}" if with_b else ""
    return f"W of layer {layer} is {n} × {m}{more}"


def with_layer(
    network: Network,
    layer: int,
    matrices: Mapping[str, Array],
    given: str = "typed",
    transposed: bool = False,
) -> tuple[Contents, Array]:
    """What of layer 1 … L the matrices are, and all parameters (P,) with it.

    One matrix without a name is W (n, m), [W b] (n, m + 1) or b, n numbers, by its shape. Several
    are found by their names: W and b, W1, b1, W2, … or 0.weight, 0.bias, 2.weight, …

    Arguments:
        given: how the messages say where they come from.
        transposed: whether their transposes were asked for, with .T behind the text.

    Raises:
        ShapeError: the shape does not fit; the message has the right one.
        DataError: the names do not say which of several is of this layer.

    Example:
        >>> import numpy as np
        >>> network = Network([2, 1], init="zeros")
        >>> with_layer(network, 1, {"": np.array([[1.0, 2.0, 3.0]])})
        ('W and b', array([1., 2., 3.]))
    """
    if transposed:
        matrices = {name: matrix.T for name, matrix in matrices.items()}
        given = f"{given}, transposed"
    changed = network.copy()
    weights, biases = _names(network, layer, [*matrices])
    what: Contents = "b"
    if weights is not None:
        values, only_weights = matrices[weights], biases is not None
        try:
            what = _what(network, layer, values, _kind(weights) == "w", only_weights)
        except ShapeError as error:
            rows, columns = values.shape
            hint = _hint(network, layer, values, not only_weights, transposed)
            raise ShapeError(f"{rows} × {columns} {given}; {error}{hint}") from None
        if what == "b":
            biases = weights
        elif what == "W":
            changed.weights[layer - 1][...] = values
            what = "W and b" if only_weights else "W"
        else:
            changed.matrices[layer - 1][...] = values
    if biases is not None:
        changed.biases[layer - 1][...] = _bias(network, layer, matrices[biases], given)
    return what, changed.parameters


def _kind(name: str) -> str:
    """ "w" or "b" for a name such as W, W1, 0.weight, b_2 or fc1.bias, else "" """
    last = name.rpartition(".")[2].rstrip("0123456789_").lower()
    return last[0] if last in ("w", "weight", "weights", "b", "bias", "biases") else ""


def _names(network: Network, layer: int, names: list[str]) -> tuple[str | None, str | None]:
    """Which of the matrices is W of the layer, and which is b; None for neither. One without such
    a name is the first, whatever it is."""
    layers = len(network.weights)
    weights, biases = ([name for name in names if _kind(name) == kind] for kind in "wb")
    if len(names) == 1 and not biases:
        return names[0], None
    if not (weights or biases):
        shown = listed(names, MAX_NAMES)
        raise DataError(f"which of {shown} is it? name them W and b, or W1, b1, W2, …")
    if not {len(weights), len(biases)} <= {0, 1} and not {len(weights), len(biases)} <= {0, layers}:
        shown = listed([*weights, *biases], MAX_NAMES)
        wanted = "one W and one b" + (f", or {layers} of each" if layers > 1 else "")
        raise DataError(f"which of {shown} is of layer {layer}? there must be {wanted}")
    return _of_layer(weights, layer), _of_layer(biases, layer)


def _of_layer(names: list[str], layer: int) -> str | None:
    """The name for this layer, of one or of one for each layer, by the numbers in them."""
    ordered = sorted(names, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])
    return ordered[layer - 1 if len(names) > 1 else 0] if names else None


def _what(network: Network, layer: int, values: Array, named: bool, only_weights: bool) -> Contents:
    """What a matrix of this shape is; a matrix that is ``named`` W is not taken for b."""
    n, m = network.weights[layer - 1].shape
    both = network.bias and not only_weights
    if values.shape == (n, m):
        return "W"
    if both and values.shape == (n, m + 1):
        return "W and b"
    if both and not named and values.size == n and 1 in values.shape and m > 1:
        return "b"
    raise ShapeError(layer_shapes(network, layer, only_weights))


def _hint(network: Network, layer: int, values: Array, may_be_b: bool, transposed: bool) -> str:
    """What would do in place of a matrix that does not fit W, or [W b]."""
    n, m = network.weights[layer - 1].shape
    turned = values.shape[::-1]
    if turned != (n, m) and not (may_be_b and network.bias and turned == (n, m + 1)):
        return ""
    if transposed:
        return "; it fits without .T"
    if may_be_b and network.bias and m == 1 and values.size == n:
        return "; b = before it sets b, .T behind it W"
    return "; the transpose fits: write .T behind it"


def _bias(network: Network, layer: int, values: Array, given: str) -> Array:
    n = network.sizes[layer]
    if not network.bias:
        raise ShapeError("this network has no biases")
    if values.size != n or 1 not in values.shape:
        rows, columns = values.shape
        raise ShapeError(f"{rows} × {columns} {given}; b of layer {layer} is {plural(n, 'number')}")
    return values.ravel()
