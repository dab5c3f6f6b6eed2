"""Measures of the backward pass: the gradient, the chain rule, the sizes of δ, usual slips."""

import numpy as np

from engine.arrays import Array, Ints, length, lengths
from engine.errors import EngineError
from engine.measures.measure import ROUNDING, Argument, Measure, Measures
from engine.measures.moment import Moment
from engine.network.backprop import backpropagate
from engine.network.gradient_check import gradient_check
from engine.network.worked.chain_rule import chain_rule
from engine.network.worked.slips import slips
from engine.network.worked.wrong_passes import SLIPS

CHECKED = 300  # parameters, at most, that are checked
ROWS = 200  # examples, at most, on which they are


def _examples(moment: Moment) -> tuple[Array, Array]:
    return moment.inputs[:ROWS], moment.targets[:ROWS]


def _parameters(moment: Moment) -> Ints | None:
    """Which are checked; None: all."""
    network = moment.network
    own = network.once(np.arange(network.parameters.size))
    if len(own) <= CHECKED:
        return None
    sample: Ints = own[np.linspace(0, len(own) - 1, CHECKED).astype(np.intp)]
    return sample


def gradient_gap(moment: Moment) -> float:
    """max|g − ĝ| / max|ĝ|: backpropagation against central differences."""
    X, Y = _examples(moment)
    return gradient_check(moment.network, X, Y, moment.loss, _parameters(moment)).error


def chain_rule_gap(moment: Moment) -> float:
    """The largest |∂C_x/∂a · ∂a/∂z · ∂z/∂w − ∂C_x/∂w| over the weights of the first training
    example, relative to the largest |∂C_x/∂w|."""
    network = moment.network
    if network.convolutions:
        raise EngineError("the factors of the chain rule are of layers without convolutions")
    X, Y = moment.inputs[:1], moment.targets[:1]
    backward = backpropagate(network, X, Y, moment.loss)
    size = max(float(np.abs(G).max(initial=0.0)) for G in backward.weight_gradients)
    gaps = [0.0]
    for layer, W in enumerate(network.weights, start=1):
        for unit, k in list(np.ndindex(*W.shape))[:CHECKED]:
            chain = chain_rule(
                network, X, Y, moment.loss, layer=layer, unit=unit, input=k, backward=backward
            )
            gaps.append(abs(chain.product - float(backward.weight_gradients[layer - 1][unit, k])))
    return float(np.max(gaps)) / (size or 1.0)


def delta_ratio(moment: Moment) -> float:
    """‖δ⁽¹⁾‖ / ‖δ⁽ᴸ⁾‖, each the mean over the training examples."""
    first, last = (float(lengths(moment.backward.deltas[at]).mean()) for at in (0, -1))
    return first / last if last else float("nan")


def residual_gap(moment: Moment) -> float:
    """The largest |δ⁽ᴸ⁾ − (a⁽ᴸ⁾ − y)| over the training examples."""
    residuals = moment.backward.forward.prediction - moment.targets
    return float(np.abs(moment.backward.deltas[-1] - residuals).max())


def gradient_length(moment: Moment) -> float:
    """‖∇C‖ over the training examples, in the network's units."""
    return length(moment.backward.gradient)


def slip_gap(moment: Moment, slip: str) -> float:
    """``gradient_gap`` of the gradient with a slip of ``SLIPS``."""
    X, Y = _examples(moment)
    rate = moment.settings.learning_rate
    tried = slips(
        moment.network,
        X,
        Y,
        moment.loss,
        learning_rate=rate,
        parameters=_parameters(moment),
    )[slip]
    if tried.check is None:
        raise EngineError(f"the slip {slip!r} cannot be made on this network")
    return tried.check.error


GRADIENTS: Measures = {
    "gradient_gap": Measure(
        "relative difference between backpropagation and central differences",
        gradient_gap,
        "below 1e-6, but where relu has a kink nearby",
    ),
    "chain_rule_gap": Measure(
        "relative difference between the product of the chain rule's factors and ∂C_x/∂w",
        chain_rule_gap,
        ROUNDING,
        "without convolutions",
    ),
    "delta_ratio": Measure(
        "ratio ‖δ⁽¹⁾‖ / ‖δ⁽ᴸ⁾‖ of the first layer to the last",
        delta_ratio,
        "below 1 where δ vanishes, above where it explodes; 1 for one layer",
    ),
    "residual_gap": Measure(
        "largest |δ⁽ᴸ⁾ − (a − y)|", residual_gap, "0 but for rounding for a canonical link"
    ),
    "gradient_length": Measure(
        "length ‖∇C‖ of the gradient", gradient_length, "0 where training has arrived"
    ),
    "slip_gap": Measure(
        "relative difference of the gradient with a slip from central differences",
        slip_gap,
        "above 1e-6 where the slip shows",
        "with hidden layers, for most slips",
        (Argument("slip", tuple(SLIPS)),),
    ),
}
"""By name."""
