"""Paths: typed names, absolute paths, and paths shortened for the screen."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from engine import DataError

MAX_SHOWN = 60  # characters of a name in a message


def _current() -> Path | None:
    """The process's current folder; None if it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None


START_FOLDER = _current() or Path(os.environ.get("PWD", os.sep))
"""The current folder at the start, which may have been removed since."""


def current_folder() -> Path:
    """The folder that relative paths start from, also if it has been removed."""
    return _current() or START_FOLDER


def absolute(path: str | Path) -> Path:
    """The absolute path, computed without access to the file system."""
    return Path(os.path.normpath(current_folder() / path))


def typed_path(text: str) -> Path:
    """The path of a name that a user has typed. DataError where no file can have this name."""
    shown = text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
    if "\0" in text:
        raise DataError(f"{shown!r}: no file has a NUL character in its name")
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        if os.path.lexists(text):
            return Path(text)
        user = Path(text).parts[0]
        raise DataError(
            f"{shown}: there is no user {user[1:]!r}; a file of that name is ./{shown}"
        ) from None
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return path  # reading or writing it will say what is wrong
    except (OSError, ValueError) as error:
        raise DataError(f"{shown}: {getattr(error, 'strerror', None) or error}") from None
    return path


def shortened(path: str | Path) -> str:
    """A path to show: relative to the current folder if below it, else to the home folder."""
    path, current = absolute(path), current_folder()
    if path.is_relative_to(current):
        return str(path.relative_to(current))
    with suppress(RuntimeError):  # no home folder is known
        if path.is_relative_to(Path.home()):
            return str(Path("~") / path.relative_to(Path.home()))
    return str(path)
