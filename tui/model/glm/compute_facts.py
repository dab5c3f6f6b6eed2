"""Computation of the GlmFacts of a frame."""

from __future__ import annotations

import numpy as np

from engine import EngineError, deviance
from engine.arrays import Array
from engine.network.activations import OUTPUTS
from engine.network.losses import loss_named
from tui.drawing.numbers import setting
from tui.model.frame import Frame
from tui.model.glm.choice import GlmChoice, default_choice, reason_for, targets
from tui.model.glm.facts import Delta, GlmFacts
from tui.model.glm.model import coefficients_in_data_units, fitted_to
from tui.model.glm.stack import measure_stack
from tui.model.linear.closed_form import equivalent_coefficients

DELTA_ROWS = 1000  # training examples whose δ is compared


def glm_facts(frame: Frame, choice: GlmChoice | None = None) -> GlmFacts:
    """The facts of a frame, for the chosen model or (None) the default."""
    data, network, experiment = frame.data, frame.network, frame.experiment
    choice = choice or default_choice(experiment, data)
    model = fitted_to(data, choice)
    with np.errstate(all="ignore"):  # the numbers of a diverged network are shown too
        forward = network.forward(model.inputs)
        z, a = forward.z[-1], forward.prediction
    coefficients, network_note = None, ""
    try:
        coefficients = coefficients_in_data_units(network, data)
        if model.fit is not None:
            with np.errstate(all="ignore"):
                X = data.X[data.train]
                coefficients = equivalent_coefficients(coefficients, X, model.columns, model.fit)
    except EngineError as error:
        network_note = str(error)
    same_loss = model.fit is not None and experiment.loss == choice.loss
    summed = None
    if model.fit is not None and same_loss and network.output == choice.output:
        eta = data.y_scale.undo(z) if network.output == "identity" else z
        with np.errstate(all="ignore"):
            summed = float(model.fit.model.deviances(eta[:, 0], model.y).sum())
    n = len(model.y)
    costs = frame.curve.train if same_loss else np.empty(0)
    factor = float(n) if choice.loss == "quadratic" else 2.0 * n
    return GlmFacts(
        choice=choice,
        reason=reason_for(experiment, data, choice),
        model=model,
        differences=_differences(frame, choice),
        network=coefficients,
        network_note=network_note,
        deviance=deviance(frame.cost, choice.loss, model.y) if same_loss else None,
        deviance_sum=summed,
        steps=frame.curve.steps if same_loss else np.empty(0),
        deviances=factor * (costs - model.saturated),
        delta=_delta(frame, z, a),
        right=None if model.fit is None else _share_right(model.fit.fitted, model.y),
        network_right=_share_right(a[:, -1], _network_targets(frame)[:, -1]),
        stack=measure_stack(network, model.inputs, data.x_scale.apply(data.X[frame.example])),
    )


def _differences(frame: Frame, choice: GlmChoice) -> tuple[str, ...]:
    """The differences of the network from the model, the most important first."""
    network, experiment = frame.network, frame.experiment
    differences = []
    if hidden := network.sizes[1:-1]:
        layers = "hidden layer" if len(hidden) == 1 else "hidden layers"
        differences.append(f"{layers} {'-'.join(map(str, hidden))}")
    if network.output != choice.output:
        differences.append(f"output {network.output}, not {choice.output}")
    if experiment.loss != choice.loss:
        differences.append(f"loss {experiment.loss}, not {choice.loss}")
    if not network.bias:
        differences.append("no bias")
    differences += [
        f"{name} {setting(value)} draws weights to 0"
        for name, value in (("l1", experiment.l1), ("l2", experiment.l2))
        if value
    ]
    return tuple(differences)


def _delta(frame: Frame, z: Array, a: Array) -> Delta | None:
    """None with several outputs, or a loss for which δ is never a multiple of a − y."""
    loss, sigma = loss_named(str(frame.experiment.loss)), OUTPUTS[frame.network.output]
    if z.shape[1] > 1 or sigma.derivative is None or loss.factor is None:
        return None
    z, a, y = z[:DELTA_ROWS], a[:DELTA_ROWS], _network_targets(frame)[:DELTA_ROWS]
    chain = np.empty_like(z)
    with np.errstate(all="ignore"):  # a mean rounded to 0 or 1 leaves 0/0
        loss.gradient(a, y, chain)
        gaps = np.abs(chain * sigma.slope(z, a) - loss.factor * (a - y))
    gaps = gaps[np.isfinite(gaps)]
    canonical = frame.network.output == loss.canonical
    return Delta(canonical, loss.factor, float(gaps.max(initial=0.0)), len(gaps))


def _network_targets(frame: Frame) -> Array:
    """The training targets of the network."""
    data = frame.data
    as_shares = frame.experiment.loss in ("binary_cross_entropy", "cross_entropy")
    coded = targets(data, "binomial") if as_shares else data.Y
    return data.y_scale.apply(coded[data.train])


def _share_right(predicted: Array, y: Array) -> float | None:
    """The share of predictions on the correct side of the middle; None unless the targets have
    exactly two values."""
    low, high = float(y.min()), float(y.max())
    if not (low < high and np.isin(y, (low, high)).all()):
        return None
    middle = (low + high) / 2.0
    return float(((predicted > middle) == (y > middle)).mean())
