"""Trainer: runs an experiment step by step, and back again, to the last bit."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import Array
from engine.backprop import checked_targets
from engine.batches import Batch, Batches
from engine.errors import EngineError, ExperimentError
from engine.experiment import Experiment, Prepared, batch_seed, prepare
from engine.history import CHECKPOINT_BYTES, Divergence, Event, History, Settings, State
from engine.kernel import Kernel
from engine.losses import check_targets, loss_for
from engine.network import Network
from engine.optimizers import optimizer_named

CHUNK = 128  # steps between looks for a number that is not finite
HUGE = 1e100  # a cost so large that others may have overflowed
TRAIL = 32  # states kept before the goal of a seek back, so that the next steps back are at once
EVALUATION_ROWS = 4096  # examples evaluated at once


class Trainer:
    """One run: a network, its training data, and the history of its steps.

    ``seek`` goes to any step. Going on from an earlier step repeats the known future; an event
    there (``change``, ``edit``, ``undo``) replaces it. ``prepared`` is the data and first network
    of an experiment (None for bare arrays).
    """

    def __init__(self, experiment: Experiment) -> None:
        prepared = prepare(experiment)
        data, x, y = prepared.dataset, prepared.inputs, prepared.targets
        settings = Settings(**{name: getattr(experiment, name) for name in asdict(Settings())})
        self.prepared: Prepared | None = prepared
        self._begin(
            prepared.network,
            str(prepared.experiment.loss),
            (x[data.train], y[data.train]),
            (x[data.test], y[data.test]),
            settings,
            batch_seed(experiment.seed),
        )

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
        """A run of a copy of ``network`` on X (n, d) and Y (n, k), taken as they are."""
        trainer = cls.__new__(cls)
        trainer.prepared = None
        inputs = network.checked_inputs(X)
        targets = checked_targets(network, Y, len(inputs))
        settings = Settings(optimizer, learning_rate, batch_size)
        none = (inputs[:0], targets[:0])
        trainer._begin(network, loss, (inputs, targets), none, settings, batch_seed(seed))
        return trainer

    def _begin(
        self,
        network: Network,
        loss: str,
        train: tuple[Array, Array],
        test: tuple[Array, Array],
        settings: Settings,
        seed: np.random.SeedSequence,
    ) -> None:
        self._network = network.copy()
        self._loss = loss_for(loss, network.output)
        check_targets(self._loss, train[1])
        self._train, self._test = (
            (np.hstack([x, np.ones((len(x), int(network.bias)))]), y) for x, y in (train, test)
        )
        self._gradient = np.zeros_like(network.parameters)
        self._scratch = np.zeros_like(network.parameters)
        self._is_weight = _weight_mask(network)
        self._kernels: dict[int, Kernel] = {}
        self._batches = Batches(*self._train, seed)
        self.settings = settings
        self._optimizer = optimizer_named(settings.optimizer)
        self._slots = self._fresh_slots()
        self._count = 0  # updates since the optimiser was chosen
        self.step_count = self._looked_at = 0
        self.divergence: Divergence | None = None
        self.history = History()
        self._trail: dict[int, State] = {}
        self._arrive()

    # what can be asked

    @property
    def network(self) -> Network:
        """The network at this step: a read-only snapshot."""
        return self._network.frozen()

    @property
    def loss(self) -> str:
        """The name of the loss."""
        return self._loss.name

    @property
    def epoch(self) -> int:
        """How often every training example has been used."""
        return self._batches.epoch

    @property
    def experiment(self) -> Experiment | None:
        """The experiment with the settings in force now; None for bare arrays."""
        if self.prepared is None:
            return None
        return replace(self.prepared.experiment, **asdict(self.settings))

    @property
    def state(self) -> State:
        """All that the next step depends on, copied."""
        vectors = np.stack([self._network.parameters, *self._slots])
        return State(self.step_count, vectors, self._count, self.settings, self._batches.state)

    def next_rows(self) -> NDArray[np.intp]:
        """The training rows that the next step will use."""
        return self._batches.next_rows(self.settings.batch_size)

    def costs(self) -> tuple[float, float | None]:
        """C over the training data and over the test data (None without any), at this step."""
        train, test = self._costs()
        return train, None if np.isnan(test) and not len(self._test[0]) else test

    def curve(self, most: int | None = None) -> tuple[Array, Array, Array]:
        """Steps, train costs and test costs (NaN without test data) so far, each (m,).

        The steps are those of the checkpoints, denser where the run began. A cost is computed
        when it is first asked for; ``most`` bounds how many are, for a caller in a hurry.
        """
        costs = self.history.costs
        missing = [s for s in self.history.checkpoints if s not in costs]
        missing.sort(key=lambda s: -(s & -s))  # round steps first: any part covers the whole run
        now = self._network.parameters.copy()
        for step in missing[:most]:
            self._network.parameters[...] = self.history.checkpoints[step].vectors[0]
            costs[step] = self._costs()
        self._network.parameters[...] = now
        rows = np.array([(s, *costs[s]) for s in sorted(costs)]).reshape(-1, 3)
        return rows[:, 0], rows[:, 1], rows[:, 2]

    # time

    def step(self, n: int = 1) -> Self:
        """Take n steps on, unless a number stops being finite on the way."""
        return self.seek(self.step_count + n)

    def seek(self, step: int) -> Self:
        """Go to a step, back or on; beyond the latest one this trains."""
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
        with np.errstate(all="ignore"):
            if back and self.step_count < step:
                self._run_to(step - self._trail_length())
                self._trail.clear()
                while self.step_count < step:
                    self._trail[self.step_count] = self.state
                    self._run_to(self.step_count + 1)
            else:
                self._run_to(step)
        return self

    def _trail_length(self) -> int:
        return max(1, min(TRAIL, CHECKPOINT_BYTES // self.state.nbytes))

    # events

    def change(self, **settings: Any) -> Self:
        """Change settings from the next step on: learning_rate, batch_size, l1, l2, optimizer."""
        old = asdict(self.settings)
        for name in settings:
            if name not in old:
                raise ExperimentError(f"no setting {name!r}; there are: {', '.join(old)}")
        new = Settings(**{**old, **settings})
        if new != self.settings:
            label = ", ".join(f"{k} {old[k]} → {v}" for k, v in asdict(new).items() if v != old[k])
            self._add(Event(self.step_count, settings=new, label=label))
        return self

    def edit(self, layer: int, kind: str, index: int | tuple[int, int], value: float) -> Self:
        """Set one "weight" (j, k) or "bias" j of layer 1 … L; indices count from 0."""
        matrices = self._network.matrices
        if not 1 <= layer <= len(matrices):
            raise ExperimentError(f"no layer {layer}: layers are 1 to {len(matrices)}")
        units, columns = matrices[layer - 1].shape
        inputs = self._network.sizes[layer - 1]
        if kind == "weight" and isinstance(index, tuple):
            j, k = index
            fits = 0 <= j < units and 0 <= k < inputs
        elif kind == "bias" and not isinstance(index, tuple) and self._network.bias:
            j, k = index, inputs
            fits = 0 <= j < units
        else:
            raise ExperimentError(f"no {kind} {index} to edit in layer {layer}")
        if not fits:
            raise ExperimentError(f"{kind} {index} is outside layer {layer} ({units} × {inputs})")
        if not np.isfinite(value):
            raise ExperimentError(f"a {kind} must be a finite number, not {value}")
        before = sum(matrix.size for matrix in matrices[: layer - 1])
        name = "w" if kind == "weight" else "b"
        event = Event(
            self.step_count,
            parameter=before + j * columns + k,
            value=float(value),
            label=f"{name}⁽{layer}⁾ {index} = {value:g}",
        )
        self._add(event)
        return self

    def undo(self) -> Event | None:
        """Return to the last event before now, and take it back; None where there is none."""
        past = [event for event in self.history.events if event.step <= self.step_count]
        if not past:
            return None
        event = past[-1]
        self.history.cut(event.step)
        self.history.events.remove(event)
        self._trail.clear()
        self._return_to(self.history.checkpoint_before(event.step))
        with np.errstate(all="ignore"):
            self._run_to(event.step)
        return event

    def _add(self, event: Event) -> None:
        if self.divergence:
            raise EngineError(f"{self.divergence}: go back before you change anything")
        self.history.cut(self.step_count)
        self._trail.clear()
        self.history.events.append(event)
        self._apply(event)

    def _apply(self, event: Event) -> None:
        if event.settings is not None:
            self._use(event.settings)
        if event.parameter is not None and event.value is not None:
            self._network.parameters[event.parameter] = event.value

    def _use(self, settings: Settings) -> None:
        """Put settings in force; another optimiser starts with fresh slots."""
        if settings.optimizer != self._optimizer.name:
            self._optimizer = optimizer_named(settings.optimizer)
            self._slots = self._fresh_slots()
            self._count = 0
        self.settings = settings

    def _fresh_slots(self) -> list[Array]:
        return [np.zeros_like(self._network.parameters) for _ in range(self._optimizer.slots)]

    # running

    def _run_to(self, goal: int) -> None:
        history = self.history
        while self.step_count < goal and self.divergence is None:
            now = self.step_count
            checkpoint = history.next_checkpoint(now)
            event = min((e.step for e in history.events if e.step > now), default=goal)
            stop = min(goal, self._looked_at + CHUNK, checkpoint, event)
            while self.step_count < stop:
                last_batch = self._descend(stop - self.step_count)
            if stop in (goal, self._looked_at + CHUNK, checkpoint):
                self._look(last_batch)
            self._arrive()

    def _look(self, last_batch: Batch) -> None:
        """Look for numbers that are not finite since the last look; if any, find the first."""
        rows, _, _, y = last_batch
        kernel = self._kernel(rows)
        finite = np.isfinite(self._network.parameters).all() and kernel.all_finite(y)
        # the other examples may overflow before this batch does
        if finite and (kernel.costs(y).max() < HUGE or np.isfinite(self._costs()[0])):
            self._looked_at = self.step_count
            return
        good, history = self._looked_at, self.history
        self._return_to(history.checkpoint_before(good))
        self._run_to(good)
        while self.divergence is None:
            self._step_and_look()
        history.latest_step = self.step_count

    def _arrive(self) -> None:
        """Remember this step where that is due, then apply its events."""
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
        """Restore a checkpoint, which stands before the events of its step."""
        self._restore(checkpoint)
        self._arrive()

    def _restore(self, state: State) -> None:
        self._use(state.settings)
        self._network.parameters[...] = state.vectors[0]
        for slot, kept in zip(self._slots, state.vectors[1:], strict=True):
            slot[...] = kept
        self._count = state.count
        self._batches.restore(state.batches)
        self.step_count = self._looked_at = state.step
        self.divergence = None

    def _descend(self, steps: int) -> Batch:
        """At most that many steps; returns the last batch. This loop is where the time goes."""
        batches = self._batches.upcoming(self.settings.batch_size, steps)
        g, p, u = self._gradient, self._network.parameters, self._scratch
        s = self.settings
        plain = s.optimizer == "sgd" and s.l1 == 0.0 and s.l2 == 0.0
        kernel_rows = 0
        for rows, x, x_rows, y in batches:
            if rows != kernel_rows:
                run, kernel_rows = self._kernel(rows).run, rows
                mean = np.array(1.0 / rows)  # the kernel sums over the examples
                rate = np.array(s.learning_rate / rows)
            run(x, x_rows, y)
            if plain:
                np.multiply(g, rate, u)
                np.subtract(p, u, p)
            else:
                np.multiply(g, mean, g)
                self._regularise()
                self._count += 1
                self._optimizer.update(p, g, self._slots, self._count, s.learning_rate, u)
        self._batches.advance(batches)
        self.step_count += len(batches)
        return batches[-1]

    def _regularise(self) -> None:
        """Add the gradient of l1·Σ|w| + ½·l2·Σw² over the weights, not the biases."""
        g, p, u = self._gradient, self._network.parameters, self._scratch
        if self.settings.l2:
            np.multiply(p, self._is_weight, u)
            np.multiply(u, self.settings.l2, u)
            np.add(g, u, g)
        if self.settings.l1:
            np.sign(p, u)
            np.multiply(u, self._is_weight, u)
            np.multiply(u, self.settings.l1, u)
            np.add(g, u, g)

    def _step_and_look(self) -> None:
        """One step, looking at every number on the way; sets ``divergence``."""
        rows, _, _, y = self._descend(1)
        found = self._kernel(rows).first_not_finite(y)
        if found is None:
            bad = [not np.isfinite(matrix).all() for matrix in self._network.matrices]
            found = (bad.index(True) + 1, "W") if any(bad) else None
        for x, y in () if found else self._blocks(*self._train):
            kernel = self._kernel(len(x))
            kernel.forward(x.T)
            found = found or kernel.first_not_finite(y, forward_only=True)
        if found:
            self.divergence = Divergence(self.step_count, *found)

    def _kernel(self, rows: int) -> Kernel:
        if rows not in self._kernels:
            self._kernels[rows] = Kernel(self._network, self._loss, rows, self._gradient)
        return self._kernels[rows]

    def _costs(self) -> tuple[float, float]:
        return self._mean_cost(*self._train), self._mean_cost(*self._test)

    def _mean_cost(self, inputs: Array, targets: Array) -> float:
        """C over rows of data; NaN where there are none."""
        if not len(inputs):
            return float("nan")
        total = 0.0
        with np.errstate(all="ignore"):
            for x, y in self._blocks(inputs, targets):
                kernel = self._kernel(len(x))
                kernel.forward(x.T)
                total += float(kernel.costs(y).sum())
        return total / len(inputs)

    @staticmethod
    def _blocks(inputs: Array, targets: Array) -> Iterator[tuple[Array, Array]]:
        for start in range(0, len(inputs), EVALUATION_ROWS):
            rows = slice(start, start + EVALUATION_ROWS)
            yield inputs[rows], targets[rows]


def _weight_mask(network: Network) -> Array:
    """1 for weights and 0 for biases, laid out like the parameters."""
    mask = network.with_parameters(np.ones(network.parameters.size))
    if network.bias:
        for b in mask.biases:
            b[...] = 0.0
    return mask.parameters
