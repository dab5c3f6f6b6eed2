"""One-dimensional convolutions: layers whose W is a Toeplitz matrix.

Each diagonal of W is one weight of the kernel, all units have the same bias, and the other entries
are 0. The entries of ``Network.parameters`` are then *places* of fewer parameters.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from operator import index as as_index
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array, Ints
from engine.errors import ExperimentError, ShapeError
from engine.wording import plural

Pairs = tuple[tuple[int, int], ...]


def toeplitz(kernel: ArrayLike, length: int, stride: int = 1, padding: int = 0) -> Array:
    """The weight matrix of a one-dimensional convolution: each row is the kernel, shifted.

    (Wx)_i = Σ_j kernel_j x_{i·stride + j − padding}, with x = 0 outside. As in convolutional
    layers, the kernel is not flipped (Goodfellow, Bengio & Courville 2016, §9.1).

    Arguments:
        kernel: the kernel (m,).
        length: the length of x.
        stride: the shift from row to row, at least 1.
        padding: how many zeros are added at each end of x.

    Returns:
        W (n, length), n = ⌊(length + 2·padding − m)/stride⌋ + 1.

    Raises:
        ShapeError: the kernel is longer than the padded input, or an argument is out of range.

    Example:
        >>> import engine
        >>> engine.toeplitz([1.0, 2.0], length=3).tolist()
        [[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]]
    """
    weights = np.asarray(kernel, dtype=np.float64)
    last_shift = length + 2 * padding - weights.size
    if weights.ndim != 1 or not weights.size or last_shift < 0 or stride < 1 or padding < 0:
        raise ShapeError(
            f"no convolution of length {length} with a kernel of shape {weights.shape}, "
            f"stride {stride} and padding {padding}"
        )
    rows = last_shift // stride + 1
    padded = np.zeros((rows, length + 2 * padding))
    for i in range(rows):
        padded[i, i * stride : i * stride + weights.size] = weights
    return padded[:, padding : padding + length]


def checked_convolutions(
    convolutions: Sequence[tuple[int, int]], sizes: Sequence[int | None]
) -> Pairs:
    """Convolutions (layer, kernel length), checked and sorted. A size of None is not yet known."""
    try:
        pairs = sorted((as_index(layer), as_index(m)) for layer, m in convolutions)
    except (TypeError, ValueError):
        message = f"convolutions {convolutions!r} are not pairs (layer, kernel length)"
        raise ExperimentError(message) from None
    for number, (layer, m) in enumerate(pairs):
        why = f"no convolution ({layer}, {m}): "
        if not 1 <= layer < len(sizes):
            raise ExperimentError(f"{why}layers are 1 to {len(sizes) - 1}")
        if layer in (other for other, _ in pairs[:number]):
            raise ExperimentError(f"{why}layer {layer} is listed twice")
        if m < 1:
            raise ExperimentError(f"{why}a kernel has 1 weight or more")
        inputs, units = sizes[layer - 1], sizes[layer]
        if inputs is None:
            continue
        if m > inputs:
            raise ExperimentError(
                f"{why}a kernel of {m} is longer than {plural(inputs, 'unit')} of layer {layer - 1}"
            )
        if units is not None and units not in _unit_counts(inputs, m):
            raise ExperimentError(why + _wanted_units(layer, m, inputs, units))
    return tuple(pairs)


def _unit_counts(inputs: int, m: int) -> tuple[int, ...]:
    """How many units a convolution of so many inputs can have: without and with zeros around."""
    return (inputs - m + 1, inputs) if m % 2 else (inputs - m + 1,)


def _wanted_units(layer: int, m: int, inputs: int, units: int) -> str:
    without, *padded = _unit_counts(inputs, m)
    or_padded = f", or {inputs} with zeros on both sides" if padded else ""
    return (
        f"layer {layer - 1} has {plural(inputs, 'unit')}, so layer {layer} must have "
        f"{without}{or_padded}; it has {units}"
    )


class Sharing(NamedTuple):
    """Which entries of ``Network.parameters`` are places of the same parameter.

    Attributes:
        numbers: the number of the parameter at each entry (P,), from 1; 0 for entries that are
            always 0.
        first: the index of the first place of each parameter (F,).
        counts: how many places the parameter of each entry has (P,); 0 where there is none.
    """

    numbers: Ints
    first: Ints
    counts: Array

    def totals(self, vector: Array) -> Array:
        """The sum over the places of each parameter (F,) of a vector (P,): the chain rule."""
        sums = np.bincount(self.numbers, vector, len(self.first) + 1)
        return np.asarray(sums[1:], dtype=np.float64)

    def spread(self, values: Array) -> Array:
        """A vector (P,) with the values (F,) of the parameters at all their places."""
        result: Array = np.concatenate([[0.0], values])[self.numbers]
        return result

    def share(self, gradient: Array) -> None:
        """Replace derivatives by single entries (P,) by those by the parameters, at each place."""
        gradient[...] = self.spread(self.totals(gradient))

    def holds(self, vector: Array) -> NDArray[np.bool_]:
        """For each entry of a vector (P,) whether it equals that at the first place, or is 0."""
        equal: NDArray[np.bool_] = self.spread(vector[self.first]) == vector
        return equal

    def places(self, index: int) -> Ints:
        """All places of the parameter at an index, or the index alone if there is no parameter."""
        number = self.numbers[index]
        return np.flatnonzero(self.numbers == number) if number else np.array([index])


@lru_cache(maxsize=16)
def sharing_of(sizes: tuple[int, ...], bias: bool, convolutions: Pairs) -> Sharing:
    """The shared entries of a network of these sizes."""
    lengths, parts, total = dict(convolutions), [], 0
    for layer, (inputs, units) in enumerate(pairwise(sizes), start=1):
        if layer in lengths:
            m = lengths[layer]
            kernel = np.arange(total + 1, total + m + 1)
            W = toeplitz(kernel, inputs, padding=padding_of(inputs, units, m))
            part = np.column_stack([W, np.full((units, int(bias)), total + m + 1)])
            total += m + bias
        else:
            part = np.arange(total + 1, total + units * (inputs + bias) + 1)
            total += part.size
        parts.append(part.reshape(-1).astype(np.intp))
    numbers = np.concatenate(parts)
    found, first = np.unique(numbers, return_index=True)
    counts = np.bincount(numbers)
    counts[0] = 0
    for array in (numbers, first, counts):
        array.flags.writeable = False
    return Sharing(numbers, first[found > 0], counts[numbers].astype(np.float64))


def padding_of(inputs: int, units: int, m: int) -> int:
    """How many zeros are added on each side."""
    return m // 2 if units == inputs else 0
