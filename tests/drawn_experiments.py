"""Experiments drawn at random on tables of their own: every loss with the outputs that go with it,
targets, first weights, layers and settings of every kind. A seed and a number decide all of it."""

from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

import engine
from engine.network.activations import ACTIVATIONS, OUTPUTS
from engine.network.losses import LOSSES
from engine.network.network import Network
from engine.network.structure.initialisation import INITIALISATIONS
from engine.training.optimizers import OPTIMIZERS
from engine.training.prepare import prepare
from engine.training.schedules import SCHEDULES

PLAIN = ((0, 1), (-1, 1), (0, 1, 2))
LABELS = (*PLAIN, (2, 5), (1, 2, 3, 7))
MEANS = {  # first outputs near these are possible means, or not at the pole of 1/z
    ("binary_cross_entropy", "identity"): 0.5,
    ("binary_cross_entropy", "exp"): -0.7,
    ("poisson", "identity"): 1.0,
    ("gamma", "identity"): 1.0,
    ("gamma", "reciprocal"): 1.0,
    ("quadratic", "reciprocal"): 1.0,
    ("half_quadratic", "reciprocal"): 1.0,
}


@dataclass(frozen=True, eq=False)
class Drawn:
    """An experiment, its table as written, and what the experiment should make of it.

    ``X`` (n, d) and ``Y`` (n, c) are the columns of the table. ``labels``: the classes in order; ()
    if the targets are numbers. ``loss`` and ``output`` are the ones to be used, also where the
    experiment leaves them open. ``steps``: how many to make. ``changes``: the settings that change
    half way.
    """

    experiment: engine.Experiment
    X: np.ndarray
    Y: np.ndarray
    labels: tuple[int, ...]
    loss: str
    output: str
    steps: int
    changes: dict[str, Any]


def drawn(seed: int, number: int, folder: Path) -> Drawn:
    """The experiment of this seed and number; its table is written into the folder."""
    rng = np.random.default_rng([seed, number])
    loss = str(rng.choice([*LOSSES]))
    rows = int(rng.integers(2, 25))
    if loss != "cross_entropy" and rng.random() < 0.1:
        rows = 1
    labels = _labels(rng, loss, rows)
    outputs = LOSSES[loss].outputs
    names = [*OUTPUTS] if outputs is None else [LOSSES[loss].canonical, *outputs]
    count = 1 if labels else int(rng.integers(1, 4))
    k = _outputs(labels, loss, count)
    output = str(rng.choice([name for name in names if name != "softmax" or k > 1]))
    if rng.random() < 0.3:
        output = LOSSES[loss].canonical
    X, Y = _inputs(rng, rows), _targets(rng, rows, labels, loss, output, count)
    path = folder / f"drawn-{number}.csv"
    _write(path, X, Y)
    columns = tuple(f"y{i + 1}" for i in range(count))
    experiment = engine.Experiment(
        dataset=str(path),
        target=columns if count > 1 else columns[0] if rng.random() < 0.5 else None,
        keep_constant=True,
        train_fraction=None if rows < 4 or rng.random() < 0.7 else 0.7,
        standardize=bool(rng.random() < 0.7),
        seed=int(rng.integers(1000)),
        **_what_is_learned(rng, labels, Y, loss, output),
        **_layers(rng, X.shape[1], k),
        **_first_parameters(rng),
        **_training(rng, rows),
    )
    if (loss, output) in MEANS:
        experiment = _with_possible_means(experiment, k, MEANS[loss, output])
    experiment = _with_frozen(rng, experiment)
    changes = _changes(rng, rows, experiment) if rng.random() < 0.3 else {}
    return Drawn(experiment, X, Y, labels, loss, output, int(rng.integers(1, 31)), changes)


def _labels(rng, loss, rows):
    """Labels of classes, or () for numbers."""
    if loss in ("poisson", "gamma") or (loss != "cross_entropy" and rng.random() < 0.5):
        return ()
    possible = [labels for labels in LABELS if len(labels) <= rows]
    return possible[rng.integers(len(possible))] if possible else ()


def _outputs(labels, loss, count):
    if not labels:
        return count
    return 1 if len(labels) == 2 and loss != "cross_entropy" else len(labels)


def _inputs(rng, rows):
    """Columns of rounded numbers, some far from 0, or large, or constant."""
    X = rng.normal(size=(rows, int(rng.integers(1, 7))))
    X = X * rng.choice([1.0, 1.0, 0.3, 4.0], X.shape[1]) + rng.choice([0.0, 0.0, 2.0], X.shape[1])
    if rng.random() < 0.25:
        X[:, rng.integers(X.shape[1])] = rng.choice([0.0, 1.0, 2.5])
    return X.round(3)


def _targets(rng, rows, labels, loss, output, count):
    if labels:
        order = [*labels, *rng.choice(labels, rows - len(labels))]
        return rng.permutation(np.array(order, float))[:, None]
    shape = (rows, count)
    if loss == "binary_cross_entropy":
        Y = rng.uniform(0.0, 1.0, shape).round(2)
        return np.where(rng.random(shape) < 0.3, Y.round(), Y)
    if loss == "poisson":
        return rng.poisson(2.0, shape).astype(float)
    if loss == "gamma":
        return rng.gamma(2.0, 1.0, shape).round(3) + 0.1
    spread = rng.choice([1.0, 1.0, 5.0], count) if output == "identity" else 0.5
    return (rng.normal(size=shape) * spread + 0.3).round(3)


def _write(path, X, Y):
    names = [f"x{i + 1}" for i in range(X.shape[1])] + [f"y{i + 1}" for i in range(Y.shape[1])]
    rows = [",".join(f"{value:.17g}" for value in row) for row in np.hstack([X, Y]).tolist()]
    path.write_text("\n".join([",".join(names), *rows]) + "\n", encoding="utf-8")


def _what_is_learned(rng, labels, Y, loss, output):
    """``classes``, ``output`` and ``loss``, now and then left open where the data decide them."""
    given = {"output": output, "loss": loss}
    numbers = tuple(np.unique(Y))
    if not labels:
        plain = Y.shape[1] == 1 and numbers in PLAIN
        given["classes"] = None if not plain and rng.random() < 0.5 else False
    elif numbers not in PLAIN or rng.random() < 0.5:
        given["classes"] = True
    elif LOSSES[loss].squares and output not in ("sigmoid", "tanh", "softmax", "probit", "cloglog"):
        given["classes"] = True  # other outputs are those of a regression
    usual = {1: ("quadratic", "identity"), len(labels): ("cross_entropy", "softmax")}
    usual[2] = ("binary_cross_entropy", "sigmoid")
    if labels == (-1, 1):
        usual[2] = ("quadratic", "tanh")
    if (loss, output) == usual[len(labels) or 1] and rng.random() < 0.7:
        given |= {"output": None, "loss": None}
        if not labels:
            given["classes"] = False if numbers in PLAIN else None
    return given


def _layers(rng, d, k):
    """Dense layers and convolutions of both kinds, with skip connections, of any activations."""
    sizes, kernels = [d], []
    for layer in range(1, int(rng.integers(1, 5))):
        inputs, chance = sizes[-1], rng.random()
        odd = [m for m in (1, 3, 5) if m <= inputs]
        if chance < 0.2:  # zeros on both sides
            kernels.append((layer, odd[-1] if rng.random() < 0.5 else int(rng.choice(odd))))
            sizes.append(inputs)
        elif chance < 0.4:
            kernels.append((layer, int(rng.integers(1, inputs + 1))))
            sizes.append(inputs - kernels[-1][1] + 1)
        else:
            sizes.append(int(rng.integers(1, 7)))
    if k <= sizes[-1] and rng.random() < 0.25:
        odd = [m for m in (1, 3, 5) if m <= k == sizes[-1]]
        kernels.append((len(sizes), int(rng.choice([sizes[-1] - k + 1, *odd]))))
    sizes.append(k)
    pairs = combinations(range(len(sizes)), 2)
    names = [str(name) for name in rng.choice([*ACTIVATIONS], len(sizes) - 2)]
    one = str(rng.choice([*ACTIVATIONS]))
    return {
        "hidden": tuple(sizes[1:-1]),
        "convolutions": tuple(kernels),
        "skips": tuple((s, t) for s, t in pairs if sizes[s] == sizes[t] and rng.random() < 0.3),
        "activation": tuple(names) if rng.random() < 0.6 else one,
        "bias": bool(rng.random() < 0.8),
    }


def _first_parameters(rng):
    return {
        "init": str(rng.choice([*INITIALISATIONS])),
        "init_scale": float(rng.choice([1.0, 1.0, 0.5, 1.3])),
        "init_bias": float(rng.choice([0.0, 0.1, 0.5])),
        "init_seed": int(rng.integers(1000)),
    }


def _training(rng, rows):
    def between(low, high):
        return float(10.0 ** rng.uniform(np.log10(low), np.log10(high)))

    return {
        "optimizer": str(rng.choice([*OPTIMIZERS])),
        "learning_rate": between(1e-4, 0.1),
        "schedule": str(rng.choice([*SCHEDULES])),
        "schedule_steps": int(rng.integers(1, 40)),
        "warm_up": int(rng.choice([0, 0, 1, 5, 20])),
        "batch_size": int(rng.integers(1, rows + 3)),
        "l1": between(1e-4, 0.1) if rng.random() < 0.35 else 0.0,
        "l2": between(1e-4, 0.1) if rng.random() < 0.35 else 0.0,
        "momentum": float(rng.choice([0.9, 0.0, rng.uniform(0.0, 0.99)])),
        "betas": tuple(float(rng.choice([usual, 0.0, rng.random()])) for usual in (0.9, 0.999)),
        "epsilon": float(rng.choice([1e-8, between(1e-10, 1e-2)])),
    }


def _changes(rng, rows, experiment):
    """Some other settings of the training; no velocity from none, where PyTorch has no state."""
    others = _training(rng, rows)
    if experiment.momentum == 0.0:
        del others["momentum"]
    names = [*others]
    return {name: others[name] for name in rng.choice(names, 4, replace=False).tolist()}


def _with_possible_means(experiment, k, mean):
    """Given first weights with which every output begins near a mean that the loss can have."""
    last = len(experiment.hidden) + 1
    skips = tuple(pair for pair in experiment.skips if pair[1] != last)
    rate = min(experiment.learning_rate, 0.01)
    experiment = replace(experiment, bias=True, skips=skips, learning_rate=rate)
    network = prepare(experiment).network.copy()
    network.weights[-1][...] *= 0.1
    network.biases[-1][...] = mean
    return replace(
        experiment,
        weights=tuple(W.tolist() for W in network.weights),
        biases=tuple(b.tolist() for b in network.biases),
    )


def _with_frozen(rng, experiment):
    if rng.random() < 0.7:
        return experiment
    network: Network = prepare(experiment).network
    learning = np.arange(network.parameters.size)
    if network.sharing:
        learning = np.flatnonzero(network.sharing.numbers)
    frozen = rng.choice(learning, min(len(learning), int(rng.integers(1, 4))), replace=False)
    return replace(experiment, frozen=tuple(frozen.tolist()))
