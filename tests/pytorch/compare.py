"""Comparison of a run of the engine with that of PyTorch, number by number.

Two numbers agree if they differ by at most 1e-10·scale (see ``scales``). PyTorch makes every step
from the engine's parameters, and keeps the state of its own optimiser; so an unstable run does not
make rounding errors grow. A second run of PyTorch goes on from its own parameters.

An update may differ by more, if a difference of 1e-14·scale in the gradients makes as much of it.
With Adam and RMSProp it can: where g has been about 0 all the time they divide by √v + ε, about ε,
and multiply the rounding error of g by up to 1/ε. So does Adam with β₂ = 0, which divides by |g|.
Of plain descent it is the updates whose g is 0 but for rounding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

import engine
from engine.explain import Example, Quantity, explain
from engine.training.microsteps import COST_KINDS, PARAMETER_KINDS, TrainingStep
from tests.drawn_experiments import drawn
from tests.pytorch.network import Pass, Run
from tests.pytorch.report import Report
from tests.pytorch.scales import Scales, biggest

TOLERANCE, OF_GRADIENT = 1e-10, 1e-14
EXPLAINED = 60  # numbers of a run whose explanations are compared
OF_BATCH = ("cost", "gradient", "penalty", "update")


class Differs(Exception):
    """Two numbers that should agree do not."""


def compared(seed: int, numbers: Iterable[int], folder: Path) -> Report:
    """The report on the drawn experiments of these numbers; tables are written into the folder."""
    torch.set_num_threads(1)  # arrays are small
    report = Report()
    for number in numbers:
        report.counts["experiments"] += 1
        try:
            with np.errstate(all="ignore"):
                Comparison(seed, number, folder, report).compare()
        except Differs as difference:
            report.failures.append(f"--seed {seed} --run {number}: {difference}")
    return report


class Comparison:
    """The comparison of one drawn experiment."""

    def __init__(self, seed: int, number: int, folder: Path, report: Report) -> None:
        self.drawn = drawn(seed, number, folder)
        self.number, self.report = number, report
        self.rng = np.random.default_rng([seed, number, 1])
        self.trainer = engine.Trainer(self.drawn.experiment)
        self.prepared = self.trainer.prepared
        taken = self.prepared.experiment.loss, self.prepared.experiment.output
        if taken != (self.drawn.loss, self.drawn.output):
            raise Differs(f"it takes {' and '.join(taken)}")
        self.train, self.test = self.prepared.dataset.train, self.prepared.dataset.test
        first = self.prepared.network.matrices
        self.run, self.alone = (Run(self.drawn, first, self.train) for _ in range(2))
        self.gradient_scale = np.zeros(self.prepared.network.parameters.size)  # of all steps so far

    def compare(self) -> None:
        """Make the steps of the experiment, and compare all numbers of each."""
        steps = self.drawn.steps
        for step in range(steps):
            if step == steps // 2 and self.drawn.changes:
                self.trainer.change(**self.drawn.changes)
                for run in (self.run, self.alone):
                    run.change(replace(run.settings, **self.drawn.changes))
            if not self.compare_step(explained=step == steps - 1):
                self.report.counts["runs that end at a number that is not finite"] += 1
                return
        self.compare_whole()

    def compare_step(self, explained: bool) -> bool:
        """Compare one step, and make it; False if a number is not finite in it."""
        taken = self.trainer.take_apart()
        rows = self.train[taken.rows]
        numbers = self.run.numbers(rows)
        if not numbers.is_finite:
            if not self.trainer.step().divergence:
                raise Differs(f"step {taken.step}: only PyTorch has a number that is not finite")
            return False
        scales, ours = Scales(self.run, numbers), taken.batch
        self.same("x", ours.forward.a[0], numbers.a[0], biggest(numbers.a[0]))
        for l in range(len(numbers.z)):
            self.same("z", ours.forward.z[l], numbers.z[l], scales.z[l])
            self.same("a", ours.forward.a[l + 1], numbers.a[l + 1], scales.a[l])
            self.same("δ", ours.deltas[l], numbers.deltas[l], scales.deltas[l])
        self.same("C_x", ours.example_losses, numbers.costs, scales.cost)
        self.same("C", ours.loss, numbers.cost, scales.cost)
        self.same("∇C", taken.gradient, numbers.gradient, scales.gradient)
        self.same("∇C with penalties", taken.penalised, numbers.penalised, scales.gradient)
        row = self.rng.choice(self.train, 1)
        one = self.run.numbers(row)
        of_one = Scales(self.run, one)
        updated = self.compare_update(taken, numbers, scales)
        if explained and one.is_finite:
            self.compare_explanations(taken, row, (numbers, scales), (one, of_one), updated)
        self.alone.update(self.alone.numbers(rows).penalised_parts)
        self.trainer.step()
        if self.trainer.divergence:
            if np.isfinite(updated[0]).all() and self.run.numbers(self.train).is_finite:
                raise Differs(f"step {taken.step}: only the engine has a number that is not finite")
            return False
        self.same("parameters", self.trainer.network.parameters, *updated)
        self.run.take(self.trainer.network.parameters)
        self.report.counts["steps"] += 1
        return True

    def compare_update(
        self, taken: TrainingStep, numbers: Pass, scales: Scales
    ) -> tuple[np.ndarray, np.ndarray]:
        """Compare the update and the new state of the optimiser; PyTorch's parameters after it,
        and their scale."""
        before = self.run.vector
        self.same("η", taken.learning_rate, self.run.learning_rate, self.run.learning_rate)
        eta = self.run.learning_rate
        self.run.update(numbers.penalised_parts)
        after = self.run.vector
        for letter, mine, other in zip("vw", taken.new_slots, self.run.slots, strict=False):
            self.same(f"state {letter}", mine, other, biggest(other))
        self.gradient_scale = np.maximum(self.gradient_scale, scales.gradient)
        # a difference of parameters is rounded as they are
        scale = biggest(after - before) + 1e-5 * biggest(after)
        grown = OF_GRADIENT * self.gradient_scale * self.amplification(taken.count, eta)
        ours, theirs = taken.parameters - taken.network.parameters, after - before
        close = np.abs(ours - theirs) <= TOLERANCE * scale
        counts = self.report.counts
        counts["updates"] += close.size
        counts["updates compared as far as the gradient tells them"] += int((~close).sum())
        self.same("update", ours[close], theirs[close], scale)
        if not (np.abs(ours - theirs) <= np.where(close, np.inf, grown)).all():
            raise Differs(f"step {taken.step}: an update differs by {biggest(ours - theirs)}")
        return after, np.where(close, biggest(after), biggest(after) + grown / TOLERANCE)

    def amplification(self, count: int, eta: float) -> np.ndarray | float:
        """By how much an update changes at most with the gradients so far, entry by entry."""
        s, slots = self.run.settings, self.run.slots
        if s.optimizer == "rmsprop":
            return 2.0 * eta / (np.sqrt(slots[0]) + s.epsilon)
        if s.optimizer == "adam":
            m, v = (slot / (1.0 - beta**count) for slot, beta in zip(slots, s.betas, strict=True))
            root = np.sqrt(v) + s.epsilon
            return eta * (1.0 + np.abs(m) / root) / root
        return 2.0 * eta / (1.0 - s.momentum * (s.optimizer != "sgd"))

    def compare_explanations(self, taken, row, batch, one, updated) -> None:
        """Compare the values of explanations, and the sums of their terms: of numbers drawn from
        all of the step, of an example of the training data, and as means over the batch."""
        x, y = self.prepared.inputs[row], self.prepared.targets[row]
        backward = engine.backpropagate(taken.network, x, y, taken.loss)
        example = Example(int(row[0]) + 1, backward, y[0])
        quantities = [*quantities_of(taken)]
        for i in self.rng.permutation(len(quantities))[:EXPLAINED].tolist():
            quantity = quantities[i]
            of_batch = quantity.kind in OF_BATCH
            for chosen, numbers in ((None, batch), (example, batch if of_batch else one)):
                expected, scale = self.expected(quantity, *numbers, updated)
                explanation = explain(taken, quantity, chosen)
                name = f"{quantity.kind}, explained"
                self.same(name, explanation.symbol.value, expected, scale)
                by_terms = explanation.definitions[-1].expression.value
                self.same(f"{name} by its terms", by_terms, expected, scale)
                self.report.counts["explanations"] += 1

    def expected(
        self, quantity: Quantity, numbers: Pass, scales: Scales, updated: tuple
    ) -> tuple[float, float]:
        """The number in PyTorch, and its scale."""
        l, j, k = quantity.layer - 1, quantity.unit, quantity.input
        match quantity.kind:
            case "z":
                return numbers.z[l][:, j].mean(), scales.z[l]
            case "a":
                return numbers.a[l + 1][:, j].mean(), scales.a[l]
            case "delta":
                return numbers.deltas[l][:, j].mean(), scales.deltas[l]
            case "cost" | "example_cost":
                return numbers.cost, scales.cost
        sizes, bias = self.run.sizes, self.run.settings.bias
        at = sum(n * (m + bias) for m, n in pairwise(sizes[: l + 1]))
        at += j * (sizes[l] + bias) + (sizes[l] if k is None else k)
        if quantity.kind == "update":
            return updated[0][at], updated[1][at]
        vector = numbers.penalised if quantity.kind == "penalty" else numbers.gradient
        return vector[at], scales.gradient[at]

    def compare_whole(self) -> None:
        """Compare the costs of all rows, and the predictions in the units of the table."""
        for rows, cost in zip((self.train, self.test), self.trainer.costs(), strict=True):
            if cost is not None:
                numbers = self.run.numbers(rows)
                if np.isfinite(numbers.cost):
                    self.same("C of all rows", cost, numbers.cost, Scales(self.run, numbers).cost)
        theirs = self.run.table.undone(self.run.numbers(np.arange(len(self.drawn.X))).a[-1])
        if np.isfinite(theirs).all():
            self.same("predictions", self.trainer.predict(self.drawn.X), theirs, biggest(theirs))
        parameters, counts = self.trainer.network.parameters, self.report.counts
        counts["runs to the end"] += 1
        apart = biggest(self.alone.vector - parameters)
        if apart <= TOLERANCE * biggest(parameters):
            counts["runs that end alike where PyTorch goes on from its own parameters"] += 1

    def same(self, name: str, ours, theirs, scale) -> None:
        """Compare an array or a number; Differs if some entry differs by more than 1e-10·scale."""
        ours, theirs = np.asarray(ours), np.asarray(theirs)
        step = self.trainer.step_count
        if ours.shape != theirs.shape:
            raise Differs(f"step {step}: {name} has shape {ours.shape}, not {theirs.shape}")
        difference = np.abs(ours - theirs)
        ratio = float((difference / np.where(difference > 0.0, scale, 1.0)).max(initial=0.0))
        self.report.counts["numbers"] += ours.size
        if ratio > self.report.largest.get(name, (-1.0, 0))[0]:
            self.report.largest[name] = ratio, self.number
        if not ratio <= TOLERANCE:
            raise Differs(f"step {step}: {name} differs by {ratio:.1e}·scale")


def quantities_of(taken: TrainingStep) -> Iterator[Quantity]:
    """Every number of every micro-step."""
    sizes, bias = taken.network.sizes, taken.network.bias
    for microstep in taken.microsteps:
        kind, layer = microstep.kind, microstep.layer
        units = range(1 if kind in COST_KINDS else sizes[layer])
        inputs: list[int | None] = [None]
        if kind in PARAMETER_KINDS:
            inputs = [*range(sizes[layer - 1]), *[None] * bias]
        yield from (Quantity(kind, layer, j, k) for j in units for k in inputs)
