"""A session's frames only read it, and each shows the run that it names."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from frames import framed
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import EngineError, Experiment
from tui.actions.screen_keys import SCREENS, VISITED
from tui.model.frame import Frame
from tui.session.session import Session
from tui.storage.saving import saved

CIRCLE = Experiment(dataset="circle", hidden=(3,))
EXPERIMENTS = (
    CIRCLE,
    Experiment(dataset="sine", hidden=(3,)),
    Experiment(dataset="iris", hidden=(2,), train_fraction=0.5),
    Experiment(dataset="reg-plane", hidden=(2,), output="identity", learning_rate=1000.0),
)
ALL_SCREENS = (*SCREENS, *VISITED)


# equal values


def differing(one: Any, other: Any, path: str = "frame") -> Iterator[str]:
    """Where two values differ, by all fields of their parts; arrays are compared bit by bit."""
    if one is other:
        return
    if type(one) is not type(other):
        yield f"{path}: {type(one).__name__}, {type(other).__name__}"
    elif isinstance(one, np.ndarray):
        if (one.shape, one.dtype, one.tobytes()) != (other.shape, other.dtype, other.tobytes()):
            yield path
    elif isinstance(one, float):
        if np.float64(one).tobytes() != np.float64(other).tobytes():
            yield f"{path}: {one}, {other}"
    elif isinstance(one, Mapping):
        if [*one] != [*other]:
            yield f"{path}: keys"
        else:
            yield from (d for key in one for d in differing(one[key], other[key], f"{path}[{key}]"))
    elif isinstance(one, list | tuple):
        if len(one) != len(other):
            yield f"{path}: length"
        pairs = enumerate(zip(one, other, strict=False))
        yield from (d for i, pair in pairs for d in differing(*pair, f"{path}[{i}]"))
    elif is_dataclass(one):
        names = [item.name for item in fields(one)]
        for name in names:
            yield from differing(getattr(one, name), getattr(other, name), f"{path}.{name}")
    elif hasattr(one, "__dict__") and not callable(one) and type(one).__eq__ is object.__eq__:
        yield from differing(vars(one), vars(other), path)
    elif one != other:
        yield f"{path}: {one!r}, {other!r}"


def test_the_comparison_of_frames_finds_a_single_number_that_differs() -> None:
    frame = framed(Session(CIRCLE), "glm")
    network = frame.network.copy()
    network.parameters[-1] += 1e-15
    assert [*differing(frame, replace(frame, cost=np.nextafter(frame.cost, 9.0)))]
    assert [*differing(frame, replace(frame, network=network))]
    assert [*differing(frame, framed(Session(replace(CIRCLE, seed=2)), "glm"))]
    assert not [*differing(frame, replace(frame, cursor=frame.cursor.copy()))]


# random states


@dataclass(frozen=True)
class Action:
    """Something that a user does, by a name for the report of a failure."""

    name: str
    number: int

    def do(self, session: Session) -> None:
        """Do it; nothing happens where the session refuses it."""
        with suppress(EngineError):
            ACTIONS[self.name](session, self.number)


def _edit(session: Session, n: int) -> None:
    session.edit(1, "weight", (0, 0), n / 7.0)


def _walk(session: Session, n: int) -> None:
    session.selection.toggle_walk()
    low, high = np.array(session.selection.view.box).T
    session.selection.move_cursor(low + (high - low) * (abs(n) % 10) / 10.0)


def _predict(session: Session, n: int) -> None:
    session.preferences.predicting = n % 2 == 0


ACTIONS: dict[str, Callable[[Session, int], object]] = {
    "step": lambda session, n: session.time.step(n),
    "seek": lambda session, n: session.time.seek(abs(n)),
    "epoch": lambda session, n: session.time.step_epoch(1 if n > 0 else -1),
    "microstep": lambda session, n: session.microstep(n),
    "component": lambda session, n: session.move_component(n % 3 - 1, n % 2),
    "rate": lambda session, n: session.scale_learning_rate(1.0 + abs(n) / 9.0),
    "edit": _edit,
    "freeze": lambda session, n: session.freeze(1, "weight", (0, 0), n > 0),
    "undo": lambda session, n: session.undo(),
    "redo": lambda session, n: session.redo(),
    "restart": lambda session, n: session.restart(n > 0),
    "branch": lambda session, n: session.branch_off(),
    "switch": lambda session, n: session.switch_to(n),
    "delete": lambda session, n: session.delete_run(),
    "together": lambda session, n: session.time.compare(n > 0),
    "predict": _predict,
    "reveal": lambda session, n: session.microscope.reveal(
        session.trainer, session.selection.looked_at
    ),
    "example": lambda session, n: session.selection.next_example(n),
    "batch": lambda session, n: session.selection.toggle_batch_mode(),
    "unit": lambda session, n: session.select_unit(abs(n) % 3, abs(n) % 4),
    "plane": lambda session, n: session.selection.next_plane(),
    "walk": _walk,
    "degree": lambda session, n: session.selection.next_degree(),
    "residuals": lambda session, n: session.selection.toggle_residuals(),
    "show": lambda session, n: framed(session, ALL_SCREENS[n % len(ALL_SCREENS)]),
}
STATES = st.lists(st.builds(Action, st.sampled_from([*ACTIONS]), st.integers(-40, 40)), max_size=12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saved")


# frames only read


@pytest.fixture(scope="module")
def no_sweep() -> Iterator[None]:
    """No job of Approximate begins, whose progress two frames would see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.session.sweeps.tracker.SweepTracker.compute", lambda *_: None)
        patch.setattr("tui.session.approximation.tracker.KnotJob.start", lambda job: None)
        yield


@pytest.mark.usefixtures("no_sweep")
@given(st.sampled_from(EXPERIMENTS), STATES, st.booleans())
@settings(max_examples=40)
def test_two_frames_in_a_row_are_equal_and_leave_the_session_as_it_was(
    folder: Path, experiment: Experiment, actions: list[Action], advanced: bool
) -> None:
    session = Session(experiment)
    for action in actions:
        action.do(session)
    for screen in ALL_SCREENS:
        if advanced:
            session.advance(screen)
        content, threads = saved(session, folder).content(), set(threading.enumerate())
        first, second = session.frame(screen), session.frame(screen)
        assert set(threading.enumerate()) <= threads  # one may have ended
        assert saved(session, folder).content() == content
        assert [*differing(first, second)] == []
    session.counter.cancel()


@pytest.mark.parametrize("screen", ALL_SCREENS)
def test_a_frame_starts_no_count_and_computes_no_costs_of_the_past(
    folder: Path, screen: str
) -> None:
    session = Session(Experiment(dataset="circle", hidden=(96, 96)))  # counted in a thread
    session.time.step(600)
    content, threads = saved(session, folder).content(), {*threading.enumerate()}
    known = len(session.trainer.history.costs)
    frames = session.frame(screen), session.frame(screen)
    assert {*threading.enumerate()} <= threads
    assert len(session.trainer.history.costs) == known
    assert saved(session, folder).content() == content
    assert [*differing(*frames)] == []


# the revision


def numbers(session: Session) -> tuple[object, ...]:
    """What a moment of a run consists of."""
    trainer = session.trainer
    return trainer.step_count, trainer.network.parameters.tobytes(), trainer.settings


@given(st.sampled_from(EXPERIMENTS[:3]), STATES)
@settings(max_examples=40)
def test_equal_revisions_are_the_same_moment(experiment: Experiment, actions: list[Action]) -> None:
    session = Session(experiment)
    moments = {session.trainer.revision: numbers(session)}
    for action in actions:
        action.do(session)
        assert moments.setdefault(session.trainer.revision, numbers(session)) == numbers(session)


def test_the_revision_of_a_moment_is_the_same_when_it_is_reached_again() -> None:
    session = Session(CIRCLE)
    session.time.seek(30)
    before = session.trainer.revision
    framed(session, "linear")
    session.selection.next_example(1)
    assert session.trainer.revision == before
    session.time.seek(7)
    session.time.seek(30)
    assert session.trainer.revision == before


def test_a_step_a_seek_an_edit_and_an_undo_each_make_another_revision() -> None:
    session = Session(CIRCLE)
    revisions = [session.trainer.revision]
    for change in (
        lambda: session.time.step(1),
        lambda: session.time.seek(20),
        lambda: session.edit(1, "weight", (0, 0), 0.5),
        lambda: session.edit(1, "weight", (0, 0), 0.25),
        session.undo,
        session.undo,
        lambda: session.change(learning_rate=0.2),
        lambda: session.restart(False),
        session.branch_off,
    ):
        change()
        revisions.append(session.trainer.revision)
    assert len({*revisions}) == len(revisions)


# on Compare each frame is that of its own run


def of_its_run(frame: Frame) -> dict[str, Any]:
    """What a frame says of its run, whatever the selection."""
    names = (
        "prepared", "experiment", "data", "network", "step", "epoch", "latest_step", "divergence",
        "batch_rows", "cost", "test_cost", "events", "checkpoints", "batch", "single", "check",
        "prediction", "target", "example_cost", "batch_cost", "predicted", "advice",
    )  # fmt: skip
    curve = (frame.curve.steps, frame.curve.train, frame.curve.test)
    return {name: getattr(frame, name) for name in names} | {"curve": curve}


@pytest.mark.parametrize("batch_mode", [False, True])
@pytest.mark.parametrize("experiment", EXPERIMENTS[:3], ids=lambda e: e.dataset)
@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.change(learning_rate=0.3, batch_size=3),
        lambda session: session.edit(1, "weight", (0, 0), 2.0),
        lambda session: session.restart(True),
    ],
    ids=["settings", "edit", "start"],
)
def test_each_of_two_frames_on_compare_has_the_numbers_of_its_own_run(
    change: Callable[[Session], object], experiment: Experiment, batch_mode: bool
) -> None:
    session = Session(experiment)
    session.time.step(40)
    session.branch_off()
    change(session)
    session.time.step(25)
    session.selection.next_example(5)
    session.selection.batch_mode = batch_mode
    together = framed(session, "compare").comparison
    assert together is not None
    costs = [frame.cost for frame in together.frames]
    assert costs[0] != costs[1]
    for index, frame in enumerate(together.frames):
        session.switch_to(index)
        alone = session.frame()
        assert together.pair[index].cost == frame.cost == alone.cost
        assert [*differing(of_its_run(frame), of_its_run(alone))] == []


def test_in_batch_mode_both_frames_show_the_batch_of_the_current_run() -> None:
    session = Session(replace(CIRCLE, batch_size=5))
    session.time.step(40)
    session.branch_off()
    session.time.step(3)
    session.selection.toggle_batch_mode()
    together = framed(session, "compare").comparison
    assert together is not None
    first, second = together.frames
    assert not np.array_equal(first.batch_rows, second.batch_rows)
    expected = first.passed(second.batch_rows)
    assert [*differing(first.shown, expected)] == []
    assert [*differing(second.shown, second.batch)] == []
