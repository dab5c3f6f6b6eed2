"""What version 0.1.0 saved opens in this one, and has the numbers that it had there.

The files, and how they were made, are in tests/reference/v0.1.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from frames import framed
from saved_numbers import differences, session_numbers, trainer_numbers
from screen import running, settled, text

from engine import Trainer
from engine.storage.share_code import read_share_code
from tui.commands.files import open_in_app
from tui.storage.opening import read_experiment
from tui.storage.saving import read_session
from tui.storage.sharing import cost_of

SAVED = Path(__file__).parent / "reference" / "v0.1"
EXPECTED = json.loads((SAVED / "expected.json").read_text(encoding="utf-8"))
SESSIONS, EXPERIMENTS, CODES = EXPECTED["sessions"], EXPECTED["experiments"], EXPECTED["codes"]
STEPS = 30  # that an experiment was trained for its numbers
IN_THE_APP = (
    "explore-events", "explore-ascii", "backprop-predicting", "regions-walk", "linear-broken",
    "glm-poisson-log", "compare-every-optimizer", "surface", "own-categories",
)  # fmt: skip


COUNTS = ("own-categories", "own-categories-raw")
"""Sessions whose default model was Poisson's; now it counts as chosen."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the files, elsewhere than they were saved."""
    return Path(shutil.copytree(SAVED, tmp_path_factory.mktemp("moved") / "here"))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Neither the folder of the files, nor one of the user's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


def opened(folder, name):
    return read_session(folder / f"{name}.npz")


def test_every_file_is_compared(folder):
    assert {path.stem for path in folder.glob("*.npz")} == {*SESSIONS}
    assert {path.stem for path in folder.glob("*.toml")} == {*EXPERIMENTS}
    assert {*IN_THE_APP} <= {*SESSIONS}


@pytest.mark.parametrize("name", [*SESSIONS])
def test_a_session_has_its_numbers_and_draws_on_its_screen(name, folder):
    it = opened(folder, name)
    place, expected = SESSIONS[name]["place"], SESSIONS[name]["numbers"]
    if name in COUNTS:
        expected = expected | {"selected": expected["selected"] | {"model": ["poisson", "log"]}}
    assert not differences(session_numbers(it.session), expected)
    assert it.place == place
    frame = framed(it.session, place["screen"])
    assert frame.step == it.session.trainer.step_count


@pytest.mark.parametrize("name", [*SESSIONS])
def test_the_runs_of_a_session_are_kept_and_replayed_to_the_last_bit(name, folder):
    """Their checkpoints are those in the file, as NumPy reads them; from the first step and from
    beyond the last one they return to where they were."""
    with np.load(folder / f"{name}.npz") as kept:
        vectors = [kept[key] for key in kept.files if key.endswith(".vectors")]
    for run, in_file in zip(opened(folder, name).session.runs.live, vectors, strict=True):
        trainer, history = run.live, run.live.history
        states = [history.checkpoints[step] for step in sorted(history.checkpoints)]
        assert np.concatenate([state.vectors for state in states]).tobytes() == in_file.tobytes()
        now, step = trainer.state.vectors.tobytes(), trainer.step_count
        for other in (0, history.latest_step + 5):
            trainer.seek(other)
            assert trainer.seek(step).state.vectors.tobytes() == now


@pytest.mark.parametrize("name", IN_THE_APP)
async def test_a_session_opens_in_the_app_where_the_user_was(name, folder):
    runs = SESSIONS[name]["numbers"]["runs"]
    async with running(size=(80, 24), ascii=SESSIONS[name]["ascii"]) as (app, pilot):
        open_in_app(app, opened(folder, name))
        await settled(pilot)
        assert app.present_place == SESSIONS[name]["place"]
        assert [run.live.step_count for run in app.session.runs.live] == [
            run["step"] for run in runs
        ]
        assert text(app).strip()


@pytest.mark.parametrize("name", [*EXPERIMENTS])
def test_an_experiment_trains_to_its_numbers(name, folder):
    experiment = read_experiment(folder / f"{name}.toml")
    assert not differences(trainer_numbers(Trainer(experiment).step(STEPS)), EXPERIMENTS[name])


@pytest.mark.parametrize("name", [*CODES])
def test_a_share_code_trains_to_its_numbers_and_to_the_cost_it_promises(name, folder, monkeypatch):
    monkeypatch.chdir(folder)  # data of one's own are told from where the code is opened
    expected = CODES[name]["numbers"]
    shared = read_share_code(CODES[name]["code"])
    promised = shared.expected and [shared.expected.step, shared.expected.cost]
    assert promised == CODES[name]["promise"]
    trainer = Trainer(shared.experiment).step(expected["step"])
    assert not differences(trainer_numbers(trainer), expected)
    if promised:
        assert cost_of(trainer) == pytest.approx(shared.expected.cost, rel=1e-9)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"stored": {"x": [1.0, np.nextafter(2.0, 3.0)]}}, "/stored/x/1"),
        ({"y": 1.0 + 1e-8}, "/y"),
        ({"z": [1.0, 1e-8]}, "/z"),
        ({"n": 4}, "/n"),
        ({"n": None}, "/n"),
        ({"y": float("nan")}, "/y"),
        ({"z": [1.0]}, "/z"),
    ],
)
def test_other_numbers_are_told(changed, says):
    numbers = {"stored": {"x": [1.0, 2.0]}, "y": 1.0, "z": [1.0, 0.0], "n": 3}
    near = {"y": 1.0 + 1e-12, "z": [1.0, 1e-12], "new": 5}
    assert not differences(numbers | near, numbers)
    (line,) = differences(numbers | changed, numbers)
    assert line.startswith(says)
