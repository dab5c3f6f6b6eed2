"""The suite under every kernel, Python and set of dependencies: python -m tests.matrix [ROW ...].

Processors differ in the last bits of floating point: OpenBLAS has a kernel and NumPy a set of loops
for each kind. Both can be chosen, as far as this processor supports them. For each Python there
are the pinned versions, and the oldest ones of tests/lowest, with which drawings are not compared.
Without arguments all rows run; arguments choose rows by parts of their names.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake",
           "ARMV8", "NEOVERSEN1", "NEOVERSEV1")  # fmt: skip
BEFORE_AVX2 = ("Prescott", "Nehalem", "Sandybridge")
BEFORE_AVX512 = ("Haswell", "Zen")
PART = "drawn or trained"  # what hangs on last bits, if anything does
COMPUTES = ("--ignore", "tests/hostile")  # the rest: hostile input asks little of the processor
PROBE = """
import json
import numpy as np
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
np.ones((2, 2)) @ np.ones((2, 2))
print(json.dumps([name for name in __cpu_dispatch__ if __cpu_features__[name]]))
"""


@dataclass(frozen=True)
class Row:
    """One run of pytest: a Python, its packages, and what chooses kernels and loops."""

    python: str
    packages: str = "pinned"  # or "lowest"
    kernel: str = "default"
    variables: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()

    @property
    def name(self) -> str:
        return f"{self.python} {self.packages} {self.kernel}"


@dataclass(frozen=True)
class Result:
    """How a run ended, in pytest's words."""

    row: Row
    summary: str
    failed: Sequence[str]
    seconds: float
    status: int


def rows(python: str) -> Iterator[Row]:
    """All rows for a Python that is on the PATH; kernels with the first one alone."""
    yield Row(python)
    if (ROOT / "tests" / "lowest" / f"{python}.txt").exists():
        yield Row(python, "lowest", options=("-m", "not drawn"))
    if python == PYTHONS[0]:
        yield Row(python, kernel="nudged", options=("--nudged", *COMPUTES))
        for kernel, _, variables in kernels(environment(Row(python))):
            yield Row(python, kernel=kernel, variables=variables, options=COMPUTES)


def part_of(row: Row) -> Row:
    """The row with the part of the suite that hangs on last bits alone."""
    nudged = [option for option in row.options if option == "--nudged"]
    return replace(row, options=(*nudged, "-m", PART))


def runs(program: str) -> bool:
    """Whether there is such a program, and it is no stand-in for one that is not installed."""
    found = shutil.which(program)
    return bool(found) and not subprocess.run([found, "-c", ""], capture_output=True).returncode


def kernels(python: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The kernels that this processor supports: as OpenBLAS is asked for it, as it calls it, and
    the variables that choose it, and with it the loops of NumPy that such a processor has."""
    known = set()
    for kernel in KERNELS:
        used, loops = probed(python, {"OPENBLAS_CORETYPE": kernel})
        if not used or used in known:
            continue
        known.add(used)
        if kernel in BEFORE_AVX512:
            loops = [name for name in loops if "AVX512" in name or name == "X86_V4"]
        elif kernel not in BEFORE_AVX2:
            loops = []
        variables = {"OPENBLAS_CORETYPE": kernel, "NPY_DISABLE_CPU_FEATURES": " ".join(loops)}
        yield kernel, used, variables


def probed(python: Path, variables: Mapping[str, str]) -> tuple[str, list[str]]:
    """The kernel that OpenBLAS uses, "" where it does not say, and NumPy's loops beyond its
    baseline that this processor supports."""
    probe = subprocess.run(
        [python, "-c", PROBE],
        capture_output=True,
        text=True,
        env=os.environ | variables | {"OPENBLAS_VERBOSE": "2"},
    )
    used = re.search(r"^Core: (\w+)", probe.stdout + probe.stderr, re.MULTILINE)
    if probe.returncode or not used:
        return "", []
    loops: list[str] = json.loads(probe.stdout.splitlines()[-1])
    return used[1], loops


def environment(row: Row) -> Path:
    """The Python of a virtual environment for a row, made where it is not there yet."""
    folder = ROOT / ".matrix" / f"{row.python}-{row.packages}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "done"
    if not done.exists():
        print(f"making {folder.name} ...", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([f"python{row.python}", "-m", "venv", folder], check=True)
        what = [".[test]"]
        if row.packages == "lowest":
            what = [".[check]", "-c", f"tests/lowest/{row.python}.txt"]
        subprocess.run([python, "-m", "pip", "install", "-q", "-e", *what], check=True, cwd=ROOT)
        done.touch()
    return python


def command(python: Path, row: Row, workers: str) -> list[str]:
    """The command line of pytest for a row."""
    return [str(python), "-m", "pytest", "-n", workers, "-p", "no:cacheprovider", *row.options]


def run(row: Row, workers: str) -> Result:
    """Run the suite as a row says, in the tree as it is."""
    python, began = environment(row), time.monotonic()
    pytest = subprocess.run(
        command(python, row, workers),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | dict(row.variables),
    )
    lines = pytest.stdout.splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    summary = next((line for line in reversed(lines) if " in " in line), pytest.stderr[-500:])
    log = ROOT / ".matrix" / f"{row.name.replace(' ', '-')}.log"
    log.write_text(pytest.stdout + pytest.stderr, encoding="utf-8")
    return Result(row, summary.strip("= "), failed, time.monotonic() - began, pytest.returncode)


def other_kernel(python: Path) -> Row:
    """The part that hangs on last bits, under a kernel that this processor supports and does not
    choose itself; where there is none, with nudged first weights."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    usual, _ = probed(python, {})
    for kernel, used, variables in reversed([*kernels(python)]):
        if used != usual:
            return Row(version, kernel=kernel, variables=variables, options=("-m", PART))
    return Row(version, kernel="nudged", options=("--nudged", "-m", PART))


def table(results: Iterable[Result]) -> str:
    """A line a row, and below them what failed."""
    lines = [f"{r.row.name:<28} {'ok' if not r.status else 'FAILED':<7} {r.summary}"
             for r in results]  # fmt: skip
    lines += [f"{r.row.name}: {line}" for r in results for line in r.failed]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("chosen", metavar="ROW", nargs="*", help="part of a row's name")
    parser.add_argument("-n", dest="workers", default="auto", help="processes, as of pytest -n")
    parser.add_argument("--part", action="store_true", help=f"of kernels, run only what is {PART}")
    parser.add_argument(
        "--other-kernel",
        action="store_true",
        help="run the part that hangs on last bits here, under another kernel than the usual one",
    )
    parser.add_argument("--list", action="store_true", help="print the names of all rows")
    options = parser.parse_args()
    if options.other_kernel:
        row = other_kernel(Path(sys.executable))
        print(f"{row.name}: {' '.join(row.options)}", flush=True)
        return subprocess.run(
            command(Path(sys.executable), row, options.workers),
            cwd=ROOT,
            env=os.environ | dict(row.variables),
        ).returncode
    pythons = [python for python in PYTHONS if runs(f"python{python}")]
    every = [row for python in pythons for row in rows(python)]
    chosen = [r for r in every if all(part in r.name.split() for part in options.chosen)]
    missing = sorted({*PYTHONS} - {*pythons})
    if options.list:
        print("\n".join(row.name for row in every))
        return 0
    if options.part:
        chosen = [row if row.kernel == "default" else part_of(row) for row in chosen]
    results = []
    for row in chosen:
        results.append(run(row, options.workers))
        print(table(results[-1:]), flush=True)
    print("\n" + table(results))
    if missing:
        print(f"not found, so not tried: Python {', '.join(missing)}")
    return any(result.status for result in results)


if __name__ == "__main__":
    sys.exit(main())
