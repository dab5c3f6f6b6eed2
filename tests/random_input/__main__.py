"""The command: so many random inputs, how far it is, and what breaks.

    python -m tests.random_input [N] [--seed S] [--run K]

Each run is a fresh app with ``LENGTH`` inputs, all decided by the seed and the run's number. Of a
failure it prints both, the shortest list of inputs that was found to give it, and the traceback;
``--run K`` does that run alone. The exit status is 1 where something broke.
"""

import argparse
import sys
import time
import warnings

from .runs import Failure, Progress, drawn, failure_of, shortest

LENGTH = 500
TRIES = 60  # to make a failure shorter


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.random_input", description=__doc__)
    parser.add_argument("inputs", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--run", type=int, help="do this run alone")
    asked = parser.parse_args()
    warnings.simplefilter("error")  # as the tests have it
    began, done, number, faults = time.monotonic(), 0, asked.run or 0, 0
    told: set[str] = set()
    while done < asked.inputs:
        start, given = drawn(asked.seed, number, LENGTH)
        progress = Progress()
        failure = failure_of(start, given, progress)
        done += max(1, progress.given)
        rate = done / (time.monotonic() - began)
        print(f"{done} of {asked.inputs} inputs, run {number}, {rate:.0f} a second", flush=True)
        if failure:
            faults += 1
            print(f"seed {asked.seed}, run {number}: {failure.signature}", flush=True)
            if failure.signature not in told:
                told.add(failure.signature)
                tell(failure, start, given)
        if asked.run is not None:
            break
        number += 1
    print(f"{done} inputs, {number} runs: {faults} broke, in {len(told)} ways")
    return 1 if faults else 0


def tell(failure: Failure, start: object, given: list) -> None:
    """Print a failure with the shortest inputs that give it."""
    few = shortest(start, given, failure, TRIES)
    print(f"begun with {start}", *map(str, few), failure.says, sep="\n  ", flush=True)


if __name__ == "__main__":
    sys.exit(main())
