"""Ending of the app by a signal or by the loss of its terminal.

A separate thread waits for both, for the main thread may be computing, or waiting for a slow
terminal. The main thread gets some time to end in good order; then the process is ended.
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

    from tui.system.changed_cells import ChangedCells

INPUT, OUTPUT = 0, 2  # what Textual reads from, and writes to
PATIENCE = 0.5  # seconds for the main thread to answer
LIMIT = 1.5  # seconds from a signal to the end of the process
WRITING = 30.0  # more seconds while a busy machine writes the session
TRIES = 5  # to write the session, which the app may be changing
POLL = 0.25  # seconds between checks of the terminal
RESTORING = 0.2  # seconds for resetting the terminal
ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)
"""The signals that end the app."""
HANG_UP = getattr(signal, "SIGHUP", signal.SIGTERM)
RESET = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # input
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"  # line wrap, default keys, main screen, cursor
)


@contextmanager
def ended_by_interrupt() -> Iterator[None]:
    """Ctrl+c ends the process at once, without a message; a shell reports the status 130.

    This works during an import too, where a KeyboardInterrupt could be lost.
    """
    before = None
    with suppress(ValueError):  # raised outside the main thread
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def is_attached() -> bool:
    """Whether the app still has the terminal that it reads from."""
    return os.isatty(INPUT)


def detach() -> None:
    """Replace a lost terminal by an empty pipe to read from and the null device to write to.

    Else a thread that waits for keys would read the end of the file again and again.
    """
    with suppress(OSError):
        silent, _ = os.pipe()
        os.dup2(silent, INPUT)
        os.dup2(os.open(os.devnull, os.O_WRONLY), OUTPUT)


class SignalWatch:
    """Ends the process within ``LIMIT`` seconds of a signal or of the loss of its terminal.

    ``soon`` has the app call a function in its own thread when it can; ``keep`` writes the session,
    in any thread; ``leave``, called in the app's thread, makes the app end with an exit status.
    A watch must be made in the main thread; only the first of several signals counts.
    """

    def __init__(
        self,
        soon: Callable[[Callable[[], None]], object],
        keep: Callable[[], object],
        leave: Callable[[int], object],
    ) -> None:
        import socket  # not needed by commands that only print

        self._soon, self._keep, self._leave = soon, keep, leave
        self._attributes = _attributes()
        self._signals, wake = socket.socketpair()
        wake.setblocking(False)
        self._wake = wake

        def note(number: int, _: Any) -> None:
            with suppress(OSError):  # the event loop has its own wake-up here
                wake.send(bytes([number]))

        for number in ENDING:
            signal.signal(number, note)
        # written at once, also while the main thread computes
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        Thread(target=self._run, name="watch", daemon=True).start()

    def _run(self) -> NoReturn:
        import select

        while is_attached():
            if select.select([self._signals], [], [], POLL)[0]:
                for number in self._signals.recv(64):
                    if number in ENDING:
                        self._end(number)
        self._end(HANG_UP)

    def _end(self, number: int) -> NoReturn:
        """Write the session, in the app's thread if it answers; then end the process."""
        until, status, kept = monotonic() + LIMIT, 128 + number, Event()
        if not is_attached():
            detach()

        def keep() -> None:
            for _ in range(TRIES):  # if all fail, the session written before remains
                with suppress(Exception):
                    self._keep()
                    break
                Event().wait(0.05)
            kept.set()

        def by_the_app() -> None:
            keep()
            if is_attached():
                self._leave(status)

        with suppress(Exception):  # the app has not started, or has ended
            self._soon(by_the_app)
        if not kept.wait(PATIENCE):
            Thread(target=keep, name="keep", daemon=True).start()
            kept.wait(LIMIT - PATIENCE + WRITING)
        while is_attached() and monotonic() < until:  # the app usually ends by itself before
            Event().wait(0.05)
        if is_attached():
            restoring = Thread(target=self._restore, name="restore", daemon=True)
            restoring.start()
            restoring.join(RESTORING)
        os._exit(status)

    def _restore(self) -> None:
        """Reset the terminal, as the app would have done."""
        with suppress(Exception):
            if self._attributes is not None and sys.platform != "win32":
                import termios

                termios.tcsetattr(INPUT, termios.TCSANOW, self._attributes)
            os.write(OUTPUT, RESET.encode())


def _attributes() -> list[Any] | None:
    """The settings of the terminal; None if they cannot be read."""
    if sys.platform != "win32":
        with suppress(Exception):
            import termios

            return termios.tcgetattr(INPUT)
    return None


# the driver of Textual


def can_suspend(driver: Driver | None) -> bool:
    """Whether a shell below may take the terminal for a while; Windows has no such thing."""
    return sys.platform != "win32" and driver is not None and driver.can_suspend


class TerminalFile:
    """The terminal as a file to write to; an error is treated as the loss of the terminal.

    Else an error would end Textual's writer thread, and the app would wait for it for ever.
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
        except BlockingIOError:  # set by another program; the buffer is kept
            with suppress(OSError):
                if sys.platform != "win32":
                    os.set_blocking(self._file.fileno(), True)
                self._file.flush()
        except OSError:
            hang_up()
        except ValueError:  # it has been closed
            return


def hang_up() -> None:
    """Raise the signal that the loss of the terminal sends."""
    signal.raise_signal(HANG_UP)


def lasting(driver: type[Driver], cells: ChangedCells) -> type[Driver]:
    """A driver that allows the loss of the terminal at any moment, and sends changed cells only."""

    class LastingDriver(driver):  # type: ignore[misc, valid-type]
        _file: Any

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._file = TerminalFile(self._file)

        def write(self, data: str) -> None:
            super().write(cells.shortened(data))

        def run_input_thread(self) -> None:
            try:
                super().run_input_thread()
            except OSError:
                hang_up()

    return LastingDriver
