"""The app while training plays, and its first paint.

python -m tests.benchmarks.app
"""

import asyncio
import os
import pty
import random
import select
import subprocess
import sys
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from engine import Trainer
from tui.app import NNExplore
from tui.experiments.library import built_in
from tui.screens.surface import SurfaceScreen

SIZE = (120, 40)
ROUNDS, SECONDS = 5, 1.5
KEYS = 80
SCREENS = {
    "explore": "circle",
    "backprop": "circle",
    "regions": "circle",
    "linear": "mtcars",
    "glm": "challenger",
    "compare": "circle",
    "surface": "circle",
}
PLAYING = 5.0  # seconds in which the bytes of play are counted
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Network")
Empty().run()
"""
APP = "from tui.cli.main import main; main([])"


async def speed_of_play(dataset: str) -> None:
    """Steps a second while training plays as fast as possible, of those of bare training.

    In rounds of both in turn: they see the machine as it is just then.
    """
    app = NNExplore(built_in(dataset))
    bare = Trainer(built_in(dataset)).step(5000)
    speeds: list[tuple[float, float]] = []
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.simulate_key("space")
        await asyncio.sleep(1.5)
        for _ in range(ROUNDS):
            app.session.time.playing = False
            start = perf_counter()
            bare.step(20_000)
            free = 20_000 / (perf_counter() - start)
            app.session.time.playing = True
            start, first = perf_counter(), app.session.trainer.step_count
            await asyncio.sleep(SECONDS)
            steps = app.session.trainer.step_count - first
            speeds.append((steps / (perf_counter() - start), free))
    ratio = median(speed / free for speed, free in speeds)
    played, free = (median(column) for column in zip(*speeds, strict=True))
    print(f"{dataset:8} plays {played:6.0f} of {free:6.0f} steps/s = {ratio:.2f} (bar 0.5)")


async def keys_while_playing(screen: str, dataset: str) -> None:
    """The time from a key, the next or previous example, to all panes of a screen drawn for it; on
    Surface, from one that moves the cursor."""
    app, waits, rng = NNExplore(built_in(dataset)), [], random.Random(0)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        if screen == "compare":  # a second run
            app.simulate_key("B")
        app.show_screen(screen)
        await asyncio.sleep(1.0)  # Surface computes it
        app.simulate_key("space")
        await asyncio.sleep(1.5)
        assert app.frame_screen is not None and app.frame_screen.name == screen
        keys = ["pagedown", "pageup"]
        if screen == "surface":
            app.simulate_key("tab")
            keys = ["right", "left"]
        for n in range(KEYS):
            await asyncio.sleep(rng.uniform(0.02, 0.12))
            waits.append(await answered(app, keys[n % 2]))
    p95 = quantiles(waits, n=20)[-1]
    times = f"p50 {median(waits) * 1e3:4.1f} ms, p95 {p95 * 1e3:4.1f} ms (bar 25)"
    print(f"{screen:8} {dataset:10} a key while it plays: {times}")


async def answered(app: NNExplore, key: str) -> float:
    """Seconds from a key to the screen drawn for it: the first frame that is drawn at once."""
    screen, drawn = app.frame_screen, asyncio.get_running_loop().create_future()
    name = "draw_surface" if isinstance(screen, SurfaceScreen) else "show"
    draw = getattr(screen, name)

    def noted(*arguments: Any) -> None:
        draw(*arguments)
        if not drawn.done() and arguments[2:] != (False,):  # of a frame that is drawn at once
            drawn.set_result(perf_counter())

    setattr(screen, name, noted)
    asked = perf_counter()
    app.simulate_key(key)
    try:
        return float(await drawn) - asked
    finally:
        setattr(screen, name, draw)


def _environment(cache: str) -> dict[str, str]:
    """Of a terminal of many colours; compiled modules are kept in the folder ``cache``."""
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**environment, "PYTHONPYCACHEPREFIX": cache}


def first_paint(code: str, cache: str) -> float:
    """Seconds from the start of a Python process to the word Network on its terminal.

    Modules are compiled beforehand, as an installation does.
    """
    environment = _environment(cache)
    main, terminal = pty.openpty()
    subprocess.run(["stty", "cols", str(SIZE[0]), "rows", str(SIZE[1])], stdin=terminal, check=True)
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        close_fds=True,
    )
    seen = b""
    while b"Network" not in seen and perf_counter() - start < 20.0:
        if select.select([main], [], [], 0.1)[0]:
            seen += os.read(main, 65536)
    elapsed = perf_counter() - start
    process.kill()
    process.wait()
    os.close(main)
    os.close(terminal)
    return elapsed


def playing_bytes(environment: dict[str, str]) -> float:
    """Bytes a second that the app writes to its terminal in the first five seconds of play."""
    main, terminal = pty.openpty()
    subprocess.run(["stty", "cols", str(SIZE[0]), "rows", str(SIZE[1])], stdin=terminal, check=True)
    process = subprocess.Popen(
        [sys.executable, "-c", APP],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        close_fds=True,
    )

    def read(seconds: float) -> int:
        end, size = perf_counter() + seconds, 0
        while perf_counter() < end:
            if select.select([main], [], [], 0.05)[0]:
                size += len(os.read(main, 65536))
        return size

    while not read(1.0):
        pass
    while read(1.0):  # until all is drawn
        pass
    os.write(main, b" ")
    size = read(PLAYING)
    process.kill()
    process.wait()
    os.close(main)
    os.close(terminal)
    return size / PLAYING


def main() -> None:
    for dataset in ("circle", "mtcars", "spiral"):
        asyncio.run(speed_of_play(dataset))
    for screen, dataset in SCREENS.items():
        asyncio.run(keys_while_playing(screen, dataset))
    with TemporaryDirectory() as cache:
        bytes_a_second = playing_bytes(_environment(cache))
        print(f"play writes {bytes_a_second / 1e3:.0f} kB/s to the terminal (bar 80)")
        pairs = [(first_paint(APP, cache), first_paint(EMPTY, cache)) for _ in range(9)][1:]
    ratio = median(app / empty for app, empty in pairs)
    app, empty = (min(times) for times in zip(*pairs, strict=True))
    print(
        f"first paint {app * 1e3:.0f} ms, empty app {empty * 1e3:.0f} ms: {ratio:.2f} × (bar 2.2)"
    )


if __name__ == "__main__":
    main()
