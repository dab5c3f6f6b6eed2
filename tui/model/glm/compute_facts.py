"""Computation of the GlmFacts of a frame."""

from __future__ import annotations

import numpy as np

from engine import GLM_NETWORKS, AffineMap, EngineError, Network, collapse, deviance
from engine.arrays import Array
from engine.network.activations import OUTPUTS
from engine.network.collapse import is_restricted, not_affine
from engine.network.losses import loss_named
from engine.wording import noun_for
from tui.drawing.numbers import penalties
from tui.model.frame import Frame
from tui.model.glm.choice import GlmChoice, default_choice, loss_of, reason_for, targets
from tui.model.glm.facts import Delta, GlmFacts
from tui.model.glm.model import coefficients_in_data_units, fitted_to
from tui.model.glm.stack import measure_stack
from tui.model.linear.closed_form import equivalent_coefficients
from tui.model.linear.facts import rounding_of_z
from tui.model.premises import finite, is_finite

DELTA_ROWS = 1000  # training examples whose δ is compared


def glm_facts(frame: Frame, choice: GlmChoice | None = None) -> GlmFacts:
    """The facts of a frame, for the chosen model or (None) the default."""
    data, network, experiment = frame.data, frame.network, frame.experiment
    choice = choice or default_choice(experiment, data)
    model = fitted_to(data, choice)
    with np.errstate(all="ignore"):  # the numbers of a diverged network are shown too
        forward = network.forward(model.inputs)
        z, a = forward.z[-1], forward.prediction
    affine, network_note = _affine_map(network)
    coefficients = None
    if affine is not None:
        coefficients = coefficients_in_data_units(affine, network.output, data)
        if model.fit is not None:
            with np.errstate(all="ignore"):
                X = data.X[data.train]
                coefficients = equivalent_coefficients(coefficients, X, model.columns, model.fit)
        if not np.isfinite(coefficients).all():
            coefficients = None
            network_note = "the network's coefficients are too large for a float"
    z_error, rounding = _affine_error(network, affine, model.inputs, z)
    loss = loss_of(choice, experiment)
    same_loss = model.fit is not None and experiment.loss == loss
    summed = None
    if model.fit is not None and same_loss and network.output == choice.output:
        predictor = data.y_scale.undo(z) if network.output == "identity" else z
        with np.errstate(all="ignore"):
            summed = finite(float(model.fit.model.deviances(predictor[:, 0], model.y).sum()))
    now = None
    if same_loss:
        now = finite(deviance(frame.cost, loss, model.y)) if frame.is_sound else np.nan
    sound = a[:, -1] if frame.is_sound else np.full(len(a), np.nan)
    decides = data.task != "regression" or choice.family == "binomial"
    n = len(model.y)
    costs = frame.curve.train if same_loss else np.empty(0)
    factor = n / (loss_named(loss).squares or 0.5)
    return GlmFacts(
        choice=choice,
        reason=reason_for(experiment, data, choice),
        model=model,
        differences=_differences(frame, choice),
        other_model=other_model(network, str(experiment.loss), frame.penalty is not None),
        parameters=network.parameter_count,
        z_error=z_error,
        rounding=rounding,
        network=coefficients,
        network_note=network_note,
        deviance=now,
        deviance_sum=summed,
        steps=frame.curve.steps if same_loss else np.empty(0),
        deviances=factor * (costs - model.saturated),
        delta=_delta(frame, z, a),
        right=_share_right(model.fit.fitted, model.y) if model.fit and decides else None,
        network_right=_share_right(sound, _network_targets(frame)[:, -1]) if decides else None,
        finite=frame.divergence is None and is_finite(network, z, a),
        stack=measure_stack(network, model.inputs, data.x_scale.apply(data.X[frame.example])),
    )


def _affine_map(network: Network) -> tuple[AffineMap | None, str]:
    """W_z x + b_z, or why there is none: a hidden layer bends, or a number is not finite."""
    try:
        with np.errstate(all="ignore"):
            return collapse(network), ""
    except EngineError as error:
        return None, str(error)


def _affine_error(
    network: Network, affine: AffineMap | None, inputs: Array, z: Array
) -> tuple[float | None, float]:
    """The largest |z⁽ᴸ⁾ − (W_z x + b_z)|, None if there is no such map, and what is rounding."""
    if affine is None:
        return None, np.nan
    with np.errstate(all="ignore"):
        error = float(np.abs(z - affine(inputs)).max())
    rounding = rounding_of_z(network, inputs)
    return (error, rounding) if np.isfinite(error + rounding) else (None, np.nan)


def other_model(network: Network, loss: str, penalised: bool = False) -> str:
    """What a network with linear hidden layers is by its output and loss, without intercept or with
    a penalty; "" if it has no name."""
    model = "" if not_affine(network) else _model_of_z(network, loss)
    if model and not network.bias:
        model += " without intercept"
    return f"{model} with a penalty" if model and penalised else model


def _model_of_z(network: Network, loss: str) -> str:
    output, k = network.output, network.sizes[-1]
    if (output, loss) == ("softmax", "cross_entropy"):
        needed = min(network.sizes[0], k - 1)  # a narrower layer leaves fewer directions
        return "multinomial logistic regression" if min(network.sizes) >= needed else ""
    if k > 1:
        return ""
    squares = loss_named(loss).squares is not None
    for (family, link), pair in GLM_NETWORKS.items():
        if pair == (output, "quadratic" if squares else loss):
            return f"the GLM {family}, {link}"
    return f"nonlinear least squares, ŷ = {output}(z)" if squares else ""


def _differences(frame: Frame, choice: GlmChoice) -> tuple[str, ...]:
    """The differences of the network from the model, the most important first.

    Hidden layers of identities are none: with one output they make every affine map of the inputs;
    with a convolution perhaps not.
    """
    network, experiment = frame.network, frame.experiment
    differences = []
    if not_affine(network):
        hidden = network.sizes[1:-1]
        layers = noun_for(len(hidden), "hidden layer")
        differences.append(f"{layers} {'-'.join(map(str, hidden))}")
    if is_restricted(network):
        differences.append(f"layer {network.convolutions[0][0]} is a convolution")
    if network.sizes[-1] > 1:
        differences.append(f"{network.sizes[-1]} outputs, not 1")
    if network.output != choice.output:
        differences.append(f"output {network.output}, not {choice.output}")
    if experiment.loss != loss_of(choice, experiment):
        differences.append(f"loss {experiment.loss}, not {choice.loss}")
    if not network.bias:
        differences.append("without an intercept")
    if names := penalties(experiment.l1, experiment.l2):
        pull = noun_for(len(names), "pulls", "pull")
        differences.append(f"with a penalty: {' and '.join(names)} {pull} weights to 0")
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
        short = loss.factor * (a - y)
        gaps = np.abs(chain * sigma.slope(z, a) - short)
    known = np.isfinite(gaps)
    gap, size = (
        float(np.abs(values[known]).max(initial=0.0)) if known.any() else np.nan
        for values in (gaps, short)
    )
    canonical = frame.network.output == loss.canonical
    return Delta(canonical, loss.factor, gap, size, int(known.sum()))


def _network_targets(frame: Frame) -> Array:
    """The training targets of the network."""
    data = frame.data
    as_shares = frame.experiment.loss in ("binary_cross_entropy", "cross_entropy")
    coded = targets(data, "binomial") if as_shares else data.Y
    return data.y_scale.apply(coded[data.train])


def _share_right(predicted: Array, y: Array) -> float | None:
    """The share of predictions on the correct side of the middle, NaN if one is not finite; None
    unless the targets have exactly two values."""
    low, high = float(y.min()), float(y.max())
    if not (low < high and np.isin(y, (low, high)).all()):
        return None
    if not np.isfinite(predicted).all():
        return np.nan
    middle = (low + high) / 2.0
    return float(((predicted > middle) == (y > middle)).mean())
