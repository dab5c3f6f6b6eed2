"""Explanations of δ = ∂C_x/∂z: at the output from the cost, else from the next layer."""

from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import Expression, Product, Sum, Symbol, difference, number
from engine.explain.quantity import Values, is_joined, weight
from engine.explain.step.activations import FORMULAS, of_layer_code
from engine.explain.step.cost import code_of, output_of, parts_of
from engine.explain.step.losses import LOSS_FORMULAS, Form, Gradient
from engine.explain.step.softmax import explain_softmax_delta
from engine.network.losses import loss_named
from engine.network.network import Network
from engine.network.output_logs import MEANS
from engine.notation import Name

Meaning = tuple[Name | str, ...]


def explain_delta(
    network: Network, loss: str, values: Values, layer: int, unit: int
) -> Explanation:
    """δ⁽ˡ⁾ of one example."""
    if layer < len(network.weights):
        return _hidden(network, values, layer, unit)
    rule, formula = loss_named(loss), LOSS_FORMULAS[loss]
    if rule.factor_with(network.output) is not None:
        return explain_difference(network, loss, values, unit)
    if formula.log_delta is not None:
        return _from_logarithms(network, formula.log_delta, values, unit)
    assert formula.gradient is not None
    if network.output == "softmax":
        return explain_softmax_delta(network, formula.gradient, values, unit)
    return _from_gradient(network, formula.gradient, values, unit)


def explain_difference(network: Network, loss: str, values: Values, unit: int) -> Explanation:
    """δ as a multiple of a − y. Holds for means too."""
    layer = len(network.weights)
    symbol, a, y = (values.symbol(letter, layer, unit) for letter in ("δ", "a", "y"))
    factor = loss_named(loss).factor_with(network.output)
    assert factor is not None
    equation, code = {
        2.0: ("2 ( a − y )", f"2 * (a[{layer}] - Y)"),
        1.0: ("a − y", f"a[{layer}] - Y"),
        -1.0: ("y − a", f"Y - a[{layer}]"),
    }[factor]
    expression: Expression = difference(y, a) if factor < 0.0 else difference(a, y)
    if factor == 2.0:
        expression = Product((number(2.0), expression))
    assert y.name is not None
    side = "above" if a.value > y.value else "below" if a.value < y.value else "at"
    verdict = {"above": "it should fall", "below": "it should rise", "at": "nothing to correct"}[
        side
    ]
    return Explanation(
        symbol=symbol,
        equation=(
            *(values.column("δ", layer, unit), "="),
            *parts_of(equation, layer, values, unit),
        ),
        definitions=(Definition(symbol, expression),),
        meaning=(
            *(*_rise(values, layer, unit), f"the output is {side} its target ", y.name),
            f": {verdict}.",
        ),
        code=f"delta[{layer - 1}] = {code}",
    )


def _from_gradient(network: Network, gradient: Gradient, values: Values, unit: int) -> Explanation:
    """∇_a C_x ⊙ σ′(z)."""
    layer = len(network.weights)
    symbol, a, y = (values.symbol(letter, layer, unit) for letter in ("δ", "a", "y"))
    slope, column, code = slope_of(network, values, layer, unit)
    product = Product((*gradient.factors(a, y), slope.symbol))
    return Explanation(
        symbol=symbol,
        equation=(
            *(values.column("δ", layer, unit), "="),
            *(*parts_of(f"{gradient.equation} ⊙", layer, values, unit), column),
        ),
        definitions=(slope, Definition(symbol, product)),
        meaning=(
            *_rise(values, layer, unit),
            f"{gradient.words}, times the slope of ",
            *(Name("σ"), f", here {network.output}", _flatness(slope.symbol.value)),
        ),
        code=f"delta[{layer - 1}] = {of_layer_code(gradient.code, layer)} * {code}",
    )


def _from_logarithms(network: Network, form: Form, values: Values, unit: int) -> Explanation:
    """From the derivatives of ln a and ln(1 − a), accurate even if a is nearly 0 or 1."""
    layer = len(network.weights)
    symbol = values.symbol("δ", layer, unit)
    output = output_of(network, form, values, unit, slope=True)
    terms = form.terms([output])
    expression = Sum(terms) if len(terms) > 1 else terms[0]
    columns = _log_slopes(network, values, unit)
    return Explanation(
        symbol=symbol,
        equation=(
            *(values.column("δ", layer, unit), "="),
            *(columns.get(part, part) for part in parts_of(form.equation, layer, values, unit)),
        ),
        definitions=(*output.logs.values(), Definition(symbol, expression)),
        meaning=(
            *_rise(values, layer, unit),
            "through the logarithm of the output, taken straight from ",
            *(Name("z", layer), ", so that no digits are lost where the output is nearly 0 or 1."),
        ),
        code=f"delta[{layer - 1}] = {code_of(network, form.code)}",
    )


def _log_slopes(network: Network, values: Values, unit: int) -> dict[Part, Matrix]:
    """The derivatives of ln a and ln(1 − a) by z at all outputs, by their words in equations."""
    layer, mean = len(network.weights), MEANS[network.output]
    slopes = {
        "log": ("∂ln a/∂z", mean.log_slope),
        "complement": ("∂ln(1 − a)/∂z", mean.log_complement_slope),
    }
    return {
        Name(word): Matrix(Name(base, layer), slope(values.z[-1])[:, None], unit)
        for word, (base, slope) in slopes.items()
        if slope is not None
    }


def _hidden(network: Network, values: Values, layer: int, unit: int) -> Explanation:
    """(W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾ + δ⁽ᵗ⁾ of skip connections to t) ⊙ σ′(z⁽ˡ⁾)."""
    following = layer + 1
    symbol = values.symbol("δ", layer, unit)
    inner: list[Part] = [
        Matrix(Name("W", following, mark="ᵀ"), network.weights[layer].T, unit),
        values.column("δ", following),
    ]
    code = f"delta[{layer}] @ W[{layer}]"
    for t in network.skips_from(layer):
        inner += ["+", values.column("δ", t, unit)]
        code += f" + delta[{t - 1}]"
    slope, column, slope_code = slope_of(network, values, layer, unit)
    return Explanation(
        symbol=symbol,
        equation=(values.column("δ", layer, unit), "=", "(", *inner, ")", "⊙", column),
        definitions=(
            slope,
            Definition(symbol, Product((passed_back(network, values, layer, unit), slope.symbol))),
        ),
        meaning=_meaning_of_hidden(network, values, layer, unit, slope.symbol.value),
        code=f"delta[{layer - 1}] = ({code}) * {slope_code}",
    )


def passed_back(network: Network, values: Values, layer: int, unit: int) -> Sum:
    """∂C_x/∂a of a hidden unit: a row of W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾, and δ⁽ᵗ⁾ of skip connections to t."""
    following = layer + 1
    by_weights = [
        Product((weight(network, following, i, unit), values.symbol("δ", following, i)))
        for i in range(network.sizes[following])
        if is_joined(network, following, i, unit)
    ]
    by_skips = [values.symbol("δ", t, unit) for t in network.skips_from(layer)]
    return Sum((*by_weights, *by_skips))


def slope_of(
    network: Network, values: Values, layer: int, unit: int
) -> tuple[Definition, Matrix, str]:
    """σ′(z⁽ˡ⁾_j), the column of all units, and its NumPy."""
    sigma = network.layer_activations[layer - 1]
    formula = FORMULAS[sigma.name]
    z, a = values.symbol("z", layer, unit), values.symbol("a", layer, unit)
    slopes = sigma.slope(values.z[layer - 1], values.a[layer])
    name = Name("z", layer, (unit + 1,), function="σ′", example=values.number)
    definition = Definition(Symbol(name, float(slopes[unit])), formula.slope(z, a), formula.case(z))
    column = Matrix(Name("z", layer, function="σ′"), slopes[:, None], unit, slopes=True)
    return definition, column, of_layer_code(formula.slope_code, layer)


def _meaning_of_hidden(
    network: Network, values: Values, layer: int, unit: int, slope: float
) -> Meaning:
    skips = "".join(
        f", and unit {unit + 1} of layer {t} passes its own back unchanged"
        for t in network.skips_from(layer)
    )
    start: Meaning = (
        *(*_rise(values, layer, unit), f"each unit of layer {layer + 1} passes its own "),
        *(Name("δ"), f" back along the weight that joins them{skips}"),
    )
    activation = network.activations[layer - 1]
    if activation == "identity":
        return (*start, ".")
    if activation != "relu":
        return (
            *start,
            ", times the slope of ",
            Name("σ"),
            f", here {activation}",
            _flatness(slope),
        )
    if slope == 0.0:
        end = " is 0, so δ is 0: no gradient from this example."
        return (*start, ". Here relu is off and ", Name("σ′"), end)
    return (*start, ". Here relu is on and ", Name("σ′"), " is 1: all of it passes.")


def _flatness(slope: float) -> str:
    return ": it is nearly flat here, and almost nothing passes." if abs(slope) < 0.01 else "."


def _rise(values: Values, layer: int, unit: int) -> Meaning:
    cost, z = values.cost_symbol().name, values.symbol("z", layer, unit).name
    assert cost is not None and z is not None
    return ("How fast ", cost, " would rise if ", z, " rose: ")
