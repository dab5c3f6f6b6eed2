"""Counting activation regions, beside one forward pass of all the final vertices.

The bars: the count at most so many times that limit, 16-16 in less than 1 ms, a million regions in
less than 1 GiB, and the whole map within twice the count from 64-64-64 on. One thread.

python -m tests.benchmarks.regions [largest number of regions]
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import resource
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from engine import count_regions, linear_regions
from engine.network.network import Network

REFERENCE = Path(__file__).parents[1] / "reference" / "regions.json"
MILLION = {"hidden_widths": [1024, 1024], "seed": 0, "regions": 1_140_401}
"""Counted by an independent program. There are a few more vertices than regions."""
BARS = {
    "32-32-32": "4.0",
    "64-64-64": "1.5",
    "128-128-128": "1.1",
    "256-256-256-256": "0.55",
    "1024-1024": "0.3",
}
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


def times(*runs: Callable[[], object]) -> list[float]:
    """The median ms of each, run in turns for a second, so that all see the same machine."""
    taken: list[list[float]] = [[] for _ in runs]
    start = perf_counter()
    while not taken[0] or perf_counter() < start + 1.0:
        for run, of_run in zip(runs, taken, strict=True):
            began = perf_counter()
            run()
            of_run.append(1e3 * (perf_counter() - began))
    return [median(of_run) for of_run in taken]


def peak_gib() -> float:
    """The most memory this process has had so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def main() -> None:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 2 * 10**6
    cases = [*json.loads(REFERENCE.read_text(encoding="utf-8"))["networks"], MILLION]
    cases = [case for case in cases if case["regions"] <= largest]
    print(f"{'hidden':>16}{'regions':>9}{'true':>9}{'count ms':>10}{'limit ms':>10}"
          f"{'÷ limit':>9}{'bar':>6}{'peak GiB':>10}")  # fmt: skip
    for case in cases:
        net, name = network(case["hidden_widths"], case["seed"]), named(case)
        found = count_regions(net)
        peak = peak_gib()
        points = case.get("V", case["regions"])
        count, limit = times(partial(count_regions, net), partial(forward_pass, net, points))
        print(f"{name:>16}{found:9}{case['regions']:9}{count:10.2f}{limit:10.2f}"
              f"{count / limit:9.2f}{BARS.get(name, ''):>6}{peak:10.2f}", flush=True)  # fmt: skip
    print(f"\n{'hidden':>16}{'count ms':>10}{'map ms':>10}{'÷ count':>9}{'bar':>6}{'peak GiB':>10}")
    for case in cases[6:]:
        if case["regions"] < 500_000:
            net = network(case["hidden_widths"], case["seed"])
            count, whole = times(partial(count_regions, net), partial(linear_regions, net))
            print(f"{named(case):>16}{count:10.2f}{whole:10.2f}{whole / count:9.2f}{'2.0':>6}"
                  f"{peak_gib():10.2f}", flush=True)  # fmt: skip


def named(case: dict[str, Any]) -> str:
    return "-".join(map(str, case["hidden_widths"]))


if __name__ == "__main__":
    main()
