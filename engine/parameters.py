"""Parameters by their place: which number of ``Network.parameters`` a weight or a bias is."""

from typing import Literal

from engine.errors import ExperimentError
from engine.network import Network
from engine.notation import Name

Kind = Literal["weight", "bias"]
Index = int | tuple[int, int]
Place = tuple[int, Kind, Index]


def parameter_index(network: Network, layer: int, kind: str, index: Index) -> int:
    """Of the "weight" (j, k) or "bias" j of layer 1 … L, counting j and k from 0.

    ExperimentError where the network has none there.
    """
    matrices = network.matrices
    if layer not in range(1, len(matrices) + 1):
        raise ExperimentError(f"no layer {layer}: layers are 1 to {len(matrices)}")
    units, columns = matrices[layer - 1].shape
    inputs = network.sizes[layer - 1]
    at = (index, inputs) if kind == "bias" and network.bias else index
    if kind not in ("weight", "bias") or not isinstance(at, tuple) or len(at) != 2:
        raise ExperimentError(f"there is no {kind} {index} in layer {layer}")
    j, k = at
    if j not in range(units) or k not in range(inputs + (kind == "bias")):
        raise ExperimentError(f"{kind} {index} is outside layer {layer} ({units} × {inputs})")
    before = sum(matrix.size for matrix in matrices[: layer - 1])
    return int(before + j * columns + k)


def parameter_place(network: Network, index: int) -> Place:
    """The layer, the kind and the (j, k) or j of a number of ``Network.parameters``."""
    total = network.parameters.size
    if index not in range(total):
        raise ExperimentError(f"there is no parameter {index}; they are 0 to {total - 1}")
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


def parameter_name(network: Network, index: int) -> str:
    """``w⁽²⁾₁₃`` or ``b⁽²⁾₁``, counting from 1."""
    layer, kind, at = parameter_place(network, index)
    indices = at if isinstance(at, tuple) else (at,)
    return Name(kind[0], layer, tuple(i + 1 for i in indices)).written()
