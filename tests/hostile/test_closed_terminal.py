"""What ends the app from outside ends it soon, with its session kept, whatever it is doing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from select import select
from statistics import median

import pytest

from tui.storage.recovery import crashed_sessions
from tui.storage.saving import read_session
from tui.system.terminal import TerminalFile

pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
ROOT = Path(__file__).parents[2]
TRIES, AT_ONCE = 14, 6  # every screen, while training plays and while it does not

STUCK = """
import sys, threading, time
from tui.system import terminal
terminal.PATIENCE, terminal.LIMIT, terminal.WRITING = 0.2, 0.6, 0.2
keep = (lambda: time.sleep(60.0)) if {hangs} else (lambda: open("kept", "w").close())
terminal.SignalWatch({soon}, keep, lambda status: None)
print("ready", flush=True)
{stuck}
"""
COMPUTES, WAITS = "while True: pass", "threading.Lock().acquire() and threading.Event().wait()"
NEVER, IN_VAIN = "lambda call: None", "lambda call: call()"


def test_a_closed_terminal_ends_the_process_at_once_and_its_session_is_there(
    tmp_path, monkeypatch, record_property
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    program = [sys.executable, Path(__file__).with_name("closings.py"), str(TRIES), str(AT_ONCE)]
    environment = os.environ | {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(program, env=environment, stdout=subprocess.PIPE, cwd=tmp_path)
    assert ended.returncode == 0
    tries = json.loads(ended.stdout)
    seconds = [one["seconds"] for one in tries]
    record_property("slowest", max(seconds))
    print(f"{len(tries)} apps ended from outside, the slowest after {max(seconds):.2f} s")
    assert median(seconds) < 2.0  # 0.05 s where the machine has time for them
    expected = [128 + (one["signal"] or signal.SIGHUP) for one in tries]
    assert [one["status"] for one in tries] == expected  # None: it hung
    assert all(one["tidied"] for one in tries if one["signal"])
    sessions = crashed_sessions()
    assert len(sessions) == len(tries)
    for one in sessions[::4]:
        assert read_session(one.path).session.trainer.step_count > 0


@pytest.mark.parametrize(
    ("number", "stuck", "soon"),
    [
        (signal.SIGTERM, COMPUTES, NEVER),
        (signal.SIGHUP, WAITS, NEVER),
        (signal.SIGINT, COMPUTES, IN_VAIN),
    ],
)
def test_a_main_thread_that_never_leaves_is_ended_with_the_session_written(
    tmp_path, number, stuck, soon
):
    with Program(STUCK.format(soon=soon, stuck=stuck, hangs=False), tmp_path) as program:
        program.process.send_signal(number)
        assert program.status() == 128 + number
        assert (tmp_path / "kept").exists()


def test_the_terminal_is_put_in_order_for_an_app_that_cannot(tmp_path):
    """The program sets it as the app does, after the watch has begun."""
    raw = (
        "import termios; now = termios.tcgetattr(0); now[3] &= ~(termios.ECHO | termios.ICANON); "
        "termios.tcsetattr(0, termios.TCSANOW, now); print('raw', flush=True)\nwhile True: pass"
    )
    with Program(STUCK.format(soon=NEVER, stuck=raw, hangs=False), tmp_path) as program:
        program.read_until(b"raw")
        program.process.send_signal(signal.SIGTERM)
        assert program.status() == 128 + signal.SIGTERM
        assert termios.tcgetattr(program.inside)[3] & termios.ECHO
        assert b"\x1b[?1049l\x1b[?25h" in program.drawn


def test_a_disk_that_hangs_does_not_keep_the_process(tmp_path):
    with Program(STUCK.format(soon=NEVER, stuck=COMPUTES, hangs=True), tmp_path) as program:
        program.process.send_signal(signal.SIGHUP)
        assert program.status() == 128 + signal.SIGHUP


def test_a_terminal_that_goes_without_a_signal_ends_the_process(tmp_path):
    """The program has no controlling terminal, so that nobody tells it."""
    with Program(STUCK.format(soon=NEVER, stuck=COMPUTES, hangs=False), tmp_path) as program:
        program.close()
        assert program.status() == 128 + signal.SIGHUP
        assert (tmp_path / "kept").exists()


def test_a_terminal_that_cannot_be_written_to_is_as_good_as_closed():
    heard = []
    before = signal.signal(signal.SIGHUP, lambda number, _: heard.append(number))
    terminal, inside = pty.openpty()
    try:
        with open(inside, "w") as file:
            lasting = TerminalFile(file)
            lasting.write("there")
            lasting.flush()
            assert os.read(terminal, 9) == b"there" and not heard
            os.close(terminal)
            for _ in range(2):  # whoever writes goes on
                lasting.write("gone")
                lasting.flush()
            assert heard == [signal.SIGHUP] * 2
            os.dup2(os.open(os.devnull, os.O_WRONLY), inside)  # or closing it would fail
    finally:
        signal.signal(signal.SIGHUP, before)


class Program:
    """A program in a terminal that is not its controlling one; it has printed "ready"."""

    def __init__(self, text: str, folder: Path) -> None:
        self.terminal, self.inside = pty.openpty()
        self.drawn = b""
        self.process = subprocess.Popen(
            [sys.executable, "-c", text], cwd=folder, start_new_session=True,
            stdin=self.inside, stdout=self.inside, stderr=self.inside,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def __enter__(self) -> "Program":
        self.read_until(b"ready\r\n")  # else closing would come into its middle
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.close()

    def read_until(self, wanted: bytes) -> None:
        while wanted not in self.drawn:
            if select([self.terminal], [], [], 1.0)[0]:
                part = os.read(self.terminal, 1 << 16)
                assert part, self.drawn  # it has ended: so macOS tells
                self.drawn += part
            else:
                assert self.process.poll() is None, self.drawn

    def status(self) -> int:
        """The exit status, once it has ended."""
        end = time.monotonic() + 60.0
        while self.process.poll() is None and time.monotonic() < end:
            self._read()
            time.sleep(0.01)
        self._read()
        return self.process.returncode

    def _read(self) -> None:
        if self.terminal >= 0:
            os.set_blocking(self.terminal, False)
            try:
                self.drawn += os.read(self.terminal, 1 << 16)
            except OSError:
                return

    def close(self) -> None:
        """Close the terminal."""
        if self.terminal >= 0:
            os.close(self.inside)
            os.close(self.terminal)
            self.terminal = -1
