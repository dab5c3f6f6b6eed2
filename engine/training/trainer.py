"""Trainer: runs an experiment step by step, and back again, to the last bit."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, replace
from itertools import count
from operator import index as as_index
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array
from engine.data.dataset import Dataset
from engine.errors import EngineError
from engine.network.backprop import checked_targets
from engine.network.network import Network
from engine.network.parameters import Index, parameter_index, parameter_name
from engine.network.size import Size, check_memory
from engine.training import events
from engine.training.batches import Batch
from engine.training.experiment import Experiment, Prepared, batch_seed, prepare
from engine.training.history import History, trail_length
from engine.training.microsteps import TrainingStep, take_apart
from engine.training.state import Divergence, Event, Settings, State
from engine.training.stepper import Stepper

CHUNK = 512  # steps between looks for a number that is not finite
CHANGES = count()  # numbers for the changes of all runs: see ``Trainer.revision``


class Trainer:
    """One run of an experiment: a network in training, and the history of its steps.

    ``seek`` goes to any step, back or forward, exactly to the last bit. Steps after an earlier one
    are replayed as they were, with their events; a new event there (``change``, ``edit``, …)
    replaces them.

    Arguments:
        experiment: what to train.
        data: the loaded data of the experiment, if at hand; None: they are loaded.
        check: called with the size of the run before the network is made; raises an error if it is
            too large.

    Attributes:
        prepared: the data and first network of the experiment; None for a run of bare arrays.
        history: events, checkpoints and costs.
        divergence: the first number that was not finite, if this step made one, else None.

    Raises:
        DataError, ExperimentError: the data cannot be loaded, or do not fit the settings.
        MemoryBoundError: the run needs more memory than this machine has.

    Example:
        >>> import engine
        >>> trainer = engine.Trainer(engine.Experiment(dataset="circle", hidden=(4, 3)))
        >>> at_50 = trainer.step(50).network.parameters
        >>> bool((trainer.step(50).seek(50).network.parameters == at_50).all())
        True
    """

    def __init__(
        self,
        experiment: Experiment,
        data: Dataset | None = None,
        check: Callable[[Size], None] = check_memory,
    ) -> None:
        prepared = prepare(experiment, data, check)
        data, x, y = prepared.dataset, prepared.inputs, prepared.targets
        stepper = Stepper(
            prepared.network,
            str(prepared.experiment.loss),
            (x[data.train], y[data.train]),
            (x[data.test], y[data.test]),
            experiment.settings,
            batch_seed(experiment.seed),
        )
        self._begin(stepper, prepared)

    @classmethod
    def from_arrays(
        cls,
        network: Network,
        X: ArrayLike,
        Y: ArrayLike,
        loss: str = "quadratic",
        optimizer: str = "sgd",
        learning_rate: float = 0.03,
        batch_size: int = 10,
        seed: int = 0,
    ) -> Self:
        """A run of a copy of ``network`` on X (n, d) and Y (n, k), which are not scaled.

        ``loss`` is as in ``backpropagate``, the others as in ``Experiment``.
        There are no test data. Raises ShapeError, DataError or ExperimentError if they do not fit.

        Example:
            >>> import engine
            >>> network = engine.Network.from_arrays([[[0.0]]])  # ŷ = w x
            >>> trainer = engine.Trainer.from_arrays(network, [[1.0]], [1.0], learning_rate=0.25)
            >>> trainer.step().network.parameters.item()  # w − η · 2 (w − 1)
            0.5
        """
        x = network.checked_inputs(X)
        y = checked_targets(network, Y, len(x)).copy()
        settings = Settings(optimizer, learning_rate, batch_size=batch_size)
        trainer = cls.__new__(cls)
        test = (x[:0], y[:0])
        trainer._begin(Stepper(network, loss, (x, y), test, settings, batch_seed(seed)), None)
        return trainer

    def _begin(self, stepper: Stepper, prepared: Prepared | None) -> None:
        self._stepper = stepper
        self.prepared = prepared
        self.divergence: Divergence | None = None
        self.history = History()
        self._trail: dict[int, State] = {}
        self._changes = next(CHANGES)
        self._snapshot: tuple[tuple[int, int], Network] | None = None
        self._looked_at = 0  # the last step at which every number was found finite
        self._arrive()

    def twin(self) -> "Trainer":
        """Another run of the same experiment, with a copy of the history, at the same step.

        EngineError for a run of bare arrays.
        """
        if self.prepared is None:
            raise EngineError("only a run of an experiment has a twin; this one is of bare arrays")
        twin = Trainer(self.prepared.experiment, self.prepared.loaded)
        return twin.resume(deepcopy(self.history), self.step_count)

    def resume(self, history: History, step: int, state: State | None = None) -> Self:
        """Continue a history of the same experiment at ``step``, whose ``state`` may be given."""
        self.history = history
        self._trail.clear()
        self._changes = next(CHANGES)
        if state is None:
            self._return_to(history.checkpoint_before(step))
            return self.seek(step)
        self._restore(state)
        return self

    # what can be asked

    @property
    def step_count(self) -> int:
        """The current step: how many steps were made since the start."""
        return self._stepper.step_count

    @property
    def revision(self) -> tuple[int, int]:
        """Differs between any two moments of any runs: the number of the last change of this run's
        past, and the step. Equal revisions have equal bits."""
        return self._changes, self.step_count

    @property
    def network(self) -> Network:
        """The network at this step: a read-only snapshot, the same object at the same revision."""
        if self._snapshot is None or self._snapshot[0] != self.revision:
            self._snapshot = self.revision, self._stepper.network.frozen()
        return self._snapshot[1]

    @property
    def loss(self) -> str:
        """The name of the loss."""
        return self._stepper.loss.name

    @property
    def settings(self) -> Settings:
        """The current settings."""
        return self._stepper.settings

    @property
    def epoch(self) -> int:
        """The number of completed epochs."""
        return self._stepper.epoch

    @property
    def experiment(self) -> Experiment | None:
        """The experiment with the current settings; None for bare arrays."""
        if self.prepared is None:
            return None
        return replace(self.prepared.experiment, **asdict(self.settings))

    @property
    def state(self) -> State:
        """A copy of everything that the next step depends on."""
        return self._stepper.state

    def next_rows(self) -> NDArray[np.intp]:
        """The training rows of the next batch."""
        return self._stepper.next_rows()

    def costs(self) -> tuple[float, float | None]:
        """C over the training data and over the test data (None if there are none) at this step."""
        train, test = self._stepper.costs()
        return train, test if self._stepper.has_test else None

    def costs_at(self, parameters: Array) -> tuple[float, float]:
        """C over the training and the test data (NaN if there are none) with parameters (P,)."""
        return self._stepper.costs_at(parameters)

    def curve(self, most: int | None = None) -> tuple[Array, Array, Array]:
        """Steps, train costs and test costs (NaN without test data) so far, each (m,).

        The steps are those of the checkpoints, denser where the run began. A cost is computed
        when it is first asked for; ``most`` bounds how many are: 0 only reads.
        """
        if most != 0:
            self.compute_costs(most)
        costs, checkpoints = self.history.costs, self.history.at_round_steps()
        rows = np.array([(step, *both) for step, both in costs.values(checkpoints)]).reshape(-1, 3)
        return rows[:, 0], rows[:, 1], rows[:, 2]

    def compute_costs(self, most: int | None = None) -> None:
        """Compute costs at checkpoints that lack them, at most so many, spread over the run."""
        costs, checkpoints = self.history.costs, self.history.at_round_steps()
        for checkpoint in costs.missing(checkpoints)[:most]:
            costs.add(checkpoint, self._stepper.costs_at(checkpoint.parameters))

    def parameters_at(self, step: int) -> Array:
        """The parameters (P,) at the step of a checkpoint, with the edits made there."""
        return self.history.checkpoint_at(step).parameters

    def take_apart(self) -> TrainingStep:
        """Everything that the next step computes; the trainer does not change.

        EngineError if the run has diverged.
        """
        if self.divergence:
            raise EngineError(f"{self.divergence}: there is no next step to take apart; go back")
        return take_apart(self._stepper)

    def stop_when(self, **conditions: Any) -> Self:
        """Change the stop conditions of the experiment, which no step depends on: ``stop_steps``,
        ``stop_below``, ``stop_patience``. EngineError for a run of bare arrays."""
        if self.prepared is None:
            raise EngineError("only a run of an experiment has stop conditions")
        experiment = replace(self.prepared.experiment, **conditions)
        self.prepared = replace(self.prepared, experiment=experiment)
        return self

    # time

    def step(self, n: int = 1) -> Self:
        """Make n steps; the run stops early if a number is not finite (see ``divergence``)."""
        return self.seek(self.step_count + n)

    def seek(self, step: int) -> Self:
        """Go to a step; beyond the latest one this trains. EngineError for a step below 0.

        The run stops early if a number is not finite (see ``divergence``).
        """
        step = as_index(step)
        if step < 0:
            raise EngineError(f"there is no step {step}: a run begins at step 0")
        known = self.history.checkpoint_before(step)
        back = step < self.step_count
        if back:
            trail = max((s for s in self._trail if s <= step), default=-1)
            if trail >= known.step:
                self._restore(self._trail[trail])
            else:
                self._return_to(known)
        elif known.step > self.step_count:
            self._return_to(known)
        if back and self.step_count < step:
            self._run_to(step - trail_length(self.state))
            self._trail.clear()
            while self.step_count < step:
                self._trail[self.step_count] = self.state
                self._run_to(self.step_count + 1)
        else:
            self._run_to(step)
        return self

    def steps_to(self, step: int) -> int:
        """How many steps ``seek`` has to compute to go to a step."""
        at_hand = (*self._trail, self.step_count, self.history.checkpoint_before(step).step)
        return step - max(known for known in at_hand if known <= step)

    def _run_to(self, goal: int) -> None:
        history, stepper = self.history, self._stepper
        with np.errstate(all="ignore"):  # what is not finite is found by ``_look``
            while self.step_count < goal and self.divergence is None:
                now = self.step_count
                checkpoint = history.next_checkpoint(now)
                event = min((e.step for e in history.events if e.step > now), default=goal)
                stop = min(goal, self._looked_at + CHUNK, checkpoint, event)
                while self.step_count < stop:
                    last_batch = stepper.descend(stop - self.step_count)
                if stop in (goal, self._looked_at + CHUNK):
                    self._look(last_batch)
                self._arrive()

    def _look(self, last_batch: Batch) -> None:
        """Look for numbers that are not finite since the last look; if any, find the first."""
        stepper, history = self._stepper, self.history
        good, goal = self._looked_at, self.step_count
        doubtful, stepper.had_huge_gradient = stepper.may_have_overflowed(), False
        finite = stepper.is_finite_after(last_batch)
        if finite and (not doubtful or goal == good + 1):
            self._looked_at = goal
            return
        self._return_to(history.checkpoint_before(good))
        self._run_to(good)
        while self.divergence is None and self.step_count < goal:
            self._looked_at = self.step_count
            self.divergence = stepper.checked_step()
            self._arrive()
        self._looked_at = self.step_count
        if self.divergence:
            history.drop_checkpoints_after(self.step_count - 1)
            history.latest_step = self.step_count

    def _arrive(self) -> None:
        """Keep a checkpoint if one is due at this step, then apply its events."""
        step, history = self.step_count, self.history
        history.latest_step = max(history.latest_step, step)
        if self.divergence:
            history.divergence = self.divergence
            return
        if step not in history.checkpoints and history.is_due(step):
            history.keep(self.state)
        for event in history.events:
            if event.step == step:
                self._apply(event)

    def _return_to(self, checkpoint: State) -> None:
        """Restore a checkpoint, which is from before the events of its step."""
        self._restore(checkpoint)
        self._arrive()

    def _restore(self, state: State) -> None:
        self._stepper.restore(state)
        self._looked_at = state.step
        self.divergence = None

    # events

    def change(self, **settings: Any) -> Self:
        """Change settings, by name as in ``Settings``, from the next step on.

        Raises ExperimentError for an invalid setting, and, as all events do, EngineError if the run
        has diverged.
        """
        return self._add(events.settings_event(self.step_count, self.settings, settings))

    def edit(self, layer: int, kind: str, index: Index, value: float) -> Self:
        """Set one "weight" (j, k) or "bias" j of layer 1 … L; j and k count from 0."""
        network = self._stepper.network
        return self._add(events.edit_event(self.step_count, network, layer, kind, index, value))

    def freeze(self, layer: int, kind: str, index: Index, frozen: bool = True) -> Self:
        """Freeze one "weight" (j, k) or "bias" j of layer 1 … L, or let it learn again."""
        at = parameter_index(self._stepper.network, layer, kind, index)
        name = parameter_name(self._stepper.network, at)
        return self._add(events.freeze_event(self.step_count, self.settings, at, name, frozen))

    def assign(self, parameters: ArrayLike, label: str = "parameters assigned") -> Self:
        """Set all parameters (P,), laid out like ``Network.parameters``, as one event."""
        network = self._stepper.network
        return self._add(events.assign_event(self.step_count, network, parameters, label))

    def undo(self) -> Event | None:
        """Go back to the last event before now and remove it; returns it, None if there is none."""
        past = [event for event in self.history.events if event.step <= self.step_count]
        if not past:
            return None
        event = past[-1]
        self.history.cut(event.step)
        self.history.events.pop()
        self._trail.clear()
        self._changes = next(CHANGES)
        self._return_to(self.history.checkpoint_before(event.step))
        self._run_to(event.step)
        return event

    def _add(self, event: Event | None) -> Self:
        if event is None:  # nothing would change
            return self
        if self.divergence:
            raise EngineError(f"{self.divergence}: go back before you change anything")
        self.history.cut(self.step_count)
        self._trail.clear()
        self._changes = next(CHANGES)
        self._apply(event)
        self.history.events.append(event)
        return self

    def _apply(self, event: Event) -> None:
        if event.settings is not None:
            self._stepper.use(event.settings)
        event.edit(self._stepper.network.parameters)
