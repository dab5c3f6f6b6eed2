"""Recovery: what a crash leaves is found, opened once, and never taken from a running app."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from frames import finish_counting
from screen import press, running, settled, text

from engine import EngineError
from tui.autosave import Autosave, Outcome
from tui.cli import main as cli
from tui.cli import open_app
from tui.cli.startup import StartingSession
from tui.experiments.library import built_in
from tui.session.session import Session
from tui.storage.recovery import NAME, crashed_sessions, folder, message
from tui.storage.saving import read_session, saved
from tui.system.processes import start_of

ROOT = Path(__file__).parents[3]
CIRCLE = built_in("circle")
LONGEST = 60.0  # seconds that a busy machine may take to start an app, and to end it


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    folder().mkdir(parents=True)


def dead_process() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leave(process: int, step: int, age: float = 0.0) -> Path:
    """A session at this step, as a process would have left it so many seconds ago."""
    session = Session(CIRCLE)
    session.time.step(step)
    path = folder() / f"session-{step}-{process}.npz"
    path.write_bytes(saved(session, folder()).content())
    os.utime(path, (time.time() - age, time.time() - age))
    return path


@pytest.mark.skipif(not start_of(os.getpid()), reason="needs /proc")
def test_a_process_with_the_number_of_one_that_is_no_more_hides_nothing():
    other = os.getppid()
    start = start_of(other)
    assert start.isdecimal()
    leave(other, 1).rename(folder() / f"session-1-{other}-{start}.npz")
    assert not crashed_sessions()
    left = leave(other, 2).rename(folder() / f"session-2-{other}-{int(start) - 1}.npz")
    assert [one.path for one in crashed_sessions()] == [left]


def test_the_file_of_an_app_names_its_process():
    path = Autosave().path
    assert NAME.fullmatch(path.name)
    assert path.stem.split("-")[2:] == [str(os.getpid()), *filter(None, [start_of(os.getpid())])]


def test_what_was_left_is_listed_the_latest_first_but_for_what_belongs_to_the_living():
    gone = dead_process()
    paths = [leave(gone, step, age=10.0 * step) for step in (3, 1, 2)]
    leave(os.getppid(), 4)
    (folder() / "notes.txt").touch()
    mine = leave(os.getpid(), 5)  # of a dead process that had our number
    assert [one.path for one in crashed_sessions()] == [mine, paths[1], paths[2], paths[0]]


def test_sessions_are_recovered_one_after_the_other_the_latest_first():
    gone = dead_process()
    for step in (1, 2):
        leave(gone, step, age=-step)
    autosaves = [Autosave() for _ in range(2)]
    for autosave, step in zip(autosaves, (2, 1), strict=True):
        autosave.path = folder() / f"session-9{step}-{os.getppid()}.npz"  # as another app's
        assert autosave.recover().session.trainer.step_count == step
        assert autosave.path.exists()
    with pytest.raises(EngineError, match="nothing to recover"):
        Autosave().recover()


def test_a_left_file_that_cannot_be_read_stays():
    path = folder() / f"session-1-{dead_process()}.npz"
    path.write_bytes(b"half a file")
    with pytest.raises(EngineError, match="damaged"):
        Autosave().recover()
    assert path.exists()


def test_behind_one_that_cannot_be_read_the_next_is_recovered_and_it_is_said():
    bad = leave(dead_process(), 2)
    bad.write_bytes(b"half a file")
    leave(dead_process(), 1, age=60.0)
    opened = Autosave().recover()
    assert opened.session.trainer.step_count == 1
    assert "refused" in opened.name and "damaged" in opened.name
    assert bad.exists()


def test_the_start_tells_of_what_was_left():
    assert message(crashed_sessions()) == ()
    leave(dead_process(), 1)
    (one,) = crashed_sessions()
    says = f"unsaved session from {one.when}: nn-explore --recover opens it"
    assert message((one,))[0] == says
    leave(dead_process(), 2, age=3 * 86400.0)
    _, older = crashed_sessions()
    long, *shorter = message(crashed_sessions())
    assert long.endswith("opens it, then 1 older one")
    assert shorter == [says, "unsaved session: nn-explore --recover opens it"]
    assert len(older.when) == len("2026-03-14 14:02")


async def test_only_changes_are_written_and_quitting_keeps_the_last_session():
    async with running(CIRCLE) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        for keys, written in (((), False), (("right",), True), ((), False), (("pageup",), True)):
            await press(app, pilot, *keys)
            autosave.path.unlink(missing_ok=True)
            autosave.store_if_changed(app)
            autosave.wait()
            assert autosave.path.exists() == written
        kept = read_session(autosave.path).session
        assert kept.trainer.step_count == 1
        assert kept.selection.example == app.session.selection.example
    assert autosave.end(app) == Outcome("", 0)
    assert crashed_sessions() == ()
    assert message(crashed_sessions()) == ()
    assert Autosave().recover().session.trainer.step_count == 1


async def test_what_was_only_looked_at_does_not_take_the_place_of_the_last_session():
    for keys in (("right", "right"), ()):
        async with running(CIRCLE) as (app, pilot):
            autosave = Autosave()
            autosave.watch(app)
            await press(app, pilot, *keys)
        autosave.end(app)
    assert Autosave().recover().session.trainer.step_count == 2


async def test_what_was_only_looked_at_hides_no_session_that_was_left():
    leave(dead_process(), 2)
    async with running(CIRCLE) as (app, _):
        autosave = Autosave()
        autosave.watch(app)
        autosave.store()  # the terminal is closed
        app.exit(return_code=129)
    assert autosave.end(app) == Outcome("", 129)
    assert not autosave.path.exists()


async def test_after_a_crash_the_session_is_kept_as_it_was():
    async with running(CIRCLE) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        await press(app, pilot, "right", "right")
        app.exit(return_code=1)
        await settled(pilot)
    ended = autosave.end(app)
    assert "--recover" in ended.message and ended.exit_status == 1
    assert read_session(autosave.path).session.trainer.step_count == 2


async def test_where_nothing_can_be_kept_the_app_goes_on_and_says_so_once(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    async with running(CIRCLE) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        said = []
        for _ in range(3):
            await press(app, pilot, "right")
            autosave.store_if_changed(app)
            autosave.wait()
            await settled(pilot)
            said.append("not saved for recovery" in app.message)
        assert said == [True, False, False]
    assert not app.return_code


async def test_a_recovered_session_comes_back_with_its_screen():
    async with running(CIRCLE) as (app, pilot):
        app.session.time.step(100)
        await press(app, pilot, "3", "c", "tab")
        finish_counting(app.session)
        app.show()
        await settled(pilot)
        before = text(app)
        Autosave().write_now(app.session, app.present_place)
    start = StartingSession(None, None, recover=True)
    async with running(start.experiment, at_start=start.begin) as (app, pilot):
        finish_counting(app.session)
        app.show()
        await settled(pilot)
        app.message = ""
        await press(app, pilot, "f5")  # no key: the hint goes
        assert text(app) == before
        assert app.session.file is None


@pytest.mark.parametrize("keys", [("B", "right", "vertical_line", "tab"), ("3", "S"), ("4", "z")])
async def test_a_session_that_was_quit_comes_back_to_its_screen_and_from_there_back(keys):
    async with running(CIRCLE) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        await press(app, pilot, "right", "right", *keys)
        place, steps = app.present_place, [run.live.step_count for run in app.session.runs.live]
        await press(app, pilot, "q")
    autosave.end(app)
    start = StartingSession(None, None, recover=True)
    async with running(start.experiment, at_start=start.begin) as (app, pilot):
        await settled(pilot)
        assert app.present_place == place
        assert [run.live.step_count for run in app.session.runs.live] == steps
        assert app.session.runs.together == (place["screen"] == "compare")
        await press(app, pilot, "escape", "escape")  # the loss surface stops before
        assert {"compare": "explore", "surface": "regions"}.get(
            place["screen"], place["screen"]
        ) == app.frame_screen.NAME


def test_killed_an_app_leaves_what_was_written_last():
    pty = pytest.importorskip("pty", reason="Windows has no such terminals")
    script = "import tui.autosave as a; a.INTERVAL = 0.1; import tui.cli.main as c; c.main([])"
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=inside, stdout=inside, stderr=inside,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"},
    )  # fmt: skip
    os.close(inside)
    os.set_blocking(terminal, False)
    while not [*folder().glob("session-*.npz")]:
        assert process.poll() is None
        drain(terminal)
        os.write(terminal, b"\x1b[C")  # right: a step
        time.sleep(0.5)  # more of them would keep a slow machine from anything else
    process.kill()
    assert process.wait() == -signal.SIGKILL
    os.close(terminal)
    (one,) = crashed_sessions()
    assert read_session(one.path).session.trainer.step_count > 0


def drain(terminal: int) -> None:
    """Read what the app draws, so that it can go on."""
    try:
        while os.read(terminal, 1 << 16):
            pass
    except OSError:
        return


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--recover"], "nothing to recover"),
        (["--recover", "x.npz"], "give --recover or a file, not both"),
        (["--recover", "--seed", "3"], "leave out --seed"),
        (["--recover", "--dataset", "xor"], "leave out --dataset"),
        (["nowhere.npz"], "nowhere.npz"),
        (["nowhere.npz", "--layers", "3"], "leave out --layers"),
        (["nowhere.npz", "--no-bias"], "leave out --no-bias"),
    ],
)
def test_a_mistaken_command_is_one_line(capsys, monkeypatch, arguments, says):
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert says in err
    assert (out, err.count("\n")) == ("", 1)
