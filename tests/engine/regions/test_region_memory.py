"""Counting in little memory: by parts, the same regions; or refused before it begins."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

import engine
from engine.errors import MemoryBoundError
from engine.regions.cells import layer_cut

BOX = ((-1.0, 1.0), (-1.0, 1.0))
LITTLE = 400_000  # bytes: enough for 32 units in one face, and not for 70


def network_of(sizes, seed=0):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.normal(0.0, 0.3, size=n) for n in sizes[1:]]
    return engine.Network.from_arrays(weights, biases)


@pytest.mark.parametrize("sizes", [[2, 70, 1], [2, 80, 20, 1], [2, 70, 40, 10, 1]])
def test_in_little_memory_there_are_the_same_regions(sizes):
    network = network_of(sizes)
    whole = engine.count_regions(network, BOX, memory=float("inf"))
    for memory in (LITTLE, 1_000_000):
        assert engine.count_regions(network, BOX, memory=memory) == whole
    memory = max(LITTLE, whole * 500)
    assert engine.linear_regions(network, BOX, memory=memory).activation_count == whole


def test_what_cannot_fit_even_by_parts_is_refused_with_its_size():
    network, says = network_of([2, 70, 1]), r"too many for the memory: [\d,]+ regions of \d+ units"
    with pytest.raises(MemoryBoundError, match=says):
        engine.count_regions(network, BOX, memory=1000)
    with pytest.raises(MemoryBoundError, match=r"of 70 units take .* kB, and 400 kB is the most"):
        engine.linear_regions(network, BOX, memory=LITTLE)  # all of them are kept


def test_close_calls_in_many_units_are_cut_first_and_change_no_count():
    """Lines through one point, and others: one face holds all of them."""
    rng = np.random.default_rng(2)
    angles = np.pi * np.arange(40) / 40 + 0.01
    through = np.column_stack([np.cos(angles), np.sin(angles)])
    others, offsets = rng.normal(size=(60, 2)), rng.normal(0.0, 0.2, size=60)
    W, b = np.vstack([through, others]), np.concatenate([np.zeros(40), offsets])
    network = engine.Network.from_arrays([W, np.ones((1, 100))], [b, [0.0]])
    few = engine.count_regions(network, BOX, memory=LITTLE)
    assert few == engine.count_regions(network, BOX, memory=float("inf"))
    assert few == engine.linear_regions(network, BOX).activation_count


def test_meetings_looked_at_by_blocks_are_the_same(monkeypatch):
    network = network_of([2, 60, 20, 1], seed=3)
    whole = engine.count_regions(network, BOX)
    monkeypatch.setattr(layer_cut, "MEETINGS", 50)
    assert engine.count_regions(network, BOX) == whole


def test_doubts_of_one_block_of_meetings_keep_nothing_of_its_arrays(monkeypatch):
    """Lines through one point: each block finds doubts, which are told when all are looked at."""
    angles = np.pi * np.arange(600) / 600 + 0.01
    through = np.column_stack([np.cos(angles), np.sin(angles)])
    network = engine.Network.from_arrays([through, np.ones((1, 600))], [np.zeros(600), [0.0]])
    monkeypatch.setattr(layer_cut, "MEETINGS", 5000)
    tracemalloc.start()
    try:
        assert engine.count_regions(network, BOX) == 2 * 600
        assert tracemalloc.get_traced_memory()[1] < 30 * 2**20  # 18; with them 41
    finally:
        tracemalloc.stop()
