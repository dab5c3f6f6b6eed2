"""Saving: a session as one file, and a file as the session that it was.

The runs are those of ``engine.checkpoint``; beside them its notes hold what the user looked at.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from engine import DATASETS, DataError, EngineError, Experiment, Network, Trainer
from engine.checkpoint import checkpoint_bytes, load_checkpoint
from engine.experiment import Prepared
from engine.files import read_whole
from engine.history import History
from engine.share import Expected
from tui.glyphs import UNICODE, Glyphs
from tui.limits import check_size
from tui.paths import absolute, inside, shortened
from tui.place import Place
from tui.session import Session
from tui.session_notes import Notes, notes_of, session_of


@dataclass(frozen=True)
class Opened:
    """A session that was read, from what is called ``name``: the file ``path``, if any. ``place``
    is where on the screen the user was ({}: not known), ``expected`` a result to be checked."""

    session: Session
    name: str
    place: Place = field(default_factory=dict)
    path: Path | None = None
    expected: Expected | None = None


@dataclass(frozen=True)
class Snapshot:
    """What of a Trainer a checkpoint is made of. It stays as it is while the trainer goes on."""

    prepared: Prepared
    history: History
    step_count: int
    network: Network


@dataclass(frozen=True)
class Saved:
    """A session at one moment, quick to make; what takes time is left to ``content``."""

    runs: tuple[Snapshot, ...]
    notes: Notes

    def content(self) -> bytes:
        """The content of a file."""
        # a checkpoint asks no more of a trainer than a snapshot has
        return checkpoint_bytes(cast("Sequence[Trainer]", self.runs), self.notes)


def saved(session: Session, folder: Path, place: Place | None = None) -> Saved:
    """The session as it is now, for a file in a folder: data below it are found from there."""
    runs = tuple(snapshot(run.trainer, folder) for run in session.runs if run.trainer)
    return Saved(runs, notes_of(session) | {"place": place or {}})


def snapshot(trainer: Trainer, folder: Path) -> Snapshot:
    """A run as it is now; its states are never changed, so they need not be copied."""
    prepared, history = trainer.prepared, trainer.history
    assert prepared is not None
    dataset = seen_from(folder, prepared.experiment.dataset)
    return Snapshot(
        replace(prepared, experiment=replace(prepared.experiment, dataset=dataset)),
        replace(
            history,
            events=[*history.events],
            checkpoints={**history.checkpoints},
            costs={**history.costs},
        ),
        trainer.step_count,
        trainer.network,
    )


def seen_from(folder: Path, dataset: str) -> str:
    """The name of a data set in a file of this folder: a path below it is told from there."""
    if dataset in DATASETS:
        return dataset
    path, home = absolute(dataset), absolute(folder)
    # "./" tells a file without an ending from the name of a built-in set
    return f"./{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def read_session(path: Path, glyphs: Glyphs = UNICODE) -> Opened:
    """The session in a file. DataError where it is damaged or another kind of file, or where the
    data have changed since."""
    path = absolute(path)
    try:
        with inside(path.parent):  # data are told from there
            checkpoint = load_checkpoint(path)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    trainers = [_at_home(trainer, path.parent) for trainer in checkpoint.trainers]
    if not trainers:
        raise DataError(f"{path}: the file holds no run")
    for trainer in trainers:
        assert trainer.prepared is not None
        check_size(trainer.prepared.size)
    try:
        session = session_of(trainers, checkpoint.notes, glyphs)
    except (KeyError, IndexError, TypeError, ValueError):
        raise DataError(f"{path}: the file is of another version of nn-explore") from None
    session.file = path
    place = checkpoint.notes.get("place")
    return Opened(session, shortened(path), place if isinstance(place, dict) else {}, path)


def _at_home(trainer: Trainer, folder: Path) -> Trainer:
    """The run, its data told from here and not from a folder."""
    assert trainer.prepared is not None
    experiment = trainer.prepared.experiment
    if experiment.dataset not in DATASETS:
        dataset = os.path.normpath(folder / experiment.dataset)
        experiment = replace(experiment, dataset=dataset)
        trainer.prepared = replace(trainer.prepared, experiment=experiment)
    return trainer


def read_experiment(path: Path) -> Experiment:
    """The experiment in a TOML file; data of its own are told from the file's place."""
    try:
        text = read_whole(path).decode("utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError:
        raise DataError(f"{path}: not UTF-8 text") from None
    try:
        experiment = Experiment.from_toml(text)
    except EngineError as error:
        raise DataError(f"{path}: {error}") from None
    if experiment.dataset in DATASETS:
        return experiment
    return replace(experiment, dataset=str(path.parent / experiment.dataset))


def experiment_text(session: Session, folder: Path, with_weights: bool) -> str:
    """The experiment as TOML for a file in a folder: it begins with the run's first weights, or
    with the present ones. EngineError where these are not finite."""
    experiment = with_present_weights(session) if with_weights else session.experiment
    return replace(experiment, dataset=seen_from(folder, experiment.dataset)).to_toml()


def with_present_weights(session: Session) -> Experiment:
    """The experiment with the settings in force that begins with the present weights."""
    network, divergence = session.trainer.network, session.trainer.divergence
    if divergence:
        raise DataError(f"{divergence}: go back before its weights are saved")
    return replace(
        session.experiment,
        weights=tuple(W.tolist() for W in network.weights),
        biases=tuple(b.tolist() for b in network.biases) if network.bias else None,
    )
