"""Trainer: runs an experiment step by step, and back again, to the last bit."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, replace
from operator import index as as_index
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array
from engine.data.dataset import Dataset
from engine.errors import EngineError
from engine.network.backprop import checked_targets
from engine.network.network import Network
from engine.network.parameters import Index, changeable_index
from engine.network.size import Size, check_memory
from engine.training.experiment import Experiment, Settings
from engine.training.microsteps import TrainingStep, take_apart
from engine.training.prepare import Prepared, batch_seed, prepare
from engine.training.record import events
from engine.training.record.history import History
from engine.training.record.state import Divergence, Event, State
from engine.training.stepper import Stepper
from engine.training.stopping import Watch, play
from engine.training.timeline import Timeline


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
        watch: what ``play`` remembers for the stop conditions.

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
        self._timeline = Timeline(stepper)
        self._snapshot: tuple[tuple[int, int], Network] | None = None
        self._costs: tuple[tuple[int, int], tuple[float, float]] | None = None
        self._experiment: tuple[Experiment, Settings, Experiment] | None = None  # begun, with, now
        self.watch = Watch()

    def twin(self) -> "Trainer":
        """Another run of the same experiment, with a copy of the history, at the same step;
        EngineError for a run of bare arrays."""
        if self.prepared is None:
            raise EngineError("only a run of an experiment can be doubled; this one is of arrays")
        twin = Trainer(self.prepared.experiment, self.prepared.loaded)
        twin.watch = self.watch
        return twin.resume(deepcopy(self.history), self.step_count)

    def resume(self, history: History, step: int, state: State | None = None) -> Self:
        """Continue a history of the same experiment at ``step``, whose ``state`` may be given."""
        self._timeline.resume(history, step, state)
        return self

    # what can be asked

    @property
    def step_count(self) -> int:
        """The current step: how many steps were made since the start."""
        return self._stepper.step_count

    @property
    def revision(self) -> tuple[int, int]:
        """Differs between any two moments of any runs; equal revisions have equal bits."""
        return self._timeline.revision

    @property
    def history(self) -> History:
        """The events, checkpoints and costs of the run."""
        return self._timeline.history

    @property
    def divergence(self) -> Divergence | None:
        """The first number that was not finite, if this step made one."""
        return self._timeline.divergence

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
        begun, now = self.prepared.experiment, self.settings
        if self._experiment is None or self._experiment[:2] != (begun, now):
            self._experiment = begun, now, replace(begun, **asdict(now))
        return self._experiment[2]

    @property
    def state(self) -> State:
        """A copy of everything that the next step depends on."""
        return self._stepper.state

    def next_rows(self) -> NDArray[np.intp]:
        """The training rows of the next batch."""
        return self._stepper.next_rows()

    def costs(self) -> tuple[float, float | None]:
        """C over the training data and over the test data (None if there are none) at this step."""
        if self._costs is None or self._costs[0] != self.revision:
            self._costs = self.revision, self._stepper.costs()
        train, test = self._costs[1]
        return train, test if self._stepper.has_test else None

    def cost(self, of_test: bool = False) -> float:
        """C over the training data, or over the test data (NaN if there are none)."""
        return self._stepper.cost(of_test)

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
        """Change the stop conditions, at which ``play`` pauses: ``stop_steps``, ``stop_below``,
        ``stop_patience``. EngineError for a run of bare arrays."""
        if self.prepared is None:
            raise EngineError("only a run of an experiment has stop conditions")
        experiment = replace(self.prepared.experiment, **conditions)
        self.prepared = replace(self.prepared, experiment=experiment)
        return self

    def predict(self, X: ArrayLike) -> Array:
        """The network's outputs ŷ for examples as they are in the data, in the data's own units.

        Curved inputs are computed, and where the run standardises, X is scaled for the network
        and ŷ scaled back. ``trainer.network.predict`` does none of this.

        Arguments:
            X: (n, c), the columns of the data that the inputs are made of, in the order of
                ``trainer.prepared.dataset.column_names``; for a run of bare arrays as these were.

        Returns:
            ŷ (n, k). Numbers in the units of the target; for classes the output as it is: of
            sigmoid the probability of the second class, of softmax one of each class.

        Example:
            >>> import engine
            >>> cars = engine.Experiment(dataset="cars", hidden=(), batch_size=50)  # feet of mph
            >>> engine.Trainer(cars).step(2000).predict([[10.0], [20.0]]).round(2).tolist()
            [[21.74], [61.07]]
        """
        if self.prepared is None:
            return self.network.predict(X)
        return self.prepared.predict(self.network, X)

    # time

    def step(self, n: int = 1) -> Self:
        """Make n steps; the run stops early if a number is not finite (see ``divergence``)."""
        return self.seek(self.step_count + n)

    def seek(self, step: int) -> Self:
        """Go to a step; beyond the latest one this trains, until a number is not finite (see
        ``divergence``). EngineError for a step below 0."""
        step = as_index(step)
        if step < 0:
            raise EngineError(f"there is no step {step}: a run begins at step 0")
        self._timeline.seek(step)
        return self

    def play(self, n: int = 1, until: Callable[[], str] | None = None) -> str:
        """Make at most n steps: pause at the first one at which a stop condition holds, or
        ``until``, asked after each, gives a reason. Returns why, "" if none did. Called again it
        goes on: ``stop_below`` pauses once, ``stop_patience`` again after as many steps.

        Example:
            >>> import engine
            >>> trainer = engine.Trainer(engine.Experiment()).stop_when(stop_below=0.1)
            >>> trainer.play(1000)
            'stopped at step 203: C = 0.09998 is below 0.1'
        """
        run = self._timeline, self._stepper, self.prepared
        self.watch, reason = play(*run, self.watch, self.step_count + as_index(n), until)
        return reason

    def steps_to(self, step: int) -> int:
        """How many steps ``seek`` has to compute to go to a step."""
        return self._timeline.steps_to(step)

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
        network = self._stepper.network
        at = changeable_index(network, layer, kind, index)
        return self._add(events.freeze_event(self.step_count, self.settings, network, at, frozen))

    def assign(self, parameters: ArrayLike, label: str = "parameters assigned") -> Self:
        """Set all parameters (P,), laid out like ``Network.parameters``, as one event."""
        network = self._stepper.network
        return self._add(events.assign_event(self.step_count, network, parameters, label))

    def undo(self) -> Event | None:
        """Go back to the last event before now and remove it, and with it all later steps; returns
        it, None if there is none. ``redo`` brings them back."""
        undone = self._timeline.undo()
        return undone.event if undone else None

    def redo(self) -> Event | None:
        """Bring back what the last ``undo`` removed, event and steps, exactly to the last bit;
        returns the event. None if there is nothing: a new step or event replaces it."""
        undone = self._timeline.redo()
        return undone.event if undone else None

    def _add(self, event: Event | None) -> Self:
        self._timeline.add(event)
        return self
