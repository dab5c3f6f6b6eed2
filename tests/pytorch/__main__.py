"""The command: so many drawn experiments, and how far the engine and PyTorch differ.

    python -m tests.pytorch [N] [--seed S] [--run K]

``--run K`` is the experiment of that number alone. The exit status is 1 if some number differs.
"""

import argparse
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.pytorch.compare import compared
from tests.pytorch.report import table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pytorch", description=__doc__)
    parser.add_argument("experiments", nargs="?", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--run", type=int, help="compare this experiment alone")
    options = parser.parse_args()
    numbers = range(options.experiments) if options.run is None else [options.run]
    warnings.simplefilter("error")  # as the tests have it
    with TemporaryDirectory() as folder:
        report = compared(options.seed, numbers, Path(folder))
    print(table(report))
    return bool(report.failures)


if __name__ == "__main__":
    sys.exit(main())
