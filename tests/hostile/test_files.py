"""Files of anybody: each is read within bounds or refused in one line, wherever it is named."""

import io
import os
from pathlib import Path

import pytest
from lines import run_all
from screen import press, running, text
from textual.widgets import Input

import engine
from engine.data.reading import read
from engine.errors import DataError
from engine.storage.file_kind import Kind, kind_of
from tui import config
from tui.commands import files as opening
from tui.dialogs.files import OpenFile
from tui.experiments.library import built_in
from tui.session.session import Session
from tui.storage.saving import read_session, saved
from tui.system import app_folders

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")

DEVICE = "is a pipe or a device; save what comes out of it in a file"
LARGE = "is too large: {} MB is the most"
ROWS = "x,y\n1,2\n2,3\n3,5\n4,4\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder of its own, and a home in which nothing is."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


# what is no file, or has no end


def trap(folder: Path, name: str) -> str:
    """A name in a folder that stands for what its stem says."""
    path, kind = folder / name, Path(name).stem
    if kind in ("zero", "full", "random", "tty"):
        path.symlink_to(f"/dev/{kind}")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        os.mkfifo(folder / "far")
        path.symlink_to(folder / "far")
    elif kind == "sparse":
        with path.open("wb") as file:
            file.truncate(40_000_000_000)
    return name


TRAPS = ("zero", "full", "random", "tty", "pipe", "link")
MOST = {".csv": "1000", ".toml": "2", ".npz": "500"}


def test_what_is_no_file_or_has_no_end_is_one_line_within_bounds(here):
    expected = {}
    for ending, most in MOST.items():
        for kind in (*TRAPS, "sparse"):
            folder = here / f"{kind}{ending[1:]}"
            folder.mkdir()
            name = str(folder / trap(folder, f"{kind}{ending}"))
            says = LARGE.format(most) if kind == "sparse" else DEVICE
            line = [name] if ending == ".npz" else [name, "--share"]
            expected[(*line,)] = says
            if ending == ".csv":
                expected["fit", name] = says
                toml = folder / "own.toml"
                toml.write_text(f"dataset = '{name}'\n", encoding="utf-8")
                expected[str(toml), "--share"] = says
                code = engine.storage.share_code.share_code(engine.Experiment(dataset=name))
                expected[code, "--share"] = says
                expected["--dataset", name, "--share"] = says
    for code in (
        "nnx1:Y2BgkKhWSkksSSxOLVGyUlDST0kt069KLcpXqgUAi__Mtw",
        "nnx1:Y2BgEK9WSkksSSxOLVGyUlDST0kt0y8pqVSqBQAp7bo6",
    ):
        expected[code, "--share"] = DEVICE
    ends, memory = run_all([[*line] for line in expected], here)
    for (status, out, err), (line, says) in zip(ends, expected.items(), strict=True):
        if line[0].endswith(".npz"):
            says = "there is no terminal"  # which is said before a session is read
        assert (status, out) == (2, ""), line
        assert says in err and err.count("\n") == 1, line
    assert memory < 400


@pytest.mark.parametrize("ending", MOST)
@pytest.mark.parametrize("kind", [*TRAPS, "sparse"])
def test_the_dialog_refuses_them_too(here, kind, ending):
    says = LARGE.format(MOST[ending]) if kind == "sparse" else DEVICE
    with pytest.raises(DataError, match=says):
        opening.read(trap(here, f"{kind}{ending}"))


@pytest.mark.parametrize(("kind", "says"), [*((kind, DEVICE) for kind in TRAPS),
                                            ("sparse", LARGE.format(1))])  # fmt: skip
def test_preferences_are_a_file_of_bounded_size(kind, says):
    path = app_folders.config_path()
    path.parent.mkdir(parents=True)
    trap(path.parent, f"{kind}.toml")
    path.symlink_to(path.parent / f"{kind}.toml")
    with pytest.raises(config.PreferencesError, match=says):
        config.load()


def test_a_pipe_of_the_shell_is_read_and_a_silent_one_is_not_waited_for(monkeypatch):
    reader, writer = os.pipe()
    os.write(writer, ROWS.encode())
    os.close(writer)
    assert read.read_table(f"/dev/fd/{reader}").names == ("x", "y")
    os.close(reader)
    reader, writer = os.pipe()
    try:
        with pytest.raises(DataError, match=r"nothing has come out of it for 0.01 s"):
            read.read_table(f"/dev/fd/{reader}", pipe_wait=0.01)
        os.write(writer, b"x" * 60_000)
        monkeypatch.setattr(read, "MAX_BYTES", 50_000)
        with pytest.raises(DataError, match="is too large"):
            read.read_table(f"/dev/fd/{reader}", pipe_wait=0.01)
    finally:
        os.close(reader)
        os.close(writer)


def test_a_file_that_grows_is_read_no_further_than_its_bound(here):
    class Growing(io.RawIOBase):
        read_ = 0

        def fileno(self):
            return os.open(here, os.O_RDONLY)

        def read(self, size=-1):
            self.read_ += size
            return bytes(size)

    file = Growing()
    with pytest.raises(DataError, match="is too large"):
        engine.atomic_files.read_open(Path("x"), file, 3_000_000)
    assert file.read_ <= 3_000_000 + engine.atomic_files.PART


# one place decides which file is what


@pytest.mark.parametrize(
    ("line", "kind"),
    [("nnx1:abc", Kind.CODE), ("a.npz", Kind.SESSION), ("A.NPZ", Kind.SESSION),
     ("./b.toml", Kind.EXPERIMENT), ("d.csv", Kind.DATA), ("d.tsv", Kind.DATA),
     ("d.txt", Kind.DATA), ("d.dat", Kind.DATA), ("./d", Kind.DATA)],
)  # fmt: skip
def test_a_line_is_a_code_or_a_file_of_one_kind(line, kind):
    assert kind_of(line) is kind


def test_data_open_whatever_the_ending_on_the_command_line_and_in_the_dialog(here):
    names = ("d.dat", "d.txt", "d.csv", "d", "d.tar.gz")
    lines = []
    for name in names:
        (here / name).write_text(ROWS, encoding="utf-8")
        (here / f"{name}.toml").write_text(f"dataset = './{name}'\n", encoding="utf-8")
        of_name = [f"./{name}"], [name], [f"{name}.toml"]
        lines += [*([*line, "--share"] for line in of_name), ["fit", f"./{name}"]]
    ends, _ = run_all(lines, here)
    assert {status for status, _, _ in ends} == {0}, ends
    for name in (*names, *(f"./{name}" for name in names)):
        session = opening.read(name).session
        assert session.prepared.dataset.feature_names == ("x",)
        again = reopened(session, here / "s.npz").session
        assert os.path.samefile(again.experiment.dataset, name)


# data that others have written


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ("# comment\nx,y\n1,2\n2,3\n", ("1", "2")),
        ("# a, comment, of mine\nx,y\n1,2\n", ("1",)),
        ("x,y\n1_000,2\n2_000,3\n", ("1000", "2000")),
        ("x,y\n１２,2\n３,3\n", ("12", "3")),
        ("x,y\n٣,2\n٤,3\n", ("3", "4")),
    ],
)
def test_numbers_and_comments_of_others_are_read_as_they_are_meant(here, content, cells):
    (here / "d.csv").write_text(content, encoding="utf-8")
    assert read.read_table("d.csv").columns[0].cells == cells


def test_a_million_cells_are_read_as_before(here):
    rows = "".join(f"{i},{i * 0.5},{i % 7}\n" for i in range(50_000))
    (here / "d.csv").write_text(f"a,b,c\n{rows}", encoding="utf-8")
    a, b, c = read.read_table("d.csv").columns
    assert a.values.tolist() == [*range(50_000)]
    assert b.values.tolist() == [i * 0.5 for i in range(50_000)]
    assert c.cells[:8] == (*"01234560",)


# a session and its data


def own_session(folder: Path) -> Session:
    (folder / "d.csv").write_text(ROWS, encoding="utf-8")
    session = Session(engine.Experiment(dataset="d.csv", hidden=(2,)))
    session.time.step(5)
    return session


def reopened(session: Session, path: Path):
    path.write_bytes(saved(session, path.parent).content())
    return read_session(path)


@pytest.mark.parametrize("after", ["dose,y\n1,2\n2,3\n3,5\n4,4\n", None])
async def test_a_session_opens_with_its_data_whatever_became_of_the_file(here, after):
    session = own_session(here)
    (here / "s.npz").write_bytes(saved(session, here).content())
    (here / "d.csv").unlink() if after is None else (here / "d.csv").write_text(
        after, encoding="utf-8"
    )
    async with running(built_in("circle")) as (app, pilot):
        await press(app, pilot, "ctrl+o")
        app.screen.query_one(Input).value = "s.npz"
        await press(app, pilot, "enter")
        assert not isinstance(app.screen, OpenFile)
        words = app.message
        assert "the session goes on with the data it was trained on" in words
        assert ("is no longer there" if after is None else "has changed since") in words
        for keys in (("right",), ("r",), ("R",), ("vertical_line",), ("o", "escape"), ("right",)):
            await press(app, pilot, *keys)
            assert app.session.prepared.dataset.X.tolist() == [[1.0], [2.0], [3.0], [4.0]]
            assert app.session.prepared.dataset.feature_names == ("x",)
        assert app.session.trainer.step_count == 1
        assert "Traceback" not in text(app)


def test_settings_and_edits_go_on_with_the_data_of_the_session(here):
    session = own_session(here)
    again = reopened(session, here / "s.npz").session
    (here / "d.csv").unlink()
    from tui.session.settings_draft import Draft

    draft = Draft(present=again.prepared)
    assert draft.choose(again.experiment, {"hidden": (3,)}) == {}
    assert draft.wanted(again.experiment).hidden == (3,)
    assert draft.facts(again.experiment).names == ("x",)
    again.begin_from(again.trainer.network, edits=(("delete", 0),))
    assert len(again.prepared.dataset.X) == 3
    again.branch_off()
    assert again.prepared.loaded is again.runs.live[0].prepared.loaded


def test_data_too_large_to_keep_are_left_out_and_the_file_is_read_again(here, monkeypatch):
    monkeypatch.setattr("engine.storage.stored_data.MAX_STORED", 10)
    session = own_session(here)
    opened = reopened(session, here / "s.npz")
    assert opened.session.trainer.step_count == 5
    (here / "d.csv").unlink()
    with pytest.raises(DataError, match="bring back the"):
        read_session(here / "s.npz")
