"""Checkpoints: runs with their histories in one file, so that they continue bit for bit.

The file (see ``archive``) holds the experiments, their data, their events, and states from which
every step can be computed again.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from engine.atomic_files import MAX_SESSION_BYTES, opened
from engine.data.dataset import Dataset
from engine.data.source import File, source
from engine.errors import DataError, EngineError
from engine.network.network import Network
from engine.storage.archive import Archive, Values, archive_bytes, json_array
from engine.storage.stored_data import (
    arrays_digest,
    dataset_arrays,
    file_remark,
    is_storable,
    read_dataset,
)
from engine.storage.stored_history import Past, past_arrays, read_past, state_note
from engine.storage.value_checks import require, text, whole
from engine.training.experiment import Experiment
from engine.training.prepare import Prepared
from engine.training.record.history import History
from engine.training.record.state import Divergence, State
from engine.training.trainer import Trainer

FORMAT = "nn-explore 1"
MAX_RUNS = 26
MAX_REPLAY = 1 << 16  # steps to compute for a file of a version that saved no current state
OTHER_BITS = (
    "the data of this session are not bit for bit those it was saved with: "
    "steps computed again may differ in their last digits"
)


Loaded = dict[tuple[int, str], tuple[Dataset, str]]
"""The data sets of a file by number and name, each with the remark on its data file."""


class Run(Protocol):
    """The parts of a run that are saved: a Trainer, or a snapshot of one."""

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
    """The content of a file: runs, each at the step it was saved at, and the ``notes`` that were
    saved with them. ``remarks`` say what has changed since."""

    trainers: tuple[Trainer, ...]
    notes: Mapping[str, Any]
    remarks: tuple[str, ...] = ()


def load_checkpoint(path: str | Path, folder: str | Path = "") -> Checkpoint:
    """The runs of a file; paths of data files start from ``folder``, by default the current one.

    DataError where the file is damaged or no checkpoint, or where it holds no data and the data
    file is gone.
    """
    with opened(Path(path)) as file:
        try:
            if os.fstat(file.fileno()).st_size > MAX_SESSION_BYTES:
                raise DataError(f"it is too large: {MAX_SESSION_BYTES / 1e6:g} MB is the most")
            return read_checkpoint(file, folder)
        except EngineError as error:
            raise DataError(f"{path}: {error}") from None


def checkpoint_bytes(trainers: Sequence[Run], notes: Mapping[str, Any]) -> bytes:
    """The content of a file of these runs, and of ``notes`` that JSON can hold.

    EngineError for a run of bare arrays.
    """
    arrays: dict[str, Values] = {"format": json_array(FORMAT), "notes": json_array(dict(notes))}
    numbers: dict[str, int] = {}  # of data sets, by their digests: runs may share one
    for i, trainer in enumerate(trainers):
        run = _run_arrays(trainer)
        prepared = trainer.prepared
        assert prepared is not None
        number = None
        if is_storable(prepared.loaded):
            data = dataset_arrays(prepared.loaded)
            number = numbers.setdefault(arrays_digest(data), len(numbers))
            arrays |= {f"data{number}.{name}": array for name, array in data.items()}
        run["loaded"] = json_array(number)
        arrays |= {f"run{i}.{name}": array for name, array in run.items()}
    return archive_bytes(arrays)


def read_checkpoint(file: BinaryIO, folder: str | Path = "") -> Checkpoint:
    """The same for an open file."""
    archive = Archive(file)
    if archive.value("format") != FORMAT:
        raise DataError(f"its format is not {FORMAT!r}: it is of another version of nn-explore")
    notes = archive.value("notes")
    require(isinstance(notes, dict), "its notes are not what they should be")
    data: Loaded = {}
    runs: list[tuple[Trainer, str]] = []
    while f"run{len(runs)}.experiment" in archive:
        require(len(runs) < MAX_RUNS, "it holds too many runs")
        runs.append(_read_run(archive, f"run{len(runs)}.", data, folder))
    remarks = dict.fromkeys(remark for _, remark in runs if remark)
    return Checkpoint(tuple(trainer for trainer, _ in runs), notes, (*remarks,))


# one run


def _run_arrays(trainer: Run) -> dict[str, Values]:
    """The arrays of one run: its experiment at the start, its events, its states."""
    prepared = trainer.prepared
    if prepared is None:
        raise EngineError("only runs of experiments can be saved; this one is of arrays")
    history, divergence = trainer.history, trainer.history.divergence
    arrays = {
        "experiment": json_array(prepared.experiment.to_toml()),
        "data": json_array(data_digest(prepared)),
        "now": np.array([trainer.step_count, history.latest_step, history.stride]),
        "divergence": json_array(divergence and asdict(divergence)),
    }
    if trainer.divergence is None:
        arrays["present"] = json_array(state_note(trainer.state))
        arrays["present_vectors"] = trainer.state.vectors
    return arrays | past_arrays(history, trainer.network.parameters.size)


def _read_run(
    archive: Archive, prefix: str, data: Loaded, folder: str | Path
) -> tuple[Trainer, str]:
    """The run whose arrays have this prefix, and a remark on its data."""
    toml = text(archive.value(f"{prefix}experiment"), "its experiment is not text")
    experiment = Experiment.from_toml(toml)
    experiment = replace(experiment, dataset=str(source(experiment.dataset).located(folder)))
    loaded, remark = _read_data(archive, prefix, data, experiment)
    past = read_past(archive, prefix)
    _check_size(experiment, past)
    try:
        trainer = Trainer(experiment, loaded)
    except EngineError as error:
        if loaded is not None:
            raise
        raise DataError(f"{error}; {_no_data(experiment)}") from None
    assert trainer.prepared is not None
    if data_digest(trainer.prepared) != archive.value(f"{prefix}data"):
        if not past.may_be_of(trainer):
            raise DataError(
                f"the data {experiment.dataset} have another shape than those it was saved with; "
                + _no_data(experiment)
            )
        remark = remark or OTHER_BITS
    past.check(trainer)
    return _resumed(trainer, past, remark)


def _read_data(
    archive: Archive, prefix: str, data: Loaded, experiment: Experiment
) -> tuple[Dataset | None, str]:
    """The data of a run and the remark on their data file; None where the session holds no data."""
    name = f"{prefix}loaded"
    number = archive.value(name) if name in archive else None
    if number is None:
        return None, ""
    number = whole(number, f"{name} is not the number of a data set")
    key = number, experiment.dataset
    if key not in data:
        loaded = replace(read_dataset(archive, f"data{number}."), name=experiment.dataset)
        if isinstance(source(loaded.name), File):
            loaded = replace(loaded, source=f"the file {loaded.name}")
        data[key] = loaded, file_remark(loaded)
    return data[key]


def _no_data(experiment: Experiment) -> str:
    return f"the session holds no data: bring back the {experiment.dataset} it was saved with"


def _check_size(experiment: Experiment, past: Past) -> None:
    """Check, before a network is made, that the file holds its number of parameters."""
    hidden = experiment.hidden
    weights = sum(n * m for n, m in pairwise(hidden))
    require(sum(hidden) + weights <= past.parameters, "its states are of another network")


def _resumed(trainer: Trainer, past: Past, remark: str) -> tuple[Trainer, str]:
    history, step = past.history, past.step
    if past.present is not None:
        return trainer.resume(history, step, past.present), remark
    nearest = history.checkpoint_before(step).step
    if step - nearest <= MAX_REPLAY:
        return trainer.resume(history, step), remark
    too_far = (
        f"it stood at step {step}, which is far from the last state it holds: "
        f"this is step {nearest}"
    )
    return trainer.resume(history, nearest), remark or too_far


def data_digest(prepared: Prepared) -> str:
    """The SHA-256 of the network's inputs and targets, and of the training rows."""
    digest = sha256()
    for array in (prepared.inputs, prepared.targets, prepared.dataset.train):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
