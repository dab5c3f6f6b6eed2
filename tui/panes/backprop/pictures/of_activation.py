"""σ with the points (z, a) of its units, and the shares of a softmax."""

import numpy as np

from engine.arrays import Array
from engine.network.activations import Activation
from engine.wording import plural
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import num
from tui.model.backprop.facts import BackpropFacts
from tui.panes.backprop.pictures.bars import Bars
from tui.panes.backprop.pictures.curve import FunctionPicture, Point

LEAST_REACH = 2.0  # z from −2 to 2 at the least
AROUND = 1.15  # as far as the points, and so much further
LABELLED = 12  # units that have their numbers at their points


def activation_picture(facts: BackpropFacts, glyphs: Glyphs) -> FunctionPicture | Bars | None:
    """Of micro-step a, or of δ of a hidden layer: there with the slope that its rule takes."""
    layer, (unit, _) = facts.microstep.layer, facts.component
    sigma, example = facts.step.network.layer_activations[layer - 1], facts.example
    forward = (facts.step.batch if example is None else example.backward).forward
    z, a = forward.z[layer - 1], forward.a[layer]
    if not (np.isfinite(z).all() and np.isfinite(a).all()):
        return None
    if sigma.derivative is None:
        return _shares(facts, a.mean(axis=0), glyphs)
    is_delta = facts.microstep.kind == "delta"
    if example is None:
        if is_delta:
            return None
        n, hidden = len(z), facts.hidden
        points = (
            []
            if hidden
            else [Point(float(x), float(y)) for x, y in zip(z[:, unit], a[:, unit], strict=True)]
        )
        texts: tuple[str, ...] = (
            ()
            if hidden
            else (
                f"each {'•' if not glyphs.ascii else 'mark'} is one of {plural(n, 'example')}; "
                "a is the mean of their heights",
                "a is the mean of the heights",
            )
        )
        return _curve(sigma, z[:, unit], layer, glyphs, points, None, texts)
    labelled = z.shape[1] <= LABELLED
    points = [
        Point(
            float(z[0, j]), float(a[0, j]), f"{j + 1}" if labelled or j == unit else "", j == unit
        )
        for j in range(z.shape[1])
        if is_delta or not facts.hides((j, None))
    ]
    if facts.hidden:
        return _curve(sigma, z[0], layer, glyphs, points, None, ())
    slope = float(sigma.slope(z, a)[0, unit])
    return _curve(sigma, z[0], layer, glyphs, points, slope, slope_texts(slope))


def slope_texts(slope: float) -> tuple[str, ...]:
    """What the slope lets through, long forms first."""
    if slope == 1.0:
        return "slope here σ′ = 1: all of the error passes", "σ′ = 1: all passes", "σ′ = 1"
    if slope == 0.0:
        return "slope here σ′ = 0: none of the error passes", "σ′ = 0: none passes", "σ′ = 0"
    text = num(slope).strip().lstrip("+")
    return (
        f"slope here σ′ = {text}: the error is multiplied by it",
        f"slope here σ′ = {text}",
        f"σ′ = {text}",
    )


def _curve(
    sigma: Activation,
    z: Array,
    layer: int,
    glyphs: Glyphs,
    points: list[Point],
    slope: float | None,
    sentences: tuple[str, ...],
) -> FunctionPicture:
    low = min(-LEAST_REACH, AROUND * float(z.min()))
    high = max(LEAST_REACH, AROUND * float(z.max()))
    return FunctionPicture(
        function=sigma,
        low=low,
        high=high,
        x_name=f"z{glyphs.layer(layer)}",
        y_name=f"a{glyphs.layer(layer)} {sigma.name}",
        points=points,
        slope=slope,
        sentences=tuple(map(glyphs.formula, sentences)),
    )


def _shares(facts: BackpropFacts, a: Array, glyphs: Glyphs) -> Bars | None:
    if facts.microstep.kind != "a":
        return None
    layer = facts.microstep.layer
    return Bars(
        labels=[glyphs.unit("a", layer, j + 1) for j in range(len(a))],
        values=[None if facts.hides((j, None)) else float(a[j]) for j in range(len(a))],
        whole=1.0,
        selected=facts.component[0],
        sentences=(
            "softmax: each depends on every z, and all of them add up to 1",
            "softmax: they add up to 1",
        ),
    )
