"""Checkpoints: runs with all their past in one file, to go on with the same bits.

The file (see ``archive``) holds the experiments, the data they were trained on, their
events, and states from which every step can be computed again.
"""

import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from engine.atomic_files import MAX_SESSION_BYTES, opened, write_whole
from engine.data.dataset import Dataset
from engine.data.source import from_folder, is_file
from engine.errors import DataError, EngineError
from engine.network.network import Network
from engine.storage.archive import Archive, Values, content_of, packed
from engine.storage.checked import require, text, whole
from engine.storage.stored_data import data_of, digest_of, fate_of, is_storable, stored
from engine.storage.stored_history import Past, past_arrays, past_of, state_note
from engine.training.experiment import Experiment, Prepared
from engine.training.history import Divergence, History, State
from engine.training.trainer import Trainer

FORMAT = "nn-explore 1"
MOST_RUNS = 26
MOST_REPLAY = 1 << 16  # steps computed on opening a file of a version that kept no present state
OTHER_BITS = (
    "the data of this session are not bit for bit those it was saved with: "
    "steps computed again may differ in their last digits"
)


Loaded = dict[tuple[int, str], tuple[Dataset, str]]
"""The data sets of a file by number and name, each with what became of its file."""


class Run(Protocol):
    """What of a run is saved: a Trainer has it, and so may a copy made at one moment."""

    @property
    def prepared(self) -> Prepared | None: ...
    @property
    def history(self) -> History: ...
    @property
    def step_count(self) -> int: ...
    @property
    def network(self) -> Network: ...
    @property
    def divergence(self) -> Divergence | None: ...
    @property
    def state(self) -> State: ...


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What a file holds: runs, each where it stood, and whatever else was saved with them.
    ``remarks`` say what is no longer as it was when they were saved."""

    trainers: tuple[Trainer, ...]
    notes: Mapping[str, Any]
    remarks: tuple[str, ...] = ()


def save_checkpoint(
    path: str | Path, trainers: Sequence[Run], notes: Mapping[str, Any] | None = None
) -> None:
    """Save runs of experiments, and ``notes`` that JSON can hold.

    EngineError for a run of bare arrays; DataError where the file cannot be written: then an
    earlier one of that name is as it was.
    """
    write_whole(Path(path), checkpoint_bytes(trainers, notes or {}))


def load_checkpoint(path: str | Path, folder: str | Path = "") -> Checkpoint:
    """The runs of a file. Their own data files are told from ``folder``, by default the working
    one. DataError where the file is damaged, or no checkpoint, or where it holds no data and
    those it was saved with are gone."""
    with opened(Path(path)) as file:
        try:
            if os.fstat(file.fileno()).st_size > MAX_SESSION_BYTES:
                raise DataError(f"it is too large: {MAX_SESSION_BYTES / 1e6:g} MB is the most")
            return _checkpoint(file, folder)
        except EngineError as error:
            raise DataError(f"{path}: {error}") from None


def checkpoint_bytes(trainers: Sequence[Run], notes: Mapping[str, Any]) -> bytes:
    """The file's content."""
    arrays: dict[str, Values] = {"format": packed(FORMAT), "notes": packed(dict(notes))}
    places: dict[str, int] = {}  # of data sets, by their digests: runs share them
    for i, trainer in enumerate(trainers):
        run = _run(trainer)
        prepared = trainer.prepared
        assert prepared is not None
        place = None
        if is_storable(prepared.loaded):
            data = stored(prepared.loaded)
            place = places.setdefault(digest_of(data), len(places))
            arrays |= {f"data{place}.{name}": array for name, array in data.items()}
        run["loaded"] = packed(place)
        arrays |= {f"run{i}.{name}": array for name, array in run.items()}
    return content_of(arrays)


def checkpoint_of(content: bytes, folder: str | Path = "") -> Checkpoint:
    """What a file's content means."""
    return _checkpoint(io.BytesIO(content), folder)


def _checkpoint(file: BinaryIO, folder: str | Path) -> Checkpoint:
    archive = Archive(file)
    if archive.value("format") != FORMAT:
        raise DataError(f"its format is not {FORMAT!r}: it is of another version of nn-explore")
    notes = archive.value("notes")
    require(isinstance(notes, dict), "its notes are not what they should be")
    data: Loaded = {}
    found: list[tuple[Trainer, str]] = []
    while f"run{len(found)}.experiment" in archive:
        require(len(found) < MOST_RUNS, "it holds too many runs")
        found.append(_trainer(archive, f"run{len(found)}.", data, folder))
    remarks = dict.fromkeys(remark for _, remark in found if remark)
    return Checkpoint(tuple(trainer for trainer, _ in found), notes, (*remarks,))


# one run


def _run(trainer: Run) -> dict[str, Values]:
    """The arrays of one run: the experiment it began with, its events, its checkpoints."""
    prepared = trainer.prepared
    if prepared is None:
        raise EngineError("only runs of experiments can be saved; this one is of bare arrays")
    history, divergence = trainer.history, trainer.history.divergence
    arrays = {
        "experiment": packed(prepared.experiment.to_toml()),
        "data": packed(data_digest(prepared)),
        "now": np.array([trainer.step_count, history.latest_step, history.stride]),
        "divergence": packed(divergence and asdict(divergence)),
    }
    if trainer.divergence is None:
        arrays["present"] = packed(state_note(trainer.state))
        arrays["present_vectors"] = trainer.state.vectors
    return arrays | past_arrays(history, trainer.network.parameters.size)


def _trainer(
    archive: Archive, prefix: str, data: Loaded, folder: str | Path
) -> tuple[Trainer, str]:
    """The run whose arrays have this prefix, and a remark on its data."""
    toml = text(archive.value(f"{prefix}experiment"), "its experiment is no text")
    experiment = Experiment.from_toml(toml)
    experiment = replace(experiment, dataset=from_folder(folder, experiment.dataset))
    loaded, remark = _data(archive, prefix, data, experiment)
    past = past_of(archive, prefix)
    _check_size(experiment, past)
    try:
        trainer = Trainer(experiment, loaded)
    except EngineError as error:
        if loaded is not None:
            raise
        raise DataError(f"{error}; {_bring_back(experiment)}") from None
    assert trainer.prepared is not None
    if data_digest(trainer.prepared) != archive.value(f"{prefix}data"):
        if not past.may_be_of(trainer):
            raise DataError(
                f"the data {experiment.dataset} have another shape than those it was saved with; "
                + _bring_back(experiment)
            )
        remark = remark or OTHER_BITS
    past.check(trainer)
    return _resumed(trainer, past, remark)


def _data(
    archive: Archive, prefix: str, data: Loaded, experiment: Experiment
) -> tuple[Dataset | None, str]:
    """The data of a run, and what became of their file; None where the file holds none."""
    name = f"{prefix}loaded"
    place = archive.value(name) if name in archive else None
    if place is None:
        return None, ""
    place = whole(place, f"{name} is no number of a data set")
    key = place, experiment.dataset
    if key not in data:
        loaded = replace(data_of(archive, f"data{place}."), name=experiment.dataset)
        if is_file(loaded.name):
            loaded = replace(loaded, source=f"the file {loaded.name}")
        data[key] = loaded, fate_of(loaded)
    return data[key]


def _bring_back(experiment: Experiment) -> str:
    return f"the session holds no data: bring back the {experiment.dataset} it was saved with"


def _check_size(experiment: Experiment, past: Past) -> None:
    """Before a network is made: the file must hold as many parameters as its experiment claims."""
    hidden = experiment.hidden
    claimed = sum(one * next_one for one, next_one in pairwise(hidden))
    require(sum(hidden) + claimed <= past.parameters, "its states are of another network")


def _resumed(trainer: Trainer, past: Past, remark: str) -> tuple[Trainer, str]:
    history, now = past.history, past.now
    if past.present is not None:
        return trainer.resume(history, now, past.present), remark
    known = history.checkpoint_before(now).step
    if now - known <= MOST_REPLAY:
        return trainer.resume(history, now), remark
    far = f"it stood at step {now}, which is far from the last state it holds: this is step {known}"
    return trainer.resume(history, known), remark or far


def data_digest(prepared: Prepared) -> str:
    """A digest of the data as the network sees them, and of which are for training."""
    digest = sha256()
    for array in (prepared.inputs, prepared.targets, prepared.dataset.train):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
