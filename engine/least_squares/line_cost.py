"""C of least squares on the inputs of a run: of the best line, or the best plane."""

from engine.errors import EngineError
from engine.least_squares.ols import ols
from engine.network.losses import loss_named
from engine.training.prepare import Prepared


def squares_of(loss: str) -> float:
    """The factor of the squares in C of a loss: 1 for "quadratic", ½ for "half_quadratic".

    EngineError for a loss that is no multiple of the squares.
    """
    squares = loss_named(loss).squares
    if squares is None:
        raise EngineError(f"least squares has no C of the loss {loss}: take a quadratic one")
    return squares


def line_cost(prepared: Prepared) -> float:
    """C of the least-squares fit of the training data on the inputs, in the data's units.

    EngineError for a loss that is no multiple of the squares.
    """
    squares = squares_of(str(prepared.experiment.loss))
    rows = prepared.dataset.train
    X, Y = prepared.inputs[rows], prepared.targets[rows]
    ssr = sum(ols(X, y, intercept=prepared.experiment.bias).ssr for y in Y.T)
    return squares * ssr / len(rows) * prepared.cost_scale
