"""Explanations of the affine map of a linear region, and of the map of a collapsed network."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import Symbol
from engine.explain.models.local_maps import MAX_FACTORS, LocalMaps
from engine.explain.quantity import Values
from engine.explain.step.backward import slope_of
from engine.explain.step.forward import explain_a, explain_z
from engine.network.affine import piecewise_slopes
from engine.network.collapse import collapse
from engine.network.network import Network
from engine.notation import Name
from engine.wording import noun_for, plural

Part = Matrix | Name | str

MAX_PARTS = 3  # layers up to which the products of all biases are written out


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


def explain_bias_part(
    network: Network, x: ArrayLike, output: int, source: int, layer: int | None = None
) -> Explanation:
    """The part of c_o that comes from the bias of layer ``source``, at x (d,).

    The arguments are those of ``explain_piece``. ShapeError if there is no such part.
    """
    local = _local_maps(network, x, output, None, layer)
    if not network.bias or source not in range(1, local.layer + 1):
        raise ShapeError(f"no bias of layer {source} on the way to layer {local.layer}")
    local = replace(local, source=source)
    meaning: tuple[Name | str, ...] = ("The bias of the layer itself.",)
    if source < local.layer:
        meaning = ("What ", Name("b", source), " adds to ", Name("z", local.layer, (output + 1,)))
        meaning += (", passed on by the layers from there.",)
        if local.factors()[0].startswith("J"):
            J = Name("J", local.layer)
            meaning += (" ", J, " is ", Name(f"∂{Name('z', local.layer).written()}/∂z", source))
            meaning += (".",)
    return Explanation(
        symbol=local.entry(output),
        equation=_equation(local, local.name(), output),
        definitions=(Definition(local.entry(output), local.expression(output)),),
        meaning=meaning,
        code=_code(local),
    )


@dataclass(frozen=True, eq=False)
class MapOperands:
    """Finds how to explain a number in the explanation of a map at x (d,), by its name."""

    network: Network
    x: Array

    def __call__(self, name: Name) -> Callable[[], Explanation] | None:
        """Explains an entry of A, a part of c, or a slope σ′(z) and its z; None for others."""
        if not name.indices:
            return None
        at, unit = (self.network, self.x), name.indices[0] - 1
        if name.base == "A" and name.layer:
            return partial(explain_piece, *at, unit, name.indices[1] - 1, name.layer)
        if name.base in ("z", "a") and name.layer and name.function in ("", "σ′"):
            if name.function:
                return partial(explain_slope, *at, name.layer, unit)
            return partial(explain_unit, *at, name.base, name.layer, unit)
        if name.base in self._parts:
            layer, source = self._parts[name.base]
            return partial(explain_bias_part, *at, unit, source, layer)
        return None

    @cached_property
    def _parts(self) -> dict[str, tuple[int, int]]:
        """The layer and the source of each part of c, by the base of its name."""
        layers = range(2, len(self.network.weights) + 1)
        return {
            LocalMaps(self.network, self.x, None, l, s).name(0).base: (l, s)
            for l in layers
            for s in range(1, l)
        }


def explain_unit(network: Network, x: ArrayLike, letter: str, layer: int, unit: int) -> Explanation:
    """z⁽ˡ⁾_j or a⁽ˡ⁾_j at x (d,)."""
    explain_one = explain_z if letter == "z" else explain_a
    return explain_one(network, _values(network, x), layer, unit)


def _values(network: Network, x: ArrayLike) -> Values:
    """z and a at x (d,); there is no target."""
    forward = network.forward(np.asarray(x, dtype=np.float64)[np.newaxis])
    z, a = (tuple(values[0] for values in rows) for rows in (forward.z, forward.a))
    return Values(z, a, (), np.zeros(network.sizes[-1]), 0.0)


def explain_slope(network: Network, x: ArrayLike, layer: int, unit: int) -> Explanation:
    """σ′(z⁽ˡ⁾_j) at x (d,), an entry of the diagonal of D⁽ˡ⁾."""
    values = _values(network, x)
    definition, column, code = slope_of(network, values, layer, unit)
    diagonal = Matrix(Name("D", layer), np.diag(column.values[:, 0]), unit, unit, True)
    return Explanation(
        symbol=definition.symbol,
        equation=(diagonal, "=", Name("diag"), "(", column, ")"),
        definitions=(*explain_z(network, values, layer, unit).definitions, definition),
        meaning=(
            Name("D", layer),
            f" has the slopes of {network.activations[layer - 1]} in the units of layer {layer} on "
            "its diagonal, and 0 elsewhere: how much of a change of ",
            *(Name("z", layer, (unit + 1,)), " the unit passes on here."),
        ),
        code=f"D[{layer - 1}] = np.diag({code})",
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
        meaning = (prose, Name("W_z x + b_z"), " at every ", Name("x"), ".", *_map_note(local))
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


def _map_note(local: LocalMaps) -> tuple[Name | str, ...]:
    """What the map of the layer before is, if the terms contain it."""
    previous = local.layer - 1
    if local.input is None or local.name(layer=previous).base != "A":
        return ()
    A, z, x = Name("A", previous), Name("z", previous), Name("x")
    note = (" ", A, " is the map of the layers before: ", z, " = ", A, " ", x)
    if not local.network.bias:
        return (*note, ".")
    c = Name("c", previous)
    if local.network.skips or previous > MAX_PARTS:
        return (*note, " + ", c, ", where ", c, " is what the biases of these layers come to.")
    biases = " + ".join(
        part.name().written() for part in replace(local, input=None, layer=previous).parts
    )
    return (*note, " + ", c, ", where ", c, f" = {biases}.")


def _local_maps(
    network: Network, x: ArrayLike, output: int, input: int | None, layer: int | None
) -> LocalMaps:
    layer = len(network.weights) if layer is None else layer
    if layer not in range(1, len(network.weights) + 1):
        raise ShapeError(f"no layer {layer}: layers are 1 to {len(network.weights)}")
    if output not in range(network.sizes[layer]):
        raise ShapeError(
            f"no output {output}: layer {layer} has {plural(network.sizes[layer], 'unit')}"
        )
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
    if i is None and local.source is None:
        for part in local.parts:
            # _equation's right side, or only what that comes to
            whole = l <= MAX_PARTS and not network.skips
            column = (Matrix(part.name(), part.values(), output, 0),)
            parts += ["+", *(_equation(part, part.name(), output)[2:] if whole else column)]
        return result, "=", *parts[1:]
    if local.source == l:
        return result, "=", Matrix(Name("b", l), local.values(), output, 0)
    parts = _product(local, output)
    if l > 1 and (network.skips or len(parts) > MAX_FACTORS):
        inner = Matrix(local.name(layer=l - 1), local.values(l - 1), None, i or 0)
        parts = [_weights(local, l, output), *_diagonal(local, l - 1), inner]
    for s in network.skips_into(l):
        if s > 0 and s >= (local.source or 0):
            skipped = Matrix(local.name(layer=s), local.values(s), output, i or 0)
            parts += ["+", *_diagonal(local, s, output), skipped]
        elif s == 0 and i is not None:
            parts += ["+", Matrix(Name("I"), np.eye(network.sizes[0]), output, i)]
    return result, "=", *parts


def _product(local: LocalMaps, output: int) -> list[Part]:
    """W⁽ˡ⁾ D⁽ˡ⁻¹⁾ … D⁽¹⁾ W⁽¹⁾, or … D⁽ˢ⁾ b⁽ˢ⁾, without each D that is I."""
    parts: list[Part] = [_weights(local, local.layer, output)]
    source = local.source or 0
    for l in range(local.layer - 1, source, -1):
        parts += [*_diagonal(local, l), _weights(local, l, None)]
    if source:
        column = Matrix(Name("b", source), local.values(source), None, 0)
        parts += [*_diagonal(local, source), column]
    return parts


def _weights(local: LocalMaps, layer: int, row: int | None) -> Matrix:
    column = local.input if layer == 1 and not local.source else None
    return Matrix(Name("W", layer), local.network.weights[layer - 1], row, column)


def _diagonal(local: LocalMaps, layer: int, row: int | None = None) -> list[Part]:
    if local.is_linear(layer):
        return []
    return [Matrix(Name("D", layer), np.diag(local.slopes[layer - 1]), row, slopes=True)]


def _meaning(local: LocalMaps, output: int) -> tuple[Name | str, ...]:
    """What the entry means, and how many units of the previous layer are off."""
    network, previous = local.network, local.layer - 1
    bent = not all(local.is_linear(l) for l in range(1, local.layer))
    z = Name("z", local.layer, (output + 1,))
    if local.input is None:
        each = ": what each layer's bias comes to" if local.layer > 1 else ""
        if not bent:
            return "What ", z, f" is at 0{each}."
        where = f" would be at 0 if the map at this point held there{each}"
        prose: tuple[Name | str, ...] = ("What ", z, where)
    else:
        x_i = Name("x", indices=(local.input + 1,))
        prose = ("For each unit of ", x_i, ", ", z, " changes by this much")
        if not bent:
            return (*prose, ", at every ", Name("x"), ".")
        prose = (*prose, ", until a unit switches")
    if local.is_linear(previous):
        return (*prose, f"; layer {previous} is linear and passes all on.")
    low, high = piecewise_slopes(network)[previous - 1]
    units = network.sizes[previous]
    off = units - int((local.slopes[previous - 1] == high).sum())
    part = "nothing" if low == 0.0 else f"only {low:g} of their input"
    return (
        *prose,
        f"; of {noun_for(units, 'the one unit', f'the {units} units')} of layer {previous}, "
        f"{off} {noun_for(off, 'is off and passes', 'are off and pass')} on {part}.",
    )


def _code(local: LocalMaps) -> str:
    """The layer's map from those of earlier layers, as a line of NumPy."""
    network, l, i = local.network, local.layer, local.input
    base, rows = ("c", "") if i is None else ("A", "[:, None]")
    if local.source == l:
        return f"b[{l - 1}]"
    if local.source is not None:
        base = "v"  # what the source's bias comes to, layer by layer
    if i is None and not network.bias:
        return f"c[{l - 1}] = np.zeros({network.sizes[l]})"
    terms = []
    if l > 1:
        weights = f"W[{l - 1}]"
        if not local.is_linear(l - 1):
            weights = f"({weights} * {_slope_code(network, l - 1)})"
        terms.append(f"{weights} @ {'b' if local.source == l - 1 else base}[{l - 2}]")
    elif i is not None:
        terms.append("W[0]")
    if i is None and local.source is None:
        terms.append(f"b[{l - 1}]")
    for s in network.skips_into(l):
        if s > 0 and s >= (local.source or 0):
            slopes = "" if local.is_linear(s) else f"{_slope_code(network, s)}{rows} * "
            terms.append(f"{slopes}{'b' if local.source == s else base}[{s - 1}]")
        elif s == 0 and i is not None:
            terms.append(f"np.eye({network.sizes[0]})")
    return f"{base}[{l - 1}] = {' + '.join(terms)}"


def _slope_code(network: Network, layer: int) -> str:
    """D⁽ˡ⁾ as a row."""
    low, high = piecewise_slopes(network)[layer - 1]
    on = f"(z[{layer - 1}] > 0)"
    return on if (low, high) == (0.0, 1.0) else f"np.where{on[:-1]}, {high:g}, {low:g})"
