"""Storing the session of a running app now and then, for recovery: see ``storage.recovery``."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from engine import EngineError
from engine.atomic_files import write_whole
from tui.storage.recovery import LAST, crashed_sessions, folder, last_session, own_path
from tui.storage.session_codec import Place, looks_of

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session
    from tui.storage.saving import Opened, Saved

INTERVAL = 10.0  # seconds between checks whether the session has changed
FIRST_TRY = 1.0  # seconds after the start until it is checked whether a file can be written


class Outcome(NamedTuple):
    """How an app has ended: a message ("": none), and the exit status."""

    message: str
    exit_status: int


class Autosave:
    """Stores the session of an app in a file of its own."""

    def __init__(self) -> None:
        self.path = own_path()
        self._app: BaseApp | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: Thread | None = None
        self._first_state: object = None  # of the session when the app began
        self._stored_state: object = None  # of the session when it was stored last
        self._problem = ""  # why nothing could be written
        self._has_warned = False

    def recover(self) -> Opened:
        """Take over the latest session that a crash has left, or else the one that was quit last.

        EngineError if there is none, or none that can be read; such files stay.
        """
        from tui.storage.saving import Opened, read_session

        first_error: EngineError | None = None
        for saved in (*crashed_sessions(), *last_session()):
            try:
                opened = read_session(saved.path)
            except EngineError as error:
                first_error = first_error or error
                continue
            try:
                os.replace(saved.path, self.path)
            except FileNotFoundError:
                continue  # another nn-explore has taken it
            except OSError as error:
                raise EngineError(f"{saved.path} cannot be taken over: {error.strerror}") from None
            opened.session.file = None  # ctrl+s asks where to save it
            name = f"the session from {saved.when}"
            if first_error:
                name += f", for a later one is refused: {first_error}"
            return Opened(opened.session, name, opened.place, remarks=opened.remarks)
        raise first_error or EngineError("no session was saved: there is nothing to recover")

    # while the app runs

    def watch(self, app: BaseApp) -> None:
        """From now on store the session whenever it has changed."""
        self._app, self._loop = app, asyncio.get_running_loop()
        self._first_state = self._stored_state = session_state(app.session)
        app.clock.every(app, INTERVAL, lambda: self.store_if_changed(app))
        app.clock.after(app, FIRST_TRY, lambda: self._try_to_write(app))

    def call_soon(self, call: Callable[[], None]) -> None:
        """Call something in the app's thread, from any thread. RuntimeError if no app runs."""
        if self._loop is None:
            raise RuntimeError("no app is watched")
        self._loop.call_soon_threadsafe(call)

    def store_if_changed(self, app: BaseApp) -> None:
        """Write the session, in a thread, if it has changed since it was stored."""
        try:
            state, app.place = session_state(app.session), app.present_place
            if state != self._stored_state and not (self._writer and self._writer.is_alive()):
                self._stored_state = state
                self._writer = self._start_writing(app)
        except Exception as error:  # a fault in storing must not end the app
            self._failed(f"{type(error).__name__}: {error}")

    def _try_to_write(self, app: BaseApp) -> Thread:
        """Find out, in a thread, whether the session can be written."""
        return self._start_writing(app, only_try=True)

    def _start_writing(self, app: BaseApp, only_try: bool = False) -> Thread:
        from tui.storage.saving import saved

        session = saved(app.session, self.path.parent, app.place)
        writer = Thread(target=self._write, args=(session, only_try), daemon=True)
        writer.start()
        return writer

    def _failed(self, problem: str) -> None:
        """Note why nothing could be written, and warn the user."""
        self._problem = problem
        with suppress(RuntimeError):  # the app has ended
            self.call_soon(self._warn)

    def _warn(self) -> None:
        """Show once that the session cannot be stored, and why."""
        if self._app and not self._has_warned:
            self._has_warned = True
            message = f"the session is not saved for recovery: {self._problem}"
            self._app.tell_also(message)

    def wait(self) -> None:
        """Wait until the thread has written the session."""
        if self._writer:
            self._writer.join()

    # at the end of the app

    def store(self) -> None:
        """Write the session now, from any thread, if anything has been done in it."""
        app = self._app
        # an unused session must not replace one that a crash has left
        if app and session_state(app.session) != self._first_state:
            self.write_now(app.session, app.present_place or app.place)

    def write_now(self, session: Session, place: Place) -> None:
        """Write the session and wait until that is done."""
        from tui.storage.saving import saved

        self.wait()
        self._write(saved(session, self.path.parent, place))

    def end(self, app: BaseApp) -> Outcome:
        """Store the session after the app has ended: after a crash in a file of its own, else as
        the session that was quit last."""
        problem = self._store_at_end()
        self._app = self._loop = None
        crashed, exists, path = bool(app.return_code), os.path.exists(self.path), self.path
        if not crashed and exists:
            with suppress(OSError):
                os.replace(self.path, folder() / LAST)
                path = folder() / LAST
        if problem:
            message = f"the session could not be saved: {problem}"
            if exists:
                message += f"; nn-explore --recover opens an earlier state of it ({path})"
            return Outcome(message, app.return_code or 1)
        message = f"the session was saved: nn-explore --recover opens it ({path})"
        return Outcome(message if crashed and exists else "", app.return_code or 0)

    def _store_at_end(self) -> str:
        """Write the session; returns why that is not possible, or ""."""
        self._problem = ""
        try:
            self.store()
        except Exception as error:  # after a crash it may be inconsistent; the old file stays
            return f"{type(error).__name__}: {error}"
        return self._problem

    def _write(self, session: Saved, only_try: bool = False) -> None:
        """Write a session. A full disk must not end the app, but the user is warned."""
        directory = self.path.parent
        try:
            directory.mkdir(parents=True, exist_ok=True)
            if only_try:
                from tempfile import TemporaryFile

                with TemporaryFile(dir=directory) as file:
                    file.write(session.content())
            else:
                write_whole(self.path, session.content())
        except Exception as error:  # a fault in writing must not end the app either
            if not only_try:
                self._stored_state = None  # try again at the next check
            problem = f"{directory}: {error.strerror}" if isinstance(error, OSError) else str(error)
            self._failed(problem)
        else:
            self._problem = ""


def session_state(session: Session) -> object:
    """What is stored of a session, in a form to compare: equal if the files would be equal."""
    runs = [(run.name, run.label, run.curve and id(run.curve)) for run in session.runs.all]
    revisions = [(run.live.revision, run.prepared.experiment) for run in session.runs.live]
    return runs, revisions, session.mark, repr(looks_of(session))
