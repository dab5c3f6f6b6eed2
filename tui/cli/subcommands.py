"""The subcommands: each is a module with a function ``main(arguments)``."""

from typing import NamedTuple

WHAT_FILE_IS = (
    "FILE is data (.csv, .tsv), an experiment (.toml), a saved session (.npz), a share code "
    "(nnx1:...) or a link of TensorFlow Playground. A demo of a minute: nn-explore demo. "
)


class Subcommand(NamedTuple):
    """``module`` is imported when the subcommand runs; ``purpose`` follows "To" in the help."""

    module: str
    purpose: str


SUBCOMMANDS = {
    "fit": Subcommand("tui.cli.fit.command", "print a regression"),
    "lesson": Subcommand("tui.cli.lesson", "go through the four questions step by step"),
    "present": Subcommand("tui.cli.present", "show a lesson on a projector"),
    "describe": Subcommand("tui.cli.describe", "print the state of a run in sentences"),
    "config": Subcommand("tui.cli.config", "print your preferences"),
}
RESERVED = (
    "run", "regions", "explain", "compare", "report", "sweep", "screenshot", "open",
    "convert", "serve",
)  # fmt: skip
"""Names of future subcommands: a file with such a name is typed as ./run."""


def epilog() -> str:
    """The end of the help: FILE and the subcommands."""
    lines = (f"To {one.purpose}: nn-explore {name} --help" for name, one in SUBCOMMANDS.items())
    return WHAT_FILE_IS + ". ".join(lines)
