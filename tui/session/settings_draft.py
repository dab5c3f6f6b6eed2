"""The settings panel's draft: changes that wait for a restart, and changes applied at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine import Dataset, EngineError, Experiment, load_dataset
from engine.data.source import source
from engine.training.fields import Decides, When, fields_that, fields_when
from engine.training.optimizers import stability_limit
from engine.training.prepare import Prepared, prepare
from tui.session.limits import check_limits
from tui.session.preferences import ViewPreferences

if TYPE_CHECKING:
    from engine.data.table_to_dataset import Target

Changes = dict[str, Any]
"""Fields of an Experiment and their new values."""

STOPS = frozenset(fields_when(When.PLAY))
"""Settings on which no step depends: changing them is no event."""
AT_ONCE = frozenset(fields_when(When.STEP, When.PLAY))
"""Settings that need no restart."""
DATA = fields_that(Decides.EXAMPLES)
TABLE = ("dataset", "target", "classes", "keep_constant")
"""Settings that decide which table is read, and how."""
DRAWN = frozenset(fields_that(Decides.WEIGHTS))
SIZED = frozenset(fields_that(Decides.SIZES))
DEPENDENT = frozenset({"frozen", "edits"})
"""Settings that only change because of others, and are reset together with them."""


CURVATURE_ROWS, CURVATURE_WORK = 1000, 200_000  # limits of what a learning rate is computed from
MAX_LABELS = 10  # different numbers of a target that may be labels of classes


class DataFacts(NamedTuple):
    """A data set before features are made from it: the names of its columns, whether it is
    generated (with noise) or a table, and its target."""

    names: tuple[str, ...]
    generated: bool
    target: str
    classes: bool = False  # whether the target is a class
    has_labels: bool = False  # whether its numbers may be labels of classes


def data_facts(experiment: Experiment, present: Prepared | None = None) -> DataFacts:
    """The facts of an experiment's data; without columns if they cannot be read. If the ``present``
    run uses them, its data are taken: the file may have changed since."""
    table = _table_of(experiment)
    if present is not None and _table_of(present.experiment) == table:
        return _facts(present.loaded)
    try:
        return _loaded_facts(*table)
    except EngineError:
        return DataFacts((), False, str(experiment.target or ""))


def _table_of(e: Experiment) -> tuple[str, Target | None, bool | None, bool, str, str | None]:
    """The settings that decide which table is read, and how."""
    return e.dataset, e.target, e.takes_classes, e.keep_constant, e.na, e.reading


@lru_cache(maxsize=4)
def _loaded_facts(
    dataset: str,
    target: Target | None,
    classes: bool | None,
    keep_constant: bool,
    na: str,
    reading: str | None,
) -> DataFacts:
    data = load_dataset(
        dataset,
        target=target,
        classes=classes,
        keep_constant=keep_constant,
        na=na,
        reading=reading,
        data_seed=0,
        split_seed=0,
    )
    return _facts(data)


@lru_cache(maxsize=4)  # the panel asks for them whenever it is drawn
def _facts(data: Dataset) -> DataFacts:
    generated, classes = source(data.name).is_generated, data.task != "regression"
    has_labels = not generated and _has_labels(data)
    return DataFacts(data.feature_names, generated, data.target, classes, has_labels)


def _has_labels(data: Dataset) -> bool:
    """Whether the target is a column of few whole numbers, which may be labels of classes."""
    if data.task != "regression":
        return all(name.lstrip("-").replace(".", "", 1).isdigit() for name in data.target_names)
    values = np.unique(data.Y)
    whole = np.array_equal(values, np.round(values))
    return data.Y.shape[1] == 1 and whole and 2 <= len(values) <= MAX_LABELS


@dataclass
class Draft:
    """The state of the settings panel: whether it is ``shown``, the id of the selected option, the
    text ``typed`` to filter the options, ``pending`` changes that wait for a restart and the
    choices that have led to them, whether it is ``asking`` about them, and the ``mistake`` in the
    last choice. ``preferences`` are shown too; ``present`` is the current run."""

    shown: bool = False
    option: str = ""
    typed: str = ""
    pending: Changes = field(default_factory=dict)
    chosen: list[Changes] = field(default_factory=list)
    asking: bool = False
    mistake: str = ""
    preferences: ViewPreferences = field(default_factory=ViewPreferences)
    present: Prepared | None = None

    @property
    def flags(self) -> Mapping[str, bool]:
        """The preferences by the ids of their options."""
        preferences = self.preferences
        return {
            "predict": preferences.predicting,
            "show_test": preferences.shows_test,
            "discretise": preferences.discretised,
            "bias_node": preferences.shows_bias,
        }

    def facts(self, experiment: Experiment) -> DataFacts:
        """The facts of an experiment's data."""
        return data_facts(experiment, self.present)

    def wanted(self, current: Experiment) -> Experiment:
        """The current experiment with the pending changes, which are dropped if they do not fit."""
        try:
            wanted = replace(current, **self.pending)
        except EngineError:  # the network has been changed by another command
            self.pending, self.chosen, wanted = {}, [], current
        return wanted

    def choose(self, current: Experiment, changes: Changes) -> Changes:
        """Add changes. Those that need a restart wait; others are returned, to be applied.

        EngineError if the engine refuses them or they are beyond the limits: the draft is then
        unchanged.
        """
        if AT_ONCE.issuperset(changes):
            replace(current, **changes)
            check_limits(current, changes)
            self.pending = {name: v for name, v in self.pending.items() if name not in changes}
            return changes
        if self._takes_back(current, changes):
            return {}
        before = self.wanted(current)
        accepted = _accepted(before, changes, self.present)
        check_limits(current, changes)
        wanted, waits = accepted.experiment, {"frozen"}
        if is_all_identity(wanted):
            waits.add("learning_rate")
            if not is_all_identity(before) or "learning_rate" in self.pending:
                wanted = replace(wanted, learning_rate=_holding_rate(accepted, current))
        pending = {
            name: value
            for name, value, current_value in _values(wanted, current)
            if value != current_value and (name not in AT_ONCE or name in waits)
        }
        self.pending = {} if DEPENDENT.issuperset(pending) else pending
        self.chosen = [*self.chosen, changes] if self.pending else []
        return {}

    def take_back(self, current: Experiment, fields: Iterable[str]) -> None:
        """Take back what was chosen for these fields, with all that followed from it, such as the
        loss that other data have reset. EngineError if other changes that wait need it."""
        before = self.pending, self.chosen
        kept = [changes for changes in self.chosen if not changes.keys() & set(fields)]
        if kept == self.chosen:  # it only followed from another choice
            self.choose(current, {name: getattr(current, name) for name in fields})
            return
        self.pending, self.chosen = {}, []
        try:
            for changes in kept:
                self.choose(current, changes)
        except EngineError:
            self.pending, self.chosen = before
            raise

    def _takes_back(self, current: Experiment, changes: Changes) -> bool:
        """Take back earlier choices if that makes these changes; whether it does."""
        earlier = [one.keys() for one in self.chosen if one.keys() & changes.keys()]
        is_present = _has(current, changes)
        if not (is_present and earlier and all(fields <= changes.keys() for fields in earlier)):
            return False
        before = self.pending, self.chosen
        with suppress(EngineError):
            self.take_back(current, changes)
            if _has(self.wanted(current), changes):
                return True
        self.pending, self.chosen = before
        return False

    def choose_first(self, current: Experiment, candidates: Iterable[Changes]) -> Changes:
        """Add the first of these changes that the engine accepts; if it accepts none, EngineError
        with the reason against the first one."""
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
        """Drop the pending changes."""
        self.pending, self.chosen, self.asking, self.mistake = {}, [], False, ""


def _has(experiment: Experiment, values: Changes) -> bool:
    return all(getattr(experiment, name) == value for name, value in values.items())


def is_all_identity(e: Experiment) -> bool:
    """Whether it is a network of linear layers alone, with a hidden one: one linear map."""
    names = {e.activation} if isinstance(e.activation, str) else {*e.activation}
    return bool(e.hidden) and names | {e.output} == {"identity"}


def _holding_rate(prepared: Prepared, current: Experiment) -> float:
    """The present learning rate, or a lower one, about half of the largest that is stable at the
    first weights. Linear layers multiply each other, and nothing in them saturates."""
    from engine.network.hessian import largest_curvature  # imported late: rarely needed
    from engine.training.postmortem import suggested_rate

    rate, e, rows = current.learning_rate, prepared.experiment, prepared.dataset.train
    stability = stability_limit(e.optimizer, e.settings.constants)
    rows = rows[: min(CURVATURE_ROWS, CURVATURE_WORK // prepared.network.parameters.size)]
    if stability is None or not len(rows):
        return rate
    data = prepared.inputs[rows], prepared.targets[rows]
    largest = largest_curvature(prepared.network, *data, str(e.loss), e.l2)
    holding = suggested_rate(largest, stability)
    return min(rate, holding) if holding > 0.0 else rate


def _accepted(experiment: Experiment, changes: Changes, present: Prepared | None) -> Prepared:
    """The experiment with these changes and all defaults filled in, as the engine accepts it.

    If the chosen output and the loss (or the reverse) do not fit, the other one is reset, and
    also given weights, if softmax changes the number of outputs.
    """
    attempts = [changes]
    for chosen, other in (("output", "loss"), ("loss", "output")):
        if changes.keys() == {chosen}:
            attempts.append(changes | {other: None})
            attempts.append(changes | {other: None, "weights": None, "biases": None})
    refusals = []
    for attempt in attempts:
        try:
            wanted = with_consequences(experiment, attempt)
            data = present.data_for(wanted) if present else None
            return prepare(wanted, data)
        except EngineError as error:
            refusals.append(error)
    raise refusals[-1]


def with_consequences(experiment: Experiment, changes: Changes) -> Experiment:
    """The experiment with these changes and their consequences.

    Another data set resets inputs, output and loss; given initial weights, and settings that
    depend on the numbers of units, are reset where these change.
    """
    new: dict[str, Any] = dict(changes)
    present = {name: getattr(experiment, name) for name in TABLE}
    if present != {name: new.get(name, value) for name, value in present.items()}:
        new = {"output": None, "loss": None, "features": None, "train_fraction": None} | new
        new["edits"] = ()
        if new.get("dataset", experiment.dataset) != experiment.dataset:
            for name, value in (("target", None), ("classes", None), ("keep_constant", False)):
                new.setdefault(name, value)
            noisy = source(new["dataset"]).is_generated
            new.setdefault("noise", experiment.noise if noisy else 0.0)
    if new.keys() & DRAWN:
        new |= {"weights": None, "biases": None}
    if new.keys() & SIZED:
        new |= {"frozen": ()}
    if "hidden" in new:
        new.setdefault("activation", _fitted(experiment.activation, len(new["hidden"])))
        new |= {"skips": (), "convolutions": ()}
    if "seed" in new and experiment.init_seed in (None, experiment.seed):
        new.setdefault("init_seed", new["seed"])
    return replace(experiment, **new)


def _fitted(activation: str | tuple[str, ...], layers: int) -> str | tuple[str, ...]:
    """The activations for so many hidden layers: added ones get the last activation."""
    if isinstance(activation, str):
        return activation
    return (*activation, *activation[-1:] * layers)[:layers] if activation else "relu"


def _values(wanted: Experiment, current: Experiment) -> Iterator[tuple[str, Any, Any]]:
    for item in fields(Experiment):
        yield item.name, getattr(wanted, item.name), getattr(current, item.name)


def same_data(first: Experiment, second: Experiment) -> bool:
    """Whether both experiments have the same examples and inputs."""
    return all(getattr(first, name) == getattr(second, name) for name in DATA)
