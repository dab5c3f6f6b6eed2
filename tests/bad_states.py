"""Sessions in which much cannot be said, and what NumPy alone says of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import Divergence, Experiment
from tui.session.session import Session

SIGMA: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
}
IDENTITY = {"activation": "identity", "output": "identity"}
LOGISTIC = {"output": "sigmoid", "loss": "binary_cross_entropy"}
CANONICAL = {("identity", "quadratic"), ("sigmoid", "binary_cross_entropy")}


@dataclass(frozen=True, eq=False)
class Truth:
    """What holds of a session, computed from its arrays with NumPy. None: it cannot be said."""

    predicted: Any  # ŷ (n,) of all examples, in the data's own units
    score: tuple[float | None, ...]  # accuracy or R², on the training data and the test data
    is_class: bool
    cost_is_finite: bool
    finite: bool  # parameters and outputs on the training data
    collapses: bool | None  # z⁽ᴸ⁾ = W_z x + b_z
    ends_in_identity: bool  # then ŷ is z⁽ᴸ⁾
    is_glm: bool | None
    delta_is_short: bool | None  # δ = a − y, or 2(a − y)
    right: float | None  # the share on the right side, of the training data
    deviance: float | None
    freedom: int  # of the affine least-squares fit
    ols_r_squared: float | None  # its R²


def truth(session: Session) -> Truth:
    """Everything that the screens certify, by hand."""
    prepared, network = session.prepared, session.trainer.network
    data, experiment = prepared.dataset, session.experiment
    train, test = data.train, data.test
    with np.errstate(all="ignore"):
        a = inputs = (data.X - data.x_scale.mean) / data.x_scale.sd
        W_z, b_z = np.eye(inputs.shape[1]), np.zeros(inputs.shape[1])
        names = (*network.activations, network.output)
        for W, b, name in zip(network.weights, network.biases, names, strict=True):
            z = a @ W.T + b
            a = SIGMA[name](z)
            W_z, b_z = W @ W_z, W @ b_z + b
        predicted = (a * data.y_scale.sd + data.y_scale.mean)[:, 0]
        product = (inputs @ W_z.T + b_z)[train]
        y = prepared.targets[:, 0] * data.y_scale.sd[0] + data.y_scale.mean[0]
        parts = [train] if not len(test) else [train, test]
        is_class = data.task != "regression"
        levels = (0.0, 1.0) if experiment.loss == "binary_cross_entropy" else data.levels
        score = accuracy if is_class else r_squared
        scores = tuple(score(y[part], predicted[part], sum(levels) / 2.0) for part in parts)
        finite = bool(np.isfinite(network.parameters).all() and np.isfinite(z[train]).all())
        finite &= bool(np.isfinite(predicted[train]).all())
        off = np.abs(z[train] - product).max() / np.abs(z[train]).max()
        affine = set(network.activations) <= {"identity"}
        collapses = affine if np.isfinite(off) and (off < 1e-12) == affine else None
        pair = (network.output, experiment.loss)
        model = ("sigmoid", "binary_cross_entropy") if is_class else ("identity", "quadratic")
        is_glm = (affine and pair == model) if finite else None
        t, out = prepared.targets[train], a[train]
        short = (out - t) * (2.0 if experiment.loss == "quadratic" else 1.0)
        slopes = {"tanh": 1.0 - out * out, "sigmoid": out * (1.0 - out)}
        slope = slopes.get(network.output, np.ones_like(out))
        gradient = {"quadratic": 2.0 * (out - t)}.get(
            str(experiment.loss), (out - t) / (out * (1.0 - out))
        )
        measured = np.isfinite(gradient * slope - short).any()
        middle = (y[train].min() + y[train].max()) / 2.0
        two = len(np.unique(y[train])) == 2
        costs = cost_of(pair[1], out[:, 0], z[train, 0], t[:, 0], data.y_scale.sd[0])
    total = float(costs.sum())
    runs = session.trainer.divergence is None
    sound = runs and bool(np.isfinite(2.0 * total))
    design = np.column_stack([np.ones(len(train)), inputs[train]])
    fitted = design @ np.linalg.lstsq(design, y[train], rcond=None)[0]
    return Truth(
        predicted=predicted,
        score=scores if sound else (None,) * len(scores),
        is_class=is_class,
        cost_is_finite=sound,
        finite=finite and runs,
        collapses=collapses if runs else None,
        ends_in_identity=network.output == "identity",
        is_glm=is_glm if runs else None,
        delta_is_short=pair in CANONICAL if measured else None,
        right=accuracy(y[train], predicted[train], middle) if two and sound else None,
        deviance=(2.0 if is_class else 1.0) * total if sound else None,
        freedom=len(train) - int(np.linalg.matrix_rank(design)),
        ols_r_squared=r_squared(y[train], fitted, 0.0),
    )


def accuracy(y, predicted, middle):
    """The share of examples on their own side of the middle."""
    if not len(y) or not np.isfinite(predicted).all():
        return None
    return float(((y > middle) == (predicted > middle)).mean())


def r_squared(y, predicted, _):
    """1 − Σ(y − ŷ)²/Σ(y − ȳ)²."""
    total = float(((y - y.mean()) ** 2).sum())
    left = float(((y - predicted) ** 2).sum())
    return 1.0 - left / total if total > 0.0 and np.isfinite(left) else None


def cost_of(loss, a, z, y, sd):
    """C_x in the data's own units; the cross-entropy from z, so that it does not overflow."""
    if loss == "quadratic":
        return ((a - y) * sd) ** 2
    return np.logaddexp(0.0, z) - y * z


# the sessions


def with_parameters(session: Session, values: Any, diverged: bool = False) -> Session:
    """The session with other parameters (P,), which no event may have."""
    trainer = session.trainer
    trainer._stepper.network.parameters[:] = values
    trainer._snapshot = trainer._costs = None
    if diverged:
        trainer._timeline.divergence = Divergence(trainer.step_count, 1, "W")
    return session


def with_entry(value: float, diverged: bool) -> Session:
    session = Session(Experiment(dataset="circle", hidden=(4, 3)))
    parameters = session.trainer.network.parameters.copy()
    parameters[3] = value
    return with_parameters(session, parameters, diverged)


def all_equal(value: float, **experiment: Any) -> Session:
    session = Session(Experiment(**experiment))
    return with_parameters(session, np.full_like(session.trainer.network.parameters, value))


def only(rows: Any, **experiment: Any) -> Session:
    """A session with these rows of its data, in a data set without test examples."""
    experiment = {"train_fraction": 1.0, "hidden": (2,), **experiment}
    n = len(Session(Experiment(**experiment)).prepared.dataset.X)
    kept = set(np.arange(n)[rows].tolist())
    gone = [row for row in range(n) if row not in kept][::-1]
    return Session(Experiment(**experiment, edits=tuple(("delete", row) for row in gone)))


def diverged_run() -> Session:
    session = Session(Experiment(dataset="circle", hidden=(4, 3), **IDENTITY))
    session.time.step(200)
    assert session.trainer.divergence
    return session


def diverged_behind_a_sigmoid() -> Session:
    """z is not finite, but every output is 0 or 1."""
    session = Session(
        Experiment(
            dataset="challenger",
            hidden=(3,),
            activation="identity",
            learning_rate=500.0,
            **LOGISTIC,
        )
    )
    session.time.step(300)
    assert session.trainer.divergence
    return session


def of_one_class(**experiment: Any) -> Session:
    data = Session(Experiment(dataset="challenger", train_fraction=1.0)).prepared.dataset
    return only(data.Y[:, 0] == 0.0, dataset="challenger", **experiment)


BAD: dict[str, Callable[[], Session]] = {
    "diverged": diverged_run,
    "diverged behind a sigmoid": diverged_behind_a_sigmoid,
    "a weight is NaN": lambda: with_entry(np.nan, True),
    "a weight is infinite": lambda: with_entry(np.inf, False),
    "outputs overflow": lambda: all_equal(1e200, dataset="line", hidden=(3,), **IDENTITY),
    "the product overflows": lambda: all_equal(
        1e200, dataset="circle", hidden=(3,), activation="tanh", **LOGISTIC
    ),
    "one example": lambda: only([7], dataset="line", **IDENTITY),
    "two examples": lambda: only([7, 40], dataset="line", activation="relu"),
    "one example of a class": lambda: only([1], dataset="challenger"),
    "one class": of_one_class,
    "outputs are saturated": lambda: all_equal(1e3, dataset="circle", hidden=(), **LOGISTIC),
}
HEALTHY: dict[str, Callable[[], Session]] = {
    "a stack of identities": lambda: Session(Experiment(dataset="line", hidden=(2,), **IDENTITY)),
    "the line": lambda: Session(Experiment(dataset="line", hidden=())),
    "a logistic regression": lambda: Session(Experiment(dataset="challenger", hidden=())),
    "a network": lambda: Session(Experiment(dataset="circle", hidden=(4, 3))),
    "without test data": lambda: Session(Experiment(dataset="mtcars", hidden=(3,))),
}
