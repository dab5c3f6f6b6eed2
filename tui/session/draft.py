"""A draft: settings chosen in the panel that wait for a restart, and those that do not wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

from engine import Dataset, EngineError, Experiment, load_dataset
from engine.data.source import source
from engine.training.fields import Decides, When, fields_that, fields_when
from engine.training.prepare import Prepared, prepare
from tui.session.limits import check_limits
from tui.session.preferences import Preferences

Changes = dict[str, Any]
"""Fields of an Experiment, and the values they are to have."""

STOPS = frozenset(fields_when(When.PLAY))
"""Settings that no step depends on: they are no events."""
AT_ONCE = frozenset(fields_when(When.STEP, When.PLAY))
"""What needs no restart."""
DATA = fields_that(Decides.EXAMPLES)
DRAWN = frozenset(fields_that(Decides.WEIGHTS))
SIZED = frozenset(fields_that(Decides.SIZES))
UNSEEN = frozenset({"frozen", "skips", "edits"})
"""What only follows from other changes: when those are taken back, this is too."""


@dataclass(frozen=True)
class Facts:
    """What a data set is before features are made of it: the names of its columns, and whether
    it is generated (with noise) or a table."""

    names: tuple[str, ...]
    generated: bool
    target: str


def facts_of(
    dataset: str, target: str | int | None = None, present: Prepared | None = None
) -> Facts:
    """The facts of a data set; without columns where it cannot be read, or no longer. They are
    those of the ``present`` run's data where it is the same: its file may have changed since."""
    if present is not None:
        here = present.experiment
        if (here.dataset, here.target) == (dataset, target):
            return _facts(present.loaded)
    try:
        return _loaded_facts(dataset, target)
    except EngineError:
        return Facts((), False, str(target or ""))


@lru_cache(maxsize=4)
def _loaded_facts(dataset: str, target: str | int | None) -> Facts:
    data = load_dataset(dataset, target=target, data_seed=0, split_seed=0)
    return _facts(data)


def _facts(data: Dataset) -> Facts:
    return Facts(data.feature_names, source(data.name).is_generated, data.target)


@dataclass
class Draft:
    """The state of the settings panel: whether it is ``shown``, the option selected by its id,
    ``pending`` changes that wait for a restart, whether it asks about them, and what was wrong
    with the last choice. ``preferences`` are shown too; ``present`` is the run that it is drafted
    beside."""

    shown: bool = False
    option: str = ""
    pending: Changes = field(default_factory=dict)
    asking: bool = False
    mistake: str = ""
    preferences: Preferences = field(default_factory=Preferences)
    present: Prepared | None = None

    @property
    def flags(self) -> Mapping[str, bool]:
        """The preferences by the ids of their options."""
        preferences = self.preferences
        return {
            "predict": preferences.predicting,
            "show_test": preferences.shows_test,
            "discretise": preferences.discretised,
        }

    def facts(self, experiment: Experiment) -> Facts:
        """The facts of an experiment's data."""
        return facts_of(experiment.dataset, experiment.target, self.present)

    def wanted(self, current: Experiment) -> Experiment:
        """The experiment in force with what is pending; what no longer fits it is dropped."""
        try:
            wanted = replace(current, **self.pending)
        except EngineError:  # the network was changed elsewhere meanwhile
            self.pending, wanted = {}, current
        return wanted

    def choose(self, current: Experiment, changes: Changes) -> Changes:
        """Take changes up. Those that need a restart wait; others are returned, to be applied.

        EngineError where the engine refuses them or they make no sense: the draft is then as it
        was.
        """
        if AT_ONCE.issuperset(changes):
            replace(current, **changes)
            check_limits(current, changes)
            return changes
        wanted = _accepted(self.wanted(current), changes, self.present)
        check_limits(current, changes)
        pending = {
            name: value
            for name, value, now in _values(wanted, current)
            if value != now and (name not in AT_ONCE or name == "frozen")
        }
        self.pending = {} if UNSEEN.issuperset(pending) else pending
        return {}

    def choose_first(self, current: Experiment, candidates: Iterable[Changes]) -> Changes:
        """Take up the first of these that the engine accepts; its reason against the first of
        all where it accepts none."""
        refusal: EngineError | None = None
        for changes in candidates:
            try:
                return self.choose(current, changes)
            except EngineError as error:
                refusal = refusal or error
        if refusal:
            raise refusal
        return {}

    def discard(self) -> None:
        """Forget what is pending."""
        self.pending, self.asking, self.mistake = {}, False, ""


def _accepted(experiment: Experiment, changes: Changes, present: Prepared | None) -> Experiment:
    """The experiment with these changes, nothing left open, as the engine takes it.

    Of an output and a loss that do not go together the one not just chosen makes way, and so do
    weights that were given, where softmax makes one output more.
    """
    attempts = [changes]
    for chosen, other in (("output", "loss"), ("loss", "output")):
        if changes.keys() == {chosen}:
            attempts.append(changes | {other: None})
            attempts.append(changes | {other: None, "weights": None, "biases": None})
    refusals = []
    for attempt in attempts:
        try:
            wanted = followed(experiment, attempt)
            data = present.data_for(wanted) if present else None
            return prepare(wanted, data).experiment
        except EngineError as error:
            refusals.append(error)
    raise refusals[-1]


def followed(experiment: Experiment, changes: Changes) -> Experiment:
    """The experiment with these changes and what follows from them.

    Another data set brings its own inputs, output and loss; first weights that were given, and
    what hangs on the numbers of units, goes where those change.
    """
    new = {**changes}
    if any(new.get(name, now) != now for name, now in _table(experiment)):
        new = {"output": None, "loss": None, "features": None, "train_fraction": None} | new
        new["edits"] = ()
        if new.get("dataset", experiment.dataset) != experiment.dataset:
            new.setdefault("target", None)
            noisy = source(new["dataset"]).is_generated
            new.setdefault("noise", experiment.noise if noisy else 0.0)
    if new.keys() & DRAWN:
        new |= {"weights": None, "biases": None}
    if new.keys() & SIZED:
        new |= {"frozen": ()}
    if "hidden" in new:
        new.setdefault("activation", _fitted(experiment.activation, len(new["hidden"])))
        new["skips"] = ()
    if "seed" in new and experiment.init_seed in (None, experiment.seed):
        new.setdefault("init_seed", new["seed"])
    return replace(experiment, **new)


def _table(experiment: Experiment) -> tuple[tuple[str, Any], ...]:
    """What decides which table is read."""
    return ("dataset", experiment.dataset), ("target", experiment.target)


def _fitted(activation: str | tuple[str, ...], layers: int) -> str | tuple[str, ...]:
    """The activations for so many hidden layers: the last one also for those that are added."""
    if isinstance(activation, str):
        return activation
    return (*activation, *activation[-1:] * layers)[:layers] if activation else "relu"


def _values(wanted: Experiment, current: Experiment) -> Iterator[tuple[str, Any, Any]]:
    for item in fields(Experiment):
        yield item.name, getattr(wanted, item.name), getattr(current, item.name)


def same_data(one: Experiment, other: Experiment) -> bool:
    """Whether both learn from the same examples and inputs."""
    return all(getattr(one, name) == getattr(other, name) for name in DATA)
