"""What each screen shows beside the facts of the run, in sentences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.network.parameters import parameter_index, parameter_name
from engine.wording import count, listed, plural
from tui.actions.screen_keys import SCREENS
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import cost_text, known, norm, num, percent
from tui.model.frame import Frame
from tui.model.premises import is_finite
from tui.model.regions.affine_in_view import local_map, symbol
from tui.model.regions.filter import region_list
from tui.model.target_scale import class_names

MAX_VALUES = 4  # numbers of an example that are said
OTHER_SCREENS = {"compare": "Compare", "surface": "Loss surface"}


def screen_sentences(frame: Frame, screen: str) -> list[str]:
    """The sentences on a screen; none on one without a name."""
    if screen not in SAID:
        return []
    title = SCREENS[screen][1] if screen in SCREENS else OTHER_SCREENS[screen]
    if frame.divergence or not is_finite(frame.network):
        return [f"Screen {title}: its numbers are not finite."]
    with np.errstate(all="ignore"):
        first, *others = SAID[screen](frame) or ["nothing is selected."]
    return [f"Screen {title}: {first}", *others]


def _explore(frame: Frame) -> list[str]:
    """The example, the unit and the weight that are selected, and ŷ at the cursor."""
    return [_example(frame), *_unit(frame), _cursor(frame)]


def _example(frame: Frame) -> str:
    data, row = frame.data, frame.example
    which = "training" if row in data.train else "testing"
    inputs = [
        f"{name} = {_number(value)}"
        for name, value in zip(data.feature_names, data.X[row].tolist(), strict=True)
    ]
    place = f"example {count(row + 1)} of {count(len(data.X))}, for {which}, is selected"
    return (
        f"{place}: {listed(inputs, MAX_VALUES)}; {_target(frame)}, "
        f"so C_x is {cost_text(frame.example_cost)}."
    )


def _target(frame: Frame) -> str:
    target, predicted = frame.target, frame.prediction
    if frame.data.task == "classes":
        names = class_names(frame)
        return (
            f"its class is {names[int(target.argmax())]}, the network says "
            + (names[int(predicted.argmax())])
        )
    values = [[_number(value) for value in row] for row in (target.tolist(), predicted.tolist())]
    target_text, predicted_text = (listed(texts, MAX_VALUES) for texts in values)
    return f"y is {target_text} and ŷ is {predicted_text}"


def _unit(frame: Frame) -> list[str]:
    """The selected unit and weight, if the user has selected one."""
    layer, unit = frame.unit
    if not frame.unit_lit or not layer:
        return []
    shown = frame.shown
    values = (shown.forward.z[layer - 1], shown.forward.a[layer], shown.deltas[layer - 1])
    z, a, delta = (_number(float(frame.shown_row(value)[unit])) for value in values)
    mean = ", means over the batch" if frame.batch_mode else ""
    texts = [f"Unit {unit + 1} of layer {layer} has z {z}, a {a} and δ {delta}{mean}."]
    if frame.weight is not None:
        network = frame.network
        is_bias = frame.weight == network.sizes[layer - 1]
        index = unit if is_bias else (unit, frame.weight)
        if is_bias and not network.bias:
            return texts
        at = parameter_index(network, layer, "bias" if is_bias else "weight", index)
        value, slope = network.parameters[at], frame.batch.gradient[at]
        name = parameter_name(network, at)
        texts.append(f"{name} is {_number(value)}, and ∂C/∂{name} is {_number(slope)}.")
    return texts


def _cursor(frame: Frame) -> str:
    place = " and ".join(
        f"{name} = {_number(value)}"
        for name, value in zip(frame.view.names, frame.cursor.tolist(), strict=True)
    )
    outputs = [_number(value) for value in frame.outputs(frame.cursor[None, :])[0].tolist()]
    return f"At the cursor, where {place}, ŷ is {listed(outputs, MAX_VALUES)}."


def _backprop(frame: Frame) -> list[str]:
    """The micro-step, and where the selected number comes from."""
    from engine.explain.render import meaning_text

    facts = frame.backprop
    if facts is None:
        return []
    at, n = facts.at + 1, len(facts.step.microsteps)
    phase = facts.microstep.phase
    quantity = facts.explanation.symbol
    name = quantity.name
    place = f"micro-step {at} of {n} of the next step, {phase}"
    if facts.hidden:
        return [f"{place}; its result is hidden until it is guessed."]
    value = f", {name.written('unicode')} = {_number(quantity.value)}" if name else ""
    return [f"{place}{value}.", meaning_text(facts.explanation)]


def _regions(frame: Frame) -> list[str]:
    """How many regions have data, and the formula at the cursor."""
    texts = []
    found = region_list(frame)
    if found is not None:
        with_data, n = int((found.examples > 0).sum()), found.map.activation_count
        texts.append(f"with examples in them: {count(with_data)} of {plural(n, 'region')}.")
    if frame.regions.has_pieces:
        here = local_map(frame, frame.cursor, 0)
        terms = "".join(
            f"{num(slope).strip()[0]} {num(abs(slope)).strip().lstrip('+')}·{name} "
            for slope, name in zip(here.slopes.tolist(), frame.view.names, strict=True)
        )
        formula = f"{symbol(frame, 0, UNICODE)} = {_number(float(here.offset))} {terms}".strip()
        texts.append(f"{'A' if texts else 'a'}t the cursor {formula}.")
    return texts or ["there are no regions to list."]


def _linear(frame: Frame) -> list[str]:
    """Least squares, and the network's distance to it."""
    facts = frame.linear
    if facts is None:
        return []
    texts = []
    if facts.fit is None:
        texts.append(f"no fit by least squares: {facts.note}.")
    else:
        r_squared = known(facts.fit.r_squared, "{:.4f}".format)
        degree = f" of degree {facts.degree}" if facts.degree > 1 else ""
        texts.append(f"the fit{degree} by least squares has R² {r_squared}.")
    if facts.has_distance and np.isfinite(facts.distance):
        nearest = "The network" if facts.exact else "The affine map nearest to the network"
        texts.append(f"{nearest} is {norm(facts.distance).strip()} from it in its coefficients.")
    return texts


def _glm(frame: Frame) -> list[str]:
    """The fit of the model."""
    facts = frame.glm
    if facts is None:
        return []
    model = f"{facts.choice.family} with link {facts.choice.link}"
    if facts.fit is None:
        return [f"no fit of {model}: {facts.note}."]
    texts = [
        f"the fit of {model} has deviance {cost_text(facts.fit.deviance)} after "
        f"{plural(facts.fit.iterations, 'iteration')}."
    ]
    if facts.right is not None:
        network = known(100.0 * (facts.network_right or 0.0), "{:.1f} %".format)
        texts.append(f"It classifies {percent(facts.right)} correctly, the network {network}.")
    return texts


def _compare(frame: Frame) -> list[str]:
    """The two runs."""
    comparison = frame.comparison
    if comparison is None:
        return ["there is one run; a branch begins another."]
    first, second = comparison.pair
    texts = [
        f"run {first.name} has C {cost_text(first.cost)} at step {count(first.step)}, run "
        f"{second.name} {cost_text(second.cost)} at step {count(second.step)}."
    ]
    if comparison.note:
        return [*texts, f"{comparison.note}."]
    return [*texts, f"Their weights are {norm(comparison.distance).strip()} apart."]


def _surface(frame: Frame) -> list[str]:
    """The plane and its lowest point."""
    facts = frame.surface
    if facts is None or facts.surface is None:
        note = facts.note if facts else ""
        return [f"no surface: {note}." if note else "the surface is being computed."]
    s, t, lowest = facts.surface.lowest
    return [
        f"a plane of the kind {facts.kind}; C is {cost_text(facts.cost)} at the run, and "
        f"{cost_text(lowest)} at the lowest point, {_number(s)} and {_number(t)} along the axes."
    ]


def _approximate(frame: Frame) -> list[str]:
    """The target, the method that is drawn, its errors, and the selected unit."""
    facts = frame.approximation
    if facts is None or facts.target is None:
        if facts and facts.towers:
            return [f"{len(facts.towers.grid.boxes)} towers follow the data over two inputs."]
        return [f"no curve to follow: {facts.note}." if facts else "no curve to follow."]
    chosen = facts.chosen
    assert chosen is not None
    texts = [f"the target is {facts.name}, the curve is {facts.method}."]
    if facts.method == "best" and facts.searched is not None:
        return [*texts, "its knots are being searched."]
    if chosen.errors is None:
        return [*texts, f"{chosen.note}."]
    largest, mean_square = (
        cost_text(error) for error in (chosen.errors.largest, chosen.errors.mean_square)
    )
    texts.append(
        f"With {plural(chosen.parameters, 'parameter')} its largest error is {largest} and its "
        f"mean square error {mean_square}."
    )
    if np.isfinite(facts.place):
        unit = f"Unit {facts.unit + 1} of {chosen.units}"
        texts.append(f"{unit} is selected, its place is {_number(facts.place)}.")
    return texts


def _number(value: float) -> str:
    """A number without the plus, which would be read out."""
    return num(float(value)).strip().removeprefix("+")


SAID: dict[str, Callable[[Frame], list[str]]] = {
    "explore": _explore,
    "backprop": _backprop,
    "regions": _regions,
    "linear": _linear,
    "glm": _glm,
    "approximate": _approximate,
    "compare": _compare,
    "surface": _surface,
}
