"""Explanations of the forward pass: z = W a + b, and a = σ(z)."""

from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import Expression, Product, Quotient, Sum, Symbol, difference, exp
from engine.explain.quantity import Values, bias, is_joined, layer_name, weight
from engine.explain.step.activations import FORMULAS, of_layer_code
from engine.network.network import Network
from engine.notation import Name


def explain_z(network: Network, values: Values, layer: int, unit: int) -> Explanation:
    """z⁽ˡ⁾ = W⁽ˡ⁾ a⁽ˡ⁻¹⁾ + b⁽ˡ⁾, plus skip connections. Holds for means too."""
    terms: list[Expression] = [
        Product((weight(network, layer, unit, k), values.symbol("a", layer - 1, k)))
        for k in range(network.sizes[layer - 1])
        if is_joined(network, layer, unit, k)
    ]
    equation: list[Part] = [
        values.column("z", layer, unit),
        "=",
        Matrix(Name("W", layer), network.weights[layer - 1], unit),
        values.column("a", layer - 1),
    ]
    code = f"z[{layer - 1}] = a[{layer - 1}] @ W[{layer - 1}].T"
    if network.bias:
        terms.append(bias(network, layer, unit))
        equation += ["+", Matrix(Name("b", layer), network.biases[layer - 1][:, None], unit)]
        code += f" + b[{layer - 1}]"
    for s in network.skips_into(layer):
        terms.append(values.symbol("a", s, unit))
        equation += ["+", values.column("a", s, unit)]
        code += f" + a[{s}]"
    symbol = values.symbol("z", layer, unit)
    return Explanation(
        symbol=symbol,
        equation=tuple(equation),
        definitions=(Definition(symbol, Sum(tuple(terms))),),
        meaning=(*_meaning_of_z(network, layer, unit), *_means_note(values)),
        code=code,
    )


def _meaning_of_z(network: Network, layer: int, unit: int) -> tuple[Name | str, ...]:
    inputs = "the inputs" if layer == 1 else f"the outputs of layer {layer - 1}"
    text = f"Unit {unit + 1} of layer {layer}: the sum of {inputs}, each times its weight"
    text += ", plus the bias" if network.bias else ""
    if m := network.kernel_length(layer):
        text += f"; the weights of all units are the same {m}, of the kernel"
    skips = network.skips_into(layer)
    if not skips:
        return (text + ".",)
    meaning: list[Name | str] = [text + "; a skip connection adds "]
    for s in skips:
        meaning += [layer_name("a", s, (unit + 1,)), " and "]
    return (*meaning[:-1], " as it is.")


def explain_a(network: Network, values: Values, layer: int, unit: int) -> Explanation:
    """a⁽ˡ⁾ = σ(z⁽ˡ⁾), by the formula of the activation."""
    name = network.layer_activations[layer - 1].name
    symbol = values.symbol("a", layer, unit)
    if name == "softmax":
        return _softmax(values, layer, unit)
    z, formula = values.symbol("z", layer, unit), FORMULAS[name]
    case = formula.case(z)
    return Explanation(
        symbol=symbol,
        equation=(
            *(values.column("a", layer, unit), "=", Name("σ")),
            *("(", values.column("z", layer, unit), ")"),
        ),
        definitions=(Definition(symbol, formula.value(z), case),),
        meaning=_meaning_of_a(name, z, layer, unit),
        code=f"a[{layer}] = {of_layer_code(formula.value_code, layer)}",
    )


def _meaning_of_a(name: str, z: Symbol, layer: int, unit: int) -> tuple[Name | str, ...]:
    start = f"What unit {unit + 1} of layer {layer} passes on; here "
    assert z.name is not None
    if name == "identity":
        return (start, Name("σ"), " leaves ", z.name, " as it is.")
    if name == "relu":
        if z.value > 0.0:
            return (start, "relu lets ", z.name, " through, because it is positive.")
        return (start, "relu is off, because ", z.name, " is not positive.")
    return (start, Name("σ"), f" is {name}.")


def _softmax(values: Values, layer: int, unit: int) -> Explanation:
    """eᶻ over its sum. The largest z is subtracted first, so that nothing overflows."""
    z = values.z[layer - 1]
    top = values.symbol("z", layer, int(z.argmax()))
    powers = [exp(difference(values.symbol("z", layer, i), top)) for i in range(len(z))]
    total = Sum(tuple(powers))
    S = Symbol(Name("S"), total.value)
    symbol = values.symbol("a", layer, unit)
    assert top.name is not None
    return Explanation(
        symbol=symbol,
        equation=(
            *(values.column("a", layer, unit), "=", Name("softmax")),
            *("(", values.column("z", layer), ")"),
        ),
        definitions=(Definition(S, total), Definition(symbol, Quotient(powers[unit], S))),
        meaning=(
            f"The share of output {unit + 1}: all shares together are 1. ",
            *(top.name, " is the largest; taking it off everywhere changes no share, and "),
            "nothing can overflow.",
        ),
        code=f"a[{layer}] = softmax(z[{layer - 1}], axis=1)",
    )


def _means_note(values: Values) -> tuple[str, ...]:
    return (" All are means over the batch.",) if values.means else ()
