"""Recovery of sessions after a crash or the loss of the terminal.

Each running app writes its session now and then to a file that is named by the time, its process
and, where that is known, when the process started. When the user quits the app, the file becomes
the last session. Other files of processes that have ended were left by a crash.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from engine.wording import plural
from tui.system.app_folders import state_dir
from tui.system.processes import is_running, start_of

NAME = re.compile(r"session-(\d+)-(\d+)(?:-(\d+))?\.npz")
LAST = "last.npz"  # the session of the app that was quit last


class SavedSession(NamedTuple):
    """A session on disk: its file, and when it was last written."""

    path: Path
    written: float  # seconds since the epoch

    @property
    def when(self) -> str:
        """``14:02``, or if not today ``2026-03-14 14:02``."""
        written, now = time.localtime(self.written), time.localtime()
        return time.strftime("%H:%M" if written[:3] == now[:3] else "%Y-%m-%d %H:%M", written)


def folder() -> Path:
    """The folder of sessions for recovery, which may not exist."""
    return state_dir() / "recovery"


def crashed_sessions() -> tuple[SavedSession, ...]:
    """The sessions of processes that have ended without quitting, the latest first."""
    sessions = []
    with suppress(OSError):
        for path in folder().iterdir():
            name = NAME.fullmatch(path.name)
            if name and not is_other_process(int(name[2]), name[3]):
                with suppress(OSError):  # another process has just recovered it
                    sessions.append(SavedSession(path, path.stat().st_mtime))
    return tuple(sorted(sessions, key=lambda session: session.written, reverse=True))


def own_path() -> Path:
    """The file of the present process."""
    process = os.getpid()
    marks = (time.time_ns() // 1_000_000, process, start_of(process))
    return folder() / f"session-{'-'.join(str(mark) for mark in marks if mark)}.npz"


def is_other_process(process: int, start: str | None) -> bool:
    """Whether this is the number of another process that runs, and started then if that is known.
    Of this process's number, an existing file is of an earlier process."""
    if process == os.getpid() or not is_running(process):
        return False
    return not start or start_of(process) in ("", start)


def message(sessions: tuple[SavedSession, ...]) -> tuple[str, ...]:
    """Forms of the message at the start about sessions that were left by a crash; () if none."""
    if not sessions:
        return ()
    first, *older = sessions
    way = "nn-explore --recover opens it"
    after = f", then {plural(len(older), 'older one')}" if older else ""
    when = f"unsaved session from {first.when}"
    return f"{when}: {way}{after}", f"{when}: {way}", f"unsaved session: {way}"


def last_session() -> tuple[SavedSession, ...]:
    """The session of the app that was quit last, if it still exists."""
    path = folder() / LAST
    try:
        return (SavedSession(path, path.stat().st_mtime),)
    except OSError:
        return ()
