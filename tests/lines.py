"""Command lines run one after the other in a process of little memory: what each prints, and how
it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEMORY = 1_500_000_000  # bytes of address space: what a process maps, far more than it uses
RUNNER = """
import contextlib, io, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
from tui.cli import main as cli
for line in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main(line)
        except SystemExit as end:
            status = end.code or 0
    print(json.dumps([status, out.getvalue(), err.getvalue()]), flush=True)
try:
    with open("/proc/self/status") as file:  # ru_maxrss counts what the parent had, too
        (peak,) = (int(line.split()[1]) for line in file if line.startswith("VmHWM"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(peak // 1000))
"""


def run_all(lines: list[list[str]], folder: Path) -> tuple[list[tuple[int, str, str]], int]:
    """(status, stdout, stderr) of each, and the most memory that was in use, in MB.

    A line that ends otherwise than a command should, or that hangs, fails the test.
    """
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(MEMORY)], input=json.dumps(lines), cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    *ends, memory = map(json.loads, done.stdout.splitlines())
    return [(status, out, err) for status, out, err in ends], memory
