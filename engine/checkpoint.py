"""Checkpoints: runs with all their past in one file, to go on with the same bits.

The file is an ``.npz`` that ``numpy.load`` opens too, without pickled objects. Its archive comment
is the SHA-256 of every byte before it, so that a file cut short or changed anywhere is refused.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from engine.activations import Array
from engine.batches import BatchState
from engine.errors import DataError, EngineError
from engine.experiment import Experiment, Prepared
from engine.files import read_whole, write_whole
from engine.history import Divergence, Event, History, Settings, State
from engine.training import Trainer

FORMAT = "nn-explore 1"
DIGEST = 64  # bytes of the archive's comment

Arrays = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What a file holds: runs, each where it stood, and whatever else was saved with them."""

    trainers: tuple[Trainer, ...]
    notes: Mapping[str, Any]


def save_checkpoint(
    path: str | Path, trainers: Sequence[Trainer], notes: Mapping[str, Any] | None = None
) -> None:
    """Save runs of experiments, and ``notes`` that JSON can hold.

    EngineError for a run of bare arrays; DataError where the file cannot be written: then an
    earlier one of that name is as it was.
    """
    write_whole(Path(path), checkpoint_bytes(trainers, notes or {}))


def load_checkpoint(path: str | Path) -> Checkpoint:
    """The runs of a file. DataError where it is damaged, or no checkpoint, or where the data of a
    run have changed since."""
    content = read_whole(Path(path))
    try:
        return checkpoint_of(content)
    except EngineError as error:
        raise DataError(f"{path}: {error}") from None


def checkpoint_bytes(trainers: Sequence[Trainer], notes: Mapping[str, Any]) -> bytes:
    """The file's content."""
    arrays: Arrays = {"format": _packed(FORMAT), "notes": _packed(dict(notes))}
    for i, trainer in enumerate(trainers):
        arrays |= {f"run{i}.{name}": array for name, array in _run(trainer).items()}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with ZipFile(buffer, "a") as archive:
        archive.comment = bytes(DIGEST)
    content = buffer.getvalue()[:-DIGEST]
    return content + sha256(content).hexdigest().encode()


def checkpoint_of(content: bytes) -> Checkpoint:
    """What a file's content means."""
    body, digest = content[:-DIGEST], content[-DIGEST:]
    if sha256(body).hexdigest().encode() != digest:
        raise DataError("the file is damaged or cut short, or it is no checkpoint of nn-explore")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        if _unpacked(arrays["format"]) != FORMAT:
            raise DataError(f"its format is not {FORMAT!r}: it is of another version of nn-explore")
        runs = sum(name.endswith(".experiment") for name in arrays)
        trainers = tuple(_trainer(arrays, f"run{i}.") for i in range(runs))
        return Checkpoint(trainers, dict(_unpacked(arrays["notes"])))
    except (LookupError, ValueError, TypeError, AttributeError, BadZipFile, OSError):
        raise DataError("the file is no checkpoint of nn-explore") from None


# one run


def _run(trainer: Trainer) -> Arrays:
    """The arrays of one run: the experiment it began with, its events, its checkpoints."""
    prepared, history = trainer.prepared, trainer.history
    if prepared is None:
        raise EngineError("only runs of experiments can be saved; this one is of bare arrays")
    states = [history.checkpoints[step] for step in sorted(history.checkpoints)]
    settings = [*dict.fromkeys(state.settings for state in states)]
    events = [asdict(event) for event in history.events]
    assigned = [event.pop("parameters") for event in events]
    kept = [np.array(parameters) for parameters in assigned if parameters is not None]
    divergence = history.divergence
    return {
        "experiment": _packed(prepared.experiment.to_toml()),
        "data": _packed(data_digest(prepared)),
        "now": np.array([trainer.step_count, history.latest_step, history.stride]),
        "divergence": _packed(divergence and asdict(divergence)),
        "events": _packed(events),
        "assigned": _packed([parameters is not None for parameters in assigned]),
        "parameters": np.array(kept).reshape(len(kept), trainer.network.parameters.size),
        "settings": _packed([asdict(one) for one in settings]),
        "states": np.array(
            [
                (s.step, s.count, s.batches.epoch, s.batches.cursor, len(s.vectors),
                 settings.index(s.settings))
                for s in states
            ]
        ),
        "vectors": np.concatenate([state.vectors for state in states]),
        "costs": np.array([(s, *history.costs[s]) for s in sorted(history.costs)]).reshape(-1, 3),
    }  # fmt: skip


def _trainer(arrays: Arrays, prefix: str) -> Trainer:
    """The run whose arrays have this prefix."""

    def unpacked(name: str) -> Any:
        return _unpacked(arrays[prefix + name])

    trainer = Trainer(Experiment.from_toml(unpacked("experiment")))
    assert trainer.prepared is not None
    if data_digest(trainer.prepared) != unpacked("data"):
        name = trainer.prepared.experiment.dataset
        raise DataError(f"the data {name} are not those it was saved with")
    now, latest_step, stride = arrays[prefix + "now"].tolist()
    divergence = unpacked("divergence")
    history = History(
        events=_events(unpacked("events"), unpacked("assigned"), arrays[prefix + "parameters"]),
        latest_step=latest_step,
        divergence=divergence and Divergence(**divergence),
        checkpoints=_states(
            arrays[prefix + "states"], arrays[prefix + "vectors"], unpacked("settings")
        ),
        costs={int(step): (a, b) for step, a, b in arrays[prefix + "costs"].tolist()},
        stride=stride,
    )
    return trainer.resume(history, now)


def _events(events: list[dict[str, Any]], assigned: list[bool], kept: Array) -> list[Event]:
    rows = iter(kept.tolist())
    return [
        Event(
            **{
                **event,
                "settings": event["settings"] and Settings(**event["settings"]),
                "parameters": tuple(next(rows)) if is_assigned else None,
            }
        )
        for event, is_assigned in zip(events, assigned, strict=True)
    ]


def _states(table: Array, vectors: Array, settings: list[dict[str, Any]]) -> dict[int, State]:
    """The states by step: (step, count, epoch, cursor, vectors, settings) a row of the table."""
    known = [Settings(**one) for one in settings]
    ends = np.cumsum(table[:, 4])
    return {
        step: State(step, vectors[end - rows : end], count, known[which], BatchState(epoch, cursor))
        for (step, count, epoch, cursor, rows, which), end in zip(
            table.tolist(), ends.tolist(), strict=True
        )
    }


def data_digest(prepared: Prepared) -> str:
    """A digest of the data as the network sees them, and of which are for training."""
    digest = sha256()
    for array in (prepared.inputs, prepared.targets, prepared.dataset.train):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _packed(value: Any) -> Array:
    """A value that JSON can hold, as an array of bytes."""
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def _unpacked(array: Array) -> Any:
    return json.loads(array.tobytes())
