"""The command line. A wrong value ends it with one line on stderr and exit status 2."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

# The matrices are small: one thread is fastest. It must be set before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tui.cli.subcommands import SUBCOMMANDS
from tui.system.terminal import ended_by_interrupt


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a subcommand, or open the app if none is given."""
    arguments = sys.argv[1:] if arguments is None else arguments
    with ended_by_interrupt():  # also while modules load
        if arguments and arguments[0] in SUBCOMMANDS:
            import_module(SUBCOMMANDS[arguments[0]].module).main(arguments[1:])
            return
        gc.disable()  # a collection while modules load would only delay the first screen
        from tui.cli.open_app import opened_app

        made = opened_app(arguments)
        if made is None:
            return
        from tui.running import run
    raise SystemExit(run(*made))
