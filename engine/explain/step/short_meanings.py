"""Shorter forms of what a number of a training step means, for where there is little room."""

from engine.explain.explanation import Explanation
from engine.explain.expression import Minus, Sum
from engine.explain.quantity import Example, Quantity, places_of
from engine.network.losses import loss_named
from engine.training.microsteps import TrainingStep
from engine.wording import plural

Forms = tuple[str, ...]

OF_LOSS: dict[str, Forms] = {
    "quadratic": ("The squared distances to the targets, added up.", "The squared error."),
    "half_quadratic": ("Half the squared distances, added up.", "Half the squared error."),
    "binary_cross_entropy": (
        "Minus the logarithm of the probability of what happened.",
        "Minus ln of a probability.",
    ),
    "cross_entropy": (
        "Minus the logarithm of the probability of the right class.",
        "Minus ln of a probability.",
    ),
    "poisson": ("Minus the Poisson log-likelihood, but for a constant.", "Minus log-likelihood."),
    "gamma": ("Minus the gamma log-likelihood, but for constants.", "Minus log-likelihood."),
}
OF_OPTIMIZER: dict[str, Forms] = {
    "sgd": ("A step downhill, scaled by the learning rate η.", "A step downhill."),
    "momentum": ("A step along the velocity, scaled by η.", "A step along v′."),
    "nesterov": ("A step along the velocity to come, scaled by η.", "A step along v′ to come."),
    "rmsprop": ("A step downhill, shorter where gradients were large.", "A scaled step downhill."),
    "adam": (
        "A step along the mean gradient, shorter where gradients were large.",
        "A step along m̂, scaled.",
    ),
}
FLAT = 0.01  # |σ′| below which almost nothing passes


def short_meanings(
    step: TrainingStep,
    quantity: Quantity,
    example: Example | None,
    explanation: Explanation,
    by_factors: bool = False,
) -> Forms:
    """Ever shorter forms, each a sentence that is true without what was left out."""
    if by_factors and example is not None and (forms := _of_factors(step, quantity)):
        return forms
    match quantity.kind:
        case "z":
            return _of_z(step, quantity)
        case "cost":
            smaller = "The mean cost of the batch: this step makes it smaller."
            return smaller, "C is a mean over the examples.", "A mean over the batch."
        case "penalty" if quantity.input is None:
            return ("Biases have no penalty.",)
        case "penalty":
            return "The penalties pull the weight towards 0.", "Pulled towards 0."
        case "update":
            return _of_update(step, explanation)
        case "example_gradient" if example is not None:
            return _of_example_gradient(step, quantity, explanation)
        case "gradient" | "example_gradient":
            return _of_mean(step)
        case "delta" if quantity.layer == len(step.network.weights):
            return _of_output_delta(step, quantity, example)
    if example is None:
        return _of_mean(step)
    if quantity.kind == "example_cost":
        return OF_LOSS[step.loss]
    return (_of_a if quantity.kind == "a" else _of_delta)(step, quantity, example)


def _of_factors(step: TrainingStep, quantity: Quantity) -> Forms:
    """Of δ and ∂C_x/∂w by the chain rule."""
    if quantity.kind == "delta":
        return "The slope of the cost in a, times that of a in z.", "∂C_x/∂a times ∂a/∂z."
    if quantity.kind == "example_gradient" and not step.network.kernel_length(quantity.layer):
        return "The rates multiply, from the weight to the cost.", "The rates multiply."
    return ()


def _of_mean(step: TrainingStep) -> Forms:
    return f"The mean over {plural(len(step.targets), 'example')}.", "The batch's mean."


def _of_z(step: TrainingStep, quantity: Quantity) -> Forms:
    network, layer = step.network, quantity.layer
    start = "The inputs" if layer == 1 else f"The outputs of layer {layer - 1}"
    more = [*(["bias"] if network.bias else []), *(["skip"] * bool(network.skips_into(layer)))]
    long = "".join(f", plus the {word}" for word in more)
    short = "".join(f" + {word}" for word in more)
    return f"{start}, each times its weight{long}.", f"Inputs × weights{short}."


def _of_a(step: TrainingStep, quantity: Quantity, example: Example) -> Forms:
    layer, unit = quantity.layer, quantity.unit
    name = step.network.layer_activations[layer - 1].name
    if name == "identity":
        return ("σ leaves z as it is.",)
    if name == "softmax":
        return f"The share of output {unit + 1}: all shares sum to 1.", "Its share of 1."
    if name != "relu":
        return (f"σ is {name}.",)
    if example.backward.forward.z[layer - 1][0, unit] > 0.0:
        return "relu lets z through: it is positive.", "relu is on: a = z."
    return "relu is off: z is not positive.", "relu is off: a = 0."


def _of_output_delta(step: TrainingStep, quantity: Quantity, example: Example | None) -> Forms:
    network, unit = step.network, quantity.unit
    if loss_named(step.loss).factor_with(network.output) is not None:
        targets = step.targets if example is None else example.target[None, :]
        forward = step.batch.forward if example is None else example.backward.forward
        off = forward.a[-1][:, unit].mean() - targets[:, unit].mean()
        if off > 0.0:
            return "The output is above its target: it should fall.", "It should fall."
        if off < 0.0:
            return "The output is below its target: it should rise.", "It should rise."
        return "The output is at its target: nothing to correct.", "It is right."
    if example is None:
        return _of_mean(step)
    if network.output == "softmax":
        return "A larger z takes a share from all other outputs.", "Softmax moves all shares."
    return "The slope of the cost in a, times the slope of σ.", "∂C_x/∂a times σ′."


def _of_delta(step: TrainingStep, quantity: Quantity, example: Example) -> Forms:
    layer, unit = quantity.layer, quantity.unit
    sigma, forward = step.network.layer_activations[layer - 1], example.backward.forward
    after = f"δ of layer {layer + 1}"
    if sigma.name == "identity":
        return f"{after} flows back along the weights.", f"From {after}."
    slope = float(sigma.slope(forward.z[layer - 1], forward.a[layer])[0, unit])
    if sigma.name == "relu" and slope:
        all_passes = "relu is on and all of it passes"
        return f"{after} flows back along the weights; {all_passes}.", "relu is on: all passes."
    if sigma.name == "relu":
        off = "Here relu is off, so δ is 0: no gradient from this example."
        return off, "relu is off, so δ is 0."
    if abs(slope) < FLAT:
        return "σ is nearly flat here: almost nothing passes.", "σ is flat: little passes."
    return (
        f"{after} flows back along the weights, times the slope of σ.",
        f"From {after}, times σ′.",
    )


def _of_example_gradient(step: TrainingStep, quantity: Quantity, explanation: Explanation) -> Forms:
    layer, is_bias = quantity.layer, quantity.input is None
    if step.network.kernel_length(layer):
        if not places_of(step.network, quantity):
            return "Outside the kernel: it stays 0.", "Outside: it stays 0."
        if is_bias:
            return "The sum of δ over all units.", "The sum of all δ."
        return "The sum of δ times a, over all places of the kernel.", "A sum over all places."
    if is_bias:
        return "The gradient of a bias is δ of its unit.", "It is δ of the unit."
    return "δ of the unit it leads to, times the a that it carried.", "δ after it times a before."


def _of_update(step: TrainingStep, explanation: Explanation) -> Forms:
    definition = explanation.definitions[-1]
    if definition.note == "frozen":
        return "Frozen: it stays as it is.", "Frozen: it stays."
    expression = definition.expression
    if isinstance(expression, Sum):
        change = expression.terms[-1]
        if isinstance(change, Minus) and change.value == 0.0:
            return "The update is 0: it stays as it is.", "The update is 0."
    return OF_OPTIMIZER[step.settings.optimizer]
