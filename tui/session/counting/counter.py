"""Counting regions or knots for the screen: exact, and never so that a key waits for it."""

from dataclasses import replace
from time import perf_counter, thread_time

import numpy as np

from engine import Network, Trainer
from engine.network.size import shape
from engine.regions.cells.part import MEMORY
from engine.training.record.series import Checkpoint
from tui.drawing.numbers import count, large
from tui.model.measured import Regions
from tui.model.regions.source import MAP_REGIONS, Moment, most_regions, pieces, why_curved
from tui.model.view import View
from tui.session.counting.history import CountHistory, network_at
from tui.session.counting.job import CountJob, duration

QUICK = 0.015  # seconds that a count may take between two frames
LIVE = 1.0  # seconds after which a count that nobody asked for gives up
SLOWEST = 3.0  # seconds, with the map, after which one is not repeated by itself
REST = 6.0  # while playing, a longer count may take one part in so many of the time


class Counter:
    """The regions of the present step; while a count runs on, of a step a little earlier.

    ``advance`` counts, or begins to in a thread; ``regions`` reads what is known.

    A count that is sure to be quick is made at once. Any other runs in a thread, one at a time and
    of a snapshot. A structure that takes too long is left alone until the user asks for it, or
    another structure, view or run is shown; what it would take is estimated at each step paused at.
    """

    def __init__(self, memory: float = MEMORY) -> None:
        self.memory = memory  # bytes that a count may take, about
        self._trainer: Trainer | None = None
        self._job: CountJob | None = None
        self._last: CountJob | None = None  # the same, or one that was cancelled and may still run
        self._past: Checkpoint | None = None  # what the job counts, if not the present
        self._progress = ""  # of the job, at the last ``advance``
        self._finished = 0.0
        self._use(None)

    def _use(self, structure: object) -> None:
        """Begin with another structure or view."""
        self.cancel()
        self.history = CountHistory()
        self._structure = structure
        self._known: Regions | None = None
        self._known_of: Moment | None = None
        self._seconds: float | None = None  # what the last count took
        self._too_long = ""  # why there is no count by itself, and at which step
        self._estimate_of: Moment | None = None  # None if that is no estimate

    # what is known

    def regions(self, trainer: Trainer, view: View) -> Regions:
        """What was known at the last ``advance``; ``Regions.step`` says of which step it is."""
        step, moment = trainer.step_count, _present(trainer, view)
        if note := _why_none(trainer, moment):
            return Regions(step, note=note)
        if trainer is not self._trainer or _structure(moment) != self._structure:
            return Regions(step, note="counting")
        known = self._known
        if known is None or (known.step == step and not self._is_of(moment)):
            known = Regions(step, note=self._too_long or "counting")
        elif known.step != step and self._too_long:
            known = replace(known, note=self._too_long)
        nothing_known = self._known is None and not self._too_long
        job = self._job
        if job and not self._past and (job.seconds is None or nothing_known):
            return replace(known, counting=self._progress)
        return known

    @property
    def news(self) -> bool:
        """Whether there is more to show than at the last ``advance``."""
        job = self._job
        return job is not None and (not job.is_alive() or _progress(job) != self._progress)

    # the present step

    def advance(self, trainer: Trainer, view: View, playing: bool) -> None:
        """Count the regions of the present step where that is quick, or begin to in a thread."""
        self._collect()
        step, moment = trainer.step_count, _present(trainer, view)
        if _why_none(trainer, moment):
            return
        structure = _structure(moment)
        if structure != self._structure:
            self._use(structure)
        if trainer is not self._trainer:
            self.cancel()
            self._too_long = ""
        if not self._is_of(moment):
            if trainer is not self._trainer or (self._known and self._known.step == step):
                self.cancel()  # of another run, or of other weights
                self._known = None
            resting = playing and perf_counter() - self._finished < REST * (self._seconds or 0.0)
            if self._past:
                self.cancel()  # the present comes first
            if self._is_quick(moment):
                self._count(moment)
            elif not (self._job or resting or self._is_left_alone(moment, playing)):
                job = self._start(moment, LIVE)
                if self._seconds is not None and self._seconds < QUICK:
                    job.join(QUICK)
                    self._collect()
        self._trainer = trainer
        self._progress = _progress(self._job)

    # earlier steps

    def look_back(self, trainer: Trainer, view: View, seconds: float, playing: bool) -> bool:
        """Count at checkpoints of the run, for so long; whether it did, or has begun to."""
        if self._known is None or self._too_long or self._job:
            return False
        deadline, counted = perf_counter() + seconds, False
        for past in self.history.missing(trainer.history):
            moment = _moment(trainer, network_at(trainer, past), view, past.step)
            if self._is_quick(moment):
                self.history.add(past, pieces(moment, self.memory))
            elif not playing:
                self._start(moment, LIVE, past)
            else:
                break
            counted = True
            if self._job or perf_counter() >= deadline:
                break
        return counted

    # one count

    def count_once(self, trainer: Trainer, view: View) -> None:
        """Count this step, however long it takes; ``cancel`` ends it."""
        moment = _present(trainer, view)
        if not (_why_none(trainer, moment) or self._is_of(moment)):
            self.cancel()
            self._start(moment, None)

    def cancel(self) -> None:
        """Stop a count that runs."""
        if self._job:
            self._job.cancel()
        self._job = self._past = None

    def wait(self) -> bool:
        """Wait for the count that runs; whether there was one. For tests and pictures."""
        if self._job:
            self._job.join()
        return self._job is not None

    def _is_of(self, moment: Moment) -> bool:
        return self._known is not None and _is_same(self._known_of, moment)

    def _is_left_alone(self, moment: Moment, playing: bool) -> bool:
        """Whether it takes too long, and there is no estimate to be made of this moment."""
        if not self._too_long:
            return False
        return playing or self._estimate_of is None or _is_same(self._estimate_of, moment)

    def _is_quick(self, moment: Moment) -> bool:
        """Whether it is sure to be: last time's count was, and no weights make many more."""
        return (self._seconds or 0.0) < QUICK and most_regions(moment) <= MAP_REGIONS

    def _count(self, moment: Moment) -> None:
        began = thread_time()
        self._keep(moment, pieces(moment, self.memory), thread_time() - began)

    def _start(
        self, moment: Moment, seconds: float | None, past: Checkpoint | None = None
    ) -> CountJob:
        self._job = self._last = CountJob(moment, seconds, self._last, self.memory)
        self._past = past
        self._job.start()
        return self._job

    def _collect(self) -> None:
        """Take what a thread has found, if it has ended."""
        job, past = self._job, self._past
        if job is None or job.is_alive():
            return
        self._job = self._past = None
        assert job.found is not None
        at_step = f"at step {count(job.moment.step)}: "
        if job.gave_up:
            self._too_long, self._estimate_of = at_step + job.found.note, job.moment
        elif past:
            self.history.add(past, job.found)
        else:
            self._keep(job.moment, job.found, job.took)
            if job.took > SLOWEST:
                took = f"{shape(job.moment.network.sizes)}: counting took {duration(job.took)}"
                self._too_long, self._estimate_of = f"{at_step}{took} · C counts once", None
            elif job.seconds:
                self._too_long = ""

    def _keep(self, moment: Moment, found: Regions, seconds: float) -> None:
        self._known, self._known_of = found, moment
        self._seconds, self._finished = seconds, perf_counter()


def _moment(trainer: Trainer, network: Network, view: View, step: int) -> Moment:
    assert trainer.prepared is not None
    return Moment(network, trainer.prepared.dataset, view, step)


def _present(trainer: Trainer, view: View) -> Moment:
    """The present moment of a run: while it lasts, its network is the same object."""
    return _moment(trainer, trainer.network, view, trainer.step_count)


def _is_same(one: Moment | None, other: Moment) -> bool:
    """Whether two moments of one structure are the same: a branch has another network object, but
    begins with the same weights."""
    if one is None or one.step != other.step:
        return False
    old, new = one.network, other.network
    return old is new or np.array_equal(old.parameters, new.parameters)


def _structure(moment: Moment) -> object:
    network = moment.network
    return network.sizes, network.activations, network.bias, network.skips, moment.view


def _why_none(trainer: Trainer, moment: Moment) -> str:
    """Why there is nothing to count; "" where there is."""
    return "diverged" if trainer.divergence else why_curved(moment.network, moment.data)


def _progress(job: CountJob | None) -> str:
    """How far a count has come."""
    if job is None or job.progress is None:
        return "…" if job else ""
    return f"{large(job.progress.regions)}, {100.0 * job.progress.done:.1f} %"
