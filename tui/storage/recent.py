"""Recent files: the paths that were saved or opened last, the newest first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from engine import DataError
from engine.atomic_files import read_whole, write_whole
from tui.system.app_folders import state_dir
from tui.system.paths import absolute

MAX_FILES = 9  # the dialog has room for so many
MAX_BYTES = 100_000  # of the list


def recent() -> tuple[Path, ...]:
    """The recent files that still exist."""
    try:
        lines = read_whole(_list_path(), MAX_BYTES).decode("utf-8").splitlines()
    except (DataError, UnicodeDecodeError):
        return ()
    return tuple(Path(line) for line in lines if line and os.path.isfile(line))


def remember(path: Path) -> None:
    """Put a file first in the list. A list that cannot be written is ignored."""
    path = absolute(path)
    paths = [path, *(other for other in recent() if other != path)][:MAX_FILES]
    with suppress(OSError, DataError, UnicodeEncodeError):
        _list_path().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_list_path(), "".join(f"{path}\n" for path in paths).encode("utf-8"))


def _list_path() -> Path:
    return state_dir() / "recent.txt"
