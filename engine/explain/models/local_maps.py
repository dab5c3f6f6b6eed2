"""The affine maps of z⁽¹⁾ … z⁽ˡ⁾ at a point x, with the terms of each entry.

The map is A⁽ˡ⁾x + c⁽ˡ⁾ with

    A⁽ˡ⁾ = W⁽ˡ⁾D⁽ˡ⁻¹⁾A⁽ˡ⁻¹⁾,  c⁽ˡ⁾ = W⁽ˡ⁾D⁽ˡ⁻¹⁾c⁽ˡ⁻¹⁾ + b⁽ˡ⁾,

where D⁽ˡ⁾ is the diagonal matrix of the slopes σ′(z⁽ˡ⁾). A skip connection (s, l) adds D⁽ˢ⁾A⁽ˢ⁾ and
D⁽ˢ⁾c⁽ˢ⁾; if it starts at the inputs, I and 0. c⁽ˡ⁾ is the sum of what each layer's bias comes to:
W⁽ˡ⁾D⁽ˡ⁻¹⁾ … W⁽ˢ⁺¹⁾D⁽ˢ⁾b⁽ˢ⁾ for s = 1 … l.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.explain.expression import Expression, Product, Sum, Symbol, number
from engine.network.affine import AffineMap, affine_at, piecewise_slopes
from engine.network.network import Network
from engine.notation import Name

MAX_FACTORS = 5  # of a product written out


@dataclass(frozen=True, eq=False)
class LocalMaps:
    """The maps of z⁽¹⁾ … z⁽ˡ⁾ at x (d,): the column of A for ``input``, or c if it is None.

    With ``source`` it is the part of c that comes from the bias of that layer.
    """

    network: Network
    x: Array
    input: int | None
    layer: int
    source: int | None = None

    @cached_property
    def maps(self) -> tuple[AffineMap, ...]:
        layers = range(1, self.layer + 1)
        return tuple(affine_at(_first_layers(self.network, l), self.x) for l in layers)

    @cached_property
    def slopes(self) -> tuple[Array, ...]:
        """σ′(z⁽¹⁾) … σ′(z⁽ˡ⁻¹⁾), (n_l,) each; z = 0 counts as z < 0."""
        part = _first_layers(self.network, self.layer)
        z = part.forward(self.x[np.newaxis]).z
        both = enumerate(piecewise_slopes(part))
        return tuple(np.where(z[i][0] > 0.0, high, low) for i, (low, high) in both)

    def is_linear(self, layer: int) -> bool:
        """Whether D⁽ˡ⁾ = I at every x."""
        return self.network.activations[layer - 1] == "identity"

    @cached_property
    def parts(self) -> tuple["LocalMaps", ...]:
        """The parts of c from the biases of layers 1 … l."""
        return tuple(replace(self, source=s) for s in range(1, self.layer + 1))

    @cached_property
    def _from_source(self) -> dict[int, Array]:
        """What the source's bias comes to in each layer from it on, (n_l,) each."""
        assert self.source is not None
        column = {self.source: self.network.biases[self.source - 1]}
        for l in range(self.source + 1, self.layer + 1):
            column[l] = self.network.weights[l - 1] @ (self.slopes[l - 2] * column[l - 1])
            for s in self.network.skips_into(l):
                if s >= self.source:
                    column[l] = column[l] + self.slopes[s - 1] * column[s]
        return column

    def factors(self, layer: int | None = None) -> list[str]:
        """W⁽ˡ⁾ D⁽ˡ⁻¹⁾ … b⁽ˢ⁾, by name; J⁽ˡ⁾ b⁽ˢ⁾ if that is long or there are skip connections."""
        layer, end = layer or self.layer, self.source or 0
        names = []
        for l in range(layer, end, -1):
            names.append(Name("W", l).written())
            if l > 1 and not self.is_linear(l - 1):
                names.append(Name("D", l - 1).written())
        if self.network.skips or len(names) >= MAX_FACTORS:
            names = [Name("J", layer).written()]
        return [*names, Name("b", end).written()]

    def name(self, unit: int | None = None, layer: int | None = None) -> Name:
        """The name of a layer's map, or of its entry for a unit."""
        base, layer = "c" if self.input is None else "A", layer or self.layer
        if self.source is not None:
            indices = () if unit is None else (unit + 1,)
            if layer == self.source:
                return Name("b", layer, indices)
            product = "".join(self.factors(layer))
            return Name(product if unit is None else f"({product})", None, indices)
        if layer == 1 < self.layer and not self.network.skips_into(1):  # A⁽¹⁾ is W⁽¹⁾
            base = {"c": "b", "A": "W" if unit is None else "w"}[base]
        if unit is None:
            return Name(base, layer)
        return Name(base, layer, (unit + 1,) if self.input is None else (unit + 1, self.input + 1))

    def values(self, layer: int | None = None) -> Array:
        """All entries: A (n_l, d), or c or its part (n_l, 1)."""
        if self.source is not None:
            return self._from_source[layer or self.layer][:, np.newaxis]
        W, b = self.maps[(layer or self.layer) - 1]
        return b[:, np.newaxis] if self.input is None else W

    def entry(self, unit: int, layer: int | None = None) -> Symbol:
        """The entry of a unit, for this input or in c."""
        value = self.values(layer)[unit, self.input or 0]
        return Symbol(self.name(unit, layer), float(value))

    def expression(self, output: int) -> Expression:
        """The entry of z⁽ˡ⁾: Σ_j w_oj σ′(z_j) A_ji and skip connections; of c, its parts."""
        network, l = self.network, self.layer
        if self.input is None and not network.bias:
            return number(0.0)
        terms: list[Expression] = []
        if self.input is None and self.source is None:
            terms += [part.entry(output) for part in self.parts]
            return terms[0] if len(terms) == 1 else Sum(tuple(terms))
        if self.source == l:
            return self.entry(output)
        if l > 1:
            for j, w in enumerate(network.weights[l - 1][output].tolist()):
                weight = Symbol(Name("w", l, (output + 1, j + 1)), w)
                terms.append(Product((weight, *self._factors(l - 1, j))))
        elif self.input is not None:
            name = Name("w", 1, (output + 1, self.input + 1))
            terms.append(Symbol(name, float(network.weights[0][output, self.input])))
        for s in network.skips_into(l):
            if s > 0 and s >= (self.source or 0):
                factors = self._factors(s, output)
                terms.append(Product(factors) if len(factors) > 1 else factors[0])
            elif s == 0 and self.input == output:
                terms.append(number(1.0))
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _factors(self, layer: int, unit: int) -> tuple[Expression, ...]:
        """The factors of D⁽ˡ⁾A⁽ˡ⁾ for a unit, without a slope that is always 1."""
        inner = self.entry(unit, layer)
        if self.is_linear(layer):
            return (inner,)
        slope = Name("z", layer, (unit + 1,), function="σ′")
        return Symbol(slope, float(self.slopes[layer - 1][unit])), inner


def _first_layers(network: Network, layers: int) -> Network:
    """The network of the layers 1 … l, up to z⁽ˡ⁾."""
    return Network.from_arrays(
        network.weights[:layers],
        network.biases[:layers] if network.bias else None,
        network.activations[: layers - 1],
        skips=[(s, t) for s, t in network.skips if t <= layers],
    )
