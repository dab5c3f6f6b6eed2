"""C_x as a function of an output a or of its z, and the costs of the examples of a batch."""

from collections.abc import Callable

import numpy as np

from engine.arrays import Array
from engine.explain import symbols
from engine.network.losses import loss_for
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import num
from tui.model.backprop.facts import BackpropFacts
from tui.panes.backprop.pictures.bars import Bars
from tui.panes.backprop.pictures.curve import FunctionPicture, Point

AROUND = 1.5  # times the distance of a from y, to both sides of y
LEAST = 0.5  # the least distance that is shown
LEAST_REACH = 2.0  # of z, to either side of 0

CostFunction = Callable[[Array, float], Array]
COSTS: dict[str, tuple[CostFunction, CostFunction]] = {
    "quadratic": (lambda a, y: (a - y) ** 2, lambda a, y: 2.0 * (a - y)),
    "half_quadratic": (lambda a, y: 0.5 * (a - y) ** 2, lambda a, y: a - y),
    "binary_cross_entropy": (
        lambda a, y: -_times(y, np.log(a)) - _times(1.0 - y, np.log1p(-a)),
        lambda a, y: (a - y) / (a * (1.0 - a)),
    ),
    "cross_entropy": (lambda a, y: -_times(y, np.log(a)), lambda a, y: -y / a),
    "poisson": (lambda a, y: a - _times(y, np.log(a)), lambda a, y: 1.0 - y / a),
    "gamma": (lambda a, y: y / a + np.log(a), lambda a, y: (a - y) / a**2),
}
"""The part of C_x that one output has as a function of its a, and its slope, by loss."""


def _times(y: float, log: Array) -> Array:
    return y * log if y else np.zeros_like(log)


def cost_picture(facts: BackpropFacts, glyphs: Glyphs) -> FunctionPicture | None:
    """The part of C_x that the output with the largest one has, as a function of its a."""
    example, loss = facts.example, facts.step.loss
    if example is None:
        return None
    cost, slope_of = COSTS[loss]
    a, y = example.backward.forward.a[-1][0], example.target
    if loss == "cross_entropy" and np.count_nonzero(y) != 1:
        return None
    with np.errstate(all="ignore"):
        parts = [float(cost(np.array([a_k]), float(y_k))[0]) for a_k, y_k in zip(a, y, strict=True)]
        k = int(np.argmax(parts))
        at, target = float(a[k]), float(y[k])
        slope = float(slope_of(np.array([at]), target)[0])
    if not np.isfinite([at, target, parts[k], slope]).all():
        return None
    low, high = _range(loss, at, target)
    name = glyphs.unit("a", facts.microstep.layer, k + 1)
    only = len(a) == 1 or loss == "cross_entropy"
    hidden = facts.hidden
    direction = "a smaller" if slope > 0.0 else "a larger"
    text = num(slope).strip()
    sentences: tuple[str, ...] = (
        f"slope {glyphs.derivative('C_x', name)} = {text}: {direction} {name} costs less",
        f"slope {text}: {direction} {name} costs less",
        f"slope {text}",
    )
    if slope == 0.0:
        sentences = ("slope 0: it costs least here", "slope 0")
    if not only:
        sentences = (f"{name} has the largest part of C_x; {sentences[1]}", *sentences)
    return FunctionPicture(
        function=lambda x: cost(x, target),
        low=low,
        high=high,
        x_name=name,
        y_name="C_x" if only else "part of C_x",
        points=[] if hidden else [Point(at, parts[k], " a", True)],
        slope=None if hidden else slope,
        target=(target, "y"),
        sentences=() if hidden else sentences,
    )


def _range(loss: str, a: float, y: float) -> tuple[float, float]:
    if loss in ("binary_cross_entropy", "cross_entropy"):
        return 0.0, 1.0
    if loss in ("poisson", "gamma"):
        return 0.0, AROUND * max(a, y, LEAST)
    reach = max(AROUND * abs(a - y), LEAST)
    return y - reach, y + reach


def output_delta_picture(facts: BackpropFacts, glyphs: Glyphs) -> FunctionPicture | None:
    """C_x as a function of z of the selected output, the others as they are: its slope is δ."""
    example, network, (unit, _) = facts.example, facts.step.network, facts.component
    if example is None:
        return None
    sigma, layer = network.layer_activations[-1], facts.microstep.layer
    loss, y = loss_for(facts.step.loss, network.output), example.target
    z = example.backward.forward.z[-1][0]
    cost = float(example.backward.example_losses[0])
    delta = float(example.backward.deltas[-1][0, unit])
    if not np.isfinite([*z, cost, delta]).all():
        return None

    def cost_at(x: Array) -> Array:
        zs = np.tile(z, (len(x), 1))
        zs[:, unit] = x
        return loss.cost(zs, sigma(zs), np.tile(y, (len(x), 1)))

    at, hidden = float(z[unit]), facts.hidden
    reach = max(LEAST_REACH, 1.2 * abs(at))
    if network.output == "identity":
        low, high = _range("quadratic", at, float(y[unit]))
    else:
        low, high = -reach, reach
    name = glyphs.unit("z", layer, unit + 1)
    text = num(delta).strip()
    direction = "a smaller" if delta > 0.0 else "a larger"
    sentences: tuple[str, ...] = (
        f"slope here {glyphs.delta} = {text}: {direction} {name} costs less",
        f"slope {glyphs.delta} = {text}: {direction} z costs less",
        f"slope {glyphs.delta} = {text}",
    )
    if delta == 0.0:
        sentences = (f"slope here {glyphs.delta} = 0", f"{glyphs.delta} = 0")
    return FunctionPicture(
        function=cost_at,
        low=low,
        high=high,
        x_name=name,
        y_name="C_x",
        points=[] if hidden else [Point(at, cost, " z", True)],
        slope=None if hidden else delta,
        sentences=() if hidden else sentences,
    )


def batch_costs(facts: BackpropFacts) -> Bars | None:
    """C_x of each example of the batch, C being their mean."""
    costs = facts.step.batch.example_losses
    terms = list(symbols(facts.explanation.definitions[-1].expression))[: len(costs)]
    numbers = [symbol.name.example for symbol in terms if symbol.name is not None]
    if len(numbers) != len(costs) or not np.isfinite(costs).all() or (costs < 0.0).any():
        return None
    return Bars(
        labels=[f"C_x[{number}]" for number in numbers],
        values=[float(cost) for cost in costs],
        whole=float(costs.max()),
        sentences=("C is the mean of these bars",),
    )
