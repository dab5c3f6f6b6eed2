"""What the app keeps from one start to the next: that the introduction was shown, and whether the
user has asked for the details of Explore."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from typing import NamedTuple

from engine import DataError
from engine.atomic_files import read_whole, write_whole
from tui.system.app_folders import state_dir

MAX_BYTES = 10_000  # of the file


class Kept(NamedTuple):
    """What is kept; the defaults hold before the first start."""

    intro_shown: bool = False
    details: bool = False


def kept() -> Kept:
    """What earlier starts have kept. Of a file that cannot be read, that there was such a start."""
    path = state_dir() / "start.toml"
    if not path.exists():
        return Kept()
    try:
        table = tomllib.loads(read_whole(path, MAX_BYTES).decode("utf-8"))
    except (DataError, ValueError):
        return Kept(intro_shown=True)
    return Kept(intro_shown=table.get("intro_shown") is True, details=table.get("details") is True)


def keep(**changes: bool) -> bool:
    """Change what is kept; returns whether it could be written."""
    now = kept()._replace(**changes)
    lines = (f"{name} = {str(value).lower()}\n" for name, value in now._asdict().items())
    with suppress(OSError, DataError):
        state_dir().mkdir(parents=True, exist_ok=True)
        write_whole(state_dir() / "start.toml", "".join(lines).encode("utf-8"))
        return True
    return False
