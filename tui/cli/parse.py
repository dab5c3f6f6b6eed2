"""What the parsers of all subcommands share."""

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from tui.system.output import fail, write

LONGEST = 40  # characters of a wrong value that are repeated


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        fail(f"{message} ({self.prog} --help lists everything)")

    def _print_message(self, message: str, file: Any = None) -> None:
        """argparse prints here, the help above all."""
        write(message.rstrip("\n"))


class Version(argparse.Action):
    """Prints the version. importlib.metadata is imported only for that: it is slow to load."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            write(f"nn-explore {version('nn-explore')}")
        except PackageNotFoundError:
            write("nn-explore (not installed)")
        parser.exit()


def parsed(convert: Callable[[str], Any], wanted: str) -> Callable[[str], Any]:
    """A converter for argparse whose message says what was wanted."""

    def read(text: str) -> Any:
        try:
            return convert(text)
        except ValueError:
            shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
            raise argparse.ArgumentTypeError(f"{shown!r} is not {wanted}") from None

    return read
