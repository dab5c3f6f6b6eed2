"""Whatever ends the app, its session is kept, or it is told that it could not be, and why."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from screen import press, running, settled

from tui.autosave import Autosave, Outcome
from tui.experiments.library import built_in
from tui.storage.recovery import LAST, crashed_sessions, folder
from tui.storage.saving import read_session

ROOT = Path(__file__).parents[2]
CRASHES = """
from tui.cli import startup as start

class Failing(start.StartingSession):
    def begin(self, app):
        super().begin(app)
        app.session.time.step(3)
        app.set_timer(0.1, lambda: 1 / 0)

start.StartingSession = Failing
{more}
from tui.cli.main import main
main(["--dataset", "circle"])
"""
NEVER_BEGINS = """
def fail(self):
    raise OSError("no terminal of this kind")

from textual.drivers.linux_driver import LinuxDriver
LinuxDriver.start_application_mode = fail
"""


@pytest.fixture
def no_state(tmp_path, monkeypatch):
    """A folder for sessions that cannot be made."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))


async def test_that_nothing_can_be_kept_is_told_soon_after_the_start(no_state) -> None:
    async with running(built_in("circle")) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        autosave._try_to_write(app).join()
        await settled(pilot)
        assert app.message.startswith("the session is not saved for recovery: ")
        assert str(folder()) in app.message
        await press(app, pilot, "right")
        autosave.store_if_changed(app)
        autosave.wait()
        await settled(pilot)
        assert app.message == ""  # it is told once


async def test_a_session_that_could_not_be_kept_is_told_of_at_the_end(no_state) -> None:
    async with running(built_in("circle")) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        await press(app, pilot, "right", "q")
    ended = autosave.end(app)
    assert ended.message.startswith(f"the session could not be saved: {folder()}: ")
    assert "\n" not in ended.message
    assert ended.exit_status == 1


async def test_where_nothing_was_done_nothing_is_lost(no_state) -> None:
    async with running(built_in("circle")) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        await press(app, pilot, "q")
    assert autosave.end(app) == Outcome("", 0)


@pytest.mark.parametrize("status", [0, 1])
async def test_what_was_written_before_stays_where_the_end_cannot_be(
    tmp_path, monkeypatch, status: int
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with running(built_in("circle")) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        await press(app, pilot, "right")
        autosave.store_if_changed(app)
        autosave.wait()
        app.session.mark = object()  # unfit: it cannot be written
        app.exit(return_code=status)
    ended = autosave.end(app)
    path = autosave.path if status else folder() / LAST
    assert ended.message.endswith(f"nn-explore --recover opens an earlier state of it ({path})")
    assert ended.exit_status == 1
    assert read_session(path).session.trainer.step_count == 1


async def test_a_fault_while_it_is_written_does_not_end_the_app(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with running(built_in("circle")) as (app, pilot):
        autosave = Autosave()
        autosave.watch(app)
        app.session.mark = object()
        autosave.store_if_changed(app)
        await settled(pilot)
        assert "the session is not saved for recovery: AttributeError" in app.message
        assert not app.return_code


@pytest.mark.parametrize(("more", "steps"), [("", 3), (NEVER_BEGINS, None)])
def test_a_crash_ends_with_an_error_and_one_line_that_says_where_the_session_is(
    tmp_path, monkeypatch, more: str, steps: int | None
) -> None:
    pty = pytest.importorskip("pty")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CRASHES.format(more=more)], cwd=ROOT,
        stdin=inside, stdout=inside, stderr=inside,
        env=os.environ | {"TERM": "xterm-256color", "PYTHON_COLORS": "0"},
    )  # fmt: skip
    os.close(inside)
    drawn = b""
    with suppress(OSError):  # it has ended: so Linux tells, and macOS by nothing to read
        while part := os.read(terminal, 1 << 16):
            drawn += part
    os.close(terminal)
    assert process.wait() == 1
    last = drawn.decode().rstrip().splitlines()[-1]
    if steps is None:
        assert b"OSError: no terminal of this kind" in drawn
        assert "session" not in last
        assert crashed_sessions() == ()
    else:
        (one,) = crashed_sessions()
        assert (
            last == f"nn-explore: the session was saved: nn-explore --recover opens it ({one.path})"
        )
        assert read_session(one.path).session.trainer.step_count == steps
