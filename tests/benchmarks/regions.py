"""Counting activation regions, beside one forward pass of all the final vertices.

python -m tests.benchmarks.regions [largest number of regions]
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np

from engine.network import Network
from engine.regions import count_regions, linear_regions

REFERENCE = Path(__file__).parents[1] / "reference" / "regions.json"
ROWS = 4096  # of a block: then the forward pass stays in the cache


def network(hidden: list[int], seed: int) -> Network:
    """The recipe of regions.json: He-normal weights, biases N(0, ½²)."""
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for m, n in pairwise([2, *hidden, 1]):
        weights.append(rng.normal(0.0, np.sqrt(2.0 / m), size=(n, m)))
        biases.append(rng.normal(0.0, 0.5, size=n))
    return Network.from_arrays(weights, biases)


def forward_pass(net: Network, vertices: int) -> None:
    """z and relu of the hidden layers for that many points, block by block."""
    points = np.random.default_rng(0).uniform(-1.0, 1.0, (vertices, 2))
    for start in range(0, vertices, ROWS):
        a = points[start : start + ROWS]
        for W, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
            a = a @ W.T
            a += b
            np.maximum(a, 0.0, out=a)


def best(run: Callable[..., object], *arguments: object) -> float:
    """The quickest of three runs in ms, or of one where a run takes seconds."""
    times = []
    for _ in range(3):
        start = perf_counter()
        run(*arguments)
        times.append(1e3 * (perf_counter() - start))
        if times[0] > 2000.0:
            break
    return min(times)


def main() -> None:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 10**6
    print(f"{'hidden':>18}{'regions':>9}{'true':>9}{'count ms':>10}{'map ms':>9}"
          f"{'limit ms':>10}{'count ÷ limit':>15}")  # fmt: skip
    box = ((-1.0, 1.0), (-1.0, 1.0))
    for case in json.loads(REFERENCE.read_text())["networks"]:
        if case["regions"] > largest:
            continue
        net = network(case["hidden_widths"], case["seed"])
        limit = best(forward_pass, net, case["V"])
        count = best(count_regions, net, box)
        whole = best(linear_regions, net, box) if case["regions"] < 100_000 else np.nan
        print(f"{'-'.join(map(str, case['hidden_widths'])):>18}{count_regions(net, box):9}"
              f"{case['regions']:9}{count:10.2f}{whole:9.1f}{limit:10.2f}"
              f"{count / limit:15.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
