"""The fast training step: the passes of ``backprop`` in fixed buffers, without allocations.

Arrays of hidden layers are (n_l, batch), so that a layer is contiguous memory. With biases,
activations have a last row of ones: then z = [W b][a; 1] is one matrix product, and δ[a; 1]ᵀ is
another, which gives ∂C/∂W and ∂C/∂b. All hidden activations are in one buffer, so that σ′ of
neighbouring layers with the same σ is one call. Arrays of the output layer are (batch, k), like
the targets. Skip connections are added inside the matrix products, and shared gradients summed
after the last one, at no cost if there are none.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

import numpy as np

from engine.arrays import Array
from engine.network.activations import Activation, activation_named
from engine.network.losses import Loss, output_delta
from engine.network.network import Network, layer_views

add, multiply = np.add, np.multiply  # a global name is found faster than an attribute

Product = Callable[..., object]  # writes the result into its last argument
HiddenCall = tuple[Product, Array, Array, Callable[[Array, Array], object], Array, Array, Array]
"""The product with [W b], z, z flat, σ, a flat, a with its row of ones, the transpose of that."""
BackCall = tuple[Array, Array, Array, Product, Array, Array, Array]
"""δ, aᵀ of the layer below, ∂C/∂W, the product with Wᵀ, δ of the layer below, it flat, σ′ flat."""


class Kernel:
    """Forward and backward pass for batches of ``rows`` examples.

    It reads ``network.parameters`` in place and writes the **sum** of the examples' gradients into
    ``gradient`` (P,); the update divides by the batch size. ``z``, ``a`` and ``deltas`` are
    (n_l, rows) views of the buffers, valid after ``run``.
    """

    def __init__(self, network: Network, loss: Loss, rows: int, gradient: Array) -> None:
        sizes, bias = network.sizes, network.bias
        sigmas = network.layer_activations
        hidden = sizes[1:-1]
        heights = [n + bias for n in hidden]
        starts = [sum(heights[:i]) for i in range(len(heights))]
        shape = (sum(heights), rows)
        Z, A, slopes, deltas = (np.zeros(shape) for _ in range(4))
        inputs = []  # a⁽ˡ⁾ with its row of ones
        for start, n, height in zip(starts, hidden, heights, strict=True):
            A[start + n : start + height] = 1.0
            inputs.append(A[start : start + height])

        def units(buffer: Array) -> list[Array]:
            return [buffer[start : start + n] for start, n in zip(starts, hidden, strict=True)]

        last_z = np.zeros((rows, sizes[-1]))
        last_a = last_z if network.output == "identity" else np.zeros_like(last_z)
        last_delta = np.zeros_like(last_z)
        self.z = (*units(Z), last_z.T)
        self.a = (*units(A), last_a.T)
        self.deltas = (*units(deltas), last_delta.T)
        self._buffers = (Z, deltas)
        # every batch has another x: skip connections from it need a copy
        self._copies_x = bool(network.skips_from(0))
        self._x = np.zeros((sizes[0] if self._copies_x else 0, rows))
        activations = (self._x, *self.a)

        def skipped(layer: int) -> list[Array]:
            return [activations[s] for s in network.skips_into(layer)]

        self._loss = loss
        self._sigma = sigmas[-1]

        gradients = layer_views(gradient, sizes, bias)
        # bound methods and flat views are made once: attribute look-ups and slices take as long
        # as the arithmetic of a small layer
        self._hidden = tuple(self._hidden_calls(network, inputs, skipped))
        last_dot = _plus(np.ndarray.dot, [a.T for a in skipped(len(sigmas))])
        self._last = (last_dot, network.matrices[-1].T, last_z)
        # 1-D ufuncs are the fastest, and one output is the common case
        output = (last_z, last_a, last_delta, np.zeros_like(last_z))
        self._output = tuple(v[:, 0] if sizes[-1] == 1 else v for v in output)
        self._output_is_z = last_a is last_z
        rule = partial(output_delta(loss, sigmas[-1]), *self._output)
        self._delta: Callable[[Array], object] = rule
        self._slopes = tuple(_slope_calls(sigmas[:-1], starts, heights, (Z, A, slopes)))
        self._back = tuple(self._back_calls(network, inputs, units(slopes), gradients))
        self._first = (_shared(self.deltas[0].dot, network, gradient), gradients[0])
        self._gradients = gradients

    def _hidden_calls(
        self, network: Network, inputs: list[Array], skipped: Callable[[int], list[Array]]
    ) -> Iterator[HiddenCall]:
        """For each hidden layer: the calls that compute z and a."""
        for layer, (a_ones, sigma) in enumerate(
            zip(inputs, network.layer_activations, strict=False), start=1
        ):
            M, z, a = network.matrices[layer - 1], self.z[layer - 1], self.a[layer - 1]
            dot = _plus(M.dot, skipped(layer))
            yield dot, z, z.reshape(-1), sigma.value, a.reshape(-1), a_ones, a_ones.T

    def _back_calls(
        self,
        network: Network,
        inputs: list[Array],
        slopes: list[Array],
        gradients: Sequence[Array],
    ) -> Iterator[BackCall]:
        """For each layer from L to 2: the calls that compute ∂C/∂W, and δ of the layer below."""
        for layer in range(len(inputs), 0, -1):
            a_rows, W, lower_delta = (
                inputs[layer - 1].T,
                network.weights[layer],
                self.deltas[layer - 1],
            )
            dot = _plus(W.T.dot, [self.deltas[t - 1] for t in network.skips_from(layer)])
            flat = lower_delta.reshape(-1), slopes[layer - 1].reshape(-1)
            yield self.deltas[layer], a_rows, gradients[layer], dot, lower_delta, *flat

    def forward(self, x: Array, x_rows: Array) -> None:
        """The forward pass of x (d + 1, rows), whose last row is ones; without bias, (d, rows).

        ``x_rows`` is x.T: to transpose here would take as long as the arithmetic.
        """
        if self._copies_x:
            np.copyto(self._x, x[: len(self._x)])
        for dot, z, z_flat, value, a_flat, a_ones, a_rows in self._hidden:
            dot(x, z)
            value(z_flat, a_flat)
            x, x_rows = a_ones, a_rows
        dot, W, last_z = self._last
        dot(x_rows, W, last_z)
        if not self._output_is_z:
            self._sigma.value(*self._output[:2])

    def run(self, x: Array, x_rows: Array, y: Array) -> None:
        """Forward and backward pass; ``x_rows`` is x.T, ``y`` (rows, k), or (rows,) where k = 1."""
        self.forward(x, x_rows)
        self._delta(y)
        for derivative, z_flat, a_flat, slope_flat in self._slopes:
            derivative(z_flat, a_flat, slope_flat)
        for delta, a_rows, G, back_dot, lower_delta, lower_flat, slope_flat in self._back:
            delta.dot(a_rows, G)
            back_dot(delta, lower_delta)
            multiply(lower_flat, slope_flat, lower_flat)
        dot, G = self._first
        dot(x_rows, G)

    def stages(self, x: Array, x_rows: Array, y: Array) -> Iterator[tuple[str, int]]:
        """``run``, which yields (quantity, layer) after each stage: z and a, then δ, then ∂C/∂W.

        These are the calls of ``run`` on the same buffers, so the results are the same to the last
        bit, although all δ are computed before the gradients. Those of convolutions are complete
        after the last stage. ``run`` is separate for speed.
        """
        inputs_rows = x_rows
        if self._copies_x:
            np.copyto(self._x, x[: len(self._x)])
        for layer, call in enumerate(self._hidden, start=1):
            dot, z, z_flat, value, a_flat, a_ones, a_rows = call
            dot(x, z)
            yield "z", layer
            value(z_flat, a_flat)
            yield "a", layer
            x, x_rows = a_ones, a_rows
        last = len(self.z)
        dot, W, last_z = self._last
        dot(x_rows, W, last_z)
        yield "z", last
        if not self._output_is_z:
            self._sigma.value(*self._output[:2])
        yield "a", last
        self._delta(y)
        yield "delta", last
        for derivative, z_flat, a_flat, slope_flat in self._slopes:
            derivative(z_flat, a_flat, slope_flat)
        for layer, (delta, _, _, back_dot, lower_delta, lower_flat, slope_flat) in zip(
            range(last - 1, 0, -1), self._back, strict=True
        ):
            back_dot(delta, lower_delta)
            multiply(lower_flat, slope_flat, lower_flat)
            yield "delta", layer
        for layer, (delta, a_rows, G, *_) in zip(range(last, 1, -1), self._back, strict=True):
            delta.dot(a_rows, G)
            yield "gradient", layer
        dot, G = self._first
        dot(inputs_rows, G)
        yield "gradient", 1

    def costs(self, y: Array) -> Array:
        """C_x (rows,) of the last forward pass, against y as in ``run``."""
        z, a = self.z[-1].T, self.a[-1].T
        return self._loss.cost(z, a, y.reshape(z.shape))

    def all_finite(self, y: Array) -> bool:
        """Whether every number of the last ``run`` is finite."""
        arrays = (*self._buffers, *self._output[:3], self.costs(y))
        return all(np.isfinite(array).all() for array in arrays)

    def first_not_finite(self, y: Array, forward_only: bool = False) -> tuple[int, str] | None:
        """(layer, quantity) of the first number that is not finite, in the order of computing."""
        last = len(self.z)
        for layer, (z, a) in enumerate(zip(self.z, self.a, strict=True), start=1):
            for quantity, array in (("z", z), ("a", a)):
                if not np.isfinite(array).all():
                    return layer, quantity
        if not np.isfinite(self.costs(y)).all():
            return last, "C"
        if not forward_only:
            for quantity, arrays in (("δ", self.deltas), ("∂C/∂W", self._gradients)):
                for layer in range(last, 0, -1):
                    if not np.isfinite(arrays[layer - 1]).all():
                        return layer, quantity
        return None


def _shared(last_dot: Product, network: Network, gradient: Array) -> Product:
    """The last product, after which the gradients of convolutions are summed over the places of
    each parameter; without convolutions, the product itself."""
    sharing = network.sharing
    if sharing is None:
        return last_dot

    def dot_and_share(*arguments: Array) -> None:
        last_dot(*arguments)
        sharing.share(gradient)

    return dot_and_share


def _plus(dot: Product, terms: Sequence[Array]) -> Product:
    """A product that adds these terms to its result; without terms, the product itself."""
    if not terms:
        return dot

    def dot_and_add(*arguments: Array) -> None:
        dot(*arguments)
        out = arguments[-1]
        for term in terms:
            add(out, term, out)

    return dot_and_add


def _slope_calls(
    sigmas: Sequence[Activation],
    starts: Sequence[int],
    heights: Sequence[int],
    buffers: tuple[Array, Array, Array],
) -> Iterator[tuple[Callable[[Array, Array, Array], object], Array, Array, Array]]:
    """One (σ′, z, a, slope) for each group of neighbouring layers with the same σ."""
    for name, group in groupby(range(len(sigmas)), key=lambda i: sigmas[i].name):
        layers = list(group)
        derivative = activation_named(name).derivative
        assert derivative is not None  # softmax is not a hidden activation
        rows = slice(starts[layers[0]], starts[layers[-1]] + heights[layers[-1]])
        z, a, slope = (buffer[rows].reshape(-1) for buffer in buffers)
        yield derivative, z, a, slope
