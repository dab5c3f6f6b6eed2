"""Drawn experiments: the gradient of whatever loss, targets, layers and settings is the slope of C.

``python -m tests.pytorch`` compares all their numbers with those of PyTorch.
"""

from collections import Counter

import numpy as np
import pytest
from drawn_experiments import drawn
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.network.losses import LOSSES
from engine.training.optimizers import OPTIMIZERS
from engine.training.schedules import SCHEDULES

SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@given(seed=SEEDS)
@settings(max_examples=80)
def test_drawn_experiments_pass_the_gradient_check_before_and_after_their_steps(folder, seed):
    d = drawn(seed, 0, folder)
    trainer = engine.Trainer(d.experiment)
    assert (trainer.prepared.experiment.output, trainer.loss) == (d.output, d.loss)
    rows = trainer.prepared.dataset.train
    X, Y = trainer.prepared.inputs[rows], trainer.prepared.targets[rows]
    for steps in (0, d.steps):
        trainer.seek(steps)
        if not np.isfinite(trainer.costs()[0]):
            return  # an output is no possible mean: there is no slope
        taken = trainer.take_apart()
        for check in (
            engine.gradient_check(trainer.network, X, Y, trainer.loss),
            engine.gradient_check(
                taken.network, X[taken.rows], Y[taken.rows], taken.loss, backward=taken.batch
            ),
        ):
            # next to kinks alone, as with weights of 0; or near a minimum, where ĝ has few digits
            small = check.error * np.abs(taken.gradient).max() < 1e-7
            assert check.passed or not check.checked or small


def test_every_kind_of_experiment_is_drawn(folder):
    counts = Counter()
    for number in range(120):
        d = drawn(0, number, folder)
        e = d.experiment
        sizes = (d.X.shape[1], *e.hidden, 0)
        counts.update([d.loss, e.optimizer, f"labels {d.labels}", f"{e.schedule} schedule"])
        counts["several targets"] += d.Y.shape[1] > 1
        counts["one row"] += len(d.X) == 1
        counts["constant column"] += len(d.X) > 1 and bool((d.X[0] == d.X).all(axis=0).any())
        counts["left open"] += e.loss is None
        for name in ("skips", "convolutions", "frozen", "l1", "l2", "warm_up", "init_bias"):
            counts[name] += bool(getattr(e, name))
        counts["padded"] += any(m > 1 and sizes[l - 1] == sizes[l] for l, m in e.convolutions)
        counts["changes"] += bool(d.changes)
    assert {*LOSSES, *OPTIMIZERS, *(f"{name} schedule" for name in SCHEDULES)} < counts.keys()
    assert sum(name.startswith("labels") for name in counts) == 6
    assert min(counts.values()) >= 3, counts
