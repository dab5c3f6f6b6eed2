"""Ctrl+c ends what is no app at once, and says nothing: a shell sees the status 130."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui.system.terminal import ended_by_interrupt

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="sends a signal to another process")
FIT = "from tui.cli.main import main; main(['fit', '-'])"
LOADS = """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
from tui.cli.main import main
main(["fit", "longley"])
"""


def began(program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
    )  # fmt: skip


@posix
@pytest.mark.parametrize(
    "module", ["numpy", "engine.network.losses", "tui.experiments.library", "tui.cli.fit.command"]
)
def test_while_modules_load(module: str) -> None:
    with began(LOADS.format(module=module)) as process:
        out, err = process.communicate()
    assert (process.returncode, out, err) == (-signal.SIGINT, b"", b"")


@posix
def test_while_a_file_is_read() -> None:
    with began(FIT) as process:
        for _ in range(40):  # more than a pipe holds: it has begun to read
            process.stdin.write(b"1,2,3\n" * 10_000)
        process.send_signal(signal.SIGINT)
        assert (process.wait(), process.stderr.read()) == (-signal.SIGINT, b"")


@posix
def test_a_shell_sees_130() -> None:
    program = LOADS.format(module="engine.network.losses")
    command = ["sh", "-c", '"$0" -c "$1" </dev/null; echo $?', sys.executable, program]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("130\n", "")


def test_afterwards_an_interrupt_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ended_by_interrupt():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is before
