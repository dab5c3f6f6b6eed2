"""The argument parser of all subcommands."""

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from tui.system.output import fail, write

MAX_SHOWN = 40  # characters of a wrong value in a message


class Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        fail(f"{message} ({self.prog} --help lists everything)")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print the help and other texts of argparse."""
        write(message.rstrip("\n"))


class Version(argparse.Action):
    """Prints the version. importlib.metadata is slow to load, so it is imported here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            write(f"nn-explore {version('nn-explore')}")
        except PackageNotFoundError:
            write("nn-explore (not installed)")
        parser.exit()


def parsed(convert: Callable[[str], Any], expected: str) -> Callable[[str], Any]:
    """A converter for argparse whose error message says what is expected."""

    def read(text: str) -> Any:
        try:
            return convert(text)
        except ValueError:
            shown = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
            raise argparse.ArgumentTypeError(f"{shown!r} is not {expected}") from None

    return read
