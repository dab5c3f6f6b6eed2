"""Explanations of the affine map of a linear region, and of the map of a collapsed network."""

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import ShapeError
from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import Symbol
from engine.explain.models.local_maps import LocalMaps
from engine.network.affine import piecewise_slopes
from engine.network.collapse import collapse
from engine.network.network import Network
from engine.notation import Name

Part = Matrix | Name | str

MAX_FACTORS = 5  # of a product shown in full; of a longer one only the last step is shown


def explain_piece(
    network: Network, x: ArrayLike, output: int, input: int | None = None, layer: int | None = None
) -> Explanation:
    """An entry of the affine map of z⁽ᴸ⁾ at x (d,): A_oi, or c_o if input is None.

    Outputs and inputs count from 0. With ``layer`` it is the map of that layer's z. Raises what
    ``affine_at`` raises, and ShapeError if there is no such entry.
    """
    local = _local_maps(network, x, output, input, layer)
    return Explanation(
        symbol=local.entry(output),
        equation=_equation(local, local.name(), output),
        definitions=(Definition(local.entry(output), local.expression(output)),),
        meaning=_meaning(local, output),
        code=_code(local),
    )


def explain_collapsed(network: Network, output: int, input: int | None = None) -> Explanation:
    """An entry of the one map that layers of identity activations equal: of W_z, or of b_z.

    Outputs and inputs count from 0. The output activation is not included. NotAffineError if a
    hidden layer is not linear, ShapeError if there is no such entry.
    """
    local = _local_maps(network, np.zeros(network.sizes[0]), output, input, None)
    collapse(network)  # raises NotAffineError if there is none
    base = "b_z" if input is None else "W_z"
    indices = (output + 1,) if input is None else (output + 1, input + 1)
    symbol = Symbol(Name(f"({base})", indices=indices), local.entry(output).value)
    meaning: tuple[Name | str, ...] = ("A network of one layer is its own collapse.",)
    if local.layer > 1:
        prose = f"{local.layer} linear layers, one after the other, are one: "
        meaning = (prose, Name("W_z x + b_z"), " at every ", Name("x"), ".")
    code = "W_z, b_z = engine.collapse(network)"
    if input is not None and not network.skips and local.layer > 1:
        code = "W_z = np.linalg.multi_dot(W[::-1])"
    return Explanation(
        symbol=symbol,
        equation=_equation(local, Name(base), output),
        definitions=(Definition(symbol, local.expression(output)),),
        meaning=meaning,
        code=code,
    )


def _local_maps(
    network: Network, x: ArrayLike, output: int, input: int | None, layer: int | None
) -> LocalMaps:
    layer = len(network.weights) if layer is None else layer
    if layer not in range(1, len(network.weights) + 1):
        raise ShapeError(f"no layer {layer}: layers are 1 to {len(network.weights)}")
    if output not in range(network.sizes[layer]):
        raise ShapeError(f"no output {output}: layer {layer} has {network.sizes[layer]} units")
    if input is not None and input not in range(network.sizes[0]):
        raise ShapeError(f"no input {input}: the network has {network.sizes[0]}")
    return LocalMaps(network, np.asarray(x, dtype=np.float64), input, layer)


def _equation(local: LocalMaps, name: Name, output: int) -> tuple[Part, ...]:
    """The map as the product of all matrices if that is short, else from the previous layer's."""
    network, l, i = local.network, local.layer, local.input
    result = Matrix(name, local.values(), output, i or 0)
    if i is None and not network.bias:
        return result, "=", Name("0")
    parts: list[Part] = []
    if l > 1 or i is not None:
        parts = _product(local, output)
        if l > 1 and (i is None or network.skips or len(parts) > MAX_FACTORS):
            inner = Matrix(local.name(layer=l - 1), local.values(l - 1), None, i or 0)
            parts = [_weights(local, l, output), *_diagonal(local, l - 1), inner]
    if i is None:
        bias = Matrix(Name("b", l), network.biases[l - 1][:, np.newaxis], output, 0)
        parts += ["+", bias] if parts else [bias]
    for s in network.skips_into(l):
        if s > 0:
            skipped = Matrix(local.name(layer=s), local.values(s), output, i or 0)
            parts += ["+", *_diagonal(local, s, output), skipped]
        elif i is not None:
            parts += ["+", Matrix(Name("I"), np.eye(network.sizes[0]), output, i)]
    return result, "=", *parts


def _product(local: LocalMaps, output: int) -> list[Part]:
    """W⁽ˡ⁾ D⁽ˡ⁻¹⁾ … D⁽¹⁾ W⁽¹⁾, without each D that is I."""
    parts: list[Part] = [_weights(local, local.layer, output)]
    for l in range(local.layer - 1, 0, -1):
        parts += [*_diagonal(local, l), _weights(local, l, None)]
    return parts


def _weights(local: LocalMaps, layer: int, row: int | None) -> Matrix:
    column = local.input if layer == 1 else None
    return Matrix(Name("W", layer), local.network.weights[layer - 1], row, column)


def _diagonal(local: LocalMaps, layer: int, row: int | None = None) -> list[Part]:
    if local.is_linear(layer):
        return []
    return [Matrix(Name("D", layer), np.diag(local.slopes[layer - 1]), row)]


def _meaning(local: LocalMaps, output: int) -> tuple[Name | str, ...]:
    """What the entry means, and how many units of the previous layer are off."""
    network, previous = local.network, local.layer - 1
    bent = not all(local.is_linear(l) for l in range(1, local.layer))
    z = Name("z", local.layer, (output + 1,))
    if local.input is None:
        if not bent:
            return "What ", z, " is at 0."
        prose: tuple[Name | str, ...] = ("What ", z, " would be at 0 if the map of here held there")
    else:
        x_i = Name("x", indices=(local.input + 1,))
        prose = ("For each unit of ", x_i, ", ", z, " changes by so much")
        if not bent:
            return (*prose, ", at every ", Name("x"), ".")
        prose = (*prose, ", until a unit switches")
    if local.is_linear(previous):
        return (*prose, f"; layer {previous} is linear and passes all on.")
    low, high = piecewise_slopes(network)[previous - 1]
    units = network.sizes[previous]
    off = units - int((local.slopes[previous - 1] == high).sum())
    part = "nothing" if low == 0.0 else f"only {low:g} of what they get"
    return (
        *prose,
        f"; of the {units} units of layer {previous}, {off} are off and pass on {part}.",
    )


def _code(local: LocalMaps) -> str:
    """The layer's map from those of earlier layers, as a line of NumPy."""
    network, l, i = local.network, local.layer, local.input
    base, rows = ("c", "") if i is None else ("A", "[:, None]")
    if i is None and not network.bias:
        return f"c[{l - 1}] = np.zeros({network.sizes[l]})"
    terms = []
    if l > 1:
        weights = f"W[{l - 1}]"
        if not local.is_linear(l - 1):
            weights = f"({weights} * {_slope_code(network, l - 1)})"
        terms.append(f"{weights} @ {base}[{l - 2}]")
    elif i is not None:
        terms.append("W[0]")
    if i is None:
        terms.append(f"b[{l - 1}]")
    for s in network.skips_into(l):
        if s > 0:
            slopes = "" if local.is_linear(s) else f"{_slope_code(network, s)}{rows} * "
            terms.append(f"{slopes}{base}[{s - 1}]")
        elif i is not None:
            terms.append(f"np.eye({network.sizes[0]})")
    return f"{base}[{l - 1}] = {' + '.join(terms)}"


def _slope_code(network: Network, layer: int) -> str:
    """D⁽ˡ⁾ as a row."""
    low, high = piecewise_slopes(network)[layer - 1]
    on = f"(z[{layer - 1}] > 0)"
    return on if (low, high) == (0.0, 1.0) else f"np.where{on[:-1]}, {high:g}, {low:g})"
