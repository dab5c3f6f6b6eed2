"""nn-explore config: prints the current preferences and the path of their file."""

import os
from collections.abc import Sequence
from pathlib import Path

from engine import EngineError
from engine.atomic_files import write_whole
from tui.cli.parse import Parser
from tui.config import Preferences, load, to_toml
from tui.system.app_folders import UNKNOWN_HOME, config_path
from tui.system.output import fail, one_line, write

UNSET = "# "


def main(arguments: Sequence[str]) -> None:
    """Print the preferences, or write a sample file, as the arguments after ``config`` say."""
    p = Parser(
        prog="nn-explore config",
        description="Print the path of the preferences file and all preferences, as TOML: "
        "a # marks those at their default.",
        allow_abbrev=False,
    )
    p.add_argument("--init", action="store_true", help="write a first file, if there is none")
    options = p.parse_args(arguments)
    try:
        write_sample() if options.init else show()
    except EngineError as error:
        fail(str(error))


def show() -> None:
    """Print the path of the file, its preferences, and the defaults of all others."""
    path = path_or_fail()
    note = (
        "" if os.path.lexists(path) else " (does not exist yet: nn-explore config --init writes it)"
    )
    write(f"# {one_line(str(path))}{note}\n\n{to_toml(load(path), UNSET)}".rstrip())


def write_sample() -> None:
    """Write a file with the default of every preference, behind a #."""
    path = path_or_fail()
    if os.path.lexists(path):
        fail(f"{path} exists already; nn-explore config prints what it sets")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"{path.parent} cannot be made: {error.strerror}")
    text = f"# Preferences of nn-explore. Lines with a # show the defaults.\n\n{sample()}"
    write_whole(path, text.encode("utf-8"))
    write(f"written: {one_line(str(path))}")


def path_or_fail() -> Path:
    """The path of the preferences file; ends the process if there is no home folder."""
    path = config_path()
    if path.is_relative_to(UNKNOWN_HOME):
        fail("no home folder is known: set HOME, or XDG_CONFIG_HOME, to a folder of yours")
    return path


def sample() -> str:
    """The content of a preferences file that sets nothing."""
    return to_toml(Preferences(), UNSET)
