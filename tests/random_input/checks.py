"""What must be true whatever was put in; each check raises ``Broken``, which says what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine import Trainer
from engine.training.record.history import CHECKPOINT_BYTES, FEWEST, MOST, History
from tests.screen import text
from tui.app import NNExplore
from tui.session.runs import MAX_GHOSTS, MAX_RUNS, Run
from tui.session.session import Session
from tui.storage.saving import read_session, saved
from tui.storage.session_codec import notes_of

REPLAYED = 4000  # steps of a run that are replayed, at the most


class Broken(AssertionError):
    """Something that must be true is not."""


def check(true: object, says: str) -> None:
    if not true:
        raise Broken(says)


def check_app(app: NNExplore) -> None:
    """It runs, and can be drawn; runs and history are within their bounds."""
    check(app._exception is None, "an exception has ended the app")
    check(app.is_running, "the app does not run")
    check(app.return_code is None, f"the app ends with {app.return_code} though nobody quit")
    rows = text(app).splitlines()
    height = app.screen.size.height
    # not so for a moment after the terminal's size changed
    laid_out = app.screen.size == app.size == app.screen._compositor.size
    check(len(rows) == height or not laid_out, f"{len(rows)} rows on a screen of {height}")
    session = app.session
    check(1 <= len(session.runs.live) <= MAX_RUNS, f"{len(session.runs.live)} runs are live")
    ghosts = [run for run in session.runs.all if run.trainer is None]
    check(len(ghosts) <= MAX_GHOSTS, f"there are {len(ghosts)} ghosts")
    check(session.runs.current in session.runs.live, "the current run is no live one")
    names = [run.name for run in session.runs.live]
    check(len({*names}) == len(names), f"runs share a name: {names}")
    for run in session.runs.live:
        check_history(run.live)


def check_history(trainer: Trainer) -> None:
    history, now = trainer.history, trainer.step_count
    steps, state = [*history.checkpoints], trainer.state
    check(0 in steps, "the first step has no checkpoint")
    check(0 <= now <= history.latest_step, f"step {now} of {history.latest_step}")
    check(max(steps) <= history.latest_step, "a checkpoint lies beyond the latest step")
    check(
        all(event.step <= history.latest_step for event in history.events),
        "an event lies beyond the latest step",
    )
    check(
        [event.step for event in history.events] == sorted(e.step for e in history.events),
        "events are not in order",
    )
    most = min(MOST, max(FEWEST, CHECKPOINT_BYTES // state.nbytes))
    check(len(steps) <= most + 1, f"{len(steps)} checkpoints are kept, at most {most} should be")


def check_replay(run: Run) -> None:
    """From its first step, or from so far back, the run comes to the same bits."""
    trainer, history = run.live, run.live.history
    first = history.checkpoint_before(max(0, trainer.step_count - REPLAYED))
    again = Trainer(run.prepared.experiment)
    if first.step == 0:
        ours, theirs = (state.vectors.tobytes() for state in (again.history.checkpoints[0], first))
        check(ours == theirs, "the run begins with other parameters than its experiment")
    past = History(events=[*history.events], checkpoints={first.step: first}, stride=history.stride)
    again.resume(past, trainer.step_count)
    check_same_runs(again, trainer, f"replayed from step {first.step}")


def check_same_runs(found: Trainer, expected: Trainer, how: str) -> None:
    where = f"at step {expected.step_count}, {how}"
    check(found.step_count == expected.step_count, f"{where}: step {found.step_count}")
    check(found.divergence == expected.divergence, f"{where}: {found.divergence}")
    ours, theirs = found.state, expected.state
    check(ours.vectors.tobytes() == theirs.vectors.tobytes(), f"{where}: other parameters")
    for name in ("step", "count", "settings", "batches"):
        check(getattr(ours, name) == getattr(theirs, name), f"{where}: another {name}")


def check_saved(session: Session, place: Any, path: Path) -> Session:
    """Saved and opened again, the session is the same; returns the one opened."""
    path.write_bytes(saved(session, path.parent, place).content())
    opened = read_session(path)
    again = opened.session
    check(opened.place == place, f"the place is {opened.place}, not {place}")
    for ours, theirs in zip(again.runs.live, session.runs.live, strict=True):
        check_same_runs(ours.live, theirs.live, "saved and opened")
        check(ours.live.history.events == theirs.live.history.events, "other events when opened")
        latest = ours.live.history.latest_step, theirs.live.history.latest_step
        check(latest[0] == latest[1], f"latest step {latest[0]} when opened, not {latest[1]}")
    for name, kept in notes_of(session).items():
        found = notes_of(again)[name]
        if name == "mark" and kept and kept["regions"] is None:
            kept["regions"] = found["regions"]  # they may be too many to be counted again
        ours, theirs = json.dumps(found), json.dumps(kept)
        check(ours == theirs, f"{name} is {ours[:300]} when opened, not {theirs[:300]}")
    return again


def differing(found: str, expected: str) -> str:
    """The first rows of two screens that are not the same."""
    pairs = zip(found.splitlines(), expected.splitlines(), strict=True)
    rows = [f"{ours!r}\n  not {theirs!r}" for ours, theirs in pairs if ours != theirs]
    return "\n  ".join(rows[:4])


def place(app: NNExplore) -> Any:
    """Where the user is, as JSON gives it back."""
    return json.loads(json.dumps(app.present_place))
