"""The training step against its limit: the matrix products it cannot do without.

python -m tests.benchmarks.step
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import itertools
from collections.abc import Callable
from time import perf_counter

import numpy as np

from engine.network.network import Network
from engine.training.trainer import Trainer

CONFIGURATIONS = {  # name: (sizes, hidden activation, output, batch, bar)
    "A": ((2, 4, 2, 1), "tanh", "identity", 10, 2.8),
    "B": ((2, 8, 8, 8, 1), "relu", "identity", 10, 2.8),
    "C": ((2, 8, 8, 8, 1), "relu", "identity", 250, 2.6),
    "C tanh": ((2, 8, 8, 8, 1), "tanh", "identity", 250, 3.3),
    "D": ((2, 64, 64, 64, 1), "relu", "identity", 256, 1.3),
    "D tanh": ((2, 64, 64, 64, 1), "tanh", "identity", 256, 1.5),
    "E": ((2, 256, 256, 256, 1), "relu", "identity", 1024, 1.08),
    "F": ((64, 128, 64, 10), "relu", "sigmoid", 128, 1.25),
}
WARM_UP = 20_000  # steps: then records and checkpoints have thinned as in any longer run


def limit(sizes: tuple[int, ...], batch: int) -> Callable[[int], None]:
    """The products of a step alone: 3 a layer (forward, gradient, δ), 2 for the first."""
    rng = np.random.default_rng(0)
    products = []
    for layer, (m, n) in enumerate(itertools.pairwise(sizes)):
        W, a = rng.normal(size=(n, m + 1)), rng.normal(size=(m + 1, batch))
        z = np.empty((n, batch))
        products.append((W.dot, a, z))
        products.append((rng.normal(size=(n, batch)).dot, a.T, np.empty_like(W)))
        if layer:
            products.append((W[:, :-1].T.dot, z, np.empty((m, batch))))

    def run(steps: int) -> None:
        for _ in range(steps):
            for dot, x, out in products:
                dot(x, out)

    return run


def trainer(name: str, optimizer: str) -> Trainer:
    """A run on random data of four batches."""
    sizes, activation, output, batch, _ = CONFIGURATIONS[name]
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(4 * batch, sizes[0])), rng.uniform(size=(4 * batch, sizes[-1]))
    network = Network(sizes, activation, output)
    return Trainer.from_arrays(
        network, X, Y, optimizer=optimizer, learning_rate=1e-3, batch_size=batch
    )


def seconds(run: Callable[[int], object], steps: int) -> float:
    start = perf_counter()
    run(steps)
    return (perf_counter() - start) / steps


def main() -> None:
    print(f"{'':8}{'limit µs':>10}{'SGD µs':>10}{'÷ limit':>9}{'bar':>6}{'Adam ÷ SGD':>12}")
    for name, (sizes, _, _, batch, bar) in CONFIGURATIONS.items():
        products = limit(sizes, batch)
        sgd, adam = trainer(name, "sgd"), trainer(name, "adam")
        steps = max(8, int(0.02 / max(seconds(products, 3), 1e-6)))
        warm_up = min(WARM_UP, 40 * steps)
        for run in (sgd.step, adam.step):
            run(warm_up)
        # in turn, so that a slow moment of the machine falls on all of them; the median ratio
        times = [[seconds(run, steps) for run in (products, sgd.step, adam.step)] for _ in range(9)]
        ratios = np.median([(s / p, a / s) for p, s, a in times], axis=0)
        p, s, _ = np.min(times, axis=0) * 1e6
        print(f"{name:8}{p:10.2f}{s:10.2f}{ratios[0]:9.2f}{bar:6.2f}{ratios[1]:12.2f}")


if __name__ == "__main__":
    main()
