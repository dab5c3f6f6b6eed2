"""Session: the only owner of mutable state. It runs experiments and makes Frames of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING, Any

from engine import EngineError, Experiment, Network, Trainer
from engine.batches import BatchState
from engine.experiment import Prepared
from tui.counting import Counter
from tui.frame import Curve, Frame
from tui.framing import frame_of
from tui.glyphs import UNICODE, Glyphs
from tui.measures import least_squares
from tui.microscope import Microscope
from tui.selection import Selection
from tui.stopping import Stopper

if TYPE_CHECKING:
    from tui.changes import Mark
    from tui.glm_choice import GlmChoice
    from tui.linear_history import LinearHistory

GHOSTS = 5  # earlier runs kept in the loss plot


@dataclass(frozen=True)
class Run:
    """One run: its name, and the trainer that made it; for a ghost only what it looked like."""

    label: str
    trainer: Trainer | None
    curve: Curve | None = None


class Session(Selection):
    """The runs, the current one first, and what the user has selected in it."""

    def __init__(self, experiment: Experiment, glyphs: Glyphs = UNICODE) -> None:
        self.glyphs = glyphs
        self.playing = False
        self.runs: tuple[Run, ...] = (_started(experiment),)
        super().__init__(self.prepared.dataset, self.prepared.network.sizes)
        self.counter = Counter()
        self.stopper = Stopper()
        self.stopped = ""  # why play has paused by itself, until it goes on
        self.microscope = Microscope()
        self.mark: Mark | None = None  # the moment that changes are told from
        self.glm_choice: GlmChoice | None = None  # the model on screen GLM, once chosen
        self.before_relu: tuple[str, ...] = ()  # what the hidden layers were
        self.baseline = least_squares(self.prepared)

    # the current run

    @property
    def trainer(self) -> Trainer:
        trainer = self.runs[0].trainer
        assert trainer is not None
        return trainer

    @property
    def prepared(self) -> Prepared:
        prepared = self.trainer.prepared
        assert prepared is not None
        return prepared

    @property
    def experiment(self) -> Experiment:
        """The experiment with the settings in force now."""
        experiment = self.trainer.experiment
        assert experiment is not None
        return experiment

    # time

    def step(self, n: int) -> None:
        """n steps on (n < 0: back, as far as the start)."""
        self.seek(self.trainer.step_count + n)

    def step_epoch(self, n: int) -> None:
        """To where the next epoch begins (n > 0), or this one, or the one before it."""
        trainer, size = self.trainer, len(self.prepared.dataset.train)
        at = trainer.state.batches
        batch = min(trainer.settings.batch_size, size)
        if n > 0:
            self.step(-(-(size - at.cursor) // batch))
            return
        goal = (at.epoch - (at.cursor == 0), 0)
        self.step(-(at.cursor or size) // batch)
        # where the batch size has changed on the way, that was not exact
        while trainer.step_count and (here := trainer.state.batches) != BatchState(*goal):
            self.step(1 if (here.epoch, here.cursor) < goal else -1)

    def seek(self, step: int) -> None:
        """Go to a step, or to the start where that is earlier."""
        self.trainer.seek(max(0, step))

    def seek_end(self) -> None:
        """Go to the latest step there has been."""
        self.trainer.seek(self.trainer.history.latest_step)

    def train_for(self, seconds: float, most: int) -> int:
        """Train at most so long and so many steps, or until a stop condition pauses the run;
        returns the steps taken."""
        trainer, self.stopped = self.trainer, ""
        start = trainer.step_count
        deadline = perf_counter() + seconds
        chunk = min(most, 8)
        while (taken := trainer.step_count - start) < most and not trainer.divergence:
            steps = self.stopper.room(trainer, min(chunk, most - taken))
            began = perf_counter()
            trainer.step(steps)
            now = perf_counter()
            self.stopped = self.stopper.reason(trainer)
            if self.stopped:
                self.playing = False
                break
            if now >= deadline:
                break
            # as many steps as fit well into what is left
            chunk = max(1, int(0.5 * (deadline - now) / max(now - began, 1e-9) * steps))
        return trainer.step_count - start

    # the microscope, on screen Backprop

    @property
    def looked_at(self) -> int | None:
        """The example's row that the microscope is on; None: the batch."""
        return None if self.batch_mode else self.example

    @property
    def hides_result(self) -> bool:
        """Predict first: whether the micro-step's result waits for a guess."""
        hides = self.microscope.hides(self.trainer, self.looked_at)
        return hides and not self.trainer.divergence

    def select_unit(self, layer: int, unit: int) -> None:
        """Select a unit of a layer 0 (inputs) … L; the microscope keeps it for that layer."""
        super().select_unit(layer, unit)
        self.microscope.choose(*self.unit)

    def select_weight(self, layer: int, unit: int, weight: int) -> None:
        """Select a weight into a unit; the microscope keeps it for that layer."""
        super().select_weight(layer, unit, weight)
        self.microscope.choose(*self.unit, self.weight)

    # events

    def restart(self, other_start: bool) -> None:
        """A new run: the same start again, or the next initialisation on the same data."""
        experiment = self.experiment
        if other_start:
            assert experiment.init_seed is not None
            seed = experiment.init_seed + 1
            experiment = replace(experiment, init_seed=seed, weights=None, biases=None)
        self.begin(experiment)

    def begin(self, experiment: Experiment) -> None:
        """A new run on the same data; the one before stays as a ghost, if costs can be compared."""
        before, run = self.prepared, _started(experiment)
        self._keep_ghost(self.runs[0].label)
        self.runs = (run, *self.runs[1:])
        now = self.prepared
        if now.network.sizes != before.network.sizes:
            self.resize(now.network.sizes)
            self.microscope.reset()
            self.before_relu = ()
        if _measure(now) != _measure(before):
            self.runs = self.runs[:1]
            self.baseline = least_squares(now)

    def begin_from(self, network: Network, **changes: Any) -> None:
        """A new run of the experiment with these changes, from the weights of a network."""
        if self.trainer.divergence:
            raise EngineError(f"{self.trainer.divergence}: go back before you change anything")
        weights = tuple(W.tolist() for W in network.weights)
        biases = tuple(b.tolist() for b in network.biases) if network.bias else None
        self.begin(replace(self.experiment, weights=weights, biases=biases, **changes))

    def change(self, **settings: Any) -> None:
        """Change settings of the training, from the next step on."""
        if replace(self.trainer.settings, **settings) != self.trainer.settings:
            self.branch()
            self.trainer.change(**settings)

    def scale_learning_rate(self, factor: float) -> None:
        self.change(learning_rate=self.experiment.learning_rate * factor)

    def undo(self) -> str:
        """Take back the last event and return to its step; its label, "" where there is none."""
        trainer = self.trainer
        past = [e.step for e in trainer.history.events if e.step <= trainer.step_count]
        if past and past[-1] < trainer.history.latest_step:
            self._keep_ghost("undone")
        event = trainer.undo()
        return event.label if event else ""

    def branch(self) -> None:
        """An event in the past replaces the future: what it was stays as a ghost."""
        if self.trainer.step_count < self.trainer.history.latest_step:
            self._keep_ghost(f"before step {self.trainer.step_count}")

    def _keep_ghost(self, label: str) -> None:
        if self.trainer.history.latest_step:
            ghost = Run(label, None, self.curve(label, None))
            self.runs = (self.runs[0], *(ghost, *self.runs[1:])[:GHOSTS])

    # counting

    def count_once(self) -> None:
        """Count the regions of this step, however long it takes."""
        self.counter.count_once(self.trainer, self.view)

    def cancel_count(self) -> None:
        """Stop a count that runs."""
        self.counter.cancel()

    def look_back(self, seconds: float) -> bool:
        """Count the regions at earlier steps, for so long; whether there was any to count."""
        return self.counter.look_back(self.trainer, self.view, seconds, self.playing)

    def finish_counting(self) -> None:
        """Wait until there is nothing more to count; for tests and pictures."""
        self.frame()
        while self.counter.wait() or self.look_back(inf):
            self.frame()

    # the frame

    @cached_property
    def linear(self) -> LinearHistory:
        """The closed form beside the run."""
        from tui.linear_history import LinearHistory  # not before it is wanted

        return LinearHistory()

    def frame(self, screen: str = "") -> Frame:
        """Everything there is to draw at this moment, on the screen of that name."""
        return frame_of(self, screen)

    def curve(self, label: str, most: int | None) -> Curve:
        """The costs over this run, at most so many of them computed now."""
        steps, train, test = self.trainer.curve(most)
        scale = self.prepared.cost_scale
        return Curve(label, steps, train * scale, test * scale)


def _started(experiment: Experiment) -> Run:
    trainer = Trainer(experiment)
    assert trainer.experiment is not None
    return Run(f"init {trainer.experiment.init_seed}", trainer)


def _measure(prepared: Prepared) -> tuple[object, ...]:
    """What a cost is measured by, and the line of least squares with it."""
    experiment = prepared.experiment
    return experiment.loss, experiment.bias, prepared.cost_scale
