"""Recovery: the session is written now and then, so that a crash or a lost terminal costs little.

Each running app has a file of its own, named by when it began and by its process; when the app is
quit, it becomes the one of the last session. What else is there of a process that is no more was
left by a crash.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui.system.own_folders import state_dir
from tui.system.processes import is_running

NAME = re.compile(r"session-(\d+)-(\d+)\.npz")
MOST_TOLD = 2  # older sessions told of by their time
LAST = "last.npz"  # the session that was quit last


@dataclass(frozen=True)
class Left:
    """A session that was left: its file, and when it was written last."""

    path: Path
    written: float  # seconds since the epoch

    @property
    def when(self) -> str:
        """``14:02``, before today ``2026-03-14 14:02``."""
        then, today = time.localtime(self.written), time.localtime()
        return time.strftime("%H:%M" if then[:3] == today[:3] else "%Y-%m-%d %H:%M", then)


def folder() -> Path:
    """Where sessions are kept for recovery. It may not exist."""
    return state_dir() / "recovery"


def left() -> tuple[Left, ...]:
    """The sessions that processes have left that are no more, the latest first."""
    found = []
    with suppress(OSError):
        for path in folder().iterdir():
            name = NAME.fullmatch(path.name)
            if name and not is_at_work(int(name[2])):
                with suppress(OSError):  # somebody has just taken it
                    found.append(Left(path, path.stat().st_mtime))
    return tuple(sorted(found, key=lambda one: one.written, reverse=True))


def is_at_work(process: int) -> bool:
    """Whether another process of this number runs: a file that was there when this one began is
    of one that had its number before."""
    return process != os.getpid() and is_running(process)


def message(sessions: tuple[Left, ...]) -> str:
    """What is said at the start of sessions that were left."""
    if not sessions:
        return ""
    first, *older = sessions
    text = f"a session from {first.when} was left: nn-explore --recover opens it"
    if older:
        text += f"; after it those from {', '.join(one.when for one in older[:MOST_TOLD])}"
    if len(older) > MOST_TOLD:
        text += f" and {len(older) - MOST_TOLD} more"
    return text


def kept() -> tuple[Left, ...]:
    """The session that was quit last, if it is still there."""
    path = folder() / LAST
    try:
        return (Left(path, path.stat().st_mtime),)
    except OSError:
        return ()
