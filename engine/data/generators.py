"""Generated data sets: the formula of each."""

from collections.abc import Callable
from math import hypot
from typing import NamedTuple

import numpy as np

from engine.arrays import Array

Draw = Callable[[np.random.Generator, float], tuple[Array, Array]]
"""A function of a random generator and the noise (a fraction) that returns X (n, d), y (n,)."""


def _circle(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    r = np.concatenate([rng.uniform(0.0, 2.5, 250), rng.uniform(3.5, 5.0, 250)])
    angle = rng.uniform(0.0, 2.0 * np.pi, 500)
    X = np.column_stack([r * np.sin(angle), r * np.cos(angle)])
    noisy = X + noise * rng.uniform(-5.0, 5.0, X.shape)
    return X, np.where(np.hypot(*noisy.T) < 2.5, 1.0, -1.0)


def _xor(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    X = rng.uniform(-5.0, 5.0, (500, 2))
    X += np.where(X > 0.0, 0.3, -0.3)
    noisy = X + noise * rng.uniform(-5.0, 5.0, X.shape)
    return X, np.where(noisy[:, 0] * noisy[:, 1] >= 0.0, 1.0, -1.0)


def _gauss(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    variance = 0.5 + 7.0 * noise  # 0.5 … 4
    y = np.repeat([1.0, -1.0], 250)
    return 2.0 * y[:, None] + np.sqrt(variance) * rng.standard_normal((500, 2)), y


def _spiral(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    part = np.tile(np.arange(250) / 250.0, 2)
    y = np.repeat([1.0, -1.0], 250)
    angle = 1.75 * part * 2.0 * np.pi + np.where(y < 0.0, np.pi, 0.0)
    X = 5.0 * part[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return X + noise * rng.uniform(-1.0, 1.0, X.shape), y


def _plane(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    X = rng.uniform(-6.0, 6.0, (1200, 2))
    noisy = X + noise * rng.uniform(-6.0, 6.0, X.shape)
    return X, noisy.sum(axis=1) / 10.0


def _hills(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    X = rng.uniform(-6.0, 6.0, (1200, 2))
    noisy = X + noise * rng.uniform(-6.0, 6.0, X.shape)
    centres = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5)])
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    offsets = noisy[:, None, :] - centres
    heights = signs * np.maximum(0.0, 1.0 - np.hypot(offsets[..., 0], offsets[..., 1]) / 2.0)
    tallest = np.abs(heights).argmax(axis=1)
    return X, heights[np.arange(len(X)), tallest] + 0.0  # no −0


def _line(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    x = rng.uniform(-6.0, 6.0, (100, 1))
    y = 0.5 * x[:, 0] + 1.0
    return x, y + hypot(0.25, noise * y.std()) * rng.standard_normal(100)


def _sine(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    x = rng.uniform(-6.0, 6.0, (200, 1))
    return x, _with_noise(np.sin(x[:, 0]), rng, noise)


def _step(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    x = rng.uniform(-6.0, 6.0, (200, 1))
    return x, _with_noise(np.sign(x[:, 0]), rng, noise)


def _two_relu(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    X = rng.uniform(-1.0, 1.0, (400, 2))
    x1, x2 = X.T
    y = 1.5 * np.maximum(x1 + x2 / 2.0, 0.0) - np.maximum(x2 - x1 / 2.0, 0.0)
    return X, _with_noise(y, rng, noise)


def _with_noise(y: Array, rng: np.random.Generator, noise: float) -> Array:
    result: Array = y + noise * y.std() * rng.standard_normal(len(y))
    return result


class Formula(NamedTuple):
    """A generated data set: description, source, task, and the function that draws it."""

    description: str
    source: str
    task: str
    draw: Draw


FORMULAS = {
    "circle": Formula(
        "two classes: a disc inside a ring",
        "TensorFlow Playground: y = +1 for r ~ U(0, 2.5), −1 for r ~ U(3.5, 5)",
        "binary",
        _circle,
    ),
    "xor": Formula(
        "two classes: opposite quadrants",
        "TensorFlow Playground: y = sign(x₁x₂), x ~ U(−5, 5)² moved 0.3 off the axes",
        "binary",
        _xor,
    ),
    "gauss": Formula(
        "two classes: two round clouds",
        "TensorFlow Playground: x ~ N(±(2, 2), 0.5 I), y = ±1",
        "binary",
        _gauss,
    ),
    "spiral": Formula(
        "two classes: two arms wound about each other",
        "TensorFlow Playground: r = 5i/250, angle = 3.5πi/250, + π for y = −1",
        "binary",
        _spiral,
    ),
    "reg-plane": Formula(
        "a plane over two inputs",
        "TensorFlow Playground: y = (x₁ + x₂)/10 on [−6, 6]²",
        "regression",
        _plane,
    ),
    "reg-gauss": Formula(
        "six hills and hollows over two inputs",
        "TensorFlow Playground: y = ±max(0, 1 − d/2), d to the nearest of six centres",
        "regression",
        _hills,
    ),
    "two-relu": Formula(
        "what two ReLU units without bias make, over two inputs",
        "y = 1.5·relu(x₁ + x₂/2) − relu(x₂ − x₁/2) on [−1, 1]²",
        "regression",
        _two_relu,
    ),
    "line": Formula(
        "a straight line with a little noise",
        "y = x/2 + 1 + N(0, 0.25²) on [−6, 6]",
        "regression",
        _line,
    ),
    "sine": Formula("a sine wave", "y = sin x on [−6, 6]", "regression", _sine),
    "step": Formula("a step from −1 to 1", "y = sign x on [−6, 6]", "regression", _step),
}
