"""nn-explore config: the preferences in force, and the file they come from."""

import os
from collections.abc import Sequence
from pathlib import Path

from engine import EngineError
from engine.atomic_files import write_whole
from tui.cli.parse import Parser
from tui.config import Preferences, load, to_toml
from tui.system.output import fail, one_line, write
from tui.system.own_folders import NOWHERE, config_path

UNSET = "# "


def main(arguments: Sequence[str]) -> None:
    """Print the preferences, or begin a file of them (what follows ``config``)."""
    p = Parser(
        prog="nn-explore config",
        description="Print the path of the preferences file and all preferences, as TOML: "
        "those behind a # have their default.",
        allow_abbrev=False,
    )
    p.add_argument("--init", action="store_true", help="write a file to begin with, where none is")
    options = p.parse_args(arguments)
    try:
        begin() if options.init else show()
    except EngineError as error:
        fail(str(error))


def show() -> None:
    """Print the path, what is set, and the defaults of what is not."""
    path = known_path()
    note = (
        "" if os.path.lexists(path) else " (does not exist yet: nn-explore config --init writes it)"
    )
    write(f"# {one_line(str(path))}{note}\n\n{to_toml(load(path), UNSET)}".rstrip())


def begin() -> None:
    """Write a file in which every preference has its default, behind a #."""
    path = known_path()
    if os.path.lexists(path):
        fail(f"{path} exists already; nn-explore config prints what it sets")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{path.parent} cannot be made: {error.strerror}")
    text = f"# Preferences of nn-explore. What is behind a # is the default.\n\n{sample()}"
    write_whole(path, text.encode("utf-8"))
    write(f"written: {one_line(str(path))}")


def known_path() -> Path:
    """Where the preferences file is, or would be; the end where no home is known."""
    path = config_path()
    if path.is_relative_to(NOWHERE):
        fail("no home folder is known: set HOME, or XDG_CONFIG_HOME, to a folder of yours")
    return path


def sample() -> str:
    """A preferences file in which nothing is set."""
    return to_toml(Preferences(), UNSET)
