"""The quantities of a training step: how to refer to one, their values and their names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Array, Ints
from engine.errors import ShapeError
from engine.explain.explanation import Matrix
from engine.explain.expression import Symbol
from engine.network.backprop import BackwardPass
from engine.network.network import Network, layer_views
from engine.notation import Name
from engine.training.microsteps import (
    COST_KINDS,
    PARAMETER_KINDS,
    PHASES,
    Kind,
    MicroStep,
    TrainingStep,
)
from engine.wording import plural


@dataclass(frozen=True)
class Quantity:
    """One number of a training step: of a unit, or of a weight or bias into it.

    ``layer`` is 1 … L; unit j and input k count from 0. For PARAMETER_KINDS, input None means the
    bias. ``unit`` is ignored for costs, and ``input`` for costs, z, a and δ.
    """

    kind: Kind
    layer: int
    unit: int = 0
    input: int | None = None


@dataclass(frozen=True, eq=False)
class Example:
    """One example outside the batch.

    ``number``: from 1, as on the screen. ``backward``: its backward pass (one row), with the
    network and the loss of the step. ``target``: (k,).
    """

    number: int
    backward: BackwardPass
    target: Array


def values_of(step: TrainingStep, microstep: MicroStep, example: Example | None = None) -> Array:
    """All numbers of a micro-step. Without an example, z, a, C_x, δ and ∂C_x are batch means.

    (n_l,) for z, a and δ; (1,) for costs; (n_l, n_{l−1} + bias) for parameters, the bias last.
    """
    kind, layer = microstep.kind, microstep.layer
    backward = step.batch if example is None else example.backward
    result: Array
    match kind:
        case "z" | "a" | "delta":
            forward = backward.forward
            values = {"z": forward.z, "a": forward.a[1:], "delta": backward.deltas}[kind]
            result = values[layer - 1].mean(axis=0)
        case "example_cost":
            result = np.array([backward.example_losses.mean()])
        case "cost":
            result = np.array([step.batch.loss])
        case "example_gradient" if example is not None:
            result = of_layer(step.network, backward.gradient, layer)
        case "example_gradient" | "gradient":
            result = of_layer(step.network, step.gradient, layer)
        case "penalty":
            result = of_layer(step.network, step.penalised, layer)
        case "update":
            result = of_layer(step.network, step.parameters, layer)
    return result


def of_layer(network: Network, vector: Array, layer: int) -> Array:
    """The part of a vector (P,) that belongs to a layer, (n_l, n_{l−1} + bias)."""
    return layer_views(vector, network.sizes, network.bias)[layer - 1]


def places_of(network: Network, quantity: Quantity) -> list[tuple[int, int]]:
    """The (unit, column) of [W b] that are the same parameter: of a convolution all places of a
    weight of its kernel (none outside it) or of its bias, else the quantity's own."""
    k = network.sizes[quantity.layer - 1] if quantity.input is None else quantity.input
    if not network.kernel_length(quantity.layer):
        return [(quantity.unit, k)]
    numbers = _numbers(network, quantity.layer)
    number = numbers[quantity.unit, k]
    if not number:
        return []
    units, columns = np.nonzero(numbers == number)
    return [*zip(units.tolist(), columns.tolist(), strict=True)]


def is_joined(network: Network, layer: int, unit: int, input: int) -> bool:
    """Whether a weight leads from the input to the unit: in a convolution within the kernel."""
    return not network.kernel_length(layer) or bool(_numbers(network, layer)[unit, input])


def _numbers(network: Network, layer: int) -> Ints:
    """The numbers of the parameters at the entries of [W b] of a layer, 0 outside a kernel."""
    assert network.sharing is not None
    return layer_views(network.sharing.numbers, network.sizes, network.bias)[layer - 1]


def check_quantity(step: TrainingStep, quantity: Quantity) -> None:
    """ShapeError if the step has no such number."""
    network, layer = step.network, quantity.layer
    if quantity.kind not in PHASES:
        raise ShapeError(f"no kind {quantity.kind!r}; there are: {', '.join(PHASES)}")
    if layer not in range(1, len(network.sizes)):
        raise ShapeError(f"no layer {layer}: layers are 1 to {len(network.sizes) - 1}")
    if quantity.kind in COST_KINDS:
        return
    units, inputs = network.sizes[layer], network.sizes[layer - 1]
    if quantity.unit not in range(units):
        raise ShapeError(f"no unit {quantity.unit} in layer {layer}: 0 to {units - 1}")
    if quantity.kind not in PARAMETER_KINDS:
        return
    if quantity.input is None:
        if not network.bias:
            raise ShapeError("this network has no biases: name an input")
    elif quantity.input not in range(inputs):
        raise ShapeError(f"no input {quantity.input} of layer {layer}: 0 to {inputs - 1}")


@dataclass(frozen=True, eq=False)
class Values:
    """The quantities of one example, or their means over a batch, and their names.

    ``z[l-1]``, ``a[l]``, ``deltas[l-1]`` are (n_l,), ``y`` is (k,). ``number``: the number of the
    example in its batch; None if there is no batch.
    """

    z: tuple[Array, ...]
    a: tuple[Array, ...]
    deltas: tuple[Array, ...]
    y: Array
    cost: float
    number: int | None = None
    means: bool = False

    def symbol(self, letter: str, layer: int, unit: int) -> Symbol:
        """z, a or δ of a unit of a layer, or y of an output."""
        return Symbol(self._name(letter, layer, unit), float(self._array(letter, layer)[unit]))

    def column(self, letter: str, layer: int, unit: int | None = None) -> Matrix:
        """z, a, δ or y of all units of the layer; ``unit`` is the explained one (None: all)."""
        return Matrix(self._name(letter, layer), self._array(letter, layer)[:, None], unit)

    def cost_symbol(self) -> Symbol:
        """C_x."""
        return Symbol(self._with_example(Name("C_x")), self.cost)

    def _array(self, letter: str, layer: int) -> Array:
        if letter == "y":
            return self.y
        if letter == "a":
            return self.a[layer]
        return (self.z if letter == "z" else self.deltas)[layer - 1]

    def _name(self, letter: str, layer: int, unit: int | None = None) -> Name:
        indices = () if unit is None else (unit + 1,)
        if letter == "y":
            return self._with_example(Name("y", indices=indices))
        return self._with_example(layer_name(letter, layer, indices))

    def _with_example(self, name: Name) -> Name:
        return replace(name, example=self.number, function="mean" if self.means else "")


def layer_name(letter: str, layer: int, indices: tuple[int, ...] = ()) -> Name:
    """The name of a quantity of a layer; a⁽⁰⁾ is x."""
    if (letter, layer) == ("a", 0):
        return Name("x", indices=indices)
    return Name(letter, layer, indices)


def of_example(example: Example) -> Values:
    """The quantities of an example outside the batch."""
    return _row(example.backward, example.target, 0, None)


def numbers_of(step: TrainingStep, numbers: Sequence[int] | None) -> Sequence[int]:
    """The numbers (n,) of the examples of the batch; None: 1 … n. ShapeError if not n."""
    n = len(step.targets)
    if numbers is None:
        return range(1, n + 1)
    if len(numbers) != n:
        raise ShapeError(
            f"{plural(len(numbers), 'number')} for {plural(n, 'example')} of the batch"
        )
    return numbers


def of_rows(step: TrainingStep, numbers: Sequence[int] | None) -> list[Values]:
    """The quantities of each example of the batch, by their numbers."""
    return [
        _row(step.batch, step.targets[row], row, number)
        for row, number in enumerate(numbers_of(step, numbers))
    ]


def means_over(step: TrainingStep) -> Values:
    """Means over the batch."""
    batch = step.batch
    z, a, deltas = (
        tuple(values.mean(axis=0) for values in layers)
        for layers in (batch.forward.z, batch.forward.a, batch.deltas)
    )
    return Values(z, a, deltas, step.targets.mean(axis=0), batch.loss, means=True)


def batch_in_words(n: int) -> str:
    """``the 3 examples of the batch, their numbers in brackets``."""
    if n == 1:
        return "the one example of the batch, its number in brackets"
    return f"the {plural(n, 'example')} of the batch, their numbers in brackets"


def _row(backward: BackwardPass, target: Array, row: int, number: int | None) -> Values:
    z, a, deltas = (
        tuple(values[row] for values in layers)
        for layers in (backward.forward.z, backward.forward.a, backward.deltas)
    )
    return Values(z, a, deltas, target, float(backward.example_losses[row]), number)


def weight(network: Network, layer: int, unit: int, input: int) -> Symbol:
    """w⁽ˡ⁾_jk."""
    name = Name("w", layer, (unit + 1, input + 1))
    return Symbol(name, float(network.weights[layer - 1][unit, input]))


def bias(network: Network, layer: int, unit: int) -> Symbol:
    """b⁽ˡ⁾_j."""
    return Symbol(Name("b", layer, (unit + 1,)), float(network.biases[layer - 1][unit]))
