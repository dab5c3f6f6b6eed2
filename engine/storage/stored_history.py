"""The past of a run as arrays of a session's file, and back."""

from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.storage.archive import Archive, Values, packed
from engine.storage.checked import (
    MOST_STEPS,
    damaged,
    each,
    flag,
    items,
    number,
    one_of,
    require,
    whole,
)
from engine.storage.checked import table as a_table
from engine.storage.checked import text as a_text
from engine.training.batches import BatchState
from engine.training.history import CHECKPOINT_STRIDE, MOST, History
from engine.training.optimizers import optimizer_named
from engine.training.state import QUANTITIES, Divergence, Event, Settings, State
from engine.training.trainer import Trainer

SETTINGS = frozenset(item.name for item in fields(Settings))


def past_arrays(history: History, size: int) -> dict[str, Values]:
    """The arrays of a run's events, states and costs; ``size`` parameters has its network."""
    states = [history.checkpoints[step] for step in sorted(history.checkpoints)]
    settings = [*dict.fromkeys(state.settings for state in states)]
    events = [asdict(event) for event in history.events]
    assigned = [event.pop("parameters") for event in events]
    kept = [np.array(parameters) for parameters in assigned if parameters is not None]
    costs = [(s, *both) for s, both in history.costs.values(history.at_round_steps())]
    return {
        "events": packed(events),
        "assigned": packed([parameters is not None for parameters in assigned]),
        "parameters": np.array(kept).reshape(len(kept), size),
        "settings": packed([asdict(one) for one in settings]),
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
    """A state, but for its vectors, as JSON can hold it."""
    return {
        "count": state.count,
        "epoch": state.batches.epoch,
        "cursor": state.batches.cursor,
        "settings": asdict(state.settings),
    }


@dataclass(frozen=True)
class Past:
    """What a file says of a run's past, sound in itself: its network has so many ``parameters``,
    it stood at step ``now``, in the state ``present`` where that was kept."""

    history: History
    now: int
    present: State | None
    parameters: int

    @property
    def states(self) -> tuple[State, ...]:
        """All states, in no particular order."""
        present = () if self.present is None else (self.present,)
        return (*self.history.checkpoints.values(), *present)

    def check(self, trainer: Trainer) -> None:
        """DataError where it is not the past of such a run."""
        require(self._fits(trainer), "its states are of another network, or of other data")
        size, layers = self.parameters, len(trainer.network.weights)
        for state in self.states:
            require(not state.settings.frozen or state.settings.frozen[-1] < size, "frozen")
        for event in self.history.events:
            frozen = event.settings.frozen if event.settings else ()
            require(not frozen or frozen[-1] < size, "an event freezes what there is not")
            require(event.parameter is None or event.parameter < size, "an event is of no weight")
        divergence = self.history.divergence
        require(divergence is None or divergence.layer <= layers, "its divergence")

    def may_be_of(self, trainer: Trainer) -> bool:
        """Whether the run's data have the shape of those that it was trained on: as far as can be
        told, for the number of examples is not kept."""
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


def past_of(archive: Archive, prefix: str) -> Past:
    """The past whose arrays have this prefix; DataError where they make none."""
    now, latest, stride = archive.array(f"{prefix}now", "i", (3,)).tolist()
    require(0 <= now <= latest <= MOST_STEPS, "the step it stood at")
    doublings = stride // CHECKPOINT_STRIDE
    power = doublings > 0 and doublings & (doublings - 1) == 0
    require(power and stride % CHECKPOINT_STRIDE == 0, "the distance of its states")
    states = _states(archive, prefix)
    steps = [*states]
    # as far apart as a run keeps them: else a step between them might never be reached
    near = all(0 < after - before <= stride for before, after in pairwise(steps))
    require(steps[0] == 0 and near and 0 <= latest - steps[-1] <= stride, "the steps of its states")
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
    """The states by step: (step, count, epoch, cursor, vectors, settings) a row of the table."""
    what = "its table of states"
    rows = archive.array(f"{prefix}states", "i", (None, 6)).tolist()
    known = each(archive.value(f"{prefix}settings"), "its settings", _settings)
    require(0 < len(rows) <= MOST + 1, what)
    for step, count, epoch, cursor, _, which in rows:
        for value in (step, count, epoch, cursor):
            whole(value, what)
        require(0 <= which < len(known), what)
    heights = [_height(known[row[5]]) for row in rows]
    require(heights == [row[4] for row in rows], what)
    vectors = archive.floats(f"{prefix}vectors", (sum(heights), None))
    require(vectors.shape[1] > 0, what)
    ends = np.cumsum(heights).tolist()
    return {
        step: State(step, vectors[end - height : end], count, known[which], BatchState(epoch, at))
        for (step, count, epoch, at, height, which), end in zip(rows, ends, strict=True)
    }


def _height(settings: Settings) -> int:
    """How many vectors a state has: the parameters and what the optimiser keeps."""
    return 1 + optimizer_named(settings.optimizer).slots


def _settings(value: Any, what: str) -> Settings:
    found = a_table(value, what)
    require(SETTINGS.issuperset(found), what)
    try:
        return Settings(**found)
    except EngineError as error:
        raise damaged(f"{what}: {error}") from None


def _present(archive: Archive, prefix: str, step: int, size: int) -> State | None:
    name, what = f"{prefix}present", "its present state"
    if name not in archive:
        return None
    note = a_table(archive.value(name), what, "count", "epoch", "cursor", "settings")
    settings = _settings(note["settings"], what)
    vectors = archive.floats(f"{name}_vectors", (_height(settings), size))
    count, epoch, cursor = (whole(note[key], what) for key in ("count", "epoch", "cursor"))
    return State(step, vectors, count, settings, BatchState(epoch, cursor))


def _divergence(value: Any, latest: int) -> Divergence:
    what = "where it diverged"
    found = a_table(value, what, "step", "layer", "quantity")
    return Divergence(
        whole(found["step"], what, 1, latest),
        whole(found["layer"], what, 1),
        one_of(found["quantity"], what, QUANTITIES),
    )


def _events(archive: Archive, prefix: str, size: int, latest: int) -> list[Event]:
    what = "its events"
    assigned = each(archive.value(f"{prefix}assigned"), what, flag)
    found = items(archive.value(f"{prefix}events"), what, len(assigned))
    kept = archive.floats(f"{prefix}parameters", (sum(assigned), size)).tolist()
    rows = iter(kept)
    events = [
        _event(value, latest, tuple(next(rows)) if is_assigned else None)
        for value, is_assigned in zip(found, assigned, strict=True)
    ]
    steps = [event.step for event in events]
    require(steps == sorted(steps), what)
    return events


def _event(value: Any, latest: int, parameters: tuple[float, ...] | None) -> Event:
    what = "one of its events"
    found = a_table(value, what, "step", "settings", "parameter", "value", "label")
    settings, parameter, amount = (found[name] for name in ("settings", "parameter", "value"))
    require((parameter is None) == (amount is None), what)
    return Event(
        step=whole(found["step"], what, most=latest),
        settings=None if settings is None else _settings(settings, what),
        parameter=None if parameter is None else whole(parameter, what),
        value=None if amount is None else number(amount, what),
        label=a_text(found["label"], what),
        parameters=parameters,
    )
