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

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from engine import Trainer
from tui.app import NNExplore
from tui.experiments.library import built_in
from tui.panes.explore.layers import LayersPane

SIZE = (120, 40)
ROUNDS, SECONDS = 5, 1.5
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


async def playing(dataset: str) -> None:
    """Steps a second and the time a key takes to be answered, while training plays.

    Rounds of bare training and of play in turn: both see the machine as it is just then.
    """
    app = NNExplore(built_in(dataset))
    bare = Trainer(built_in(dataset)).step(5000)
    waits: list[float] = []
    speeds: list[tuple[float, float]] = []
    rng = random.Random(0)
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
            while perf_counter() - start < SECONDS:
                await asyncio.sleep(rng.uniform(0.02, 0.12))
                waits.append(await answered(app))
            steps = app.session.trainer.step_count - first
            speeds.append((steps / (perf_counter() - start), free))
    ratio = median(speed / free for speed, free in speeds)
    p95 = quantiles(waits, n=20)[-1]
    played, free = (median(column) for column in zip(*speeds, strict=True))
    print(
        f"{dataset:8} plays {played:6.0f} of {free:6.0f} steps/s = {ratio:.2f} (bar 0.5)   "
        f"key p50 {median(waits) * 1e3:4.1f} ms, p95 {p95 * 1e3:4.1f} ms (bar 50)"
    )


async def answered(app: NNExplore) -> float:
    """Seconds from a key (the next example) to the layers drawn for it."""
    asked, example = perf_counter(), app.session.selection.example
    app.simulate_key("pagedown")
    layers = app.screen.query_one(LayersPane)
    while layers.view is None or layers.view.example == example:
        await asyncio.sleep(0.0005)
    return perf_counter() - asked


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
        asyncio.run(playing(dataset))
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
