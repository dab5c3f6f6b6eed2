"""The terminal and the signals of the platform: what ends the app from outside.

A signal, or a terminal that is gone, is noticed by a thread of its own. The main thread may be
computing for long, or wait until the terminal takes more: it gets the chance to leave in good
order, and no more than that.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

if TYPE_CHECKING:
    from textual.driver import Driver

INPUT, OUTPUT = 0, 2  # Textual reads from the one and writes to the other
PATIENCE = 0.5  # seconds that the main thread has to begin to leave
LIMIT = 1.5  # seconds from a signal to the end of the process
WRITING = 30.0  # more of them, while a machine that is very busy still writes the session
TRIES = 5  # at writing it, for the app may change it meanwhile
LOOK = 0.25  # seconds between looks whether the terminal is still there
TIDYING = 0.2  # seconds that putting the terminal in order may take
ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)
"""The signals that end the app."""
HANG_UP = getattr(signal, "SIGHUP", signal.SIGTERM)
AS_BEFORE = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # input
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"  # lines wrap, usual keys, usual screen, cursor
)


@contextmanager
def ended_by_interrupt() -> Iterator[None]:
    """Ctrl+c ends the process at once and says nothing; to a shell the status is 130.

    Also in the middle of an import, where an exception could be lost.
    """
    before = None
    with suppress(ValueError):  # in the main thread only
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def is_there() -> bool:
    """Whether the terminal that the app reads from is still there."""
    return os.isatty(INPUT)


def let_go() -> None:
    """Put what never comes, and what takes everything, in the place of a terminal that is gone.

    Else whoever waits for its keys would be told at once, again and again, that there are none.
    """
    with suppress(OSError):
        silent, _ = os.pipe()
        os.dup2(silent, INPUT)
        os.dup2(os.open(os.devnull, os.O_WRONLY), OUTPUT)


class Watch:
    """Ends the process within ``LIMIT`` seconds of a signal or of the loss of its terminal.

    ``soon`` has the app call something in its own thread when it can; ``keep`` writes what must not
    be lost, in whatever thread; ``leave``, called by the app, makes it end with an exit status.
    To be made in the main thread; only the first of several signals counts.
    """

    def __init__(
        self,
        soon: Callable[[Callable[[], None]], object],
        keep: Callable[[], object],
        leave: Callable[[int], object],
    ) -> None:
        import socket  # what only prints does without

        self._soon, self._keep, self._leave = soon, keep, leave
        self._attributes = _attributes()
        self._signals, wake = socket.socketpair()
        wake.setblocking(False)
        self._wake = wake

        def note(number: int, _: Any) -> None:
            with suppress(OSError):  # where the event loop of the platform has its own wake-up
                wake.send(bytes([number]))

        for number in ENDING:
            signal.signal(number, note)
        # written to at once, whatever the main thread is doing
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        Thread(target=self._run, name="watch", daemon=True).start()

    def _run(self) -> NoReturn:
        import select

        while is_there():
            if select.select([self._signals], [], [], LOOK)[0]:
                for number in self._signals.recv(64):
                    if number in ENDING:
                        self._end(number)
        self._end(HANG_UP)

    def _end(self, number: int) -> NoReturn:
        """Have the session written, by the app if it answers; then end the process."""
        until, status, kept = monotonic() + LIMIT, 128 + number, Event()
        if not is_there():
            let_go()

        def keep() -> None:
            for _ in range(TRIES):  # if none succeeds, what was written before is what there is
                with suppress(Exception):
                    self._keep()
                    break
                Event().wait(0.05)
            kept.set()

        def by_the_app() -> None:
            keep()
            if is_there():
                self._leave(status)

        with suppress(Exception):  # there is no app yet, or none any more
            self._soon(by_the_app)
        if not kept.wait(PATIENCE):
            Thread(target=keep, name="keep", daemon=True).start()
            kept.wait(LIMIT - PATIENCE + WRITING)
        while is_there() and monotonic() < until:  # by then the app has usually ended by itself
            Event().wait(0.05)
        if is_there():
            tidying = Thread(target=self._tidy, name="tidy", daemon=True)
            tidying.start()
            tidying.join(TIDYING)
        os._exit(status)

    def _tidy(self) -> None:
        """Put the terminal in the order it was in, as the app should have done."""
        with suppress(Exception):
            if self._attributes is not None and sys.platform != "win32":
                import termios

                termios.tcsetattr(INPUT, termios.TCSANOW, self._attributes)
            os.write(OUTPUT, AS_BEFORE.encode())


def _attributes() -> list[Any] | None:
    """How the terminal is set; None where nobody can tell."""
    if sys.platform != "win32":
        with suppress(Exception):
            import termios

            return termios.tcgetattr(INPUT)
    return None


# what draws and reads


class Lasting:
    """A terminal to write to, of which a failure is a hang-up: whoever writes goes on for a while.

    Textual's thread that writes would end with an error, and the app wait for it for ever.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def fileno(self) -> int:
        return self._file.fileno()

    def isatty(self) -> bool:
        return self._file.isatty()

    def write(self, text: str) -> None:
        self._try(lambda: self._file.write(text))

    def flush(self) -> None:
        self._try(self._file.flush)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except BlockingIOError:  # another program has set the terminal so; the rest is kept
            with suppress(OSError):
                if sys.platform != "win32":
                    os.set_blocking(self._file.fileno(), True)
                self._file.flush()
        except OSError:
            hang_up()
        except ValueError:  # it has been closed
            return


def hang_up() -> None:
    """What the terminal's loss does: as if it had sent its signal."""
    signal.raise_signal(HANG_UP)


def lasting(driver: type[Driver]) -> type[Driver]:
    """A driver for which a terminal may go at any moment."""

    class LastingDriver(driver):  # type: ignore[misc, valid-type]
        _file: Any

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._file = Lasting(self._file)

        def run_input_thread(self) -> None:
            try:
                super().run_input_thread()
            except OSError:
                hang_up()

    return LastingDriver
