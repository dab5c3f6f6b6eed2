"""One run of the app with some inputs: what breaks in it, and the shortest inputs that do."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from textual import screen
from textual.pilot import Pilot

from engine import DATASETS, Experiment
from engine.data.generators import FORMULAS
from engine.network.activations import ACTIVATIONS
from engine.training.optimizers import OPTIMIZERS
from tests.frames import finish_counting, framed, wait_for_count
from tests.screen import text
from tui.app import NNExplore
from tui.commands.lessons.panel import end_scenes
from tui.commands.screens import go_to
from tui.screens.frame_screen import SMALLEST

from .checks import Broken, check, check_app, check_replay, check_saved, differing, place
from .giving import Bells, give, resize, settle
from .inputs import SIZES, Given, inputs
from .texts import OWN, write_files

OFTEN = 50  # inputs between looks at the app
LONGEST = 120.0  # seconds for a thread to end, on however slow a machine
COUNTED = 150  # checkpoints up to which the counts at all of them are waited for
OPENED = "opened again.npz"


@dataclass(frozen=True)
class Start:
    """What the app begins with."""

    experiment: Experiment
    size: tuple[int, int]
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """What broke: ``signature`` tells one fault from another, ``after`` is how many inputs it
    took."""

    signature: str
    says: str
    after: int


@dataclass
class Progress:
    """How many inputs have been given; the app may be quit before the last."""

    given: int = 0


def drawn(seed: int, number: int, length: int) -> tuple[Start, list[Given]]:
    """The start and the inputs of a run."""
    rng = Random(f"{seed} {number}")
    return _start(rng), [*islice(inputs(rng), length)]


def _start(rng: Random) -> Start:
    dataset = rng.choice([*DATASETS, *OWN])
    hidden = tuple(rng.randint(1, 4) for _ in range(rng.choice((0, 1, 1, 2, 2, 3))))
    experiment = Experiment(
        dataset=dataset,
        hidden=hidden,
        activation=rng.choice(("relu", "relu", "relu", "identity", rng.choice([*ACTIVATIONS]))),
        optimizer=rng.choice([*OPTIMIZERS]),
        learning_rate=rng.choice((0.001, 0.01, 0.03, 0.1, 10.0)),
        batch_size=rng.choice((1, 5, 10, 1000)),
        noise=rng.choice((0.0, 20.0)) if dataset in FORMULAS else 0.0,
        seed=rng.randint(0, 99),
    )
    options = {
        "ascii": rng.random() < 0.2,
        "theme": rng.choice(("dark", "dark", "light")),
        "demo": rng.random() < 0.1,
        "predict": rng.random() < 0.1,
    }
    return Start(experiment, rng.choice(SIZES[:5]), options)


# giving


def failure_of(start: Start, given: Sequence[Given], progress: Progress) -> Failure | None:
    """What breaks when the app is given these inputs; None where all holds."""
    threads = {*threading.enumerate()}
    with somewhere() as folder:
        try:
            with drawn_when_asked(), redirect_stderr(StringIO()):  # Textual prints tracebacks
                asyncio.run(_play(start, given, folder, progress))
            _check_left(threads, folder)
        except Broken as error:
            return Failure(f"Broken: {str(error)[:12]}", str(error), progress.given)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            says = "".join(traceback.format_exception(error))
            return Failure(_signature(error), says, progress.given)
    return None


@contextmanager
def somewhere() -> Iterator[Path]:
    """A folder of its own to work in, with files, and another one for what the app keeps."""
    with TemporaryDirectory() as home:
        folder = Path(home) / "work"
        folder.mkdir()
        write_files(folder)
        before = {name: os.environ.get(name) for name in HOMES}
        os.environ.update({name: str(Path(home) / name) for name in HOMES})
        try:
            with chdir(folder):
                yield folder
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


@contextmanager
def drawn_when_asked() -> Iterator[None]:
    """Draw when ``settled`` asks for it and not by the clock, so that a run is the same again."""
    period, screen.UPDATE_PERIOD = screen.UPDATE_PERIOD, 1e6
    try:
        yield
    finally:
        screen.UPDATE_PERIOD = period


HOMES = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME")


async def _play(start: Start, given: Sequence[Given], folder: Path, progress: Progress) -> None:
    app = NNExplore(start.experiment, clock=Bells(), **start.options)
    async with app.run_test(size=start.size) as pilot:
        await settle(app, pilot)
        for one in given:
            await give(app, pilot, one)
            progress.given += 1
            if app._exit:
                return
            if progress.given % OFTEN == 0:
                await settle(app, pilot)
                if app._exit:  # the palette has a command for it
                    return
                check_app(app)
        await settle(app, pilot)
        if not app._exit:
            await _end(app, pilot, folder)


async def _end(app: NNExplore, pilot: Pilot[None], folder: Path) -> None:
    """Look at the runs, save the session, open it in the same app, and quit."""
    await _rest(app, pilot)
    check_app(app)
    for run in app.session.runs.live:
        check_replay(run)
    here, session = place(app), app.session
    if app.has_hint:  # no part of a session
        app.close_hint()
    again = check_saved(session, here, folder / OPENED)
    if _count(app):
        app.show()
        await settle(app, pilot)
        before = text(app)
        # what the user switches on and off is no part of a session
        again.preferences = session.preferences
        app.use(again)
        go_to(app, here)
        await settle(app, pilot)
        check(place(app) == here, f"the place is {place(app)} when opened, not {here}")
        _count(app)
        app.show()
        await settle(app, pilot)
        after = text(app)
        check(
            after == before,
            f"the screen when opened is not as it was:\n  {differing(after, before)}",
        )
    app.simulate_key("q")
    await settle(app, pilot)
    check(app._exit, "q does not quit")


async def _rest(app: NNExplore, pilot: Pilot[None]) -> None:
    """Close dialogs and panel, pause, end the scenes, take messages away."""
    await settle(app, pilot)
    size = app.size
    if size.width < SMALLEST[0] or size.height < SMALLEST[1]:
        await resize(app, pilot, *SIZES[0])
        await settle(app, pilot)
    while app.screen is not app.frame_screen:
        app.pop_screen()
        await settle(app, pilot)
    app.session.time.playing = False
    app.end_demo()
    end_scenes(app)
    app.draft.discard()
    if app.draft.shown:
        app.frame_screen.show_settings(False)
    app.message = ""
    app.show()
    await settle(app, pilot)


def _count(app: NNExplore) -> bool:
    """Count all that the screen shows; whether it shows the same each time."""
    session, shown = app.session, app.frame_screen
    assert shown is not None
    if shown.NAME in ("surface", "approximate"):  # drawn as they are computed
        return False
    framed(session)
    while wait_for_count(session):
        framed(session)
    if not shown.COUNTS:
        return True
    if len(session.trainer.history.checkpoints) > COUNTED:
        return False
    finish_counting(session)
    return True


def _check_left(threads: set[threading.Thread], folder: Path) -> None:
    """No thread goes on, and no file of the folder is open."""
    for thread in {*threading.enumerate()} - threads:
        thread.join(LONGEST)
        check(not thread.is_alive(), f"the thread {thread.name} goes on after the app")
    gc.collect()
    handles = Path("/proc/self/fd")
    if handles.exists():
        targets = [os.readlink(one) for one in handles.iterdir() if one.is_symlink()]
        left = [target for target in targets if target.startswith(str(folder.parent))]
        check(not left, f"files are open after the app: {left}")


def _signature(error: BaseException) -> str:
    """The kind of an exception, and the last place of the project it came through."""
    places = traceback.extract_tb(error.__traceback__)
    ours = [f for f in places if "/tui/" in f.filename or "/engine/" in f.filename]
    last = (ours or places)[-1] if places else None
    where = f"{Path(last.filename).name}:{last.name}" if last else "nowhere"
    return f"{type(error).__name__} in {where}"


# making short


def shortest(start: Start, given: Sequence[Given], failure: Failure, tries: int) -> list[Given]:
    """The fewest inputs found in so many tries that break the same: first those after it are left
    out, then ever smaller parts of the rest."""
    left = [*given[: failure.after + 1]]
    size = max(1, len(left) // 2)
    while tries > 0:
        at, shorter = 0, False
        while at < len(left) and tries > 0:
            candidate = left[:at] + left[at + size :]
            tries -= 1
            found = failure_of(start, candidate, Progress())
            if found and found.signature == failure.signature:
                left, shorter = candidate[: found.after + 1], True
            else:
                at += size
        if size == 1 and not shorter:
            break
        size = size if shorter and size == 1 else max(1, size // 2)
    return left
