"""The history of a run as arrays of a session file, and back."""

from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.network.structure.convolutions import Sharing
from engine.storage.archive import Archive, Values, json_array
from engine.storage.value_checks import (
    MAX_STEPS,
    damaged,
    each,
    flag,
    items,
    number,
    one_of,
    require,
    table,
    text,
    whole,
)
from engine.training.batches import BatchState
from engine.training.experiment import Settings
from engine.training.optimizers import optimizer_named
from engine.training.record.history import CHECKPOINT_STRIDE, MOST, History
from engine.training.record.state import QUANTITIES, Divergence, Event, State
from engine.training.trainer import Trainer

SETTINGS = frozenset(item.name for item in fields(Settings))


def past_arrays(history: History, size: int) -> dict[str, Values]:
    """The arrays of a run's events, states and costs; ``size`` is the number of parameters."""
    states = [history.checkpoints[step] for step in sorted(history.checkpoints)]
    settings = [*dict.fromkeys(state.settings for state in states)]
    events = [asdict(event) for event in history.events]
    assigned = [event.pop("parameters") for event in events]
    kept = [np.array(parameters) for parameters in assigned if parameters is not None]
    costs = [(s, *both) for s, both in history.costs.values(history.at_round_steps())]
    return {
        "events": json_array(events),
        "assigned": json_array([parameters is not None for parameters in assigned]),
        "parameters": np.array(kept).reshape(len(kept), size),
        "settings": json_array([asdict(one) for one in settings]),
        "states": np.array(
            [
                (s.step, s.count, s.batches.epoch, s.batches.cursor, len(s.vectors),
                 settings.index(s.settings))
                for s in states
            ]
        ),
        "vectors": np.concatenate([state.vectors for state in states]),
        "costs": np.array(costs).reshape(-1, 3),
    }  # fmt: skip


def state_note(state: State) -> dict[str, Any]:
    """A state without its vectors, as JSON can hold it."""
    return {
        "count": state.count,
        "epoch": state.batches.epoch,
        "cursor": state.batches.cursor,
        "settings": asdict(state.settings),
    }


@dataclass(frozen=True)
class Past:
    """The history of a run in a file, valid in itself.

    The run stood at ``step``; ``present`` is its state there, None in files of older versions.
    ``parameters`` is the number of parameters of its network.
    """

    history: History
    step: int
    present: State | None
    parameters: int

    @property
    def states(self) -> tuple[State, ...]:
        """All states, in no particular order."""
        present = () if self.present is None else (self.present,)
        return (*self.history.checkpoints.values(), *present)

    def check(self, trainer: Trainer) -> None:
        """DataError where the history does not fit this run."""
        require(self._fits(trainer), "its states are of another network, or of other data")
        size, layers = self.parameters, len(trainer.network.weights)
        require(self._shares(trainer.network.sharing), "its states are not of a convolution")
        for state in self.states:
            require(not state.settings.frozen or state.settings.frozen[-1] < size, "frozen")
        for event in self.history.events:
            frozen = event.settings.frozen if event.settings else ()
            require(not frozen or frozen[-1] < size, "an event freezes no parameter of the network")
            require(
                event.parameter is None or event.parameter < size,
                "an event names no parameter of the network",
            )
        divergence = self.history.divergence
        require(divergence is None or divergence.layer <= layers, "its divergence")

    def _shares(self, sharing: Sharing | None) -> bool:
        """Whether all numbers of a parameter of a convolution are equal, in states and events."""
        if sharing is None:
            return True
        events = self.history.events
        assigned = [event.parameters for event in events if event.parameters is not None]
        vectors = [*(vector for state in self.states for vector in state.vectors), *assigned]
        return all(sharing.holds(np.array(vector)).all() for vector in vectors) and not any(
            event.parameter is not None for event in events
        )

    def may_be_of(self, trainer: Trainer) -> bool:
        """Whether this may be the history of a run on these data. The number of examples is not
        saved; it is checked against the states' positions in their epochs."""
        if not self._fits(trainer):
            return False
        assert trainer.prepared is not None
        n, sizes = len(trainer.prepared.dataset.train), {s.settings.batch_size for s in self.states}
        if len(sizes) > 1:
            return True
        (batch,) = sizes
        return all(
            s.step == s.batches.epoch * -(-n // batch) - (-s.batches.cursor // batch)
            for s in self.states
        )

    def _fits(self, trainer: Trainer) -> bool:
        assert trainer.prepared is not None
        n = len(trainer.prepared.dataset.train)
        size = trainer.network.parameters.size
        return size == self.parameters and all(state.batches.cursor < n for state in self.states)


def read_past(archive: Archive, prefix: str) -> Past:
    """The history whose arrays have this prefix. DataError where they are not valid."""
    now, latest, stride = archive.array(f"{prefix}now", "i", (3,)).tolist()
    require(0 <= now <= latest <= MAX_STEPS, "the step it stood at")
    doublings = stride // CHECKPOINT_STRIDE
    power = doublings > 0 and doublings & (doublings - 1) == 0
    require(power and stride % CHECKPOINT_STRIDE == 0, "the distance of its states")
    states = _states(archive, prefix)
    steps = [*states]
    # no further apart than a run keeps them: the steps between must be quick to compute
    are_near = all(0 < after - before <= stride for before, after in pairwise(steps))
    require(
        steps[0] == 0 and are_near and 0 <= latest - steps[-1] <= stride, "the steps of its states"
    )
    size = states[0].vectors.shape[1]
    divergence = archive.value(f"{prefix}divergence")
    costs = archive.array(f"{prefix}costs", "f", (None, 3)).tolist()
    history = History(
        events=_events(archive, prefix, size, latest),
        latest_step=latest,
        divergence=None if divergence is None else _divergence(divergence, latest),
        checkpoints=states,
        stride=stride,
    )
    for step, train, test in costs:
        if step in states and np.isfinite(train):  # others are computed again
            history.costs.add(history.checkpoint_at(int(step)), (train, test))
    return Past(history, now, _present(archive, prefix, now, size), size)


def _states(archive: Archive, prefix: str) -> dict[int, State]:
    """The states by step. A row of the table: step, count, epoch, cursor, number of vectors,
    index of its settings."""
    message = "its table of states"
    rows = archive.array(f"{prefix}states", "i", (None, 6)).tolist()
    settings = each(archive.value(f"{prefix}settings"), "its settings", _settings)
    require(0 < len(rows) <= MOST + 1, message)
    for step, count, epoch, cursor, _, index in rows:
        for value in (step, count, epoch, cursor):
            whole(value, message)
        require(0 <= index < len(settings), message)
    heights = [_height(settings[row[5]]) for row in rows]
    require(heights == [row[4] for row in rows], message)
    vectors = archive.floats(f"{prefix}vectors", (sum(heights), None))
    require(vectors.shape[1] > 0, message)
    ends = np.cumsum(heights).tolist()
    return {
        step: State(
            step, vectors[end - height : end], count, settings[index], BatchState(epoch, cursor)
        )
        for (step, count, epoch, cursor, height, index), end in zip(rows, ends, strict=True)
    }


def _height(settings: Settings) -> int:
    """The number of vectors of a state: the parameters, and those of the optimiser."""
    return 1 + optimizer_named(settings.optimizer).slots


def _settings(value: Any, message: str) -> Settings:
    values = table(value, message)
    require(SETTINGS.issuperset(values), message)
    try:
        return Settings(**values)
    except EngineError as error:
        raise damaged(f"{message}: {error}") from None


def _present(archive: Archive, prefix: str, step: int, size: int) -> State | None:
    name, message = f"{prefix}present", "its present state"
    if name not in archive:
        return None
    note = table(archive.value(name), message, "count", "epoch", "cursor", "settings")
    settings = _settings(note["settings"], message)
    vectors = archive.floats(f"{name}_vectors", (_height(settings), size))
    count, epoch, cursor = (whole(note[key], message) for key in ("count", "epoch", "cursor"))
    return State(step, vectors, count, settings, BatchState(epoch, cursor))


def _divergence(value: Any, latest: int) -> Divergence:
    message = "where it diverged"
    values = table(value, message, "step", "layer", "quantity")
    return Divergence(
        whole(values["step"], message, 1, latest),
        whole(values["layer"], message, 1),
        one_of(values["quantity"], message, QUANTITIES),
    )


def _events(archive: Archive, prefix: str, size: int, latest: int) -> list[Event]:
    message = "its events"
    assigned = each(archive.value(f"{prefix}assigned"), message, flag)
    values = items(archive.value(f"{prefix}events"), message, len(assigned))
    kept = archive.floats(f"{prefix}parameters", (sum(assigned), size)).tolist()
    rows = iter(kept)
    events = [
        _event(value, latest, tuple(next(rows)) if is_assigned else None)
        for value, is_assigned in zip(values, assigned, strict=True)
    ]
    steps = [event.step for event in events]
    require(steps == sorted(steps), message)
    return events


def _event(value: Any, latest: int, parameters: tuple[float, ...] | None) -> Event:
    message = "one of its events"
    values = table(value, message, "step", "settings", "parameter", "value", "label")
    settings, parameter, amount = (values[name] for name in ("settings", "parameter", "value"))
    require((parameter is None) == (amount is None), message)
    return Event(
        step=whole(values["step"], message, maximum=latest),
        settings=None if settings is None else _settings(settings, message),
        parameter=None if parameter is None else whole(parameter, message),
        value=None if amount is None else number(amount, message),
        label=text(values["label"], message),
        parameters=parameters,
    )
