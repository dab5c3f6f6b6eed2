"""Reading of a large CSV file and its least squares, against pandas.read_csv and numpy's lstsq.

python -m tests.benchmarks.reading [ROWS]
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

import engine
from engine.data.reading import read as reader

ROWS, COLUMNS, TIMES = 1_000_000, 20, 3
BARS = {"with pyarrow": 1.5, "without": 6.0}


def write(path: Path, rows: int) -> None:
    """A file of standard normal numbers with all their digits."""
    rng = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"v{j}" for j in range(COLUMNS)) + "\n")
        for start in range(0, rows, 10_000):
            X = rng.normal(size=(min(10_000, rows - start), COLUMNS)).tolist()
            file.write("\n".join(",".join(map(repr, row)) for row in X) + "\n")


def seconds(work: Callable[[], object]) -> float:
    """The least time of some repetitions."""
    times = []
    for _ in range(TIMES):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)


def own(path: Path) -> object:
    """Our reading and fit of the last column on the others."""
    table = reader.read_table(path)
    X = np.column_stack([column.values for column in table.columns if column.values is not None])
    return engine.ols(X[:, :-1], X[:, -1])


def theirs(path: Path) -> object:
    """The same with pandas and NumPy."""
    import pandas as pd

    X = pd.read_csv(path).to_numpy()
    design = np.column_stack([np.ones(len(X)), X[:, :-1]])
    return np.linalg.lstsq(design, X[:, -1], rcond=None)


def main(rows: int) -> int:
    if not find_spec("pandas"):
        print("there is no yardstick: install pandas")
        return 0
    failed = 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        write(path, rows)
        yardstick = seconds(lambda: theirs(path))
        reading = seconds(lambda: __import__("pandas").read_csv(path))
        for name, bar in BARS.items():
            if name == "with pyarrow" and not find_spec("pyarrow"):
                continue
            reader.LARGE = 10_000_000 if name == "with pyarrow" else 1 << 62
            ratio = seconds(lambda: own(path)) / yardstick
            alone = seconds(lambda: reader.read_table(path)) / reading
            failed |= ratio > bar
            print(f"{rows} × {COLUMNS}, {name}: {ratio:.2f} × pandas + lstsq (bar {bar}); ", end="")
            print(f"reading alone {alone:.2f} × pandas.read_csv", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
