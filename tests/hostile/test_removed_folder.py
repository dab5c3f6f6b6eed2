"""The folder that the app is in is removed: its session is kept, and every key says what is wrong.

Not on Windows, where a folder that somebody is in cannot be removed.
"""

import os
import shutil

import pytest
from screen import press, running, settled
from textual.widgets import Input, Label

from engine import Experiment
from engine.data.source import source
from engine.storage.share_code import read_share_code
from tui.autosave import Autosave, Outcome
from tui.commands.files import read
from tui.session.session import Session
from tui.storage.recovery import folder
from tui.storage.saving import read_session, saved
from tui.system import paths

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed")
DATA = "x,y\n1,2\n2,3\n3,5\n4,4\n"


@pytest.fixture
def gone(tmp_path, monkeypatch):
    """The folder that is the current one, with a file; the app is started before it goes."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "d"
    path.mkdir()
    (path / "x.csv").write_text(DATA, encoding="utf-8")
    monkeypatch.chdir(path)
    monkeypatch.setattr(paths, "START_FOLDER", path)  # as of a process that has started here
    return path


async def test_the_session_of_a_file_that_is_gone_is_kept_now_and_at_the_end(gone) -> None:
    async with running(Experiment(dataset="x.csv", hidden=())) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        await press(app, pilot, "right")
        shutil.rmtree(gone)
        autosave.store_if_changed(app)
        autosave.wait()
        assert autosave.path.exists()
        autosave.path.unlink()
        await press(app, pilot, "right", "q")
    assert autosave.end(app) == Outcome("", 0)
    gone.mkdir()
    (gone / "x.csv").write_text(
        DATA, encoding="utf-8"
    )  # another folder of that name: we are still in the old one
    opened = Autosave().recover()
    assert opened.session.trainer.step_count == 2
    assert opened.session.experiment.dataset == str(gone / "x.csv")


async def test_keys_that_need_the_folder_say_what_is_wrong(gone) -> None:
    async with running(Experiment(dataset="x.csv", hidden=())) as (app, pilot):
        await press(app, pilot, "right")
        shutil.rmtree(gone)
        await press(app, pilot, "x")
        assert read_share_code(app.clipboard).experiment.dataset == "./x.csv"
        await press(app, pilot, "escape", "ctrl+s")
        app.screen.query_one(Input).value = "x.npz"
        await press(app, pilot, "enter")
        mistake = str(app.screen.query_one(".mistake", Label).render())
        assert mistake == f"there is no folder {gone}"
        await press(app, pilot, "escape", "f2", "enter")
        mistake = str(app.screen.query_one(".mistake", Label).render())
        assert mistake == f"there is no folder {gone}"
        await press(app, pilot, "escape", "ctrl+o")
        app.screen.query_one(Input).value = "x.csv"
        await press(app, pilot, "enter")
        await settled(pilot)
        assert "no file" in str(app.screen.query_one(".mistake", Label).render())
        assert not app.return_code


def test_what_was_kept_is_recovered_in_a_folder_that_is_gone(gone) -> None:
    session = Session(Experiment(dataset="circle", hidden=(2,)))
    session.time.step(3)
    folder().mkdir(parents=True)
    (folder() / "session-1-999999999.npz").write_bytes(saved(session, folder()).content())
    shutil.rmtree(gone)
    autosave = Autosave()
    assert autosave.recover().session.trainer.step_count == 3
    assert os.listdir(folder()) == [autosave.path.name]


def test_reading_a_session_returns_to_the_folder_that_is_gone_by_no_name(gone, tmp_path) -> None:
    session = Session(Experiment(dataset="circle", hidden=(2,)))
    path = tmp_path / "one.npz"
    path.write_bytes(saved(session, tmp_path).content())
    before = os.stat(".").st_ino
    shutil.rmtree(gone)
    assert read_session(path).session.trainer.step_count == 0
    assert os.stat(".").st_ino == before


async def test_a_file_by_a_relative_name_is_found_again_whatever_the_current_folder(
    gone, tmp_path, monkeypatch
) -> None:
    opened = read("x.csv")
    monkeypatch.chdir(tmp_path)
    opened.session.restart(other_start=False)
    assert opened.session.experiment.dataset == str(gone / "x.csv")
    data = source(opened.session.experiment.dataset)
    assert str(data.relative_to(gone)) == "./x.csv"
    assert str(data.relative_to(tmp_path)) == "./d/x.csv"
