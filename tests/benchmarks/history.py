"""Time travel after a million steps: what the history weighs, and how long a seek takes.

python -m tests.benchmarks.history [steps]
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import random
import sys
import tracemalloc
from statistics import mean
from time import perf_counter

import numpy as np

from engine.network.network import Network
from engine.training.trainer import Trainer

SEEKS = 60


def main(steps: int) -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, size=(250, 2))
    Y = np.sign(X[:, :1] * X[:, 1:])
    network = Network([2, 8, 8, 1], "relu", "tanh", seed=0)
    for optimizer in ("sgd", "adam"):
        trainer = Trainer.from_arrays(network, X, Y, optimizer=optimizer, learning_rate=1e-3)
        tracemalloc.start()
        start = perf_counter()
        while trainer.step_count < steps:
            trainer.step(min(10_000, steps - trainer.step_count))
        elapsed = perf_counter() - start
        trainer.curve()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        picks = random.Random(0)
        times = []
        for _ in range(SEEKS):
            start = perf_counter()
            trainer.seek(picks.randrange(steps))
            times.append(perf_counter() - start)
        trainer.seek(steps // 2 + 77)
        start = perf_counter()
        for _ in range(100):
            trainer.seek(trainer.step_count - 1)
        back = (perf_counter() - start) / 100
        print(
            f"2-8-8-1 {optimizer}: {trainer.history.latest_step} steps in {elapsed:.0f} s, "
            f"history {held / 2**20:.1f} MiB (bar 64), {len(trainer.history.checkpoints)} "
            f"checkpoints; seek mean {mean(times) * 1e3:.1f} ms (bar 100), "
            f"worst {max(times) * 1e3:.1f} ms (bar 500); a step back {back * 1e3:.2f} ms"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
