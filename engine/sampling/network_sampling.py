"""How far a network, and OLS, end from the true means of repeated samples."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import DataError, ShapeError
from engine.network.network import Network
from engine.sampling.designs import Design, make_design, random_generator
from engine.training.trainer import Trainer
from engine.wording import plural


class NetworkSampling(NamedTuple):
    """Mean squared distances from the true means, of a network and of OLS on the same data sets.

    The error of a prediction for new y at the same inputs is this, plus the variance of the errors.

    Attributes:
        case: which assumption is broken: a key of ``SAMPLING_CASES``.
        total: how many data sets will be drawn.
        network_errors: the mean of (ŷ − Aβ)² over the n examples (m,), in each of m data sets;
            NaN where training diverged.
        ols_errors: the same of the OLS fit (m,).
        exact_ols_error: the expectation of an OLS error, tr(HΩ)/n.

    Example:
        >>> import engine
        >>> network, X = engine.Network([1, 3, 1], seed=1), [[-1.0], [0.0], [1.0], [2.0]]
        >>> *_, last = engine.network_sampling(network, X, [0.0, 1.0], repetitions=2, steps=20)
        >>> last.repetitions, last.diverged
        (2, 0)
    """

    case: str
    total: int
    network_errors: Array
    ols_errors: Array
    exact_ols_error: float

    @property
    def repetitions(self) -> int:
        """m, how many data sets have been drawn."""
        return len(self.network_errors)

    @property
    def diverged(self) -> int:
        """In how many data sets training diverged; they are left out of the means."""
        return int(np.isnan(self.network_errors).sum())

    @property
    def network_error(self) -> float:
        """The mean of ``network_errors``."""
        return _mean_and_error(self.network_errors)[0]

    @property
    def network_error_se(self) -> float:
        """The s.e. of ``network_error``; NaN for one data set."""
        return _mean_and_error(self.network_errors)[1]

    @property
    def ols_error(self) -> float:
        """The mean of ``ols_errors``."""
        return _mean_and_error(self.ols_errors)[0]

    @property
    def ols_error_se(self) -> float:
        """The s.e. of ``ols_error``; NaN for one data set."""
        return _mean_and_error(self.ols_errors)[1]


def network_sampling(
    network: Network,
    X: ArrayLike,
    coefficients: ArrayLike,
    case: str = "normal",
    sd: float = 1.0,
    repetitions: int = 10,
    steps: int = 500,
    optimizer: str = "sgd",
    learning_rate: float = 0.03,
    batch_size: int = 10,
    seed: int = 0,
) -> Iterator[NetworkSampling]:
    """Train a network on data sets drawn from a true linear model, one after the other.

    Arguments:
        network: of one output; every training starts from its parameters.
        X: the inputs (n, d), the same in every data set.
        coefficients: the true ones (d + 1,), the intercept first.
        case: which assumption is broken: a key of ``SAMPLING_CASES``.
        sd: the standard deviation of the errors.
        repetitions: the number of data sets.
        steps, optimizer, learning_rate, batch_size: of each training, with quadratic cost.
        seed: of the errors and the batches.

    Returns:
        An iterator with the results so far, after every training.

    Raises:
        ShapeError, DataError, ExperimentError: the arguments are invalid.

    Example:
        >>> import engine
        >>> network, X = engine.Network([1, 1]), [[-1.0], [0.0], [1.0], [2.0]]
        >>> *_, last = engine.network_sampling(network, X, [0.0, 1.0], repetitions=3)
        >>> abs(last.network_error / last.ols_error - 1.0) < 0.01  # one layer ends at OLS
        True
    """
    design = make_design(X, case)
    beta = np.array(coefficients, dtype=np.float64)
    if beta.shape != design.A.shape[1:] or network.sizes[-1] != 1:
        raise ShapeError(
            f"the design has {plural(design.A.shape[1], 'column')} and one target; it got "
            f"coefficients {beta.shape} and a network of {plural(network.sizes[-1], 'output')}"
        )
    if not (0.0 < sd < np.inf and repetitions >= 1 and steps >= 0):
        raise DataError("repeated sampling takes sd > 0, repetitions ≥ 1 and steps ≥ 0")
    mean = design.A @ beta
    start = NetworkSampling(
        case, repetitions, np.empty(0), np.empty(0), sd**2 * design.hat_trace() / len(mean)
    )

    def trained(y: Array, repetition: int) -> Trainer:
        settings = optimizer, learning_rate, batch_size, seed + repetition
        return Trainer.from_arrays(network, design.A[:, 1:], y, "quadratic", *settings).step(steps)

    return _results(start, design, mean, sd, random_generator(seed), trained)


def _results(
    start: NetworkSampling,
    design: Design,
    mean: Array,
    sd: float,
    rng: np.random.Generator,
    trained: Callable[[Array, int], Trainer],
) -> Iterator[NetworkSampling]:
    """The results after every training; ``trained`` trains on y (n,)."""
    for repetition in range(start.total):
        errors = sd * design.errors.draw(rng, design.x, 1)[0]
        trainer = trained(mean + errors, repetition)
        distances = trainer.network.predict(design.A[:, 1:])[:, 0] - mean
        of_network = np.nan if trainer.divergence else np.mean(distances**2)
        of_ols = np.mean((design.Q @ (design.Q.T @ errors)) ** 2)
        start = start._replace(
            network_errors=np.append(start.network_errors, of_network),
            ols_errors=np.append(start.ols_errors, of_ols),
        )
        yield start


def _mean_and_error(values: Array) -> tuple[float, float]:
    """The mean of the numbers that are not NaN, and its s.e.; NaN without them."""
    finite = values[~np.isnan(values)]
    if len(finite) < 2:
        return (float(finite[0]) if len(finite) else np.nan), np.nan
    return float(finite.mean()), float(finite.std(ddof=1) / np.sqrt(len(finite)))
