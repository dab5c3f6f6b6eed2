"""Advice is a claim: in made situations each cure is applied, and does what it promises.

Sources of situations: two published ones, in ``cases``: weights that blow up by L2
(github.com/tensorflow/playground/issues/77) and a dead output
(community.deeplearning.ai/t/324182); for the others, runs of the app.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest
from frames import framed
from scipy.optimize import minimize
from scipy.special import logsumexp

from engine import Experiment, Network, glm
from engine.network.penalty import penalty, weight_mask
from engine.training.postmortem import post_mortem
from tui.commands.keys import BY_ID, SHOWN
from tui.commands.models.linear import solve
from tui.dialogs.postmortem_report import draw_postmortem
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tui.drawing.palette import DARK
from tui.experiments.library import entry
from tui.model.advice import values
from tui.model.advice.cures import Cure
from tui.model.advice.decision import Advice, advise
from tui.model.advice.situations import SITUATIONS, Situation
from tui.model.frame import Frame, evidence_of
from tui.panes.base.key_bar import advice_text
from tui.panes.base.look import Look
from tui.session.postmortem import PostMortemJob, tried_cure
from tui.session.session import Session
from tui.session.settings_draft import Draft

pytestmark = pytest.mark.trained

CASES = Path(__file__).parent / "cases"
PRICES = str(Path(__file__).parents[2] / "reference" / "house_prices_4.csv")
EXPLODING = Experiment.from_toml((CASES / "exploding_l2.toml").read_text(encoding="utf-8"))
ALIVE_AT_FIRST, DEAD_AT_FIRST = (
    Experiment(
        dataset=str(CASES / "line_for_dead_output.csv"),
        hidden=(4, 2),
        output="relu",
        standardize=False,
        optimizer="adam",
        learning_rate=0.001,
        batch_size=7,
        init_seed=init_seed,
    )
    for init_seed in (3, 1)
)

Act = int | Callable[[Session], object]
Promise = Callable[[Session, "Before"], None]


@dataclass(frozen=True)
class Before:
    """A run just before the cure: C, and the lowest C + R that can be compared with it.
    ``again`` makes the same run, to be continued without the cure."""

    cost: float
    lowest: float
    again: Callable[[], Session]


def cost_of(session: Session) -> float:
    return session.trainer.costs()[0]


def objective_of(session: Session) -> float:
    network, s = session.trainer.network, session.trainer.settings
    return cost_of(session) + penalty(network.parameters, weight_mask(network), s.l1, s.l2)


def mean_cost(session: Session, steps: int) -> float:
    """The mean of C over the next steps, at 40 of them."""
    start = session.trainer.step_count
    costs = []
    for step in np.linspace(start, start + steps, 41)[1:].astype(int):
        session.time.seek(int(step))
        costs.append(cost_of(session))
    return float(np.mean(costs))


# the promises


def lower(steps: int) -> Promise:
    """C + R is below its lowest before within so many steps, and the run does not diverge."""

    def kept(session: Session, before: Before) -> None:
        lowest = np.inf
        for _ in range(20):
            session.time.step(steps // 20)
            assert session.trainer.divergence is None
            lowest = min(lowest, objective_of(session))
        assert np.isfinite(session.trainer.network.parameters).all()
        assert lowest < (np.inf if np.isnan(before.lowest) else before.lowest)

    return kept


def falls(steps: int, share: float = 0.1) -> Promise:
    """C is lower than before by this share after so many steps."""

    def kept(session: Session, before: Before) -> None:
        session.time.step(steps)
        assert session.trainer.divergence is None
        assert cost_of(session) < (1.0 - share) * before.cost

    return kept


def calmer(steps: int) -> Promise:
    """The mean of C over so many steps is lower than it would be at the old η."""

    def kept(session: Session, before: Before) -> None:
        assert mean_cost(session, steps) < mean_cost(before.again(), steps)

    return kept


def sooner(share: float = 0.9) -> Promise:
    """C reaches this share of its value in at most two thirds of the steps."""

    def steps_to(session: Session, goal: float) -> int:
        start = session.trainer.step_count
        while cost_of(session) > goal:
            session.time.step(20)
            assert session.trainer.step_count < start + 20_000
        return session.trainer.step_count - start

    def kept(session: Session, before: Before) -> None:
        goal = share * before.cost
        assert steps_to(session, goal) <= 2 / 3 * steps_to(before.again(), goal)

    return kept


def faster(steps: int, times: float) -> Promise:
    """C falls so many times as far in these steps as it would at the old η."""

    def kept(session: Session, before: Before) -> None:
        slow = before.again()
        for run in (session, slow):
            run.time.step(steps)
        assert before.cost - cost_of(session) > times * (before.cost - cost_of(slow)) > 0.0

    return kept


def excess_falls(steps: int, share: float = 0.1) -> Promise:
    """C − C of least squares is lower by this share after so many steps."""

    def kept(session: Session, before: Before) -> None:
        least = least_squares(session)
        session.time.step(steps)
        assert cost_of(session) - least < (1.0 - share) * (before.cost - least)

    return kept


def least_squares(session: Session) -> float:
    assert session.baseline is not None
    return session.baseline[1] / session.prepared.cost_scale


def is_finite(session: Session, before: Before) -> None:
    """The run goes on with finite numbers."""
    session.time.step(100)
    assert session.trainer.divergence is None
    assert np.isfinite(cost_of(session))


def is_solved(session: Session, before: Before) -> None:
    """C is that of least squares at once."""
    assert cost_of(session) == pytest.approx(least_squares(session), rel=1e-9)


# what is true where no cure is named


def nothing(session: Session) -> None:
    """There is nothing more to be true."""


def at_ols(session: Session) -> None:
    least = least_squares(session)
    assert least <= cost_of(session) * (1.0 + 1e-12) <= 1.001 * least


def at_ridge(session: Session) -> None:
    """The minimum of C + ½·l2·Σw², whose normal equations are (2XᵀX/n + l2·D)β = 2Xᵀy/n."""
    prepared, l2 = session.prepared, session.experiment.l2
    X = np.column_stack([prepared.inputs, np.ones(len(prepared.inputs))])
    H = 2.0 * X.T @ X / len(X) + l2 * np.diag([*[1.0] * (X.shape[1] - 1), 0.0])
    y = prepared.targets[:, 0]
    beta = np.linalg.solve(H, 2.0 * X.T @ y / len(X))
    least = np.mean((X @ beta - y) ** 2) + 0.5 * l2 * (beta[:-1] @ beta[:-1])
    assert least <= objective_of(session) * (1.0 + 1e-12) <= 1.001 * least


def at_glm(session: Session) -> None:
    """The deviance is that of ``engine.glm``."""
    frame = framed(session, "glm")
    assert frame.glm is not None and frame.glm.fit is not None and frame.glm.deviance is not None
    least = frame.glm.fit.deviance
    assert least * (1.0 - 1e-9) <= frame.glm.deviance <= 1.001 * least


def at_penalised_minimum(session: Session) -> None:
    """The minimum of C + ½·l2·Σw², found by SciPy; the GLM is elsewhere."""
    prepared, l2 = session.prepared, session.experiment.l2
    rows = prepared.dataset.train
    X, Y = prepared.inputs[rows], prepared.targets[rows]
    T = Y if Y.shape[1] > 1 else np.hstack([1.0 - Y, Y])

    def objective(theta: Any) -> float:
        W, b = theta[: -Y.shape[1]].reshape(Y.shape[1], -1), theta[-Y.shape[1] :]
        z = X @ W.T + b
        z = z if Y.shape[1] > 1 else np.hstack([np.zeros_like(z), z])
        return float(np.mean(logsumexp(z, axis=1) - (T * z).sum(axis=1)) + 0.5 * l2 * (W**2).sum())

    least = minimize(objective, np.zeros(Y.shape[1] * (X.shape[1] + 1)), tol=1e-10).fun
    assert least - 1e-8 <= objective_of(session) <= 1.001 * least


def at_glm_without_intercept(session: Session) -> None:
    """The deviance is that of ``engine.glm`` without intercept, not that with one."""
    data, rows = session.prepared.dataset, session.prepared.dataset.train
    y = (data.Y[rows, 0] > 0.0).astype(float)
    fits = [glm(session.prepared.inputs[rows], y, intercept=one).deviance for one in (False, True)]
    deviance = 2.0 * len(y) * cost_of(session)
    assert fits[0] * (1.0 - 1e-9) <= deviance <= 1.001 * fits[0]
    assert deviance > 1.1 * fits[1]


def has_no_maximum(session: Session) -> None:
    """``engine.glm`` finds separation, and further steps lower C and lengthen the weights."""
    data = session.prepared.dataset
    y = (data.Y[data.train, 0] > 0.0).astype(float)
    assert glm(data.X[data.train], y).separation is not None
    size, cost = np.abs(session.trainer.network.parameters).max(), cost_of(session)
    session.time.step(2000)
    assert cost_of(session) < cost
    assert np.abs(session.trainer.network.parameters).max() > size


def stands_still(session: Session) -> None:
    parameters = session.trainer.network.parameters.copy()
    session.time.step(100)
    assert np.array_equal(session.trainer.network.parameters, parameters)


def hardly_moves(session: Session) -> None:
    cost = cost_of(session)
    session.time.step(1000)
    assert cost_of(session) == pytest.approx(cost, rel=1e-6)


def is_calm_on_all_examples(session: Session) -> None:
    """C varies less from step to step where each step is on all examples."""
    batches, all_at_once = (_variation(session, size) for size in (10, 10**6))
    assert all_at_once < batches / 3.0


def _variation(session: Session, batch_size: int) -> float:
    """The root mean square of the changes of C over 10 steps each, over 400 steps."""
    start = session.trainer.step_count
    twin = session.trainer.twin().change(batch_size=batch_size)
    costs = [twin.seek(start + step).costs()[0] for step in range(0, 410, 10)]
    return float(np.sqrt(np.mean(np.diff(costs) ** 2)))


def is_constant(session: Session) -> None:
    """The second hidden unit gives −1 on all training examples."""
    prepared = session.prepared
    forward = session.trainer.network.forward(prepared.inputs[prepared.dataset.train])
    assert (forward.a[1][:, 1] == -1.0).all()


def is_off(session: Session) -> None:
    """The units that are named give 0 on all training examples."""
    prepared = session.prepared
    forward = session.trainer.network.forward(prepared.inputs[prepared.dataset.train])
    off = [int((a <= 0.0).all(axis=0).sum()) for a in forward.a[1:-1]]
    assert sum(off) == 1


# the situations


@dataclass(frozen=True)
class Made:
    """A made situation: what was done, and either what is advised with what the cure promises, or
    what is stated (None: nothing) with what is true."""

    name: str
    experiment: Experiment
    acts: tuple[Act, ...]
    code: str | None
    promise: Promise | None = None
    true: Callable[[Session], None] = nothing


def gallery(name: str, *acts: Act) -> tuple[Experiment, tuple[Act, ...]]:
    return entry(name).experiment, acts


def quick(*acts: Act, **fields: Any) -> tuple[Experiment, tuple[Act, ...]]:
    return Experiment(**fields), acts


def raised(times: int) -> tuple[Act, ...]:
    """So many times the key that doubles η."""
    return (lambda session: session.scale_learning_rate(2.0),) * times


def changed(**settings: Any) -> Act:
    return lambda session: session.change(**settings)


LINE: dict[str, Any] = {"dataset": "line", "hidden": (), "batch_size": 50}
XOR: dict[str, Any] = {"dataset": "xor", "hidden": (4,), "activation": "tanh", "batch_size": 250}
ALL_LINEAR: dict[str, Any] = {"activation": "identity", "output": "identity"}
LOGISTIC: dict[str, Any] = {"hidden": (), "output": "sigmoid", "loss": "binary_cross_entropy"}
CHALLENGER = {"dataset": "challenger", "batch_size": 23, "learning_rate": 0.5, **LOGISTIC}
IRIS: dict[str, Any] = {"dataset": "iris", "hidden": (), "batch_size": 150, "learning_rate": 0.1}


def TO_50(session: Session) -> object:
    """w⁽³⁾₁₁ of the default network so large that the output is at the wrong end."""
    return session.edit(3, "weight", (0, 0), 50.0)


MADE = [
    # healthy runs
    Made("the start", *quick(0), None),
    Made("circle, early", *quick(300), None),
    Made("circle, C small and falling", *quick(3000), None),
    Made("circle, late", *quick(10_000), None),
    Made("a mild penalty", *quick(5000, l2=0.001), None),
    Made("spiral, falling with noise", *gallery("spiral", 1000), None),
    Made("iris", *gallery("iris", 3000), None),
    Made(
        "momentum swings at first",
        *quick(14, **LINE, optimizer="momentum", learning_rate=0.05),
        None,
    ),
    Made(
        "an edit raises C",
        *quick(2000, lambda s: s.edit(2, "weight", (0, 0), 50.0), 2200),
        None,
    ),
    # steps that overshoot
    Made("η 123 saturates tanh", *quick(5000, *raised(12), 9000), "overshot", lower(2000)),
    Made("diverging, finite", *gallery("diverging", 100), "overshot", lower(100)),
    Made("diverging, not finite", *gallery("diverging", 1000), "diverged", lower(100)),
    Made("all identity, exploding", *quick(4, **ALL_LINEAR), "overshot", lower(400)),
    Made("all identity, not finite", *quick(6, **ALL_LINEAR), "diverged", lower(400)),
    Made(
        "momentum beyond its limit",
        *quick(60, **LINE, optimizer="momentum", learning_rate=0.19),
        "overshot",
        lower(200),
    ),
    Made(
        "nesterov beyond its limit",
        *quick(60, **LINE, optimizer="nesterov", learning_rate=0.08),
        "overshot",
        lower(200),
    ),
    Made(
        "adam, far too fast",
        *quick(500, optimizer="adam", learning_rate=1.0),
        "overshot",
        lower(400),
    ),
    Made(
        "adam, too fast", *quick(2000, optimizer="adam", learning_rate=0.3), "overshot", lower(2000)
    ),
    Made(
        "rmsprop, too fast",
        *quick(1000, optimizer="rmsprop", learning_rate=0.3),
        "overshot",
        lower(400),
    ),
    Made("batches of one", *quick(3000, batch_size=1, learning_rate=0.1), "overshot", lower(4000)),
    # penalties
    Made("η·L2 = 3, at the start", EXPLODING, (0,), "penalty explodes", lower(100)),
    Made("η·L2 = 3, weights of 1e30", EXPLODING, (100,), "penalty explodes", lower(100)),
    Made("η·L2 = 3, weights of 1e300", EXPLODING, (1000,), "penalty explodes", lower(100)),
    Made("η·L2 = 3, not finite", EXPLODING, (2000,), "penalty explodes", lower(100)),
    Made(
        "L2 after training",
        *quick(3000, changed(l2=0.1), 3600),
        "penalty raises C",
        falls(1000),
    ),
    Made(
        "L2 just after training",
        *quick(3000, changed(l2=0.1), 3100),
        "penalty raises C",
        falls(1000),
    ),
    Made("L2 1", *quick(1000, l2=1.0), "penalty flattens", falls(1000)),
    Made("L1 0.3", *quick(1000, l1=0.3), "penalty flattens", falls(1000)),
    # edits
    Made("an edit to the wrong end", *quick(100, TO_50, 300), "edit raised C", falls(200)),
    Made("the same, much later", *quick(100, TO_50, 1000), "edit raised C", falls(200)),
    # no gradient
    Made("the output dies", ALIVE_AT_FIRST, (500,), "output dead", falls(1000)),
    Made("the output is born dead", DEAD_AT_FIRST, (500,), "output dead", falls(1000)),
    Made("dead-relu", *gallery("dead-relu", 1000), "layer dead", falls(1000)),
    Made("zeros", *gallery("zeros", 1000), "identical units", falls(3000)),
    Made(
        "weights of a file, all the same",
        *quick(
            100,
            **XOR | {"hidden": (2,)},
            weights=(((1.0, 1.0), (1.0, 1.0)), ((1.0, 1.0),)),
            biases=((0.0, 0.0), (0.0,)),
        ),
        "identical units",
        falls(3000),
    ),
    Made("saturated", *gallery("saturated", 3000), "output saturated", falls(1000)),
    Made("saturated, at the start", *gallery("saturated", 0), "output saturated", falls(1000)),
    Made(
        "raw inputs saturate tanh",
        *quick(
            500,
            dataset="cars",
            hidden=(6,),
            activation="tanh",
            standardize=False,
            learning_rate=0.001,
            batch_size=50,
        ),
        "layer saturated",
        falls(1000),
    ),
    Made(
        "raw prices kill a layer",
        *quick(200, dataset=PRICES, hidden=(3,), standardize=False),
        "layer dead",
        falls(200),
    ),
    Made(
        "first weights times 20",
        *quick(200, hidden=(8, 8), activation="tanh", init_scale=20.0),
        "some saturated",
        falls(500),
    ),
    Made("first weights of 1e200", *quick(10, init_scale=1e200), "start overflows", lower(100)),
    # slow
    Made(
        "line, η 1e-9",
        *quick(2000, **LINE | {"batch_size": 10}, learning_rate=1e-9),
        "η too small",
        falls(100),
    ),
    Made(
        "mtcars, η 1e-6, early",
        *quick(30, dataset="mtcars", hidden=(), batch_size=32, learning_rate=1e-6),
        "η too small",
        falls(100),
    ),
    Made(
        "mtcars, η 1e-6",
        *quick(1000, dataset="mtcars", hidden=(), batch_size=32, learning_rate=1e-6),
        "η too small",
        falls(100),
    ),
    Made(
        "cars as measured, η 3e-5",
        *quick(
            1000, dataset="cars", hidden=(), batch_size=50, standardize=False, learning_rate=3e-5
        ),
        "η too small",
        excess_falls(1000),
    ),
    Made(
        "adam, η 1e-7",
        *quick(1000, optimizer="adam", learning_rate=1e-7, batch_size=250),
        "η too small",
        faster(200, 7.0),
    ),
    Made(
        "a plateau of xor", *quick(200, **XOR, init="glorot", init_scale=0.01), "plateau", sooner()
    ),
    Made(
        "a plateau of sigmoids",
        *quick(200, **XOR | {"activation": "sigmoid"}, init="glorot", init_scale=0.1),
        "plateau",
        sooner(),
    ),
    Made("longley", *gallery("longley", 3000), "narrow valley", is_solved),
    # small batches
    Made(
        "xor by a line, batches of 10",
        *quick(20_000, dataset="xor", hidden=()),
        "small batches",
        calmer(4000),
    ),
    Made(
        "line, batches of 1",
        *quick(5000, **LINE | {"batch_size": 1}, learning_rate=0.02),
        "small batches",
        calmer(4000),
    ),
    Made("circle by a line", *gallery("circle-line", 3000), "small batches", calmer(4000)),
    Made(
        "reg-gauss, batches of 10",
        *gallery("reg-gauss", 1000),
        "small batches",
        true=is_calm_on_all_examples,
    ),
    # as low as it gets, or nothing to be done
    Made("line", *gallery("line", 1000), "arrived at least squares", true=at_ols),
    Made("mtcars", *gallery("mtcars-ols", 20_000), "arrived at least squares", true=at_ols),
    Made("deep and linear", *gallery("deep-linear", 5000), "arrived at least squares", true=at_ols),
    Made(
        "adam on raw numbers",
        *gallery("adam-or-sgd", 3000),
        "arrived at least squares",
        true=at_ols,
    ),
    Made(
        "xor by a line",
        *quick(300, dataset="xor", hidden=(), output="identity", batch_size=250),
        "arrived at least squares",
        true=at_ols,
    ),
    Made(
        "ridge",
        *quick(2000, dataset="mtcars", hidden=(), learning_rate=0.1, batch_size=32, l2=0.1),
        "arrived at least squares",
        true=at_ridge,
    ),
    Made("challenger", *gallery("challenger", 1000), "arrived at the GLM", true=at_glm),
    Made(
        "challenger with L2",
        *quick(1000, **CHALLENGER, l2=0.5),
        "arrived at the penalised minimum",
        true=at_penalised_minimum,
    ),
    Made(
        "iris with L2",
        *quick(1000, **IRIS, l2=0.5),
        "arrived at the penalised minimum",
        true=at_penalised_minimum,
    ),
    Made(
        "challenger without biases",
        *quick(1000, **CHALLENGER, bias=False),
        "arrived at the GLM",
        true=at_glm_without_intercept,
    ),
    Made(
        "line without biases",
        *quick(500, **LINE, bias=False),
        "arrived at least squares",
        true=at_ols,
    ),
    Made("dobson", *gallery("dobson", 5000), "arrived at the GLM", true=at_glm),
    Made(
        "two classes apart",
        *quick(5000, dataset="gauss", **LOGISTIC),
        "separated",
        true=has_no_maximum,
    ),
    Made("two-relu", *gallery("two-relu", 3000), "solved"),
    Made(
        "xor by one tanh",
        *quick(3000, dataset="xor", hidden=(), batch_size=250),
        "at rest",
        true=hardly_moves,
    ),
    Made("cosine", *gallery("cosine", 3000), "η is 0", true=stands_still),
    Made("all frozen", *quick(10, hidden=(), frozen=(0, 1, 2)), "frozen", true=stands_still),
    Made("one dead unit", *gallery("sine", 20_000), "units dead", true=is_off),
    Made(
        "one saturated unit",
        *quick(
            300,
            hidden=(3,),
            activation="tanh",
            weights=(((0.3, 0.4), (0.1, 0.0), (-0.5, 0.2)), ((0.5, 0.5, -0.5),)),
            biases=((0.0, -1e3, 0.0), (0.0,)),
        ),
        "some saturated",
        true=is_constant,
    ),
    Made(
        "some units saturated",
        *quick(
            3000,
            hidden=(6,),
            activation="tanh",
            init_scale=100.0,
            batch_size=1000,
            learning_rate=0.003,
        ),
        "units saturated",
        falls(1000),
    ),
    Made(
        "a weight of 1e300",
        *quick(300, lambda s: s.edit(3, "weight", (0, 0), 1e300), 400, output="identity"),
        "edit overflows",
        is_finite,
    ),
]


def made(situation: Made) -> Session:
    session = Session(situation.experiment)
    for act in situation.acts:
        if isinstance(act, int):
            session.time.seek(act)
        else:
            act(session)
    return session


@cache
def frame_of(index: int) -> Frame:
    """The frame of a made situation, by its index."""
    return framed(made(MADE[index]))


def advice_of(session: Session) -> Advice | None:
    return framed(session).advice


def apply(session: Session, cure: Cure) -> None:
    """Do what the keys of the cure do."""
    if cure.settings:
        draft = Draft()
        at_once = draft.choose(session.experiment, cure.settings)
        if at_once:
            session.change(**at_once)
        else:
            session.begin(draft.wanted(session.experiment))
    for action in cure.actions:
        if action == "postmortem":
            found = tried_cure(session.trainer.twin(), post_mortem(session.trainer))
            assert found is not None
            session.go_back_to(found.step, found.learning_rate)
        elif action == "solve":
            solve(session)
        elif action == "undo":
            session.undo()
        elif action in ("restart", "next_start"):
            session.restart(action == "next_start")
        elif action in ("rate_halve", "rate_double"):
            for _ in range(cure.times):
                session.scale_learning_rate(0.5 if action == "rate_halve" else 2.0)
        else:
            assert action in ("settings", "linear")


@pytest.mark.parametrize("situation", MADE, ids=lambda situation: situation.name)
def test_what_is_advised_is_so_and_what_is_promised_comes_true(situation: Made) -> None:
    session = made(situation)
    advice = advice_of(session)
    assert (advice.code if advice else None) == situation.code
    if situation.promise is None:
        assert advice is None or (advice.cure is None and not advice.help)
        situation.true(session)
        return
    assert advice is not None and advice.cure is not None and advice.help
    lowest = min(_values_since(session), default=np.inf)
    before = Before(cost_of(session), lowest, lambda: made(situation))
    apply(session, advice.cure)
    situation.promise(session, before)


def _values_since(session: Session) -> list[float]:
    """C + R at the checkpoints since the penalty was changed or a parameter was edited."""
    frame, s = framed(session), session.trainer.settings
    mask = weight_mask(frame.network)
    steps, costs, _ = session.trainer.curve()
    since = max((e.step for e in frame.events if e.is_edit), default=0)
    return [
        cost + penalty(session.trainer.parameters_at(int(step)), mask, s.l1, s.l2)
        for step, cost in zip(steps, costs, strict=True)
        if since <= step <= frame.step
    ]


def test_every_situation_has_been_made() -> None:
    assert {situation.code for situation in MADE} - {None} == {s.code for s in SITUATIONS}


def test_a_healthy_run_computes_no_curvature() -> None:
    """It takes many passes over the data, and a frame is drawn eight times a second."""
    for experiment, steps in ((Experiment(), 300), (entry("spiral").experiment, 1000)):
        session = Session(experiment)
        session.time.seek(steps)
        evidence = evidence_of(framed(session))
        assert advise(evidence) is None
        assert not {"curvatures", "rate_share", "excess"} & evidence.__dict__.keys()


def test_the_share_of_the_penalty_is_in_what_is_minimised_and_not_in_c() -> None:
    """TensorFlow Playground's use (issues 94, 139): after training L2 0.1 is switched on. C rises
    from 0.0038 to 0.059, but C + R falls from 1.03 to 0.38."""
    session = made(next(m for m in MADE if m.name == "L2 after training"))
    past = evidence_of(framed(session)).objective
    assert past.values[0] > 1.0 > 0.4 > past.values[-1]
    assert not past.has_risen
    steps, costs, _ = session.trainer.curve()
    assert costs[-1] > 10.0 * costs[steps < 3000].min()


# its texts

KEY_CELLS = 50  # of five keys on Explore
MOST_OF_A_NAME = 20


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("situation", MADE, ids=lambda situation: situation.name)
def test_the_bar_shows_whole_sentences_beside_some_keys(situation: Made, glyphs: Glyphs) -> None:
    frame = frame_of(MADE.index(situation))
    if frame.advice is None:
        return
    texts = frame.advice.texts(SHOWN)
    forms = [written(text, glyphs) for text in texts]
    look = Look(glyphs=glyphs, keys=SHOWN)
    wide, narrow, tiny = (advice_text(frame.advice, look, w - 2, KEY_CELLS) for w in (160, 80, 60))
    assert wide == forms[0]
    assert narrow in forms and 0 < len(narrow) <= 78 - KEY_CELLS
    assert tiny == min(forms, key=len) and len(tiny) <= MOST_OF_A_NAME
    assert "{" not in wide + narrow + tiny
    assert not re.search(r"\de[-+]|\de−?0", texts[0])  # the spelling of Python
    if frame.advice.cure:
        assert forms[0].endswith(written(frame.advice.help.format_map(SHOWN), glyphs))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("challenger", "arrived: the deviance is within 0.1 % of the GLM's"),
        ("challenger with L2", "arrived: C + R is within 0.1 % of its minimum"),
        ("iris with L2", "arrived: C + R is within 0.1 % of its minimum"),
        (
            "challenger without biases",
            "arrived: the deviance is within 0.1 % of that of the GLM without intercept",
        ),
        (
            "line without biases",
            "arrived: C is within 0.1 % of least squares without intercept",
        ),
        ("ridge", "arrived: C + R is within 0.1 % of ridge regression"),
        (
            "an edit to the wrong end",
            "C rose from 0.2009 to 2.0224 by the edit at step 100; u takes it back",
        ),
    ],
)
def test_a_minimum_is_named_as_what_it_is(name: str, sentence: str) -> None:
    frame = frame_of(next(i for i, situation in enumerate(MADE) if situation.name == name))
    assert frame.advice is not None and frame.advice.texts(SHOWN)[0] == sentence


def test_the_model_that_is_arrived_at_is_that_of_the_output_loss_and_biases() -> None:
    cases = (
        ((4, 3), "softmax", True, "that of multinomial logistic regression"),
        ((4, 3), "softmax", False, "that of multinomial logistic regression without intercept"),
        ((4, 1), "sigmoid", True, "the GLM's"),
        ((4, 2), "exp", True, "that of the GLMs of the 2 outputs"),
    )
    evidence = evidence_of(framed(Session(Experiment(**CHALLENGER))))
    for sizes, output, bias, model in cases:
        network = Network(sizes, "identity", output, bias=bias)
        assert values.glm(replace(evidence, network=network)) == {"model_s": model}


def test_a_rate_has_the_minus_sign_of_the_screens() -> None:
    frame = frame_of(next(i for i, m in enumerate(MADE) if m.name == "mtcars, η 1e-6"))
    assert frame.advice is not None
    assert frame.advice.texts(SHOWN)[0].startswith("η 1e−6 is too small: ")


def test_an_edit_is_blamed_only_while_c_is_far_above_what_it_was_before() -> None:
    session = Session(Experiment())
    session.time.seek(100)
    TO_50(session)
    session.time.seek(300)
    evidence = evidence_of(framed(session))
    before = evidence.edit_costs
    assert before is not None and before[0] == pytest.approx(0.2009, abs=1e-4)
    blamed = [advise(replace(evidence, cost=cost)) for cost in (2.02, 0.5, 0.25, 0.19)]
    assert [advice is not None and advice.code == "edit raised C" for advice in blamed] == [
        True,
        True,
        False,
        False,
    ]
    session.change(learning_rate=0.02)  # u takes this back first
    later = advise(evidence_of(framed(session)))
    assert later is None or later.code != "edit raised C"
    session.time.seek(50)  # the edit is still to come
    assert framed(session).advice is None


def test_a_cost_of_0_throughout_has_not_risen(tmp_path: Path) -> None:
    """One training example: ŷ = y from the start. There is no step that overshot, and no η that
    would be better."""
    path = tmp_path / "two.csv"
    path.write_text("x,y\n1,2\n2,5\n", encoding="utf-8")
    session = Session(Experiment(dataset=str(path), train_fraction=0.5, hidden=(3,)))
    session.time.seek(300)
    assert session.trainer.costs()[0] == 0.0
    advice = advice_of(session)
    assert advice is None or (advice.code != "overshot" and advice.cure is None)
    job = PostMortemJob(session.trainer)
    job.run()
    assert job.found is not None and job.lead_up is not None and job.cure is None
    draw_postmortem(canvas := Canvas(100, 30, DARK), job.found, job.lead_up, job.cure)
    assert "C is at its lowest now: 0.0000 at step 300" in " ".join(canvas.text_lines())


def written(text: str, glyphs: Glyphs) -> str:
    return glyphs.text(text.replace("η", glyphs.eta))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.code)
def test_texts_name_keys_by_their_actions(situation: Situation) -> None:
    named = {name for _, name, *_ in Formatter().parse(situation.help) if name is not None}
    assert named <= BY_ID.keys()


def test_where_no_text_fits_nothing_is_cut() -> None:
    frame = framed(made(next(m for m in MADE if m.name == "diverging, finite")))
    assert advice_text(frame.advice, Look(keys=SHOWN), 6, 0) == ""
    keys = {name: f"ctrl+shift+{name}" for name in SHOWN}
    assert 0 < len(advice_text(frame.advice, Look(keys=keys), 78, KEY_CELLS)) <= 78
