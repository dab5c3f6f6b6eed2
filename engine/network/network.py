"""A fully connected network: weights, biases, and the forward pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array, Number, read_only
from engine.errors import ExperimentError, ShapeError
from engine.network.activations import Activation, activation_named, output_named
from engine.network.size import check_parameters
from engine.network.structure.convolutions import (
    Sharing,
    checked_convolutions,
    padding_of,
    sharing_of,
)
from engine.network.structure.initialisation import draw_first
from engine.network.structure.skips import checked_skips
from engine.wording import plural


@dataclass(frozen=True)
class ForwardPass:
    """All z and a of a forward pass over n examples.

    Attributes:
        z: ``z[l-1]`` (n, n_l) is z⁽ˡ⁾.
        a: ``a[l]`` (n, n_l) is a⁽ˡ⁾; ``a[0]`` is X.

    Example:
        >>> import engine
        >>> forward = engine.Network.from_arrays([[[1.0], [-1.0]], [[2.0, 3.0]]]).forward([[4.0]])
        >>> forward.z[0].tolist(), forward.a[1].tolist(), forward.prediction.tolist()
        ([[4.0, -4.0]], [[4.0, 0.0]], [[8.0]])
    """

    z: tuple[Array, ...]
    a: tuple[Array, ...]

    @property
    def prediction(self) -> Array:
        """The output ŷ = a⁽ᴸ⁾, (n, k)."""
        return self.a[-1]


class Network:
    """A fully connected network: z⁽ˡ⁾ = W⁽ˡ⁾a⁽ˡ⁻¹⁾ + b⁽ˡ⁾ and a⁽ˡ⁾ = σ(z⁽ˡ⁾), l = 1 … L, a⁽⁰⁾ = x.

    Arguments:
        sizes: units of the layers (n_0, …, n_L); n_0 = d inputs, n_L = k outputs.
        activation: σ of the hidden layers, one name or one for each: "relu", "tanh" or another
            name in ``engine.network.activations.ACTIVATIONS``.
        output: σ of the output layer: a name in ``engine.network.activations.OUTPUTS``.
        init: the distribution of the first weights: "he" N(0, 2/n_{l−1}) (He et al. 2015),
            "glorot" U(±√(6/(n_{l−1} + n_l))) (Glorot & Bengio 2010), "uniform" U(±½), "zeros".
            "playground" is "uniform", with biases of 0.1, as in TensorFlow Playground.
        bias: whether the layers have biases.
        skips: skip connections (s, t), 0 ≤ s < t ≤ L and n_s = n_t: each adds a⁽ˢ⁾ to z⁽ᵗ⁾
            (He, Zhang, Ren & Sun 2016, eq. 1).
        convolutions: pairs (l, m): layer l is a one-dimensional convolution of the layer before,
            with one kernel of m weights, which is not flipped, and one bias. n_{l−1} − m + 1 units:
            without padding; n_{l−1} units and odd m: zeros on both sides.
        seed: seed or generator of the first weights.
        init_bias: the standard deviation of the first biases; 0: they are 0, or those of ``init``.

    Attributes:
        parameters: one flat vector (P,): layer by layer, the rows of [W⁽ˡ⁾ b⁽ˡ⁾], or of W⁽ˡ⁾ in a
            network without bias.
        weights: W⁽ˡ⁾ (n_l, n_{l−1}) of each layer, as views of ``parameters``.
        biases: b⁽ˡ⁾ (n_l,) of each layer, as views of ``parameters``; read-only zeros in a network
            without bias.
        matrices: [W⁽ˡ⁾ b⁽ˡ⁾] of each layer, as views of ``parameters``.
        sharing: which entries of ``parameters`` are the same parameter; None without convolutions.

    Raises:
        ShapeError: a size is below 1, or the two layers of a skip connection differ in size.
        ExperimentError: a name is unknown, or a skip connection or convolution is invalid.
        MemoryBoundError: the parameters do not fit into memory.

    Example:
        >>> import engine
        >>> network = engine.Network([2, 4, 3, 1], activation="relu", seed=0)
        >>> network.parameters.size, network.weights[0].shape
        (31, (4, 2))
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "relu",
        output: str = "identity",
        init: str = "he",
        bias: bool = True,
        skips: Sequence[tuple[int, int]] = (),
        seed: int | np.random.Generator = 0,
        init_bias: float = 0.0,
        convolutions: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.sizes = _checked_sizes(sizes)
        self.bias = bool(bias)
        self.skips = checked_skips(skips, self.sizes)
        self.convolutions = checked_convolutions(convolutions, self.sizes)
        self.sharing: Sharing | None = None
        if self.convolutions:
            self.sharing = sharing_of(self.sizes, self.bias, self.convolutions)
        self.activations = _hidden_activations(activation, len(self.sizes) - 2)
        self.output = output_named(output).name
        if self.output == "softmax" and self.sizes[-1] == 1:
            raise ExperimentError("softmax needs two or more outputs")
        fan_ins, fan_outs = self.sizes[:-1], self.sizes[1:]
        columns = [m + self.bias for m in fan_ins]
        self.parameters: Array = np.zeros(
            sum(n * m for n, m in zip(fan_outs, columns, strict=True))
        )
        self.matrices = layer_views(self.parameters, self.sizes, self.bias)
        self.weights = tuple(M[:, :m] for M, m in zip(self.matrices, fan_ins, strict=True))
        if self.bias:
            self.biases = tuple(M[:, -1] for M in self.matrices)
        else:
            self.biases = tuple(read_only(np.zeros(n)) for n in fan_outs)
        kernels = dict(self.convolutions)
        biases = self.biases if self.bias else ()
        draw_first(self.weights, biases, kernels, init, init_bias, np.random.default_rng(seed))

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike] | None = None,
        activation: str | Sequence[str] = "relu",
        output: str = "identity",
        skips: Sequence[tuple[int, int]] = (),
        convolutions: Sequence[tuple[int, int]] = (),
    ) -> Self:
        """A network with copies of given weights and biases.

        Arguments:
            weights: W⁽ˡ⁾ (n_l, n_{l−1}) of each layer.
            biases: b⁽ˡ⁾ (n_l,) of each layer; None: a network without bias.
            activation, output, skips, convolutions: as in ``Network``.

        Raises:
            ShapeError: the shapes do not fit, or W of a convolution is not a convolution.

        Example:
            >>> import engine
            >>> engine.Network.from_arrays([[[1.0, 2.0]]], [[0.5]]).predict([[3.0, 4.0]]).item()
            11.5
        """
        W = [_as_array(w, f"W of layer {layer}") for layer, w in enumerate(weights, start=1)]
        for layer, w in enumerate(W, start=1):
            if w.ndim != 2:
                raise ShapeError(
                    f"W of layer {layer} has {plural(w.ndim, 'dimension')}; it must be a matrix"
                )
            if layer > 1 and w.shape[1] != W[layer - 2].shape[0]:
                raise ShapeError(
                    f"W of layer {layer} has {plural(w.shape[1], 'column')}, "
                    f"but layer {layer - 1} has {plural(W[layer - 2].shape[0], 'unit')}"
                )
        if not W:
            raise ShapeError("a network needs at least one layer of weights")
        sizes = [W[0].shape[1], *(w.shape[0] for w in W)]
        bias = biases is not None
        network = cls(sizes, activation, output, "zeros", bias, skips, convolutions=convolutions)
        for view, w in zip(network.weights, W, strict=True):
            view[...] = w
        if biases is not None:
            if len(biases) != len(W):
                raise ShapeError(
                    f"{plural(len(W), 'weight matrix', 'weight matrices')}, "
                    f"but {plural(len(biases), 'bias vector')}"
                )
            for layer, (view, b) in enumerate(zip(network.biases, biases, strict=True), start=1):
                b = _as_array(b, f"b of layer {layer}")
                if b.shape != view.shape:
                    raise ShapeError(f"b of layer {layer} has shape {b.shape}, not {view.shape}")
                view[...] = b
        network.check_shared(network.parameters)
        return network

    @property
    def layer_activations(self) -> tuple[Activation, ...]:
        """σ of every layer 1 … L, the output layer included."""
        return (*map(activation_named, self.activations), output_named(self.output))

    def skips_into(self, layer: int) -> tuple[int, ...]:
        """The layers s whose a⁽ˢ⁾ is added to this layer's z, in rising order."""
        return tuple(s for s, t in self.skips if t == layer)

    def skips_from(self, layer: int) -> tuple[int, ...]:
        """The layers t to whose z⁽ᵗ⁾ this layer's a is added, in rising order."""
        return tuple(t for s, t in self.skips if s == layer)

    @property
    def parameter_count(self) -> int:
        """How many weights and biases there are, those of a convolution counted once."""
        return self.parameters.size if self.sharing is None else len(self.sharing.first)

    def once(self, vector: NDArray[Number]) -> NDArray[Number]:
        """A vector laid out like ``parameters`` with each parameter once, (``parameter_count``,).

        The same vector, if there are no convolutions.
        """
        return vector if self.sharing is None else vector[self.sharing.first]

    def places(self, index: int) -> tuple[int, ...]:
        """The indices into ``parameters`` that are the same parameter as this one."""
        return (index,) if self.sharing is None else tuple(self.sharing.places(index).tolist())

    def is_outside_kernel(self, index: int) -> bool:
        """Whether the entry of ``parameters`` is always 0, outside the kernel of a convolution."""
        return self.sharing is not None and not self.sharing.numbers[index]

    def kernel_length(self, layer: int) -> int | None:
        """The number of weights of the layer's kernel; None if it is no convolution."""
        return dict(self.convolutions).get(layer)

    def kernel(self, layer: int) -> Array:
        """The weights (m,) of the kernel of a layer that is a convolution."""
        m, W = dict(self.convolutions)[layer], self.weights[layer - 1]
        padding = padding_of(W.shape[1], len(W), m)
        return np.array([np.diagonal(W, j - padding)[0] for j in range(m)])

    def check_shared(self, parameters: Array) -> None:
        """ShapeError, with the layer, if W or b of a convolution do not share their entries."""
        if self.sharing is None:
            return
        wrong = layer_views(~self.sharing.holds(parameters), self.sizes, self.bias)
        for layer, m in self.convolutions:
            if wrong[layer - 1][:, : self.sizes[layer - 1]].any():
                raise ShapeError(
                    f"layer {layer} is a convolution with a kernel of {m}: each diagonal of its W "
                    f"must be one number, and the entries outside the kernel 0"
                )
            if wrong[layer - 1].any():
                raise ShapeError(f"layer {layer} is a convolution: its biases must all be equal")

    def forward(self, X: ArrayLike) -> ForwardPass:
        """All z and a for inputs X (n, d). ShapeError if X has another number of columns."""
        a = self.checked_inputs(X)
        zs, activations = [], [a]
        with np.errstate(all="ignore"):  # callers check whether results are finite
            layers = zip(self.weights, self.biases, self.layer_activations, strict=True)
            for layer, (W, b, sigma) in enumerate(layers, start=1):
                z = a @ W.T + b
                for s in self.skips_into(layer):
                    z += activations[s]
                a = sigma(z)
                zs.append(z)
                activations.append(a)
        return ForwardPass(tuple(zs), tuple(activations))

    def predict(self, X: ArrayLike) -> Array:
        """The outputs ŷ (n, k) for inputs X (n, d), both in the network's own units.

        These are the inputs that the first layer sees, and the outputs of the last. A run on
        standardised data, or with curved inputs, makes them of the data: ``Trainer.predict`` takes
        and gives the data's own units.
        """
        return self.forward(X).prediction

    def copy(self) -> Self:
        """An independent network with equal parameters."""
        return self.with_parameters(self.parameters)

    def with_parameters(self, parameters: ArrayLike) -> Self:
        """A network of the same structure with a copy of the given parameters (P,)."""
        other = type(self)(
            self.sizes,
            self.activations,
            self.output,
            init="zeros",
            bias=self.bias,
            skips=self.skips,
            convolutions=self.convolutions,
        )
        other.parameters[...] = parameters
        return other

    def frozen(self) -> Self:
        """An independent read-only copy."""
        snapshot = self.copy()
        for array in (snapshot.parameters, *snapshot.matrices, *snapshot.weights, *snapshot.biases):
            read_only(array)
        return snapshot

    def checked_inputs(self, X: ArrayLike) -> Array:
        """X as a float64 (n, d) array; ShapeError if it has another shape."""
        X = np.asarray(X, dtype=np.float64)
        if X.ndim != 2 or X.shape[1] != self.sizes[0]:
            raise ShapeError(f"X has shape {X.shape}; this network takes (n, {self.sizes[0]})")
        return X

    def __repr__(self) -> str:
        shape = "-".join(map(str, self.sizes))
        names = dict.fromkeys(self.activations)
        skips = "".join(f" + {s}→{t}" for s, t in self.skips)
        kernels = "".join(f" + kernel of {m} in {layer}" for layer, m in self.convolutions)
        return f"Network({shape} {'/'.join(names) or 'linear'} → {self.output}{skips}{kernels})"


def layer_views(
    flat: NDArray[Number], sizes: Sequence[int], bias: bool
) -> tuple[NDArray[Number], ...]:
    """The layers' [W b] as views of a vector laid out like ``Network.parameters``."""
    views, start = [], 0
    for m, n in pairwise(sizes):
        size = n * (m + bias)
        views.append(flat[start : start + size].reshape(n, m + bias))
        start += size
    return tuple(views)


def _checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    result = tuple(int(size) for size in sizes)
    if len(result) < 2 or min(result) < 1:
        raise ShapeError(f"layer sizes {list(sizes)}: at least two are needed, each 1 or more")
    check_parameters(result)
    return result


def _hidden_activations(activation: str | Sequence[str], hidden: int) -> tuple[str, ...]:
    names = (activation,) * hidden if isinstance(activation, str) else tuple(activation)
    if len(names) != hidden:
        raise ExperimentError(
            f"{plural(len(names), 'activation')} for {plural(hidden, 'hidden layer')}"
        )
    if isinstance(activation, str):
        activation_named(activation)  # check the name even without hidden layers
    return tuple(activation_named(name).name for name in names)


def _as_array(values: ArrayLike, name: str) -> Array:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ShapeError(f"{name} is not an array of numbers with rows of one length") from None
