"""What the names and signs of a status line mean: the second part of F1."""

from collections.abc import Sequence

MEANINGS = {
    "step": "training steps so far",
    "of": "the latest step computed: the run was stepped back from there",
    "epoch": "how often the run has gone through the training examples",
    "C": "the cost, mean over the training examples; on Backprop over the batch",
    "C_x": "the cost of the selected example, in the network's units",
    "+ R": "the penalty of L1 and L2 on the weights",
    "=": "C + R, which training makes smaller",
    "regions": "cells in which no hidden unit changes sign / pieces with one affine map",
    "linear": "neighbouring regions with the same affine map taken together",
    "with data": "regions in which an example lies",
    "close calls": "corners too near a border to be certain of: the count may be off by so many",
    "counting": "how far the count of the regions has come",
    "·": "why there is no new count",
    "knots": "places where the slope of ŷ changes",
    "maximum": "no weights of these layers make more regions, and some make as many",
    "at most": "an upper bound: no weights of these layers make more regions",
    "∇ check": "∂C/∂w against central differences (C(w + h) − C(w − h))/2h: the largest relative "
    "error; ✓ if that is small enough, rounding if the differences say no more, – if all are 0 or "
    "at a kink; n of m: so many at a time",
    "accuracy": "examples on the right side of the decision: training / test",
    "R²": "1 − (sum of squared errors)/(sum of squares about the mean): training / test",
    "test": "the cost on the test examples",
    "OLS": "the cost of the least-squares line on the training examples",
    "excess": "how far the network is above the fit before it",
    "‖β − β_OLS‖": "the length of the difference of all coefficients, in the network's units",
    "collapse": "exact: ŷ is one affine map of the inputs; of z: z of the last layer is; broken: "
    "neither is",
    "deviance": "twice the log-likelihood by which the network falls short of a perfect fit",
    "GLM": "the deviance of the fitted generalised linear model",
    "this GLM:": "whether the network has this model's linear predictor, link and loss",
    "network:": "what the network is by its layers, output and loss",
    "batch": "the numbers are means over so many examples",
    "example": "the selected example, by its number in the data",
    "micro-step": "how much of the next training step is done",
    "score": "guesses that were right",
}
OTHER_NAMES = {
    "activation regions": "regions",
    "data": "with data",
    "∇": "∇ check",
    "acc": "accuracy",
    "OLS C": "OLS",
    "OLS C (degree 1)": "OLS",
    "‖β_net − β_OLS‖": "‖β − β_OLS‖",
    "network is this GLM:": "this GLM:",
    "micro": "micro-step",
    "sc": "score",
}  # of the same numbers, by the width of the terminal
SIGNS = (
    "– stands where a number cannot be computed, or would say nothing: too few examples, a run "
    "that has diverged. (step n) follows a number that is of another step. ► 60/s: it plays, 60 "
    "steps a second; ◄: backwards; max: as fast as possible."
)


def status_help(names: Sequence[str]) -> str:
    """The names on a status line, a line each, and what they mean. KeyError for an unknown one."""
    width = max(map(len, names)) + 1
    lines = [f"{name:<{width}}{MEANINGS[OTHER_NAMES.get(name, name)]}" for name in names]
    return "\n".join(["Status line", *lines, SIGNS])
