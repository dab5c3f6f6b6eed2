"""Saving of sessions and experiments as files, and opening of sessions.

The runs are stored as in ``engine.storage.checkpoint``; the notes hold what the user looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from engine import DataError, EngineError, Experiment, Network, Trainer
from engine.data.source import source
from engine.storage.checkpoint import checkpoint_bytes, load_checkpoint
from engine.storage.share_code import Expected
from engine.training.prepare import Prepared
from engine.training.record.history import History
from engine.training.record.state import Divergence, State
from tui.session.limits import check_size
from tui.session.session import Session
from tui.storage.opening import MAX_TOML
from tui.storage.session_codec import Notes, Place, notes_of
from tui.storage.session_reading import session_of
from tui.system.paths import absolute, shortened


@dataclass(frozen=True)
class Opened:
    """A session that was opened.

    ``name`` is what it was opened from; ``path`` is the file, if any. ``place`` is where on the
    screen the user was, {} if unknown; ``expected`` a result to check; ``remarks`` say what has
    changed since it was saved.
    """

    session: Session
    name: str
    place: Place = field(default_factory=dict)
    path: Path | None = None
    expected: Expected | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """The parts of a Trainer that a checkpoint holds; it does not change when the trainer does."""

    prepared: Prepared
    history: History
    step_count: int
    network: Network
    divergence: Divergence | None
    state: State


@dataclass(frozen=True)
class Saved:
    """A session at one moment. It is quick to make; ``content`` takes time."""

    runs: tuple[Snapshot, ...]
    notes: Notes

    def content(self) -> bytes:
        """The content of the file."""
        return checkpoint_bytes(self.runs, self.notes)


def saved(session: Session, folder: Path, place: Place | None = None) -> Saved:
    """The session as it is now, for a file in ``folder``: paths of data below it start there."""
    runs = tuple(snapshot(run.trainer, folder) for run in session.runs.all if run.trainer)
    return Saved(runs, notes_of(session) | {"place": place or {}})


def snapshot(trainer: Trainer, folder: Path) -> Snapshot:
    """A run as it is now. Its states are not copied, for they never change."""
    prepared, history = trainer.prepared, trainer.history
    assert prepared is not None
    dataset = str(source(prepared.experiment.dataset).relative_to(absolute(folder)))
    return Snapshot(
        replace(prepared, experiment=replace(prepared.experiment, dataset=dataset)),
        replace(
            history,
            events=[*history.events],
            checkpoints={**history.checkpoints},
            costs=history.costs.copy(),
        ),
        trainer.step_count,
        trainer.network,
        trainer.divergence,
        trainer.state,
    )


def read_session(path: Path) -> Opened:
    """The session in a file. DataError where the file is damaged or of another kind, or where it
    holds no data and the data file is gone."""
    path = absolute(path)
    checkpoint = load_checkpoint(path, path.parent)
    if not checkpoint.trainers:
        raise DataError(f"{path}: the file holds no run")
    for trainer in checkpoint.trainers:
        assert trainer.prepared is not None
        check_size(trainer.prepared.size)
    try:
        session = session_of(checkpoint.trainers, checkpoint.notes)
    except EngineError as error:
        raise DataError(f"{path}: {error}") from None
    session.file = path
    place = checkpoint.notes.get("place")
    return Opened(
        session,
        shortened(path),
        place if isinstance(place, dict) else {},
        path,
        remarks=checkpoint.remarks,
    )


def experiment_text(session: Session, folder: Path, with_weights: bool) -> str:
    """The experiment as TOML, for a file in ``folder``. It starts from the run's initial weights,
    or from the current ones. EngineError where these are not finite."""
    experiment = with_present_weights(session) if with_weights else session.experiment
    dataset = str(source(experiment.dataset).relative_to(absolute(folder)))
    text = replace(experiment, dataset=dataset).to_toml()
    if len(text.encode()) > MAX_TOML:
        raise DataError("its weights are too many for an experiment: save the session, as .npz")
    return text


def with_present_weights(session: Session) -> Experiment:
    """The experiment with the current settings that starts from the current weights."""
    network, divergence = session.trainer.network, session.trainer.divergence
    if divergence:
        raise DataError(f"{divergence}: go back before its weights are saved")
    return replace(
        session.experiment,
        weights=tuple(W.tolist() for W in network.weights),
        biases=tuple(b.tolist() for b in network.biases) if network.bias else None,
    )
