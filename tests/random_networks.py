"""Networks with random weights, for tests of regions."""

from itertools import pairwise

import numpy as np

from engine import Network


def random_network(seed: int, sizes, activation="relu", skips=()) -> Network:
    """Weights as He draws them, and biases that are not 0."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0.0, np.sqrt(2.0 / m), (n, m)) for m, n in pairwise(sizes)]
    biases = [rng.normal(0.0, 0.5, n) for n in sizes[1:]]
    return Network.from_arrays(weights, biases, activation, skips=skips)
