"""Apps that are ended from outside: run as a program, it prints as JSON how each of them ended.

All are forked from this one process, which has imported what they need, so that many can be tried.
"""

import asyncio
import gc
import json
import os
import pty
import random
import select
import signal
import struct
import sys
import threading
import time
from dataclasses import asdict, dataclass
from fcntl import ioctl
from termios import TIOCSWINSZ

PATIENCE = 180.0  # seconds that an app has for its start, and each key for its effect
HOPELESS = 60.0  # seconds after which an app hangs whose terminal was closed: it means to take 2
HOME = "1"  # the screen that an app begins with
LEFT = b"\x1b[?1049l"  # the usual screen of the terminal, as the app ends
SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SCREENS = (HOME, "2", "3", "4", "5", "S", "|")


@dataclass
class Closing:
    """One try: on which screen, whether training plays, whether the terminal reads to the end;
    by which signal, or by closing the terminal (None).

    ``seconds`` from then to the end of the process; ``status`` None: it hung. ``tidied``: the
    terminal shows its usual screen again.
    """

    screen: str
    playing: bool
    reads: bool = True
    signal: int | None = None
    seconds: float = 0.0
    status: int | None = None
    tidied: bool = False


class App:
    """An app in a terminal of its own."""

    def __init__(self) -> None:
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.closerange(3, 256)  # the other terminals, which would stay open here
            run_app()
        ioctl(self.terminal, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.drawn = b""

    def read(self) -> None:
        """Take what it has drawn."""
        while select.select([self.terminal], [], [], 0.0)[0]:
            try:
                part = os.read(self.terminal, 1 << 16)
            except OSError:
                return
            if not part:  # so macOS tells the end
                return
            self.drawn += part

    def type(self, keys: str) -> None:
        self.drawn = b""
        os.write(self.terminal, keys.encode())

    def is_over(self) -> bool:
        """Whether it has exited. On a busy machine Linux may free its memory long after that, and
        only then tells its parent."""
        try:
            with open(f"/proc/{self.process}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] in "ZX"
        except OSError:  # it is gone, or the system is another
            return False

    def ended(self) -> int | None:
        """The exit status; None while it runs, or its memory is being freed."""
        process, status = os.waitpid(self.process, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if process else None


def run_app() -> None:
    """What a forked process does, to its end."""
    from tui.cli.main import main

    status = 1
    try:
        main(["--dataset", "circle"])
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        os._exit(status)


def until(apps: list[App], there) -> None:
    """Read what the apps draw until each of them has drawn what is wanted."""
    end = time.monotonic() + PATIENCE
    waiting = list(apps)
    while waiting:
        for app in apps:
            app.read()
        waiting = [app for app in waiting if not there(app)]
        if time.monotonic() > end:
            raise SystemExit(f"not drawn: {[app.drawn[-300:] for app in waiting]}")
        time.sleep(0.01)


def close(tries: list[Closing], source: random.Random) -> None:
    """Start the apps of some tries, bring each where it should be, and close its terminal."""
    apps = [App() for _ in tries]
    until(apps, lambda app: b"paused" in app.drawn)
    for app in apps:
        app.type("\x1b[C")  # a step
    until(apps, lambda app: app.drawn)
    for app, one in zip(apps, tries, strict=True):
        app.type(one.screen)
    until(apps, lambda app: app.drawn or tries[apps.index(app)].screen == HOME)
    for app, one in zip(apps, tries, strict=True):
        if one.playing:
            app.type(" ")
    playing = [app for app, one in zip(apps, tries, strict=True) if one.playing]
    until(playing, lambda app: "►".encode() in app.drawn)
    load = [busy() for _ in range(2)]
    left = sorted(zip(apps, tries, strict=True), key=lambda _: source.random())
    ending: list[tuple[App, Closing, float]] = []
    while left or ending:
        if left and source.random() < 0.2:
            app, one = left.pop()
            ending.append((app, one, time.monotonic()))
            end_from_outside(app, one)
        for app, one in left:
            if one.reads:
                app.read()
        ending = [tried for tried in ending if not has_ended(*tried)]
        time.sleep(0.002)
    for process in load:
        os.kill(process, 9)
        os.waitpid(process, 0)


def end_from_outside(app: App, one: Closing) -> None:
    if one.signal is None:
        os.close(app.terminal)
    else:
        os.kill(app.process, one.signal)


def has_ended(app: App, one: Closing, began: float) -> bool:
    """Whether the app has ended, or hangs; then it is killed."""
    if one.signal is not None:
        app.read()
    is_over = app.is_over()
    if not is_over:
        one.seconds = time.monotonic() - began
    one.status = app.ended()
    if one.status is None:
        if is_over or one.seconds < HOPELESS:
            return False
        os.kill(app.process, 9)
        os.waitpid(app.process, 0)
    if one.signal is not None:
        app.read()
        one.tidied = LEFT in app.drawn
        os.close(app.terminal)
    return True


def busy() -> int:
    """A process that only takes time: the machine is busy."""
    process = os.fork()
    if process == 0:
        os.closerange(3, 256)
        parent = os.getppid()
        while os.getppid() == parent:
            sum(range(1 << 16))
        os._exit(0)
    return process


async def prepare() -> None:
    """Import everything, and fill what is computed once: by an app without a terminal."""
    from tui import autosave, config, running  # noqa: F401
    from tui.app import NNExplore
    from tui.cli import open_app, startup  # noqa: F401
    from tui.experiments.library import built_in
    from tui.storage import saving  # noqa: F401

    app = NNExplore(built_in("circle"))
    async with app.run_test(size=(120, 40)) as pilot:
        for key in SCREENS:
            await pilot.press("vertical_line" if key == "|" else key)
            await pilot.pause()


def main(count: int, at_once: int) -> None:
    asyncio.run(prepare())
    for thread in threading.enumerate()[1:]:
        thread.join()
    source = random.Random(1)
    ways = [(screen, playing) for screen in SCREENS for playing in (True, False)]
    tries = [Closing(*ways[i % len(ways)], reads=i % 3 > 0) for i in range(count)]
    tries += [Closing(HOME, playing=i % 2 == 0, signal=number) for i, number in enumerate(SIGNALS)]
    gc.freeze()
    for first in range(0, len(tries), at_once):
        close(tries[first : first + at_once], source)
    print(json.dumps([asdict(one) for one in tries]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
