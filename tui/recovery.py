"""Recovery: the session is written now and then, so that a crash or a lost terminal costs little.

Each running app has a file of its own, named by when it began and by its process; when the app is
quit, it becomes the one of the last session. What else is there of a process that is no more was
left by a crash.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from engine import EngineError
from engine.files import write_whole
from tui.place import Place, place_of
from tui.session_notes import looks_of

if TYPE_CHECKING:
    from tui.app import NNExplore
    from tui.glyphs import Glyphs
    from tui.saving import Opened, Saved
    from tui.session import Session

EVERY = 10.0  # seconds between looks for something to write
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
    from tui.config import state_dir  # not before it is wanted

    return state_dir() / "recovery"


def left() -> tuple[Left, ...]:
    """The sessions that processes have left that are no more, the latest first."""
    found = []
    with suppress(OSError):
        for path in folder().iterdir():
            name = NAME.fullmatch(path.name)
            if name and not is_running(int(name[2])):
                with suppress(OSError):  # somebody has just taken it
                    found.append(Left(path, path.stat().st_mtime))
    return tuple(sorted(found, key=lambda one: one.written, reverse=True))


def is_running(process: int) -> bool:
    """Whether another process of this number runs."""
    if process == os.getpid():  # a file that was there before: of one that had our number
        return False
    if sys.platform == "win32":
        from ctypes import windll

        handle = windll.kernel32.OpenProcess(0x1000, False, process)  # to ask, no more
        if handle:
            windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


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


class Keeper:
    """Keeps an app's session in a file of its own."""

    def __init__(self) -> None:
        self.path = folder() / f"session-{time.time_ns() // 1_000_000}-{os.getpid()}.npz"
        self._writer: Thread | None = None
        self._began: object = None  # what there was when the app began
        self._moment: object = None  # what was written last
        self._problem = ""  # why nothing could be written
        self._told = False

    def recover(self, glyphs: Glyphs) -> Opened:
        """Take over the latest session that was left by a crash, or else the one that was quit
        last; EngineError where there is none, or none that can be read (such files stay)."""
        from tui.saving import Opened, read_session  # not before they are wanted

        unread: EngineError | None = None
        for one in (*left(), *kept()):
            try:
                opened = read_session(one.path, glyphs)
            except EngineError as error:
                unread = unread or error
                continue
            try:
                os.replace(one.path, self.path)
            except FileNotFoundError:
                continue  # another nn-explore was faster
            except OSError as error:
                raise EngineError(f"{one.path} cannot be taken over: {error.strerror}") from None
            opened.session.file = None  # ctrl+s asks where to save it
            name = f"the session from {one.when}"
            if unread:
                name += f", for a later one is refused: {unread}"
            return Opened(opened.session, name, opened.place)
        raise unread or EngineError("no session was kept: there is nothing to recover")

    def watch(self, app: NNExplore) -> None:
        """Write the session from now on, whenever it has changed, and when the app is ended from
        outside."""
        self._began = self._moment = moment(app.session)
        app.set_interval(EVERY, lambda: self.look(app))
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            with suppress(RuntimeError, ValueError):  # in the main thread only
                for number in (signal.SIGTERM, signal.SIGHUP):
                    loop.add_signal_handler(number, self._leave, app, 128 + number)

    def _leave(self, app: NNExplore, status: int) -> None:
        if moment(app.session) != self._began:  # else it would hide one that was left before
            self.write_now(app.session, place_of(app))
        app.exit(return_code=status)

    def look(self, app: NNExplore) -> None:
        """Write the session, beside the app, if it has changed since it was written."""
        if self._problem and not self._told:
            app.notify(f"no session is kept for recovery: {self._problem}", severity="warning")
            self._told = True
        now, app.place = moment(app.session), place_of(app)
        if now != self._moment and not (self._writer and self._writer.is_alive()):
            self._moment = now
            from tui.saving import saved  # not before it is wanted

            session = saved(app.session, self.path.parent, app.place)
            self._writer = Thread(target=self._write, args=(session,), daemon=True)
            self._writer.start()

    def write_now(self, session: Session, place: Place) -> None:
        """Write the session and wait until that is done."""
        from tui.saving import saved

        self.wait()
        self._write(saved(session, self.path.parent, place))

    def end(self, app: NNExplore) -> str:
        """After the app: where it was quit, its session is kept as the last one, else as one that
        was left. Returns what to tell."""
        if app.return_code:
            with suppress(Exception):  # after a crash it may be unfit; what there was stays
                if moment(app.session) != self._began:
                    self.write_now(app.session, app.place)
            if not self.path.exists():
                return ""
            return f"the session was kept: nn-explore --recover opens it ({self.path})"
        with suppress(OSError, EngineError):
            if moment(app.session) != self._began:
                self.write_now(app.session, app.place)
            if self.path.exists():
                os.replace(self.path, folder() / LAST)
        return ""

    def wait(self) -> None:
        """Wait until what is being written is written."""
        if self._writer:
            self._writer.join()

    def _write(self, session: Saved) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, session.content())
        except (OSError, EngineError) as error:  # a full disk must not end the session
            self._problem = str(error)


def moment(session: Session) -> object:
    """What tells one moment of a session from another."""
    runs = [(run.name, run.label, run.curve and id(run.curve)) for run in session.runs]
    times = [
        (run.live, run.live.step_count, [*run.live.history.events], run.prepared.experiment)
        for run in session.live
    ]
    return runs, times, session.mark, repr(looks_of(session))
