"""Keeping the session of a running app in a file: see ``storage.recovery``."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from engine import EngineError
from engine.atomic_files import write_whole
from tui.storage.recovery import LAST, crashed_sessions, folder, last_session
from tui.storage.session_codec import Place, looks_of

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session
    from tui.storage.saving import Opened, Saved

EVERY = 10.0  # seconds between looks for something to write
SOON = 1.0  # seconds after the start, to find out whether anything can be written
LONG = 12.0  # seconds that it is told of


@dataclass(frozen=True)
class Ended:
    """How an app has ended: what is to be told, if anything, and the exit status."""

    message: str
    status: int


class Keeper:
    """Keeps an app's session in a file of its own."""

    def __init__(self) -> None:
        self.path = folder() / f"session-{time.time_ns() // 1_000_000}-{os.getpid()}.npz"
        self._app: BaseApp | None = None  # that is watched
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: Thread | None = None
        self._began: object = None  # what there was when the app began
        self._moment: object = None  # what was written last
        self._problem = ""  # why nothing could be written
        self._told = False

    def recover(self) -> Opened:
        """Take over the latest session that was left by a crash, or else the one that was quit
        last; EngineError where there is none, or none that can be read (such files stay)."""
        from tui.storage.saving import Opened, read_session

        unread: EngineError | None = None
        for one in (*crashed_sessions(), *last_session()):
            try:
                opened = read_session(one.path)
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
            return Opened(opened.session, name, opened.place, remarks=opened.remarks)
        raise unread or EngineError("no session was kept: there is nothing to recover")

    # while the app runs

    def watch(self, app: BaseApp) -> None:
        """Write the session from now on, whenever it has changed."""
        self._app, self._loop = app, asyncio.get_running_loop()
        self._began = self._moment = moment(app.session)
        app.clock.every(app, EVERY, lambda: self.look(app))
        app.clock.after(app, SOON, lambda: self._try_out(app))

    def soon(self, call: Callable[[], None]) -> None:
        """Have the app's thread call something when it can; RuntimeError where there is none."""
        if self._loop is None:
            raise RuntimeError("no app is watched")
        self._loop.call_soon_threadsafe(call)

    def look(self, app: BaseApp) -> None:
        """Write the session, beside the app, if it has changed since it was written."""
        try:
            now, app.place = moment(app.session), app.present_place
            if now != self._moment and not (self._writer and self._writer.is_alive()):
                self._moment = now
                self._writer = self._begin_to_write(app)
        except Exception as error:  # a fault of ours must not end the app
            self._failed(f"{type(error).__name__}: {error}")

    def _try_out(self, app: BaseApp) -> Thread:
        """Find out, beside the app, whether there will be room for the session."""
        return self._begin_to_write(app, only_try=True)

    def _begin_to_write(self, app: BaseApp, only_try: bool = False) -> Thread:
        from tui.storage.saving import saved

        session = saved(app.session, self.path.parent, app.place)
        writer = Thread(target=self._write, args=(session, only_try), daemon=True)
        writer.start()
        return writer

    def _failed(self, problem: str) -> None:
        """Note why nothing could be written, and have it told."""
        self._problem = problem
        with suppress(RuntimeError):  # the app has ended
            self.soon(self._tell)

    def _tell(self) -> None:
        """Say once that nothing can be kept, and why."""
        if self._app and not self._told:
            self._told = True
            says = f"no session is kept for recovery: {self._problem}"
            self._app.notify(says, severity="warning", timeout=LONG)

    def wait(self) -> None:
        """Wait until what is being written is written."""
        if self._writer:
            self._writer.join()

    # at its end

    def keep(self) -> None:
        """Write the session now, in any thread, if anything has been done in it."""
        app = self._app
        if app and moment(app.session) != self._began:  # else it would hide one that was left
            self.write_now(app.session, app.present_place or app.place)

    def write_now(self, session: Session, place: Place) -> None:
        """Write the session and wait until that is done."""
        from tui.storage.saving import saved

        self.wait()
        self._write(saved(session, self.path.parent, place))

    def end(self, app: BaseApp) -> Ended:
        """After the app: where it was quit, its session is kept as the last one, else as one that
        was left."""
        problem = self._written_at_the_end()
        self._app = self._loop = None
        crashed, there, path = bool(app.return_code), os.path.exists(self.path), self.path
        if not crashed and there:
            with suppress(OSError):
                os.replace(self.path, folder() / LAST)
                path = folder() / LAST
        if problem:
            says = f"the session could not be kept: {problem}"
            if there:
                says += f"; as it was before, nn-explore --recover opens it ({path})"
            return Ended(says, app.return_code or 1)
        says = f"the session was kept: nn-explore --recover opens it ({path})"
        return Ended(says if crashed and there else "", app.return_code or 0)

    def _written_at_the_end(self) -> str:
        """Write the session as it is at the end; why that cannot be, else ""."""
        self._problem = ""
        try:
            self.keep()
        except Exception as error:  # after a crash it may be unfit; what there was stays
            return f"{type(error).__name__}: {error}"
        return self._problem

    def _write(self, session: Saved, only_try: bool = False) -> None:
        """Write a session; a full disk must not end the app, but the user should know."""
        home = self.path.parent
        try:
            home.mkdir(parents=True, exist_ok=True)
            if only_try:
                from tempfile import TemporaryFile

                with TemporaryFile(dir=home) as file:
                    file.write(session.content())
            else:
                write_whole(self.path, session.content())
        except Exception as error:  # a fault of ours must not end the app either
            if not only_try:
                self._moment = None  # the next look tries again
            why = f"{home}: {error.strerror}" if isinstance(error, OSError) else str(error)
            self._failed(why)
        else:
            self._problem = ""


def moment(session: Session) -> object:
    """Equal for two moments of a session that are saved alike."""
    runs = [(run.name, run.label, run.curve and id(run.curve)) for run in session.runs.all]
    revisions = [(run.live.revision, run.prepared.experiment) for run in session.runs.live]
    return runs, revisions, session.mark, repr(looks_of(session))
