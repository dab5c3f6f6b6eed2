"""Paths: what a name that a user has typed stands for, and where names are told from."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from engine import DataError

SHOWN = 60  # characters of a name in a message


def _current() -> Path | None:
    """The folder the process is in; None where it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None


AT_START = _current() or Path(os.environ.get("PWD", os.sep))
"""The folder that was the current one at the start; it may be gone by now."""


def here() -> Path:
    """The folder that names are told from: the current one, which may have been removed."""
    return _current() or AT_START


def absolute(path: str | Path) -> Path:
    """The path from the root, without a look at the file system."""
    return Path(os.path.normpath(here() / path))


def typed(text: str) -> Path:
    """The path that a typed name stands for; DataError where no file can be called so."""
    shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
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
        return path  # whoever reads or writes it will say what is wrong
    except (OSError, ValueError) as error:
        raise DataError(f"{shown}: {getattr(error, 'strerror', None) or error}") from None
    return path


def shortened(path: str | Path) -> str:
    """A path as it is shown: from here where it is below, else from home."""
    path, current = absolute(path), here()
    if path.is_relative_to(current):
        return str(path.relative_to(current))
    with suppress(RuntimeError):  # nobody knows where home is
        if path.is_relative_to(Path.home()):
            return str(Path("~") / path.relative_to(Path.home()))
    return str(path)
