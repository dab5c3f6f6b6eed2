"""All benchmarks one after the other: python -m tests.benchmarks [NAME ...].

Each prints ratios against a yardstick that it measures in the same run, beside a bar that they
should stay within (see CONTRIBUTING.md). Some take minutes; measure on an idle machine.
"""

import subprocess
import sys
from time import perf_counter

NAMES = ("step", "app", "regions", "ols", "history", "reading")  # the quick ones first


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in NAMES]:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    failed = 0
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        began = perf_counter()
        # a process each, for what one loads and allocates would slow the next
        failed |= subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"]).returncode
        print(f"   {perf_counter() - began:.0f} s\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
