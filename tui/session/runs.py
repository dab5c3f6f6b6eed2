"""Runs: the live runs of a session, one of them the current one, and ghosts of earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine import Dataset, EngineError, Experiment, Trainer
from engine.data.source import source
from engine.training.prepare import Prepared
from engine.training.record.history import Undone
from engine.wording import count
from tui.model.key_hint_error import KeyHintError
from tui.model.run_curves import CostCurve
from tui.session.limits import check_size
from tui.system.paths import current_folder

MAX_RUNS = 6
MAX_NAME_LENGTH = 8  # characters of a run's name
MAX_GHOSTS = 5  # earlier runs kept in the loss plot
MAX_REPLACED, REPLACED_BYTES = 20, 64 << 20  # runs kept for undo in place of one, and their size

Change = Undone | Experiment
"""What is undone or redone: an event, or a new run, by the experiment that it replaces."""

Measure = tuple[object, ...]
"""What defines the cost: costs of runs with equal measures can be compared."""


@dataclass(frozen=True, eq=False)
class Run:
    """A run: a ``label`` that says how it started, and its ``name``.

    A live run has a trainer; a ghost has only the curve of a run that was replaced, and the
    measure of its costs. Undo goes back to the runs in whose place it was begun, ``earlier``, the
    last one last; redo to those that undo has replaced, ``later``.
    """

    label: str
    trainer: Trainer | None
    curve: CostCurve | None = None
    name: str = "A"
    measure: Measure = ()  # of a ghost
    earlier: tuple[Replaced, ...] = ()
    later: tuple[Replaced, ...] = ()

    @property
    def live(self) -> Trainer:
        """The trainer of a live run."""
        assert self.trainer is not None
        return self.trainer

    @property
    def prepared(self) -> Prepared:
        """The data and the first network of a live run."""
        prepared = self.live.prepared
        assert prepared is not None
        return prepared

    def costs(self, label: str, max_new: int | None = 0) -> CostCurve:
        """The costs over a live run that have been computed, after at most ``max_new`` more (None:
        all) are computed."""
        steps, train, test = self.live.curve(max_new)
        scale = self.prepared.cost_scale
        with np.errstate(over="ignore"):  # shortly before a divergence
            return CostCurve(label, steps, train * scale, test * scale)


class Replaced(NamedTuple):
    """A run that another one has replaced, and the ghosts that there were then."""

    run: Run
    ghosts: tuple[Run, ...]


def measure(prepared: Prepared) -> Measure:
    """What defines the cost, and with it the least-squares baseline."""
    experiment = prepared.experiment
    return experiment.loss, experiment.bias, prepared.cost_scale


def started(experiment: Experiment, name: str = "A", data: Dataset | None = None) -> Run:
    """A run of an experiment from its start, on these data if given. The path of the data becomes
    absolute, so that it does not depend on the current folder later."""
    trainer = Trainer(experiment, data, check_size)
    prepared = trainer.prepared
    assert prepared is not None
    dataset = str(source(prepared.experiment.dataset).located(current_folder()))
    trainer.prepared = replace(prepared, experiment=replace(prepared.experiment, dataset=dataset))
    assert trainer.experiment is not None
    return Run(f"init {trainer.experiment.init_seed}", trainer, name=name)


class Runs:
    """``all`` runs on the same data: the live ones, then the ghosts, the latest first.

    ``index`` is that of the current run, which is shown and changed. ``together``: the live runs
    are compared, so that time moves all of them.
    """

    def __init__(self, experiment: Experiment, data: Dataset | None = None) -> None:
        self.all: tuple[Run, ...] = (started(experiment, data=data),)
        self.index = 0
        self.together = False
        self.spell: Callable[[Dataset], Dataset] = lambda data: data
        self._other: Run | None = None
        self._undo_ghosts: WeakKeyDictionary[Undone, tuple[Run, ...]] = WeakKeyDictionary()

    @property
    def live(self) -> tuple[Run, ...]:
        """The runs that can be continued."""
        return tuple(run for run in self.all if run.trainer)

    @property
    def ghosts(self) -> tuple[Run, ...]:
        """The ghosts whose costs can be compared with the current run's."""
        current = measure(self.prepared)
        return tuple(r for r in self.all if not r.trainer and r.measure in ((), current))

    @property
    def current(self) -> Run:
        """The current run."""
        return self.live[self.index]

    @property
    def trainer(self) -> Trainer:
        return self.current.live

    @property
    def prepared(self) -> Prepared:
        return self.current.prepared

    @property
    def experiment(self) -> Experiment:
        """The experiment with the settings in force now."""
        experiment = self.trainer.experiment
        assert experiment is not None
        return experiment

    @property
    def other(self) -> Run | None:
        """The run with which the current one is compared; None if it is the only one."""
        live = self.live
        if self._other in live and self._other is not self.current:
            return self._other
        return live[(self.index + 1) % len(live)] if len(live) > 1 else None

    @property
    def moving(self) -> tuple[Run, ...]:
        """The runs that time moves."""
        return self.live if self.together else (self.current,)

    def spell_names(self, spell: Callable[[Dataset], Dataset]) -> None:
        """Show the data, of later runs too, with the names that ``spell`` gives them."""
        self.spell = spell
        for run in self.live:
            self._spell_names_of(run)

    def _spell_names_of(self, run: Run) -> None:
        spelt = self.spell(run.prepared.dataset)
        if spelt is not run.prepared.dataset:
            run.live.prepared = replace(run.prepared, dataset=spelt)

    def drop_ghosts(self) -> None:
        """Remove all ghosts."""
        self.all = self.live

    # undo

    def undo(self) -> Change | None:
        """Undo the last event of the current run; the later steps are kept as a ghost. If the run
        has no event, bring back the one in whose place it was begun. Returns the event, or the
        experiment that it was begun with; None if there is nothing, or only later events."""
        trainer, before = self.trainer, self.all
        past = [e.step for e in trainer.history.events if e.step <= trainer.step_count]
        if past and past[-1] < trainer.history.latest_step:
            self.keep_ghost("undone")
        if trainer.undo() is None:
            return None if trainer.history.events else self._undo_begin()
        undone = trainer.history.undone[-1]
        self._undo_ghosts[undone] = tuple(run for run in self.all if run not in before)
        return undone

    def redo(self) -> Change | None:
        """Bring back what was undone last in the current run, in place of its ghost, or the run
        that undo has replaced. Returns the event, or the experiment of the run before; None if
        there is nothing to bring back."""
        trainer = self.trainer
        if not trainer.history.undone:
            return self._redo_begin()
        undone = trainer.history.undone[-1]
        trainer.redo()
        ghosts = self._undo_ghosts.pop(undone, ())
        self.all = tuple(run for run in self.all if run not in ghosts)
        return undone

    def _undo_begin(self) -> Experiment | None:
        current, undone = self.current, self.experiment
        if not current.earlier:
            return None
        run, ghosts = current.earlier[-1]
        later = (*current.later, self._as_replaced())
        self.all = (*self.live, *ghosts)
        self.keep_ghost("undone")
        run = replace(run, name=current.name, earlier=current.earlier[:-1], later=later)
        self.replace_current(run)
        return undone

    def _redo_begin(self) -> Experiment | None:
        current, before = self.current, self.experiment
        if not current.later:
            return None
        run, ghosts = current.later[-1]
        earlier = (*current.earlier, self._as_replaced())
        self.all = (*self.live, *ghosts)
        run = replace(run, name=current.name, earlier=earlier, later=current.later[:-1])
        self.replace_current(run)
        return before

    def begin(self, run: Run) -> None:
        """Put a new run in the place of the current one, which becomes a ghost."""
        before = self._as_replaced()
        before.run.live.history.undone.clear()
        self.keep_ghost(self.current.label)
        earlier = (*self.current.earlier, before)[-MAX_REPLACED:]
        while len(earlier) > 1 and sum(r.live.history.nbytes for r, _ in earlier) > REPLACED_BYTES:
            earlier = earlier[1:]
        self.replace_current(replace(run, earlier=earlier))

    def end_redo(self) -> None:
        """Forget the runs that could be redone: there is another future."""
        if self.current.later:
            self.replace_current(replace(self.current, later=()))

    def _as_replaced(self) -> Replaced:
        ghosts = tuple(run for run in self.all if not run.trainer)
        return Replaced(replace(self.current, earlier=(), later=()), ghosts)

    # branches

    def branch_off(self) -> Run:
        """Begin a branch: a run with the same past up to the present step, which becomes the
        current one. EngineError if there are ``MAX_RUNS`` already."""
        live = self.live
        if len(live) >= MAX_RUNS:
            raise EngineError(f"there are {MAX_RUNS} runs, and no more are kept: delete one first")
        twin = self.trainer.twin()
        twin.history.cut(twin.step_count)
        taken = {run.name for run in live}
        name = next(letter for letter in ascii_uppercase if letter not in taken)
        branch = Run(f"from step {count(twin.step_count)}", twin, name=name)
        self._spell_names_of(branch)
        self.all = (*live, branch, *self.all[len(live) :])
        self.switch_to(len(live))
        return branch

    def switch_to(self, index: int) -> None:
        """Make another run the current one, and compare it with the previous one."""
        previous, self.index = self.current, index % len(self.live)
        if self.current is not previous:
            self._other = previous

    def compare_with_next(self) -> None:
        """Compare the current run with the next of the other runs."""
        others = [run for run in self.live if run is not self.current]
        if self.other is not None:
            self._other = others[(others.index(self.other) + 1) % len(others)]

    def rename(self, name: str) -> None:
        """Rename the current run; ValueError if the name is not valid or in use."""
        if not (0 < len(name) <= MAX_NAME_LENGTH and name.isprintable()):
            raise ValueError(f"a name has 1 to {MAX_NAME_LENGTH} characters")
        if any(run.name == name for run in self.live if run is not self.current):
            raise ValueError(f"another run is called {name}")
        self.replace_current(replace(self.current, name=name))

    def delete(self) -> None:
        """Delete the current run; EngineError if it is the only one."""
        deleted, successor = self.current, self.other
        if successor is None:
            raise KeyHintError("this is the only run: {restart} restarts it")
        self.switch_to(self.live.index(successor))
        self.all = tuple(run for run in self.all if run is not deleted)
        self.index = self.live.index(successor)

    def replace_current(self, run: Run) -> None:
        """Put a run in the place of the current one."""
        self._spell_names_of(run)
        self._other, i = self.other, self.index
        self.all = (*self.all[:i], run, *self.all[i + 1 :])

    def keep_ghost(self, label: str) -> None:
        """Keep the curve of the current run as a ghost, if it has made any step."""
        if self.trainer.history.latest_step:
            curve = self.current.costs(label, None)
            ghost = Run(label, None, curve, measure=measure(self.prepared))
            live = self.live
            self.all = (*live, *(ghost, *self.all[len(live) :])[:MAX_GHOSTS])
