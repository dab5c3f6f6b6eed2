"""Makes the files of this folder with version 0.1.0, as README.md says.

    python tests/reference/v0.1/make.py FOLDER

Run it in a checkout of that version only: with a later one the files would prove nothing.
"""

import asyncio
import json
import math
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

os.environ["TEXTUAL_ANIMATIONS"] = "none"
sys.path[:0] = [str(Path(__file__).parents[3])]

import numpy as np  # noqa: E402
from textual.pilot import Pilot  # noqa: E402
from textual.widgets import Input  # noqa: E402

from engine import DATASETS, GLM_NETWORKS, Experiment, Trainer, load_dataset  # noqa: E402
from engine.data_edits import Edit  # noqa: E402
from engine.optimizers import OPTIMIZERS  # noqa: E402
from engine.share import read_share_code  # noqa: E402
from tests.saved_numbers import session_numbers, trainer_numbers  # noqa: E402
from tests.screen import press, running, settled  # noqa: E402
from tui.app import NNExplore  # noqa: E402
from tui.library import built_in, gallery  # noqa: E402
from tui.place import place_of  # noqa: E402
from tui.saving import experiment_text, read_experiment, read_session, saved  # noqa: E402
from tui.session import Session  # noqa: E402
from tui.sharing import offer  # noqa: E402

Doing = Callable[[NNExplore, Pilot], Awaitable[None]]
STEPS = 30  # that an experiment is trained for its numbers


@dataclass(frozen=True)
class Made:
    """A session: its first experiment, what is done, and what else is written of it."""

    experiment: Experiment
    do: Doing
    toml: str = ""  # "settings" or "weights"
    share: str = ""  # likewise
    options: dict[str, Any] = field(default_factory=dict)


def keys(*names: str, steps: int = 0, screen: str = "1", then: int = 0) -> Doing:
    """Train so many steps, press keys, and train on."""

    async def do(app: NNExplore, pilot: Pilot) -> None:
        app.seek(steps)
        await press(app, pilot, screen, *names)
        app.step(then)
        await settled(pilot)

    return do


async def typed(app: NNExplore, pilot: Pilot, key: str, text: str) -> None:
    """Press a key, and type a line into the dialog that it opens."""
    await press(app, pilot, key)
    app.screen.query_one(Input).value = text
    await press(app, pilot, "enter")
    assert app.screen is app.frame_screen, (key, text)


def cursor(app: NNExplore, x: float, y: float) -> None:
    """Put the cursor on the map, in parts of the box."""
    low, high = np.array(app.session.view.box).T
    app.do(lambda: app.session.move_cursor(low + (high - low) * np.array([x, y])[: len(low)]))


# what is done in the sessions


async def events(app: NNExplore, pilot: Pilot) -> None:
    session = app.session
    app.seek(120)
    await press(app, pilot, "right_square_bracket")
    app.step(60)
    app.seek(90)
    await press(app, pilot, "left_square_bracket")  # the future of before is a ghost
    app.step(40)
    session.select_unit(2, 1)
    await press(app, pilot, "i", "i")
    await typed(app, pilot, "e", "0.75")
    await press(app, pilot, "plus", "m")
    app.step(20)
    await press(app, pilot, "i", "f")
    app.step(20)
    app.change(optimizer="adam", learning_rate=0.01, batch_size=7, l1=0.0005, l2=0.001)
    app.step(20)
    await press(app, pilot, "minus", "u")
    app.step(15)
    app.seek(200)  # before the latest step
    await press(app, pilot, "comma", "comma", "tab", "tab", "z")
    assert session.ghosts and session.mark and len(session.trainer.history.events) >= 5


async def restarts(app: NNExplore, pilot: Pilot) -> None:
    for _ in range(7):  # more than there are ghosts
        app.seek(40)
        await press(app, pilot, "R")
    app.seek(25)
    await press(app, pilot, "b", "tab")


async def data_edits(app: NNExplore, pilot: Pilot) -> None:
    app.seek(40)
    cursor(app, 0.1, 0.9)
    await typed(app, pilot, "a", "+1")
    app.step(20)
    cursor(app, 0.2, 0.3)
    await press(app, pilot, "v")
    app.session.select_example(17)
    row = app.session.prepared.dataset.X[17]
    app.do(lambda: app.session.move_cursor(app.session.view.coordinates(row[None])[0]))
    await press(app, pilot, "delete")
    app.step(20)
    assert [edit[0] for edit in app.session.experiment.edits] == ["add", "move", "delete"]


async def diverges(app: NNExplore, pilot: Pilot) -> None:
    app.seek(3)
    await press(app, pilot, "m")
    app.seek(2000)
    assert app.session.trainer.divergence


async def plays_until_it_stops(app: NNExplore, pilot: Pilot) -> None:
    app.toggle_play()
    app.session.train_for(60.0, 10_000)
    app.show()
    assert app.session.stopped


async def predicts(app: NNExplore, pilot: Pilot) -> None:
    app.seek(25)
    await press(app, pilot, "2", *["right"] * 6)
    await typed(app, pilot, "enter", "0.5")
    await press(app, pilot, "right", "down", "right")
    await typed(app, pilot, "enter", "")
    await press(app, pilot, *["right"] * 9, "down", "l")
    assert app.session.hides_result and app.session.microscope.asked


async def walks(app: NNExplore, pilot: Pilot) -> None:
    app.seek(200)
    await press(app, pilot, "3")
    cursor(app, 0.1, 0.2)
    await press(app, pilot, "w")
    cursor(app, 0.85, 0.7)
    await typed(app, pilot, "slash", "data, corners>3")
    await press(app, pilot, "c", "c")


async def typed_plane(app: NNExplore, pilot: Pilot) -> None:
    app.seek(100)
    await press(app, pilot, "3", "p")
    await typed(app, pilot, "P", "1 60 120")
    cursor(app, 0.7, 0.4)


async def explores_a_plane(app: NNExplore, pilot: Pilot) -> None:
    app.seek(60)
    await press(app, pilot, "3", "p", "p", "p")
    cursor(app, 0.3, 0.6)
    await press(app, pilot, "m", "z")
    app.step(10)


async def solves(app: NNExplore, pilot: Pilot) -> None:
    app.seek(50)
    await press(app, pilot, "4", "s", "right", "right", "d")
    assert [event.label for event in app.session.trainer.history.events]


async def runs(app: NNExplore, pilot: Pilot) -> None:
    """A branch for each optimiser, with names; some with another width."""
    app.seek(30)
    for optimizer in [*OPTIMIZERS][1:]:
        await press(app, pilot, "B")
        app.change(optimizer=optimizer)
        app.session.rename(optimizer[:8])
    await press(app, pilot, "vertical_line")
    app.step(50)
    await press(app, pilot, "V", "less_than_sign", "V", "tab", "z")
    assert len(app.session.live) == len(OPTIMIZERS)


async def unlike_runs(app: NNExplore, pilot: Pilot) -> None:
    """Runs of other layers, other data and another loss."""
    app.seek(40)
    await press(app, pilot, "B")
    app.begin(replace(app.session.experiment, hidden=(5,), activation="tanh"))
    await press(app, pilot, "B")
    app.begin(replace(app.session.experiment, loss="binary_cross_entropy", output="sigmoid"))
    await press(app, pilot, "vertical_line")
    app.step(30)
    await press(app, pilot, "e")
    app.screen.query_one(Input).value = "β loss"
    await press(app, pilot, "enter", "less_than_sign", "left")


async def beside_the_glm(app: NNExplore, pilot: Pilot) -> None:
    app.seek(10)
    await press(app, pilot, "5", "f", "L", "plus", "a")
    app.step(20)


# the sessions

TWO_WEIGHTS = (((0.5, -0.25), (0.125, 1.0)), ((1.5, -0.75),))
FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "cos(x2)")
CUT: tuple[Edit, ...] = (("delete", 3), ("add", (-2.0, 1.5), (-1.0,)), ("move", 0, (0.5, 0.5)))


def sessions() -> Iterator[tuple[str, Made]]:
    """All sessions, by the names of their files."""
    yield "explore-events", Made(Experiment(), events, "weights", "weights")
    yield "explore-ghosts", Made(Experiment(dataset="xor", hidden=(3,)), restarts)
    yield "explore-data-edits", Made(built_in("gauss"), data_edits, "settings", "settings")
    yield (
        "explore-diverged",
        Made(Experiment(dataset="reg-plane", output="identity", learning_rate=1e3), diverges),
    )
    yield "explore-schedule-stopped", Made(
        Experiment(hidden=(3,), schedule="cosine", schedule_steps=120, warm_up=15, stop_steps=150,
                   stop_below=1e-6, stop_patience=100),
        plays_until_it_stops, "settings", "settings",
    )  # fmt: skip
    yield "explore-step-schedule", Made(
        Experiment(dataset="xor", hidden=(3,), schedule="step", schedule_steps=25, warm_up=5),
        keys(steps=90), "settings",
    )  # fmt: skip
    yield "explore-spiral-features", Made(
        Experiment(dataset="spiral", hidden=(6, 4), activation=("tanh", "elu"), features=FEATURES,
                   noise=20.0, l1=0.0002, l2=0.001, train_fraction=0.6, init="glorot",
                   init_scale=0.7, seed=5, init_seed=9, optimizer="nesterov", batch_size=30),
        keys("tab", "tab", steps=80), "settings", "settings",
    )  # fmt: skip
    yield (
        "explore-ascii",
        Made(Experiment(dataset="xor", hidden=(3, 2)), events_in_ascii, options={"ascii": True}),
    )
    yield "explore-explicit-weights", Made(
        Experiment(dataset="xor", hidden=(2,), weights=TWO_WEIGHTS, biases=((0.1, -0.2), (0.05,))),
        keys(steps=30), "settings", "settings",
    )  # fmt: skip
    yield "explore-no-bias", Made(
        Experiment(dataset="xor", hidden=(2,), weights=TWO_WEIGHTS, bias=False, edits=CUT),
        keys(steps=30), "settings", "weights",
    )  # fmt: skip
    yield "explore-every-activation", Made(
        Experiment(dataset="reg-gauss", init="uniform", optimizer="rmsprop", learning_rate=0.002,
                   hidden=(3, 3, 3, 3, 3, 3, 3, 3, 3), frozen=(0, 7),
                   activation=("relu", "leaky_relu", "tanh", "sigmoid", "softplus", "elu", "gelu",
                               "silu", "sin")),
        keys("d", "H", steps=20), "settings", "settings",
    )  # fmt: skip
    yield (
        "backprop-predicting",
        Made(Experiment(dataset="xor", hidden=(3, 2)), predicts, options={"predict": True}),
    )
    yield "backprop-skips-batch", Made(
        Experiment(hidden=(4, 4, 4), skips=((1, 3),), optimizer="momentum", l2=0.01),
        keys("b", *["right"] * 12, "down", "l", steps=40, screen="2"), "settings", "settings",
    )  # fmt: skip
    yield "regions-walk", Made(Experiment(hidden=(6, 4)), walks)
    yield (
        "regions-typed-plane",
        Made(Experiment(dataset="iris", hidden=(5, 4)), typed_plane, "weights", "weights"),
    )
    yield (
        "regions-principal-plane",
        Made(Experiment(dataset="iris", hidden=(4,), optimizer="adam"), explores_a_plane),
    )
    yield "regions-knots", Made(built_in("sine"), keys("h", "h", steps=150, screen="3"))
    yield "regions-two-relu", Made(built_in("two-relu"), keys("down", steps=10, screen="3"))
    yield "linear-solved", Made(Experiment(dataset="cars", hidden=()), solves, "settings")
    yield (
        "linear-degree",
        Made(Experiment(dataset="line", hidden=()), keys("D", "D", steps=60, screen="4")),
    )
    yield (
        "linear-broken",
        Made(
            Experiment(dataset="mtcars", hidden=(4, 3), activation="identity"),
            keys("a", "tab", "z", steps=30, screen="4", then=10),
        ),
    )
    yield (
        "linear-longley",
        Made(Experiment(dataset="longley", hidden=()), keys("s", screen="4", then=5)),
    )
    yield "glm-recoded-classes", Made(
        Experiment(hidden=(3,), output="sigmoid", loss="binary_cross_entropy"),
        keys(steps=40, screen="5"), "settings", "settings",
    )  # fmt: skip
    yield "glm-two-classes-softmax", Made(
        Experiment(hidden=(3,), output="softmax", loss="cross_entropy"),
        keys(steps=40, screen="5"), "settings", "settings",
    )  # fmt: skip
    yield (
        "glm-three-classes-softmax",
        Made(Experiment(dataset="iris", hidden=(3,)), keys(steps=40, screen="5"), "settings"),
    )
    yield "glm-stack", Made(Experiment(dataset="stackloss", hidden=()), beside_the_glm)
    yield from glm_heads()
    yield "compare-every-optimizer", Made(Experiment(dataset="xor", hidden=(3,)), runs)
    yield "compare-unlike-runs", Made(Experiment(dataset="gauss", hidden=(2,)), unlike_runs)
    yield "surface", Made(Experiment(dataset="xor", hidden=(3,)), keys(steps=80, screen="S"))
    yield from own_data()
    for name in DATASETS:
        yield (
            f"data-{name}",
            Made(Experiment(dataset=name, hidden=(2,), learning_rate=0.01), keys(steps=20)),
        )


async def events_in_ascii(app: NNExplore, pilot: Pilot) -> None:
    app.seek(30)
    await press(app, pilot, "right_square_bracket", "m")
    app.step(10)
    await press(app, pilot, "i", "plus", "b")


HEADS = {  # data whose targets the family allows, and a learning rate that does not diverge
    "gaussian": ("cars", 1e-6), "binomial": ("challenger", 0.01), "poisson": ("dobson", 1e-3),
    "gamma": ("cars", 1e-4),
}  # fmt: skip
RATES = {"gaussian-identity": 0.01, "gaussian-inverse": 1e-9, "binomial-identity": 0.001}
LINKS: dict[str, Callable[[float], float]] = {  # of the mean
    "identity": lambda mean: mean,
    "log": math.log,
    "inverse": lambda mean: 1.0 / mean,
    "logit": lambda mean: math.log(mean / (1.0 - mean)),
    "probit": NormalDist().inv_cdf,
    "cloglog": lambda mean: math.log(-math.log(1.0 - mean)),
}


def glm_heads() -> Iterator[tuple[str, Made]]:
    """A one-layer network for each family and link, which begins at the mean: else some leave the
    range of their family at once."""
    for (family, link), (output, loss) in GLM_NETWORKS.items():
        dataset, rate = HEADS[family]
        if family == "gaussian" and link in ("logit", "probit", "cloglog"):
            dataset, rate = "beetles", 0.01
        rate = RATES.get(f"{family}-{link}", rate)
        data = load_dataset(dataset, data_seed=0, split_seed=0)
        weights = (((0.0,) * data.X.shape[1],),)
        biases = ((LINKS[link](float(data.Y.mean())),),)
        yield f"glm-{family}-{link}", Made(
            Experiment(dataset=dataset, hidden=(), output=output, loss=loss, learning_rate=rate,
                       weights=weights, biases=biases),
            keys(steps=25, screen="5"), "settings", "settings",
        )  # fmt: skip


OWN = {
    "own-categories.csv": (
        "size,colour,shop,price\n"
        + "".join(
            f"{i % 7 + 0.5},{('red', 'green', 'blue')[i % 3]},{('north', 'south')[i * i % 2]},"
            f"{10 + 2 * (i % 7) + 3 * (i % 3) - (i % 5)}\n"
            for i in range(24)
        )
    ),
    "own-headless.csv": "".join(
        f"{i},{i * i % 11},{3 * i - i * i % 11 + 0.25}\n" for i in range(20)
    ),
    "own-semicolon.csv": "dose;sex;dead\n" + "".join(
        f"{i / 4};{'fm'[i % 2]};{('no', 'yes')[i % 8 + i // 5 > 6]}\n" for i in range(30)
    ),
    "own-species.tsv": "length\twidth\tspecies\n" + "".join(
        f"{1 + i % 5 + 3 * (i % 3)}\t{2 + i % 4 - i % 3}\t{('ash', 'bay', 'cedar')[i % 3]}\n"
        for i in range(27)
    ),
}  # fmt: skip


def own_data() -> Iterator[tuple[str, Made]]:
    """Sessions on files of one's own, found from where the session is."""
    yield "own-categories", Made(
        Experiment(dataset="own-categories.csv", hidden=(3,), target="price"),
        keys(steps=40, screen="4"), "settings", "settings",
    )  # fmt: skip
    yield "own-categories-raw", Made(
        Experiment(dataset="own-categories.csv", hidden=(), target="price", standardize=False,
                   features=("size",), learning_rate=0.01, train_fraction=0.75),
        keys("s", steps=40, screen="4"), "settings",
    )  # fmt: skip
    yield "own-headless", Made(
        Experiment(dataset="own-headless.csv", hidden=(3,), target=1, edits=(("delete", 2),)),
        keys("m", steps=40), "weights",
    )  # fmt: skip
    yield "own-semicolon", Made(
        Experiment(dataset="own-semicolon.csv", hidden=()),
        keys("equals_sign", screen="5", then=30), "settings",
    )  # fmt: skip
    yield "own-species", Made(
        Experiment(dataset="own-species.tsv", hidden=(3,)), keys(steps=40, screen="3"), "settings",
        "settings",
    )  # fmt: skip


# making


async def make(name: str, made: Made, expected: dict[str, Any], codes: dict[str, str]) -> None:
    """Write a session, and what else is written of it, into the present folder."""
    here = Path.cwd()
    async with running(made.experiment, **made.options) as (app, pilot):
        app.act_quietly()
        await made.do(app, pilot)
        place, session = place_of(app), app.session
        (here / f"{name}.npz").write_bytes(saved(session, here, place).content())
        if made.toml:
            text = experiment_text(session, here, made.toml == "weights")
            (here / f"{name}.toml").write_text(text, encoding="utf-8")
        if made.share:
            codes[name] = offer(session, made.share == "weights").code
        ascii = bool(made.options.get("ascii"))
        numbers = session_numbers(read_session(here / f"{name}.npz").session)
        expected["sessions"][name] = {"ascii": ascii, "place": dict(place), "numbers": numbers}
        if made.toml:
            experiment = read_experiment(here / f"{name}.toml")
            expected["experiments"][name] = trainer_numbers(Trainer(experiment).step(STEPS))


def gallery_codes() -> dict[str, str]:
    """A code for each experiment of the gallery, with its cost after some steps."""
    codes = {}
    for entry in gallery():
        session = Session(entry.experiment)
        session.step(STEPS)
        codes[f"gallery-{entry.name}"] = offer(session, with_weights=False).code
    return codes


async def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    for name, text in OWN.items():
        Path(name).write_text(text, encoding="utf-8", newline="")
    expected: dict[str, Any] = {"sessions": {}, "experiments": {}, "codes": {}}
    codes: dict[str, str] = {}
    for name, made in sessions():
        print(name, flush=True)
        await make(name, made, expected, codes)
    codes |= gallery_codes()
    for name, code in codes.items():
        shared = read_share_code(code)
        step = shared.expected.step if shared.expected else STEPS
        numbers = trainer_numbers(Trainer(shared.experiment).step(step))
        promise = shared.expected and [shared.expected.step, shared.expected.cost]
        expected["codes"][name] = {"code": code, "promise": promise, "numbers": numbers}
    Path("expected.json").write_text(written(expected), encoding="utf-8")


def written(tables: dict[str, Any]) -> str:
    """As JSON, each file's numbers on a line of its own."""
    parts = []
    for kind, table in tables.items():
        lines = (
            f"{json.dumps(name)}: {json.dumps(numbers, ensure_ascii=False)}"
            for name, numbers in table.items()
        )
        parts.append(f"{json.dumps(kind)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
