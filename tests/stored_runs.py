"""Trained runs that screens are drawn from; python -m tests.stored_runs trains them anew.

A training of many steps amplifies the last bits of floating point, in which processors differ. So
no picture of a screen depends on one: the runs are trained once, and their sessions stored.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path += [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from engine import Experiment, Trainer
from engine.arrays import Array
from tui.commands.training import seek
from tui.experiments.library import built_in, entry
from tui.session.session import Session
from tui.storage.saving import read_session, saved

FOLDER = Path(__file__).parent / "stored"
NUDGE = 1e-12  # relative: far more than rounding, far less than what a screen shows
CIRCLE = built_in("circle")
DIVERGING = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)
STACK = replace(built_in("stackloss"), hidden=(2, 2), activation="identity")
CLASSES = Experiment(
    dataset=str(FOLDER / "classes.csv"),
    hidden=(12, 12),
    activation="tanh",
    batch_size=3,
    l2=0.01,
)


@dataclass(frozen=True)
class Run:
    """An experiment, the step it is trained to, and keys pressed there."""

    experiment: Experiment
    step: int = 200
    keys: Sequence[str] = ()


RUNS = {
    "circle": Run(CIRCLE),
    "circle-start": Run(CIRCLE, 0),
    "circle-long": Run(CIRCLE, 1000),
    "circle-tanh": Run(replace(CIRCLE, activation="tanh"), 100),
    "circle-adam": Run(replace(CIRCLE, optimizer="adam")),
    "circle-penalty": Run(replace(CIRCLE, l2=0.01), 20),
    "circle-wider": Run(replace(CIRCLE, hidden=(8, 6))),
    "circle-1000-units": Run(replace(CIRCLE, hidden=(1000,)), 0),
    # the second run learns faster
    "two-runs": Run(
        CIRCLE, 100, ("B", "right_square_bracket", "vertical_line", *["shift+right"] * 5)
    ),
    "sine": Run(built_in("sine")),
    "line": Run(built_in("line"), 50),
    "mtcars": Run(built_in("mtcars")),
    "four-inputs": Run(replace(built_in("mtcars"), features=("wt", "hp", "disp", "qsec"))),
    "two-relu": Run(built_in("two-relu"), 100),
    "diverged": Run(DIVERGING, 1000),
    "line-diverged": Run(
        Experiment(dataset="line", hidden=(), learning_rate=0.12, batch_size=50), 2000
    ),
    "deep-diverged": Run(
        Experiment(dataset="reg-gauss", hidden=(4, 3), activation="identity", learning_rate=3.0),
        2000,
    ),
    "deep": Run(Experiment(hidden=(12,) * 7), 0),
    "cars": Run(built_in("cars"), 40),
    "longley": Run(built_in("longley"), 400),
    "stackloss-solved": Run(built_in("stackloss"), 40, ("4", "s")),
    "stack": Run(STACK, 40),
    "challenger": Run(built_in("challenger"), 40),
    "beetles": Run(built_in("beetles"), 40),
    "iris": Run(entry("iris").experiment),
    "iris-split": Run(Experiment(dataset="iris", hidden=(4,), train_fraction=0.6, seed=1), 100),
    "classes": Run(CLASSES, 20),
}


def stored(name: str, nudge: int = 0) -> Session:
    """The session of a stored run; with a ``nudge``, its parameters are changed by NUDGE of
    themselves, each up or down as a generator of that seed says."""
    session = read_session(FOLDER / f"{name}.npz").session
    session.file = None
    if nudge:
        for run in session.runs.live:
            nudge_run(run.live, np.random.default_rng(nudge))
    return session


def nudge_run(trainer: Trainer, rng: np.random.Generator) -> None:
    """Change every state of a run a little, what its events assign, and with them its costs."""
    history, here = trainer.history, trainer.step_count

    def nudged(values: Array) -> Array:
        return values * (1.0 + NUDGE * rng.choice([-1.0, 1.0], values.shape))

    for step, state in history.checkpoints.items():
        history.checkpoints[step] = replace(state, vectors=nudged(state.vectors))
    history.events = [
        event
        if event.parameters is None
        else replace(event, parameters=tuple(nudged(np.array(event.parameters)).tolist()))
        for event in history.events
    ]
    trainer.resume(history, here).curve()


async def store(name: str, run: Run) -> None:
    """Train a run, and store its session."""
    from screen import press, running

    async with running(run.experiment) as (app, pilot):
        seek(app, run.step)
        await press(app, pilot, *run.keys)
        for one in app.session.runs.live:
            trainer = one.live
            trainer.curve()
            if not trainer.divergence:  # so that nothing is trained where it is opened
                trainer.history.checkpoints[trainer.step_count] = trainer.state
        content = saved(app.session, FOLDER).content()
    (FOLDER / f"{name}.npz").write_bytes(content)
    print(f"{name}: {len(content)} bytes")


def write_classes() -> None:
    """Nine examples of three classes in four columns, in a file."""
    rows = [
        ",".join([*(f"{(i * (j + 2) % 7) / 2 + (i % 3) * j}" for j in range(4)), "abc"[i % 3]])
        for i in range(9)
    ]
    text = "\n".join(["p,q,r,s,class", *rows])
    (FOLDER / "classes.csv").write_text(text, encoding="utf-8", newline="\n")


def main(names: Sequence[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    write_classes()
    for name in names or RUNS:
        asyncio.run(store(name, RUNS[name]))


if __name__ == "__main__":
    main(sys.argv[1:])
