"""Stepper: the machinery of a run. It steps forwards, and takes and restores states."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array
from engine.errors import ExperimentError
from engine.network.backprop import BackwardPass, layer_gradients
from engine.network.kernel import Kernel
from engine.network.losses import check_targets, loss_for
from engine.network.network import ForwardPass, Network
from engine.training.batches import Batch, Batches
from engine.training.optimizers import optimizer_named
from engine.training.schedules import learning_rate_at
from engine.training.state import OPTIMIZER_STATE, Divergence, Settings, State

EVALUATION_ROWS = 4096  # examples evaluated at once
KERNELS = 6  # batch sizes whose buffers are kept
HUGE = 1e100  # a cost so large that those of other examples may have overflowed
LARGE = 1e6  # a parameter that the deepest network may have without being suspect


class Stepper:
    """A network in training: parameters, optimiser, batches. It knows no past.

    ``train`` and ``test`` are (X (n, d), Y (n, k)) in the network's units.
    """

    def __init__(
        self,
        network: Network,
        loss: str,
        train: tuple[Array, Array],
        test: tuple[Array, Array],
        settings: Settings,
        seed: np.random.SeedSequence,
    ) -> None:
        self.network = network.copy()
        self.loss = loss_for(loss, network.output)
        check_targets(self.loss, train[1])
        self._train, self._test = (
            (np.hstack([x, np.ones((len(x), int(network.bias)))]), y) for x, y in (train, test)
        )
        self.has_test = len(test[0]) > 0
        self.gradient = np.zeros_like(network.parameters)  # of the last step; its sum if plain
        self._scratch = np.zeros_like(network.parameters)
        self._is_weight = _weight_mask(network)
        self._kernels: dict[int, Kernel] = {}
        self._batches = Batches(*self._train, seed)
        self.settings = settings
        self._optimizer = optimizer_named(settings.optimizer)
        self._slots = self._fresh_slots()
        self._count = 0  # updates since the optimiser was chosen
        self.step_count = 0
        self.was_huge = False  # a scheduled run had a gradient on its way that was ``HUGE``
        self.use(settings)

    # states

    @property
    def state(self) -> State:
        """All that the next step depends on, copied."""
        vectors = np.stack([self.network.parameters, *self._slots])
        return State(self.step_count, vectors, self._count, self.settings, self._batches.state)

    def restore(self, state: State) -> None:
        """Go to a state; what comes after is the same to the last bit."""
        self.use(state.settings)
        self.network.parameters[...] = state.vectors[0]
        for slot, kept in zip(self._slots, state.vectors[1:], strict=True):
            slot[...] = kept
        self._count = state.count
        self._batches.restore(state.batches)
        self.step_count = state.step

    def use(self, settings: Settings) -> None:
        """Put settings in force; another optimiser starts with fresh slots."""
        total = self.network.parameters.size
        if settings.frozen and settings.frozen[-1] >= total:
            raise ExperimentError(
                f"frozen: there is no parameter {settings.frozen[-1]}; they are 0 to {total - 1}"
            )
        if settings.optimizer != self._optimizer.name:
            self._optimizer = optimizer_named(settings.optimizer)
            self._slots = self._fresh_slots()
            self._count = 0
        self.settings = settings
        self._frozen = np.array(settings.frozen, dtype=np.intp)

    def _fresh_slots(self) -> list[Array]:
        return [np.zeros_like(self.network.parameters) for _ in range(self._optimizer.slots)]

    @property
    def learning_rate(self) -> float:
        """η of the next update, by the schedule."""
        return learning_rate_at(self.settings, self.step_count)

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._batches.epoch

    def next_rows(self) -> NDArray[np.intp]:
        """The training rows that the next step will use."""
        return self._batches.next_rows(self.settings.batch_size)

    # steps

    def descend(self, steps: int) -> Batch:
        """1 step or more, at most so many; returns the last batch. Here is where the time goes."""
        batches = self._batches.upcoming(self.settings.batch_size, steps)
        g, p, u = self.gradient, self.network.parameters, self._scratch
        s = self.settings
        multiply, subtract = np.multiply, np.subtract  # local names are found faster
        plain, scheduled, eta = self._is_plain, s.is_scheduled, s.learning_rate
        kernel_rows, step = 0, self.step_count
        for rows, x, x_rows, y in batches:
            if rows != kernel_rows:
                run, kernel_rows = self._kernel(rows).run, rows
                mean = np.array(1.0 / rows)  # the kernel sums over the examples
                rate = np.array(eta / rows)
            if scheduled:
                eta = learning_rate_at(s, step)
                rate, step = np.array(eta / rows), step + 1
            run(x, x_rows, y)
            if scheduled and not g.dot(g) < HUGE * HUGE:
                self.was_huge = True  # a falling rate may hide by and by what was not finite
            if plain:
                multiply(g, rate, u)
                subtract(p, u, p)
            else:
                multiply(g, mean, g)
                self._regularise()
                self._count += 1
                if self._frozen.size:
                    self._update_unfrozen(eta)
                else:
                    self._optimizer.update(p, g, self._slots, self._count, eta, u)
        self._batches.advance(batches)
        self.step_count += len(batches)
        return batches[-1]

    def stages(self) -> Iterator[tuple[str, int]]:
        """``descend(1)`` with a pause after each (quantity, layer), to the same bits.

        After those of the kernel come "penalty", where ``gradient`` has it for all layers, and
        "update" of each layer's parameters, the last layer first.
        """
        batches = self._batches.upcoming(self.settings.batch_size, 1)
        rows, x, x_rows, y = batches[0]
        g, p, u = self.gradient, self.network.parameters, self._scratch
        eta = self.learning_rate
        yield from self._kernel(rows).stages(x, x_rows, y)
        plain = self._is_plain
        if not plain:
            np.multiply(g, np.array(1.0 / rows), g)
            self._regularise()
            self._count += 1
        yield "penalty", 1
        stop = p.size
        for layer, matrix in reversed([*enumerate(self.network.matrices, start=1)]):
            part = slice(stop - matrix.size, stop)
            stop = part.start
            if plain:
                np.multiply(g[part], np.array(eta / rows), u[part])
                np.subtract(p[part], u[part], p[part])
            else:
                self._update_unfrozen(eta, part)
            yield "update", layer
        self._batches.advance(batches)
        self.step_count += 1

    def last_pass(self, rows: NDArray[np.intp]) -> tuple[BackwardPass, Array]:
        """What the kernel holds of the batch of these rows, copied, and its targets (n, k).

        Between the last "gradient" of ``stages`` and "penalty".
        """
        x, y = (array[rows] for array in self._train)
        kernel, network = self._kernel(len(rows)), self.network
        z, a, deltas = (
            tuple(np.ascontiguousarray(values.T) for values in layers)
            for layers in (kernel.z, kernel.a, kernel.deltas)
        )
        costs = kernel.costs(y)
        gradient = self.gradient * np.array(1.0 / len(rows))
        backward = BackwardPass(
            loss=float(costs.mean()),
            example_losses=costs,
            deltas=deltas,
            **layer_gradients(network, gradient),
            forward=ForwardPass(z, (x[:, : network.sizes[0]], *a)),
        )
        return backward, y

    @property
    def _is_plain(self) -> bool:
        """Whether an update is −η times the gradient and nothing else."""
        s = self.settings
        return s.optimizer == "sgd" and s.l1 == 0.0 and s.l2 == 0.0 and not s.frozen

    def _update_unfrozen(self, eta: float, part: slice = slice(None)) -> None:
        """The optimiser's update of a part of the parameters; frozen ones keep their state too."""
        p, g, u, *slots = (
            vector[part]
            for vector in (self.network.parameters, self.gradient, self._scratch, *self._slots)
        )
        start, stop, _ = part.indices(self.gradient.size)
        held = self._frozen[(self._frozen >= start) & (self._frozen < stop)] - start
        before = [vector[held] for vector in (p, *slots)]
        self._optimizer.update(p, g, slots, self._count, eta, u)
        for vector, values in zip((p, *slots), before, strict=True):
            vector[held] = values

    def _regularise(self) -> None:
        """Add the gradient of l1·Σ|w| + ½·l2·Σw² over the weights, not the biases."""
        g, p, u = self.gradient, self.network.parameters, self._scratch
        if self.settings.l2:
            np.multiply(p, self._is_weight, u)
            np.multiply(u, self.settings.l2, u)
            np.add(g, u, g)
        if self.settings.l1:
            np.sign(p, u)
            np.multiply(u, self._is_weight, u)
            np.multiply(u, self.settings.l1, u)
            np.add(g, u, g)

    def _kernel(self, rows: int) -> Kernel:
        if rows not in self._kernels:
            if len(self._kernels) == KERNELS:
                del self._kernels[next(iter(self._kernels))]
            self._kernels[rows] = Kernel(self.network, self.loss, rows, self.gradient)
        return self._kernels[rows]

    # costs

    def costs(self) -> tuple[float, float]:
        """C over the training and over the test data (NaN where there are none)."""
        return self._mean_cost(*self._train), self._mean_cost(*self._test)

    def costs_at(self, parameters: Array) -> tuple[float, float]:
        """``costs`` with other parameters (P,)."""
        now = self.network.parameters.copy()
        self.network.parameters[...] = parameters
        costs = self.costs()
        self.network.parameters[...] = now
        return costs

    def _mean_cost(self, inputs: Array, targets: Array) -> float:
        if not len(inputs):
            return float("nan")
        total = 0.0
        with np.errstate(all="ignore"):
            for kernel, y in self._evaluated(inputs, targets):
                total += float(kernel.costs(y).sum())
        return total / len(inputs)

    def _evaluated(self, inputs: Array, targets: Array) -> Iterator[tuple[Kernel, Array]]:
        """Kernels that have just run forward over a block of rows, with its targets."""
        for start in range(0, len(inputs), EVALUATION_ROWS):
            x, y = (array[start : start + EVALUATION_ROWS] for array in (inputs, targets))
            kernel = self._kernel(len(x))
            kernel.forward(x.T, x)
            yield kernel, y

    # numbers that are not finite

    def is_finite_after(self, batch: Batch) -> bool:
        """Whether every number of the step just made with this batch is finite."""
        rows, _, _, y = batch
        kernel = self._kernel(rows)
        vectors = (self.network.parameters, *self._slots)
        if not (all(np.isfinite(v).all() for v in vectors) and kernel.all_finite(y)):
            return False
        # the other examples may overflow before this batch does
        return not self._is_near_overflow(kernel.costs(y)) or self._first_in_training() is None

    def may_have_overflowed(self) -> bool:
        """Whether a number may not have been finite for some steps before the last one."""
        return self.was_huge or self._is_near_overflow(np.zeros(1))

    def _is_near_overflow(self, costs: Array) -> bool:
        # through L layers a number may grow as the parameters to the power L, within one step
        most = max(LARGE, HUGE ** (1.0 / len(self.network.matrices)))
        return not (costs.max() < HUGE and np.abs(self.network.parameters).max() < most)

    def step_and_look(self) -> Divergence | None:
        """One step; the first number on its way, or of the cost after it, that is not finite."""
        batch = self.descend(1)
        if self.is_finite_after(batch):
            return None
        rows, _, _, y = batch
        found = self._kernel(rows).first_not_finite(y)
        if found is None:
            bad = [not np.isfinite(matrix).all() for matrix in self.network.matrices]
            found = (bad.index(True) + 1, "W") if any(bad) else None
        if found is None and not all(np.isfinite(slot).all() for slot in self._slots):
            found = len(self.network.matrices), OPTIMIZER_STATE
        found = found or self._first_in_training()
        assert found is not None
        return Divergence(self.step_count, *found)

    def _first_in_training(self) -> tuple[int, str] | None:
        """(layer, quantity) of the first number not finite in a forward pass of all examples."""
        with np.errstate(all="ignore"):
            for kernel, y in self._evaluated(*self._train):
                if found := kernel.first_not_finite(y, forward_only=True):
                    return found
        if not np.isfinite(self.costs()[0]):
            return len(self.network.matrices), "C"  # every cost is finite, their sum is not
        return None


def _weight_mask(network: Network) -> Array:
    """1 for weights and 0 for biases, laid out like the parameters."""
    mask = network.with_parameters(np.ones(network.parameters.size))
    if network.bias:
        for b in mask.biases:
            b[...] = 0.0
    return mask.parameters
