"""Generated data sets: the formula of each."""

from collections.abc import Callable
from math import hypot
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.noise import ERROR_KINDS

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


def _collinear(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    z = rng.standard_normal((100, 2))
    X = np.column_stack([z[:, 0], 0.99 * z[:, 0] + np.sqrt(1.0 - 0.99**2) * z[:, 1]])
    return X, _with_errors(X.sum(axis=1), "normal", 0.5, X[:, 0], rng, noise)


def _heteroskedastic(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    x = 6.0 * rng.uniform(size=100) ** 2  # few are large: the slope depends on the noisiest
    return x[:, None], _with_errors(x / 2.0 + 1.0, "heteroskedastic", 0.4, x, rng, noise)


def _autocorrelated(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    x = np.linspace(-3.0, 3.0, 100)  # in the order of time
    return x[:, None], _with_errors(x / 2.0 + 1.0, "autocorrelated", 0.4, x, rng, noise)


def _heavy_tails(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    x = rng.uniform(-3.0, 3.0, 100)
    return x[:, None], _with_errors(x / 2.0 + 1.0, "heavy-tails", 0.4, x, rng, noise)


def _runge(rng: np.random.Generator, noise: float) -> tuple[Array, Array]:
    x = np.linspace(-1.0, 1.0, 41)
    return x[:, None], _with_errors(1.0 / (1.0 + 25.0 * x**2), "normal", 0.02, x, rng, noise)


def _with_errors(
    mean: Array, kind: str, sd: float, x: Array, rng: np.random.Generator, noise: float
) -> Array:
    """The mean (n,) plus errors of a kind; ``noise`` adds to their standard deviation ``sd``."""
    (errors,) = ERROR_KINDS[kind].draw(rng, x, 1)
    result: Array = mean + hypot(sd, noise * mean.std()) * errors
    return result


def _with_noise(y: Array, rng: np.random.Generator, noise: float) -> Array:
    result: Array = y + noise * y.std() * rng.standard_normal(len(y))
    return result


class Formula(NamedTuple):
    """A generated data set: description, source, task, and the function that draws it.

    ``rows_have_order`` is for rows in the order of time, which make a series.
    """

    description: str
    source: str
    task: str
    draw: Draw
    rows_have_order: bool = False


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
    "collinear": Formula(
        "a plane over two inputs that are almost the same",
        "y = x₁ + x₂ + N(0, 0.5²), where the correlation of x₁ and x₂ is 0.99",
        "regression",
        _collinear,
    ),
    "heteroskedastic": Formula(
        "a line whose errors grow with x",
        "y = x/2 + 1 + e, x = 6u² with u ~ U(0, 1), sd of e like 0.1 + (x/6)²",
        "regression",
        _heteroskedastic,
    ),
    "autocorrelated": Formula(
        "a trend whose errors follow one another, as in a series",
        "y = x/2 + 1 + e, x equally spaced on [−3, 3], e of sd 0.4: AR(1) with ρ = 0.8",
        "regression",
        _autocorrelated,
        rows_have_order=True,
    ),
    "heavy-tails": Formula(
        "a line with a few very large errors",
        "y = x/2 + 1 + e on [−3, 3], e of sd 0.4: Student's t with 3 degrees of freedom",
        "regression",
        _heavy_tails,
    ),
    "runge": Formula(
        "Runge's function: polynomials swing at its ends",
        "C. Runge (1901), Z. Math. Phys. 46, 224–243: y = 1/(1 + 25x²) at equally spaced x",
        "regression",
        _runge,
    ),
}
