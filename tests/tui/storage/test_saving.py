"""Saving and opening: what is opened again is what was saved, and a bad file changes nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from checkpoints import save_checkpoint
from frames import finish_counting
from hypothesis import given, settings
from hypothesis import strategies as st
from screen import press, running, settled, text
from textual.widgets import Input

import engine
from engine.training.optimizers import OPTIMIZERS
from tui.commands import files as opening
from tui.dialogs.files import OpenFile
from tui.experiments.library import built_in, entry, gallery
from tui.session.session import Session
from tui.storage.recent import MAX_FILES, recent, remember
from tui.storage.saving import experiment_text, read_session, saved

pytestmark = pytest.mark.trained

CIRCLE = built_in("circle")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A directory of its own, and a home whose recent files are none."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def reopened(session, path):
    path.write_bytes(saved(session, path.parent).content())
    return read_session(path).session


def state(session):
    return [run.live.state for run in session.runs.live]


def same(ours, theirs):
    """Whether states are equal to the last bit."""
    return len(ours) == len(theirs) and all(
        a.vectors.tobytes() == b.vectors.tobytes()
        and (a.step, a.count, a.settings, a.batches) == (b.step, b.count, b.settings, b.batches)
        for a, b in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize(
    "name", [one.name for one in gallery() if one.heading == "published examples"]
)
def test_a_worked_example_opens_again_with_its_rows_targets_and_settings(name, here):
    session = Session(entry(name).experiment)
    session.time.step(3)
    again = reopened(session, here / "session.npz")
    assert same(state(session), state(again))
    assert again.experiment == session.experiment
    ours, theirs = session.prepared.dataset, again.prepared.dataset
    assert (ours.task, ours.target, ours.target_names) == (
        theirs.task,
        theirs.target,
        theirs.target_names,
    )
    assert ours.X.tobytes() == theirs.X.tobytes()
    assert ours.Y.tobytes() == theirs.Y.tobytes()
    again.time.step(4)
    session.time.step(4)
    assert same(state(session), state(again))


@st.composite
def sessions(draw):
    """A session of a random experiment, with events, branches, ghosts and other runs."""
    session = Session(
        engine.Experiment(
            dataset=draw(st.sampled_from(["circle", "xor", "sine", "mtcars"])),
            hidden=tuple(draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))),
            activation=draw(st.sampled_from(["relu", "tanh"])),
            optimizer=draw(st.sampled_from([*OPTIMIZERS])),
            learning_rate=draw(st.floats(1e-3, 0.1)),
            batch_size=draw(st.integers(1, 40)),
            seed=draw(st.integers(0, 99)),
        )
    )
    acts = [
        lambda: session.time.step(draw(st.integers(1, 200))),
        lambda: session.time.seek(draw(st.integers(0, session.trainer.step_count))),
        lambda: session.change(learning_rate=draw(st.floats(1e-4, 0.05))),
        lambda: session.change(optimizer=draw(st.sampled_from([*OPTIMIZERS])), l2=0.001),
        lambda: session.trainer.edit(1, "weight", (0, 0), draw(st.floats(-1, 1))),
        lambda: session.undo(),
        lambda: session.restart(draw(st.booleans())),
        lambda: session.branch_off(),
        lambda: session.switch_to(draw(st.integers(0, 5))),
        lambda: session.select_unit(1, 0),
        lambda: session.selection.next_example(draw(st.integers(-9, 9))),
        lambda: session.selection.next_plane(),
        lambda: session.selection.toggle_batch_mode(),
        lambda: session.selection.toggle_walk(),
    ]
    for act in draw(st.lists(st.sampled_from(acts), max_size=10)):
        if not session.trainer.divergence and len(session.runs.live) < 5:
            act()
    return session


@given(sessions(), st.integers(1, 100))
@settings(max_examples=25)
def test_a_reopened_session_goes_on_with_the_same_bits(tmp_path_factory, session, steps):
    again = reopened(session, tmp_path_factory.mktemp("saved") / "run.npz")
    assert [(r.name, r.label) for r in again.runs.all] == [
        (r.name, r.label) for r in session.runs.all
    ]
    assert again.runs.index == session.runs.index
    for ours, theirs in zip(again.runs.ghosts, session.runs.ghosts, strict=True):
        for name in ("steps", "train", "test"):
            pair = getattr(ours.curve, name), getattr(theirs.curve, name)
            np.testing.assert_array_equal(*pair)
    assert same(state(again), state(session))
    for one in (again, session):
        one.time.step(steps)
    assert same(state(again), state(session))
    for one in (again, session):
        one.time.seek_end()
        one.time.step(steps)
        if one.trainer.history.events:  # runs before a restart are not stored
            one.undo()
    assert same(state(again), state(session))
    assert again.trainer.history.events == session.trainer.history.events


FOUR = replace(built_in("mtcars"), features=("wt", "hp", "disp", "qsec"), hidden=(3,))
PLACES = {  # experiment, step, keys
    "explore": (CIRCLE, 40, ("pageup", "b", "tab", "h", "k")),
    "restarted": (CIRCLE, 40, ("R", "right", "[", "right", "left")),
    "marked": (CIRCLE, 40, ("m", "n", "tab", "z")),
    "backprop": (CIRCLE, 40, ("2", *["right"] * 7, "down", "down")),
    "guessed": (CIRCLE, 40, ("2", "Q", "right", "enter", "enter", "right")),
    "regions": (CIRCLE, 40, ("3", "c", "h", "h", "slash", *"data", "enter", "w", "k", "k")),
    "plane": (FOUR, 50, ("3", "p", "p", "p")),
    "typed-plane": (FOUR, 50, ("P", *"1,9,20", "enter")),
    "linear": (built_in("sine"), 50, ("4", "D", "D", "d")),
    "glm": (built_in("challenger"), 50, ("5", "L")),
    "compared": (
        CIRCLE,
        50,
        ("B", "[", "right", "vertical_line", "right", "right", "less_than_sign"),
    ),
    "branched": (CIRCLE, 50, ("left", "left", "[", "right", "u")),
}


@pytest.mark.parametrize("name", PLACES)
async def test_a_reopened_session_shows_the_same_screen(here, name):
    experiment, step, keys = PLACES[name]
    async with running(experiment) as (app, pilot):
        app.session.time.step(step)
        await press(app, pilot, *keys)
        app.message = ""
        await press(app, pilot, "ctrl+s", *["end", "enter"])
        assert len([*here.iterdir()]) == 1
        finish_counting(app.session)
        app.message = ""
        app.show()
        await settled(pilot)
        before = text(app)
        marked = app.session.mark
    async with running(built_in("xor")) as (app, pilot):
        await press(app, pilot, "ctrl+o", "down", "enter")
        finish_counting(app.session)
        app.message = ""
        app.show()
        await settled(pilot)
        assert text(app) == before
        if marked:
            await press(app, pilot, "M")
            assert "not compared" not in text(app)
            assert f"step {marked.step}" in text(app)


async def test_saving_asks_for_a_name_once_and_says_where(here):
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "right", "ctrl+s")
        assert app.screen.query_one(Input).value == "circle-step-1.npz"
        await press(app, pilot, "enter")
        assert "saved circle-step-1.npz" in said(app)
        first = Path("circle-step-1.npz").read_bytes()
        await press(app, pilot, "right", "ctrl+s")
        assert Path("circle-step-1.npz").read_bytes() != first
        assert [path.name for path in here.iterdir()] == ["circle-step-1.npz"]


async def test_another_file_is_written_over_only_after_a_second_enter(here):
    (here / "mine.npz").write_text("precious", encoding="utf-8")
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "ctrl+s")
        app.screen.query_one(Input).value = "mine.npz"
        await press(app, pilot, "enter")
        assert "mine.npz exists already" in text(app)
        assert (here / "mine.npz").read_text(encoding="utf-8") == "precious"
        await press(app, pilot, "enter")
        assert read_session(here / "mine.npz").session.trainer.step_count == 0


@pytest.mark.parametrize("name", ["x", "x.csv", "", "no/such/x.npz", "folder.npz"])
async def test_a_name_that_cannot_be_written_is_refused(here, name):
    (here / "folder.npz").mkdir()
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "ctrl+s")
        app.screen.query_one(Input).value = name
        await press(app, pilot, "enter")
        assert app.session.file is None
        assert any(words in text(app) + said(app) for words in ("type a name", "cannot", "is a"))


@pytest.mark.parametrize("with_weights", [False, True])
async def test_an_experiment_file_begins_where_the_run_began_or_where_it_is(here, with_weights):
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "W")
        app.screen.query_one(Input).value = "own.toml"
        await press(app, pilot, "enter", "down" if with_weights else "up", "enter")
        assert "saved own.toml" in said(app)
        now = app.session.trainer
        await press(app, pilot, "ctrl+o", "down", "enter")
        opened = app.session.trainer
        assert opened is not now
        assert opened.step_count == 0
        start = now.network if with_weights else now.seek(0).network
        assert opened.network.parameters.tobytes() == start.parameters.tobytes()


async def test_data_are_found_from_where_the_file_is(here, tmp_path, monkeypatch):
    rows = "".join(f"{i},{i * i}\n" for i in range(20))
    (here / "own.csv").write_text("x,y\n" + rows, encoding="utf-8")
    async with running(engine.Experiment(dataset="own.csv", hidden=(2,))) as (app, pilot):
        for name in ("own.npz", "own.toml"):
            await press(app, pilot, "W")
            app.screen.query_one(Input).value = name
            await press(app, pilot, "enter")
        (tmp_path / "other").mkdir()
        monkeypatch.chdir(tmp_path / "other")
        here.rename(tmp_path / "moved")
        for name in ("own.npz", "own.toml"):
            await press(app, pilot, "ctrl+o")
            app.screen.query_one(Input).value = str(tmp_path / "moved" / name)
            await press(app, pilot, "enter")
            assert not isinstance(app.screen, OpenFile)
            assert app.session.experiment.dataset == str(tmp_path / "moved" / "own.csv")
            assert "own.csv" in text(app)


def bad_files(folder: Path) -> dict[str, str]:
    """Files that cannot be opened, and a word of what is said."""
    good = folder / "good.npz"
    save_checkpoint(good, [engine.Trainer(CIRCLE).step(100)])
    content = good.read_bytes()
    files = {
        "text.npz": (b"hello", "damaged"),
        "empty.npz": (b"", "damaged"),
        "cut.npz": (content[: len(content) // 2], "damaged"),
        "changed.npz": (content[:500] + b"!" + content[501:], "damaged"),
        "secret.npz": (content, "may not be read"),
        "empty.csv": (b"", "empty.csv"),
        "bad.toml": (b"hidden = [4\n", "not valid TOML"),
        "wrong.toml": (b'activation = "rleu"\n', "line 1"),
        "binary.toml": (bytes(range(256)), "not UTF-8"),
        "no-data.toml": (b'dataset = "gone.csv"\n', "gone.csv"),
        "picture.png": (b"\x89PNG\0", "is binary"),
        "no-ending": (b"", "is empty"),
    }
    for name, (bytes_, _) in files.items():
        (folder / name).write_bytes(bytes_)
    (folder / "secret.npz").chmod(0)
    np.savez(folder / "another.npz", a=np.arange(3))
    (folder / "folder.npz").mkdir()
    return {name: says for name, (_, says) in files.items()} | {
        "another.npz": "damaged",
        "folder.npz": "is a folder",
        "nowhere.npz": "there is no file",
        "nowhere.csv": "nowhere.csv",
        "": "nothing",
        "nnx1:abc": "the share code is damaged",
    }


async def test_a_bad_file_is_explained_and_the_session_stays(here):
    bad = bad_files(here)
    try:
        (here / "secret.npz").read_bytes()
        del bad["secret.npz"]  # nothing is secret to root
    except PermissionError:
        pass
    async with running(CIRCLE) as (app, pilot):
        session = app.session
        await press(app, pilot, "right", "ctrl+o")
        for name, says in bad.items():
            app.screen.query_one(Input).value = name
            await press(app, pilot, "enter")
            assert isinstance(app.screen, OpenFile), name
            words = str(app.screen.query_one(".mistake").render())
            assert says in words, (name, words)
            assert "Traceback" not in words
        await press(app, pilot, "escape")
        assert app.session is session
        assert session.trainer.step_count == 1


def test_runs_saved_by_a_script_open_too(here):
    runs = [engine.Trainer(replace(CIRCLE, seed=seed)).step(10) for seed in range(3)]
    save_checkpoint("runs.npz", runs)
    session = read_session(Path("runs.npz")).session
    assert [run.live.step_count for run in session.runs.live] == [10, 10, 10]
    assert len({run.name for run in session.runs.live}) == 3


def test_a_snapshot_stays_as_it_was_while_its_run_goes_on(here):
    session = Session(CIRCLE)
    session.time.step(500)
    kept = saved(session, here)
    at_once = kept.content()
    session.change(learning_rate=0.01)
    session.time.step(500)
    session.time.seek(100)
    session.change(l2=0.1)
    assert kept.content() == at_once


def test_recent_files_are_the_latest_that_are_still_there(here):
    for number in range(MAX_FILES + 3):
        Path(f"{number}.csv").touch()
        remember(Path(f"{number}.csv"))
    remember(Path("5.csv"))
    Path("7.csv").unlink()
    names = [path.name for path in recent()]
    assert names[:3] == ["5.csv", f"{MAX_FILES + 2}.csv", f"{MAX_FILES + 1}.csv"]
    assert "7.csv" not in names
    assert len(names) == MAX_FILES - 1


def said(app):
    return app.message


def test_a_name_in_a_folder_that_is_not_there_is_refused_where_it_was_typed(tmp_path):
    with pytest.raises(ValueError, match="there is no folder"):
        opening.path_reader(opening.SESSION_ENDINGS)(str(tmp_path / "missing" / "one.npz"))


def test_more_weights_than_an_experiment_can_be_read_with_are_not_saved_in_one(here):
    session = Session(replace(CIRCLE, hidden=(400, 300)))
    with pytest.raises(engine.DataError, match=r"save the session, as \.npz"):
        experiment_text(session, here, with_weights=True)
    assert experiment_text(session, here, with_weights=False)
