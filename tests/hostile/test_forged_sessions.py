"""Sessions forged by somebody who can sign them: opened and drawn, or refused in one line."""

import io
import json
import random
import zipfile
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from frames import framed
from screen import press, running

import engine
from engine.errors import DataError, EngineError
from engine.storage.archive import archive_bytes, json_array
from engine.storage.checkpoint import load_checkpoint
from tui.commands import files as opening
from tui.experiments.library import built_in
from tui.model.glm.choice import GlmChoice
from tui.session.present_mark import present_mark
from tui.session.session import Session
from tui.storage.saving import Opened, read_session, saved


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rich_session() -> Session:
    """A session that has some of everything that is saved."""
    experiment = replace(built_in("mtcars"), features=("wt", "hp", "disp"), hidden=(3, 2))
    session = Session(replace(experiment, optimizer="adam"))
    session.time.step(40)
    session.change(learning_rate=0.01)
    session.time.step(30)
    session.trainer.edit(1, "weight", (0, 0), 0.5)
    session.time.step(5)
    session.trainer.assign(0.9 * session.trainer.network.parameters)
    session.time.step(20)
    session.mark = present_mark(session)
    session.branch_off()
    session.time.step(10)
    session.restart(True)
    session.time.step(10)
    session.selection.toggle_walk()
    session.select_weight(1, 0, 1)
    session.preferences.predicting = True
    session.glm_choice = GlmChoice("gaussian", "identity")
    return session


def arrays_of(content: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(content)) as archive:
        return dict(archive)


@pytest.fixture(scope="module")
def rich(tmp_path_factory) -> dict[str, np.ndarray]:
    return arrays_of(saved(rich_session(), tmp_path_factory.mktemp("rich")).content())


def opened_forged(folder: Path, arrays) -> Session:
    path = folder / "forged.npz"
    path.write_bytes(archive_bytes(arrays))
    return read_session(path).session


def vast(shape: tuple[int, ...]) -> bytes:
    """An array's file whose header claims more numbers than there are."""
    file = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + bytes(80)


def signed(members: dict[str, bytes], compression=zipfile.ZIP_STORED) -> bytes:
    """A signed archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = bytes(64)
    body = file.getvalue()[:-64]
    return body + sha256(body).hexdigest().encode()


def members_of(arrays) -> dict[str, bytes]:
    members = {}
    for name, array in arrays.items():
        file = io.BytesIO()
        np.save(file, array)
        members[f"{name}.npy"] = file.getvalue()
    return members


def test_headers_that_lie_and_bombs_are_refused_before_anything_is_taken(here, rich):
    members = members_of(rich)
    bomb = members | {"run0.vectors.npy": bytes(100_000_000)}
    hidden = b'"hidden = [' + b"3000, " * 3 + b']\\n"'
    cases = {
        "vast": (
            signed(members | {"run0.vectors.npy": vast((10**12, 30))}),
            "run0.vectors has the wrong form",
        ),
        "long": (signed(members | {"run0.costs.npy": vast((10**12, 3))}), "size it states"),
        "negative": (signed(members | {"run0.now.npy": vast((-3,))}), "is damaged"),
        "bomb": (signed(bomb, zipfile.ZIP_DEFLATED), "it holds more than its size"),
        "deep": (forged(rich, "notes", b"[" * 10**6 + b"]" * 10**6), "notes cannot be read"),
        "wide": (forged(rich, "notes", b"[" + b"[]," * 10**6 + b"[]]"), "notes is too large"),
        "digits": (forged(rich, "notes", b"9" * 5000), "notes cannot be read"),
        "half": (forged(rich, "notes", b'{"a": "\\ud800"}'), "notes cannot be read"),
        "large": (forged(rich, "run0.experiment", hidden), "its states are of another network"),
        "many": (signed({f"{i}": b"" for i in range(30_000)}), "it holds too many arrays"),
        "again": (again(members), "have the same name"),
    }
    for name, (content, says) in cases.items():
        (here / f"{name}.npz").write_bytes(content)
        with pytest.raises(DataError, match=says):
            load_checkpoint(here / f"{name}.npz")


def forged(arrays, name: str, content: bytes) -> bytes:
    return archive_bytes(arrays | {name: np.frombuffer(content, np.uint8)})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def again(members) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in (*members.items(), ("notes.npy", members["notes.npy"])):
            info = zipfile.ZipInfo(name)
            archive.NameToInfo.pop(name, None)
            archive.writestr(info, content)
        archive.comment = bytes(64)
    body = file.getvalue()[:-64]
    return body + sha256(body).hexdigest().encode()


def changed(name: str, change):
    """A change of one array: of its JSON value, or of its numbers."""

    def of(arrays):
        array = arrays[name]
        if array.dtype == np.uint8:
            value = json.loads(array.tobytes())
            return arrays | {name: json_array(change(value))}
        array = array.copy()
        change(array)
        return arrays | {name: array}

    return of


def put(*path_and_value):
    """Put a value at a path into a JSON value."""
    *path, last, new = path_and_value

    def change(value):
        inner = value
        for key in path:
            inner = inner[key]
        inner[last] = new
        return value

    return change


def at(index, number):
    """Put a number at an index of an array."""

    def change(array):
        array[index] = number

    return change


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (changed("run0.assigned", put(0, None)), "its events"),
        (changed("run0.assigned", lambda value: [True]), "its events"),
        (changed("run0.events", put(0, "step", "x")), "one of its events"),
        (changed("run0.events", put(0, "step", 10**6)), "one of its events"),
        (
            changed("run0.events", put(1, "parameter", 10**6)),
            "an event names no parameter of the network",
        ),
        (changed("run0.events", put(0, "settings", "frozen", [10**6])), "an event freezes"),
        (changed("run0.events", put(0, "settings", "learning_rate", "x")), "its events"),
        (changed("run0.now", at(0, 10**9)), "the step it stood at"),
        (changed("run0.now", at(1, 10**9)), "the steps of its states"),
        (changed("run0.now", at(2, 5)), "the distance of its states"),
        (changed("run0.states", at((3, 3), 10**6)), "of other data"),
        (changed("run0.states", at((3, 0), -1)), "its table of states"),
        (changed("run0.states", at((3, 4), 1)), "its table of states"),
        (changed("run0.states", at((0, 0), 1)), "the steps of its states"),
        (changed("run0.vectors", at((0, 0), np.nan)), "holds a number that is not finite"),
        (changed("run0.present_vectors", at((0, 0), np.inf)), "holds a number that is not finite"),
        (changed("run0.present", put("cursor", 10**6)), "of other data"),
        (changed("run0.divergence", lambda value: {"step": 3}), "where it diverged"),
        (changed("run0.loaded", lambda value: "x"), "not the number of a data set"),
        (changed("run0.loaded", lambda value: 7), "not a checkpoint"),
        (changed("run0.experiment", lambda value: 3), "its experiment is not text"),
        (changed("run0.experiment", lambda value: "hidden = 3"), "line 1: hidden = 3"),
        (changed("data0.X", at((0, 0), np.nan)), "holds a number that is not finite"),
        (changed("data0.train", at(0, 5)), "data0.train is wrong"),
        (changed("data0.x_scale", at((1, 0), 0.0)), "data0.x_scale is wrong"),
        (changed("data0.about", put("task", "magic")), "data0.about"),
        (changed("data0.about", put("feature_names", ["x"])), "data0.about"),
        (changed("notes", put("current", 9)), "its current run"),
        (changed("notes", put("other", "x")), "the other run"),
        (changed("notes", put("cursor", [None, 1])), "its cursor"),
        (changed("notes", put("looks", "example", 10**6)), "its example"),
        (changed("notes", put("looks", "unit", [9, 9])), "its unit"),
        (changed("notes", put("looks", "colour_by", "x")), "its colours"),
        (changed("notes", put("view", "box", [[1, 0], [0, 1]])), "its view"),
        (changed("notes", put("view", "directions", [[0.0] * 3] * 2)), "its view"),
        (changed("notes", put("glm", ["gaussian", "magic"])), "its GLM"),
        (changed("notes", put("microscope", "units", [[1, "x"]])), "its micro-step"),
        (changed("notes", put("mark", "weights", [[[1.0]]])), "its mark"),
        (changed("notes", put("runs", 0, "name", "")), "its list of runs"),
        (changed("notes", put("runs", 0, "live", False)), "its list of runs"),
        (changed("notes", lambda value: {"runs": []}), "its notes are incomplete"),
    ],
)
def test_a_forged_file_says_what_of_it_is_damaged(here, rich, forge, says):
    with pytest.raises(DataError, match=says) as error:
        opened_forged(here, forge(deepcopy(rich)))
    assert str(here) in str(error.value)


ODD = (None, True, 0, 1, -1, 3, 10**6, 10**18, 10**400, 1.5, float("nan"), float("inf"), -1e308,
       "", "x", "relu", "a\u202e\x1b[31m", [], [[]], {}, {"a": 1}, [1, 2])  # fmt: skip
NUMBERS = (0.0, -1.0, 5.0, 1e300, 1e-320, float("nan"), float("inf"))
WHOLES = (0, 1, -1, 7, 10**6, 10**15, 1 << 62)
SCREENS_DRAWN = (
    "explore",
    "backprop",
    "regions",
    "linear",
    "glm",
    "approximate",
    "compare",
    "surface",
)
SETTINGS = ("0", "-1", "1e300", "[]", "'x'", "true", "[1, 2]", "100", "'tanh'")


def places(value, path=()):
    """The places in a JSON value; of long lists the first few."""
    yield path
    items = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value[:4])
    for key, item in items:
        yield from places(item, (*path, key))


def mutated(arrays, rng: random.Random):
    """The arrays with one of them, or one value in one of them, another or gone."""
    name = rng.choice(sorted(arrays))
    array, dice = arrays[name], rng.random()
    if dice < 0.06:
        return {key: value for key, value in arrays.items() if key != name}
    if dice < 0.12:
        return arrays | {name: array.reshape(-1)[:-1]}
    if dice < 0.18:
        return arrays | {name: array.astype(rng.choice(["f4", "i8", "c16", "u1", "U4"]))}
    if array.dtype != np.uint8:
        array = array.copy()
        if array.size:
            odd = WHOLES if array.dtype.kind == "i" else NUMBERS
            array.reshape(-1)[rng.randrange(array.size)] = rng.choice(odd)
        return arrays | {name: array}
    value = json.loads(array.tobytes())
    if name.endswith("experiment"):
        lines = value.splitlines()
        at = rng.randrange(len(lines))
        lines[at] = f"{lines[at].partition('=')[0]}= {rng.choice(SETTINGS)}"
        return arrays | {name: json_array("\n".join(lines))}
    path = rng.choice([*places(value)])
    odd = rng.choice(ODD)
    return arrays | {name: json_array(put(*path, odd)(value) if path else odd)}


@pytest.mark.filterwarnings("ignore:Casting complex")
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_changed_in_a_file_it_opens_and_draws_or_is_refused(here, rich, seed):
    rng = random.Random(seed)
    opened = 0
    for _ in range(60):
        session = None
        with suppress(EngineError):
            session = opened_forged(here, mutated(rich, rng))
        opened += session is not None
        if session and opened <= 5:
            for name in SCREENS_DRAWN:
                framed(session, name)
            session.approximation.cancel()  # as when the user leaves its screen
            session.time.step(3)
            session.time.step(-2)
            session.time.seek(0)
    assert 5 < opened < 60


async def test_what_opens_can_be_looked_at_on_every_screen(here, rich):
    rng = random.Random(5)
    async with running(built_in("circle")) as (app, pilot):
        for _ in range(5):
            session = None
            with suppress(EngineError):
                session = opened_forged(here, mutated(rich, rng))
            if session is None:
                continue
            opening.use(app, Opened(session, "forged"))
            for key in ("1", "2", "3", "4", "5", "vertical_line", "1", "right", "left", "u"):
                await press(app, pilot, key)
            assert app.session is session


def test_a_step_too_far_from_all_that_is_kept_is_refused(here):
    session = Session(engine.Experiment(hidden=(1,)))
    history = session.trainer.history
    history.latest_step, history.stride = 10**12, 1 << 41
    for go in (session.time.seek_end, lambda: session.time.seek(10**11)):
        with pytest.raises(EngineError, match="too far from the states that are kept"):
            go()
    session.time.step(5)
    assert session.trainer.step_count == 5
