"""Parameters by their place: which number of ``Network.parameters`` a weight or a bias is."""

from typing import Literal

from engine.errors import ExperimentError
from engine.network.network import Network
from engine.notation import Name

Kind = Literal["weight", "bias"]
Index = int | tuple[int] | tuple[int, int]
Place = tuple[int, Kind, Index]


def parameter_index(network: Network, layer: int, kind: str, index: Index) -> int:
    """Of the "weight" (j, k) or "bias" j, or (j,), of layer 1 … L, counting j and k from 0.

    ExperimentError where the network has none there.
    """
    matrices = network.matrices
    if layer not in range(1, len(matrices) + 1):
        raise ExperimentError(f"no layer {layer}: layers are 1 to {len(matrices)}")
    units, columns = matrices[layer - 1].shape
    inputs = network.sizes[layer - 1]
    if kind not in ("weight", "bias"):
        raise ExperimentError(f"no {kind!r} to choose: it is 'weight' or 'bias'")
    if kind == "bias" and not network.bias:
        raise ExperimentError("the network has no biases")
    at = index if isinstance(index, tuple) else (index,)
    wanted = 1 if kind == "bias" else 2
    if len(at) != wanted:
        such = "(j, k), unit and input," if kind == "weight" else "j, the unit,"
        raise ExperimentError(f"a {kind} goes by {such} from 0, not {index}")
    j, k = at[0], inputs if kind == "bias" else at[-1]
    if j not in range(units) or (kind == "weight" and k not in range(inputs)):
        raise ExperimentError(
            f"{kind} {index} is outside layer {layer}: its units are 0 to {units - 1}, "
            f"its inputs 0 to {inputs - 1}"
        )
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


def name_of_parameter(network: Network, index: int) -> Name:
    """w⁽²⁾₁₃ or b⁽²⁾₁ for a number of ``Network.parameters``, counting from 1."""
    layer, kind, at = parameter_place(network, index)
    indices = at if isinstance(at, tuple) else (at,)
    return Name(kind[0], layer, tuple(i + 1 for i in indices))


def parameter_name(network: Network, index: int) -> str:
    """``w⁽²⁾₁₃`` or ``b⁽²⁾₁``: that name, written."""
    return name_of_parameter(network, index).written()
