"""The training loop of a run: it makes steps, and copies and restores the state."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array
from engine.errors import ExperimentError
from engine.network.backprop import BackwardPass, layer_gradients
from engine.network.kernel import Kernel
from engine.network.losses import check_targets, loss_for
from engine.network.network import ForwardPass, Network
from engine.network.parameters import parameter_name
from engine.network.penalty import weight_mask
from engine.training.batches import Batch, Batches
from engine.training.experiment import Settings
from engine.training.optimizers import optimizer_named
from engine.training.record.state import OPTIMIZER_STATE, Divergence, State
from engine.training.schedules import learning_rate_at

EVALUATION_ROWS = 4096  # examples evaluated at once
KERNELS = 6  # batch sizes whose buffers are kept
HUGE = 1e100  # from this cost on, the costs of other examples may have overflowed
LARGE = 1e6  # parameters below this are never checked for a coming overflow


class Stepper:
    """A network in training, with its optimiser and batches, but without a history.

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
        self.gradient = np.zeros_like(
            network.parameters
        )  # of the last step; a sum, not a mean, if ``_is_plain``
        self._scratch = np.zeros_like(network.parameters)
        self._is_weight = np.sign(weight_mask(network))  # a gradient is at all places
        self._kernels: dict[int, Kernel] = {}
        self._batches = Batches(*self._train, seed)
        self.settings = settings
        self._optimizer = optimizer_named(settings.optimizer)
        self._slots = self._fresh_slots()
        self._count = 0  # updates since the optimiser was chosen
        self.step_count = 0
        self.had_huge_gradient = False  # in a step with a scheduled learning rate
        self.use(settings)

    # states

    @property
    def state(self) -> State:
        """All that the next step depends on, copied."""
        vectors = np.stack([self.network.parameters, *self._slots])
        return State(self.step_count, vectors, self._count, self.settings, self._batches.state)

    def restore(self, state: State) -> None:
        """Go to a state; the steps after it are reproduced to the last bit."""
        self.use(state.settings)
        self.network.parameters[...] = state.vectors[0]
        for slot, values in zip(self._slots, state.vectors[1:], strict=True):
            slot[...] = values
        self._count = state.count
        self._batches.restore(state.batches)
        self.step_count = state.step

    def use(self, settings: Settings) -> None:
        """Use these settings from the next step on; a new optimiser starts with slots of 0. A
        weight of a convolution that is frozen at one place is frozen at all."""
        total = self.network.parameters.size
        if settings.frozen and settings.frozen[-1] >= total:
            raise ExperimentError(
                f"frozen: no parameter {settings.frozen[-1]}: parameters are 0 to {total - 1}"
            )
        if settings.optimizer != self._optimizer.name:
            self._optimizer = optimizer_named(settings.optimizer)
            self._slots = self._fresh_slots()
            self._count = 0
        if self.network.sharing and settings.frozen:
            if outside := [at for at in settings.frozen if self.network.is_outside_kernel(at)]:
                name = parameter_name(self.network, outside[0])
                raise ExperimentError(
                    f"frozen: {name} ({outside[0]}) is outside a kernel: always 0"
                )
            places = {place for at in settings.frozen for place in self.network.places(at)}
            settings = replace(settings, frozen=tuple(places))
        self._update = self._optimizer.rule(settings.constants)
        self.settings = settings
        self._frozen = np.array(settings.frozen, dtype=np.intp)

    def _fresh_slots(self) -> list[Array]:
        return [np.zeros_like(self.network.parameters) for _ in range(self._optimizer.slots)]

    @property
    def learning_rate(self) -> float:
        """The scheduled η of the next update."""
        return learning_rate_at(self.settings, self.step_count)

    @property
    def epoch(self) -> int:
        """The number of completed epochs."""
        return self._batches.epoch

    def next_rows(self) -> NDArray[np.intp]:
        """The training rows of the next batch."""
        return self._batches.next_rows(self.settings.batch_size)

    # steps

    def descend(self, steps: int) -> Batch:
        """At least 1 and at most ``steps`` steps; returns the last batch. This is the hot loop."""
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
                self.had_huge_gradient = True  # a falling rate can make later numbers finite again
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
                    self._update(p, g, self._slots, self._count, eta, u)
        self._batches.advance(batches)
        self.step_count += len(batches)
        return batches[-1]

    def stages(self) -> Iterator[tuple[str, int]]:
        """``descend(1)``, which yields (quantity, layer) after each stage; same results.

        The stages of the kernel are followed by "penalty", after which ``gradient`` includes the
        penalties of all layers, and by "update" of each layer, the last layer first.
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
        """The backward pass of the batch of these rows, copied from the kernel, and its targets.

        Valid between the last "gradient" of ``stages`` and "penalty".
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
        """Whether the update is just −η times the gradient."""
        s = self.settings
        return s.optimizer == "sgd" and s.l1 == 0.0 and s.l2 == 0.0 and not s.frozen

    def _update_unfrozen(self, eta: float, part: slice = slice(None)) -> None:
        """The optimiser's update of a part of the parameters; frozen ones also keep their slots."""
        p, g, u, *slots = (
            vector[part]
            for vector in (self.network.parameters, self.gradient, self._scratch, *self._slots)
        )
        start, stop, _ = part.indices(self.gradient.size)
        frozen = self._frozen[(self._frozen >= start) & (self._frozen < stop)] - start
        old_values = [vector[frozen] for vector in (p, *slots)]
        self._update(p, g, slots, self._count, eta, u)
        for vector, values in zip((p, *slots), old_values, strict=True):
            vector[frozen] = values

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
        """C over the training data, and over the test data (NaN if there are none)."""
        return self.cost(of_test=False), self.cost(of_test=True)

    def cost(self, of_test: bool) -> float:
        """C over the test data (NaN if there are none), or over the training data."""
        return self._mean_cost(*(self._test if of_test else self._train))

    def costs_at(self, parameters: Array) -> tuple[float, float]:
        """``costs`` with other parameters (P,)."""
        current = self.network.parameters.copy()
        self.network.parameters[...] = parameters
        costs = self.costs()
        self.network.parameters[...] = current
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
        """Block by block of rows: the kernel after its forward pass, and the targets."""
        for start in range(0, len(inputs), EVALUATION_ROWS):
            x, y = (array[start : start + EVALUATION_ROWS] for array in (inputs, targets))
            kernel = self._kernel(len(x))
            kernel.forward(x.T, x)
            yield kernel, y

    # numbers that are not finite

    def is_finite_after(self, batch: Batch) -> bool:
        """Whether every number of the step that was just made with this batch is finite."""
        rows, _, _, y = batch
        kernel = self._kernel(rows)
        vectors = (self.network.parameters, *self._slots)
        if not (all(np.isfinite(v).all() for v in vectors) and kernel.all_finite(y)):
            return False
        # other examples may overflow earlier than those of this batch
        return not self._is_near_overflow(kernel.costs(y)) or self._first_in_training() is None

    def may_have_overflowed(self) -> bool:
        """Whether a number may not have been finite at some step before the last one."""
        return self.had_huge_gradient or self._is_near_overflow(np.zeros(1))

    def _is_near_overflow(self, costs: Array) -> bool:
        # within one step through L layers, numbers can grow like the parameters to the power L
        limit = max(LARGE, HUGE ** (1.0 / len(self.network.matrices)))
        return not (costs.max() < HUGE and np.abs(self.network.parameters).max() < limit)

    def checked_step(self) -> Divergence | None:
        """One step; returns the first number in it, or in the cost after it, that is not finite."""
        batch = self.descend(1)
        if self.is_finite_after(batch):
            return None
        rows, _, _, y = batch
        first = self._kernel(rows).first_not_finite(y)
        if first is None:
            finite = [bool(np.isfinite(matrix).all()) for matrix in self.network.matrices]
            first = None if all(finite) else (finite.index(False) + 1, "W")
        if first is None and not all(np.isfinite(slot).all() for slot in self._slots):
            first = len(self.network.matrices), OPTIMIZER_STATE
        first = first or self._first_in_training()
        assert first is not None
        return Divergence(self.step_count, *first)

    def _first_in_training(self) -> tuple[int, str] | None:
        """(layer, quantity) of the first number that is not finite in a pass of all examples."""
        with np.errstate(all="ignore"):
            for kernel, y in self._evaluated(*self._train):
                if first := kernel.first_not_finite(y, forward_only=True):
                    return first
        if not np.isfinite(self.costs()[0]):
            return len(self.network.matrices), "C"  # every cost is finite, but not their sum
        return None
