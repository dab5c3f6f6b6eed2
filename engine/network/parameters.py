"""Indices into ``Network.parameters`` from layer, unit and input, and back; names like w⁽²⁾₁₃."""

from typing import Literal

from engine.errors import ExperimentError
from engine.network.network import Network
from engine.notation import Name

Kind = Literal["weight", "bias"]
Index = int | tuple[int] | tuple[int, int]
Place = tuple[int, Kind, Index]


def parameter_index(network: Network, layer: int, kind: str, index: Index) -> int:
    """The index of a parameter in ``Network.parameters``.

    The parameter is the "weight" (j, k), from input k to unit j, or the "bias" j or (j,), of layer
    1 … L; j and k count from 0. ExperimentError if the network has no such parameter.
    """
    matrices = network.matrices
    if layer not in range(1, len(matrices) + 1):
        raise ExperimentError(f"no layer {layer}: layers are 1 to {len(matrices)}")
    units, columns = matrices[layer - 1].shape
    inputs = network.sizes[layer - 1]
    if kind not in ("weight", "bias"):
        raise ExperimentError(f"kind = {kind!r} is not 'weight' or 'bias'")
    if kind == "bias" and not network.bias:
        raise ExperimentError("the network has no biases")
    position = index if isinstance(index, tuple) else (index,)
    if len(position) != (1 if kind == "bias" else 2):
        form = "(j, k), unit and input" if kind == "weight" else "j, the unit"
        raise ExperimentError(f"index a {kind} as {form}, counted from 0, not {index}")
    j, k = position[0], inputs if kind == "bias" else position[-1]
    if j not in range(units) or (kind == "weight" and k not in range(inputs)):
        raise ExperimentError(
            f"{kind} {index} is outside layer {layer}: its units are 0 to {units - 1}, "
            f"its inputs 0 to {inputs - 1}"
        )
    offset = sum(matrix.size for matrix in matrices[: layer - 1])
    return int(offset + j * columns + k)


def changeable_index(network: Network, layer: int, kind: str, index: Index) -> int:
    """``parameter_index``; ExperimentError for an entry outside the kernel of a convolution."""
    parameter = parameter_index(network, layer, kind, index)
    if network.is_outside_kernel(parameter):
        raise ExperimentError(
            f"layer {layer} is a convolution with a kernel of {network.kernel_length(layer)}: "
            f"{parameter_name(network, parameter)} is outside the kernel, and stays 0"
        )
    return parameter


def parameter_place(network: Network, index: int) -> Place:
    """The layer, the kind and the (j, k) or j of an index into ``Network.parameters``."""
    total = network.parameters.size
    if index not in range(total):
        raise ExperimentError(f"no parameter {index}: parameters are 0 to {total - 1}")
    layer = 1
    for matrix in network.matrices:
        if index < matrix.size:
            break
        index -= matrix.size
        layer += 1
    j, k = divmod(index, network.matrices[layer - 1].shape[1])
    if k == network.sizes[layer - 1]:
        return layer, "bias", j
    return layer, "weight", (j, k)


def name_of_parameter(network: Network, index: int) -> Name:
    """The name w⁽²⁾₁₃ or b⁽²⁾₁ of an index into ``Network.parameters``; subscripts count from 1."""
    layer, kind, position = parameter_place(network, index)
    indices = position if isinstance(position, tuple) else (position,)
    return Name(kind[0], layer, tuple(i + 1 for i in indices))


def parameter_name(network: Network, index: int) -> str:
    """``name_of_parameter`` as text: ``w⁽²⁾₁₃`` or ``b⁽²⁾₁``."""
    return name_of_parameter(network, index).written()
