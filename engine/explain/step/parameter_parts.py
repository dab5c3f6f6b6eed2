"""The symbols and matrices of parameters and their gradients in explanations."""

from engine.arrays import Array
from engine.explain.explanation import Matrix
from engine.explain.expression import Symbol
from engine.explain.quantity import Quantity, layer_name, of_layer
from engine.network.network import Network
from engine.notation import Name

PENALISED = "∂(C + R)/∂"


def part_of(
    network: Network, vector: Array, derivative: str, quantity: Quantity
) -> tuple[Symbol, Matrix]:
    """One number of a vector (P,), and the matrix or column of the layer that contains it.

    ``derivative`` is written before the letter of the parameter: ∂C/∂, or "".
    """
    values = of_layer(network, vector, quantity.layer)
    unit, k = quantity.unit, quantity.input
    inputs = network.sizes[quantity.layer - 1]
    letter = "b" if k is None else "W"
    name = Name(f"{derivative}{letter}", quantity.layer)
    value = float(values[unit, inputs if k is None else k])
    symbol = Symbol(parameter_name(derivative, quantity), value)
    shown = values[:, -1:] if k is None else values[:, :inputs]
    return symbol, Matrix(name, shown, unit, k)


def parameter_name(
    derivative: str, quantity: Quantity, mark: str = "", letter: str | None = None
) -> Name:
    """w⁽ˡ⁾_jk or b⁽ˡ⁾_j, its derivative, or another ``letter`` with the same indices."""
    unit, k = quantity.unit, quantity.input
    indices = (unit + 1,) if k is None else (unit + 1, k + 1)
    letter = letter or ("b" if k is None else "w")
    return Name(f"{derivative}{letter}", quantity.layer, indices, mark)


def layer_matrix(layer: int) -> Name:
    """a⁽ˡ⁾ᵀ, or xᵀ."""
    name = layer_name("a", layer)
    return Name(name.base, name.layer, mark="ᵀ")


def layer_row(a: Array, layer: int, k: int | None) -> Matrix:
    """a⁽ˡ⁾ᵀ of one example, with the input k marked."""
    return Matrix(layer_matrix(layer), a[None, :], column=k)
