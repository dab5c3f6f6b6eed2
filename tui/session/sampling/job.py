"""Repeated sampling in a separate thread: the coverage of OLS, and the network on some samples."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from threading import Thread

import numpy as np

from engine import (
    SAMPLING_CASES,
    EngineError,
    OlsCoverage,
    Trainer,
    network_sampling,
    ols,
    ols_coverage_steps,
)
from engine.arrays import Array, length
from engine.sampling.designs import COLLINEAR
from tui.model.linear.coverage import LEVEL, CaseCoverage, telling_term
from tui.system.job import Job

TOTAL = 4000  # samples of each kind of errors
TRAININGS = 20  # of the network, for each kind
MOST_STEPS, FEWEST_STEPS = 500, 50  # of a training
WORK = 300_000_000  # limit, about, for the multiplications of a training in a forward pass
PERFECT = 1e-9  # of the length of y: a smaller sd of the residuals is rounding
OLS_SHARE = 0.2  # of the progress


class SamplingJob(Job):
    """Samples from the true model that OLS finds in the training data: ``cases`` as far as they
    have come, and the ``progress`` (0 … 1)."""

    FAILED = "not sampled"

    def __init__(self, trainer: Trainer, columns: list[int], after: Thread | None = None) -> None:
        super().__init__("sampling", after)
        prepared = trainer.prepared
        assert prepared is not None
        rows, self._data = prepared.dataset.train, prepared.dataset
        self._inputs, self._targets = prepared.inputs[rows], prepared.targets[rows, 0]
        self._columns, self._bias = columns, bool(prepared.experiment.bias)
        self._network, self._settings = prepared.network, trainer.settings
        size = prepared.size
        work = max(1, size.work * size.batch)
        self.steps = int(min(MOST_STEPS, max(FEWEST_STEPS, WORK // work)))
        self.own = own_case(self._data.name)
        kinds = [self.own, *(case for case in SAMPLING_CASES if case != self.own)]
        if len(columns) < 2 and COLLINEAR in kinds:
            kinds.remove(COLLINEAR)
        self.cases = tuple(CaseCoverage(case) for case in kinds)
        self.progress = 0.0

    def work(self) -> None:
        with np.errstate(all="ignore"):
            truth, sd = self._true_model()
            for at in range(len(self.cases)):
                self._cover(at, truth, sd)
            for at in range(len(self.cases)):
                self._train(at, truth, sd)

    def _true_model(self) -> tuple[Array, float]:
        """The coefficients (p,) and the sd of the errors, in the network's units."""
        fit = ols(self._inputs[:, self._columns], self._targets, self._bias, method="fast")
        if not fit.residual_sd > PERFECT * length(self._targets):
            raise EngineError("a perfect fit: there are no errors of which to draw others")
        return fit.coefficients, fit.residual_sd

    def _cover(self, at: int, truth: Array, sd: float) -> None:
        """Count the intervals that hold the truth."""
        found, X = self.cases[at], self._inputs[:, self._columns]
        try:
            for result in ols_coverage_steps(X, truth, found.case, sd, TOTAL, LEVEL, self._bias):
                if self.cancelled:
                    return
                if found.ols is None:
                    found = self._described(found, result, sd)
                found = replace(found, ols=result)
                self._put(at, found, OLS_SHARE * (at + result.repetitions / TOTAL))
        except EngineError as error:
            self._put(at, replace(found, note=str(error)), OLS_SHARE * (at + 1))

    def _described(self, found: CaseCoverage, result: OlsCoverage, sd: float) -> CaseCoverage:
        """With the slope that is told of."""
        term = telling_term(result, self._bias)
        column = self._columns[term - self._bias]
        widening = nan
        if found.case in ("normal", COLLINEAR) and len(self._columns) > 1:
            x = self._inputs[:, column]
            spread = np.linalg.norm(x - x.mean() if self._bias else x)
            widening = float(result.exact_sd[term] / sd * spread)
        name = self._data.feature_names[column]
        return replace(found, term=term, name=name, widening=widening)

    def _train(self, at: int, truth: Array, sd: float) -> None:
        """Train the network on some samples."""
        found, settings = self.cases[at], self._settings
        note = self._obstacle()
        if note or found.ols is None:
            self._put(at, replace(found, network_note=note or found.note), 1.0)
            return
        coefficients = np.zeros(1 + self._inputs.shape[1])
        coefficients[[0, *(1 + column for column in self._columns)]] = truth
        try:
            for result in network_sampling(
                self._network,
                self._inputs,
                coefficients,
                found.case,
                sd,
                TRAININGS,
                self.steps,
                settings.optimizer,
                settings.learning_rate,
                settings.batch_size,
            ):
                if self.cancelled:
                    return
                found = replace(found, network=result)
                share = at + result.repetitions / TRAININGS
                self._put(at, found, OLS_SHARE * len(self.cases) + (1.0 - OLS_SHARE) * share)
        except EngineError as error:
            self._put(at, replace(found, network_note=str(error)), 1.0)

    def _obstacle(self) -> str:
        """Why the network cannot be compared with OLS; "" if it can."""
        if not self._bias:
            return "the network has no biases"
        if self._network.output != "identity":
            return f"its output is {self._network.output}: it cannot follow a line"
        return ""

    def _put(self, at: int, found: CaseCoverage, done: float) -> None:
        """Take what has been found of a case; ``done`` is in cases."""
        self.cases = (*self.cases[:at], found, *self.cases[at + 1 :])
        self.progress = max(self.progress, min(1.0, done / len(self.cases)))
        self.pause_briefly()


def own_case(data: str) -> str:
    """The kind of errors that a data set is made with."""
    return data if data in SAMPLING_CASES else "normal"
