"""Recent files: the paths that were saved or opened last, the newest first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from engine import DataError
from engine.atomic_files import read_whole, write_whole
from tui.system.own_folders import state_dir
from tui.system.paths import absolute

KEPT = 9  # as many as there is room for in the dialog
MOST_BYTES = 100_000  # of the list


def recent() -> tuple[Path, ...]:
    """The recent files that are still there."""
    try:
        lines = read_whole(_list(), MOST_BYTES).decode("utf-8").splitlines()
    except (DataError, UnicodeDecodeError):
        return ()
    return tuple(Path(line) for line in lines if line and os.path.isfile(line))


def remember(path: Path) -> None:
    """Put a file first. Where the list cannot be kept, there is none."""
    path = absolute(path)
    paths = [path, *(other for other in recent() if other != path)][:KEPT]
    with suppress(OSError, DataError, UnicodeEncodeError):
        _list().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_list(), "".join(f"{path}\n" for path in paths).encode("utf-8"))


def _list() -> Path:
    return state_dir() / "recent.txt"
