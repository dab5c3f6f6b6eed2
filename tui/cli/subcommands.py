"""The subcommands: a module each, with a function ``main`` of the arguments that follow it."""

from dataclasses import dataclass

WHAT_FILE_IS = (
    "FILE is data (.csv, .tsv), an experiment (.toml), a saved session (.npz) or a share code "
    "(nnx1:...). For a tour: nn-explore demo. "
)


@dataclass(frozen=True)
class Subcommand:
    """``module`` is imported when it is asked for; ``purpose`` follows "To"."""

    module: str
    purpose: str


SUBCOMMANDS = {
    "fit": Subcommand("tui.cli.fit.command", "print a regression"),
    "config": Subcommand("tui.cli.config", "print your preferences"),
}
RESERVED = (
    "run", "regions", "explain", "compare", "sweep", "screenshot", "lesson", "open", "serve",
)  # fmt: skip
"""Names of subcommands to come: a file of such a name is ./run."""


def listed() -> str:
    """What the help says of files and of subcommands."""
    each = (f"To {one.purpose}: nn-explore {name} --help" for name, one in SUBCOMMANDS.items())
    return WHAT_FILE_IS + ". ".join(each)
