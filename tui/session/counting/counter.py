"""Counting regions or knots for the screen: exact, without making the user wait."""

from dataclasses import replace
from time import perf_counter, thread_time
from typing import NamedTuple

import numpy as np

from engine import Network, Trainer
from engine.regions.cells.part import MEMORY
from engine.training.record.series import Checkpoint
from tui.model.regions.result import CountProgress, Reason, Regions, TooSlow, Unknown, WasSlow
from tui.model.regions.source import MAP_REGIONS, Moment, max_regions, pieces, why_curved
from tui.model.view import View
from tui.session.counting.history import CountHistory, network_at
from tui.session.counting.job import CountJob
from tui.session.counting.numbers import RegionNumbers

QUICK_SECONDS = 0.015  # that a count may take between two frames
AUTOMATIC_SECONDS = 1.0  # after which a count that the user did not ask for gives up
SLOW_SECONDS = 3.0  # with the map, from which on a count is not repeated automatically
PAUSE_FACTOR = 6.0  # while playing, the pause after a count is so many times as long as the count


class _Counted(NamedTuple):
    """The latest result."""

    moment: Moment
    regions: Regions


class _Running(NamedTuple):
    """A count in a thread, of the present or of a checkpoint in the ``past``."""

    job: CountJob
    past: Checkpoint | None


class _Slow(NamedTuple):
    """Counts are not made automatically; an estimate is only made of another moment than the last
    one (None: no estimates, for a complete count has shown how long it takes)."""

    reason: TooSlow | WasSlow
    estimated: Moment | None


class Counter:
    """The regions of the present step; while a count is running, those of an earlier step.

    ``advance`` counts, or starts a thread that counts; ``regions`` reads the result.

    A count that is sure to be quick is made at once. Any other runs in a thread, one at a time.
    If a structure takes too long it is not counted again until the user asks for it, or another
    structure, view or run is shown; the time is estimated anew at each step where play pauses.
    """

    def __init__(self, memory: float = MEMORY) -> None:
        self.memory = memory  # bytes that a count may take, about
        self.latest_job: CountJob | None = None  # also one that was cancelled and may still run
        self._trainer: Trainer | None = None
        self._running: _Running | None = None
        self._progress: CountProgress | None = None  # at the last ``advance``; None: no count ran
        self._end = 0.0  # when the last count ended
        self._use(None)

    def _use(self, structure: object) -> None:
        """Start again with another structure or view."""
        self.cancel()
        self.history = CountHistory()
        self._structure = structure
        self._counted: _Counted | None = None
        self._numbers: RegionNumbers | None = None  # while training plays
        self._seconds: float | None = None  # that the last count took
        self._slow: _Slow | None = None

    # the result

    def regions(self, trainer: Trainer, view: View) -> Regions:
        """The result at the last ``advance``; ``Regions.step`` is the step it belongs to."""
        step, moment = trainer.step_count, _present(trainer, view)
        if reason := _why_none(trainer, moment):
            return Regions(step, reason=reason)
        if trainer is not self._trainer or _structure(moment) != self._structure:
            return Regions(step, reason=Unknown.COUNTING)
        slow: Reason | None = self._slow.reason if self._slow else None
        regions = self._counted.regions if self._counted else None
        if regions is None or (regions.step == step and not self._is_counted(moment)):
            regions = Regions(step, reason=slow or Unknown.COUNTING)
        elif regions.step != step and slow:
            regions = replace(regions, reason=slow)
        running = self._running
        if running and not running.past:
            requested, first = running.job.seconds is None, not (self._counted or slow)
            if requested or first:
                return replace(regions, progress=self._progress)
        return regions

    @property
    def news(self) -> bool:
        """Whether there is more to show than at the last ``advance``."""
        running = self._running
        if running is None:
            return False
        return not running.job.is_alive() or running.job.progress != self._progress

    # the present step

    def advance(self, trainer: Trainer, view: View, playing: bool) -> None:
        """Count the regions of the present step where that is quick, or begin to in a thread."""
        self._collect()
        moment = _present(trainer, view)
        if _why_none(trainer, moment):
            return
        structure = _structure(moment)
        if structure != self._structure:
            self._use(structure)
        if trainer is not self._trainer:
            self.cancel()
            self._slow = None
        self._keep_numbers(playing)
        if not self._is_counted(moment):
            self._advance_to(moment, trainer is not self._trainer, playing)
        self._trainer = trainer
        self._progress = self._running.job.progress if self._running else None

    def _advance_to(self, moment: Moment, other_run: bool, playing: bool) -> None:
        """Count a moment whose regions are not known, now or in a thread or later."""
        if other_run or (self._counted and self._counted.regions.step == moment.step):
            self.cancel()  # the result is that of another run, or of other weights
            self._counted = None
        if self._running and self._running.past:
            self.cancel()  # the present has priority
        if self._is_quick(moment):
            self._count(moment)
        elif not (self._running or self._must_wait(moment, playing)):
            job = self._start(moment, AUTOMATIC_SECONDS)
            if self._seconds is not None and self._seconds < QUICK_SECONDS:
                job.join(QUICK_SECONDS)
                self._collect()

    def _keep_numbers(self, playing: bool) -> None:
        """While training plays, keep the numbers that the regions had before; else have none."""
        regions = self._counted.regions if self._counted else None
        if not playing:
            self._numbers = None
            if self._counted and regions and regions.numbers is not None:
                self._counted = self._counted._replace(regions=replace(regions, numbers=None))
        elif self._numbers is None and regions and regions.map:
            self._numbers = RegionNumbers(regions.map)

    def wait(self) -> None:
        """Wait for the count that is running, if there is one; ``advance`` takes its result."""
        if self._running:
            self._running.job.join()

    # earlier steps

    def look_back(self, trainer: Trainer, view: View, seconds: float, playing: bool) -> bool:
        """Count at checkpoints of the run, for so long; whether it did, or has begun to."""
        if self._counted is None or self._slow or self._running:
            return False
        deadline, counted = perf_counter() + seconds, False
        for past in self.history.missing(trainer.history):
            moment = _moment(trainer, network_at(trainer, past), view, past.step)
            if self._is_quick(moment):
                self.history.add(past, pieces(moment, self.memory))
            elif not playing:
                self._start(moment, AUTOMATIC_SECONDS, past)
            else:
                break
            counted = True
            if self._running or perf_counter() >= deadline:
                break
        return counted

    # one count

    def count_once(self, trainer: Trainer, view: View) -> None:
        """Count this step, however long it takes; ``cancel`` ends it."""
        moment = _present(trainer, view)
        if not (_why_none(trainer, moment) or self._is_counted(moment)):
            self.cancel()
            self._start(moment, None)

    @property
    def counts_once(self) -> bool:
        """Whether a count goes on that ``count_once`` has begun."""
        return self._running is not None and self._running.job.seconds is None

    def cancel(self) -> None:
        """Stop the count that is running."""
        if self._running:
            self._running.job.cancel()
        self._running = None

    def _is_counted(self, moment: Moment) -> bool:
        return self._counted is not None and _is_same(self._counted.moment, moment)

    def _is_quick(self, moment: Moment) -> bool:
        """Whether a count is sure to be quick: the last one was, and the bound is low."""
        return (self._seconds or 0.0) < QUICK_SECONDS and max_regions(moment) <= MAP_REGIONS

    def _must_wait(self, moment: Moment, playing: bool) -> bool:
        """Whether no count should start now."""
        if playing and perf_counter() - self._end < PAUSE_FACTOR * (self._seconds or 0.0):
            return True
        if self._slow is None:
            return False
        estimated = self._slow.estimated
        return playing or estimated is None or _is_same(estimated, moment)

    def _count(self, moment: Moment) -> None:
        start = thread_time()
        self._keep(moment, pieces(moment, self.memory), thread_time() - start)

    def _start(
        self, moment: Moment, seconds: float | None, past: Checkpoint | None = None
    ) -> CountJob:
        job = self.latest_job = CountJob(moment, seconds, self.latest_job, self.memory)
        self._running = _Running(job, past)
        job.start()
        return job

    def _collect(self) -> None:
        """Take the result of a thread that has ended."""
        running = self._running
        if running is None or running.job.is_alive():
            return
        self._running, job, moment = None, running.job, running.job.moment
        assert job.result is not None
        if job.gave_up:
            assert isinstance(job.result.reason, TooSlow)
            self._slow = _Slow(job.result.reason, moment)
        elif running.past:
            self.history.add(running.past, job.result)
        else:
            self._keep(moment, job.result, job.took)
            if job.took > SLOW_SECONDS:
                self._slow = _Slow(WasSlow(moment.step, moment.network.sizes, job.took), None)
            elif job.seconds:
                self._slow = None

    def _keep(self, moment: Moment, regions: Regions, seconds: float) -> None:
        if self._numbers and regions.map:
            regions = replace(regions, numbers=self._numbers.of(regions.map))
        self._counted = _Counted(moment, regions)
        self._seconds, self._end = seconds, perf_counter()


def _moment(trainer: Trainer, network: Network, view: View, step: int) -> Moment:
    assert trainer.prepared is not None
    return Moment(network, trainer.prepared.dataset, view, step)


def _present(trainer: Trainer, view: View) -> Moment:
    """The present moment of a run: while it lasts, its network is the same object."""
    return _moment(trainer, trainer.network, view, trainer.step_count)


def _is_same(one: Moment, other: Moment) -> bool:
    """Whether two moments of one structure are the same: a branch has another network object, but
    begins with the same weights."""
    if one.step != other.step:
        return False
    old, new = one.network, other.network
    return old is new or np.array_equal(old.parameters, new.parameters)


def _structure(moment: Moment) -> object:
    network = moment.network
    return network.sizes, network.activations, network.bias, network.skips, moment.view


def _why_none(trainer: Trainer, moment: Moment) -> Unknown | None:
    """Why there is nothing to count; None where there is."""
    return Unknown.DIVERGED if trainer.divergence else why_curved(moment.network, moment.data)
