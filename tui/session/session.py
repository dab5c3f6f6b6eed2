"""Session: the only owner of mutable state. It runs experiments and makes Frames of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import Dataset, EngineError, Experiment, Network
from engine.training.experiment import Prepared
from tui.drawing.glyphs import UNICODE, Glyphs
from tui.model.frame import Frame
from tui.model.run_metrics import least_squares
from tui.session.build_frame import Shown, frame_of
from tui.session.counting.counter import Counter
from tui.session.limits import check_limits
from tui.session.microscope import COSTS, OF_PARAMETERS, Microscope, batch_numbers
from tui.session.runs import measure, started
from tui.session.selection import Selection
from tui.session.time_travel import Player

if TYPE_CHECKING:
    from tui.model.changes import Mark
    from tui.model.glm.choice import GlmChoice
    from tui.session.linear_history import LinearHistory


class Session(Player, Selection):
    """The runs, and what the user has selected in the current one."""

    def __init__(
        self, experiment: Experiment, glyphs: Glyphs = UNICODE, data: Dataset | None = None
    ) -> None:
        self.glyphs = glyphs
        Player.__init__(self, experiment, data)
        Selection.__init__(self, self.prepared.dataset, self.prepared.network.sizes)
        self.counter = Counter()
        self.microscope = Microscope()
        self.mark: Mark | None = None  # the moment that changes are told from
        self.file: Path | None = None  # where it has been saved
        self.glm_choice: GlmChoice | None = None  # the model on screen GLM, once chosen
        self.before_relu: tuple[str, ...] = ()  # what the hidden layers were
        self.baseline = least_squares(self.prepared)

    # the microscope, on screen Backprop

    @property
    def hides_result(self) -> bool:
        """Predict first: whether the micro-step's result waits for a guess."""
        return not self.trainer.divergence and self.microscope.hides(self.trainer, self.looked_at)

    def select_unit(self, layer: int, unit: int) -> None:
        """Select a unit of a layer 0 (inputs) … L; the microscope keeps it for that layer."""
        super().select_unit(layer, unit)
        self.microscope.choose(*self.unit)

    def select_weight(self, layer: int, unit: int, weight: int) -> None:
        """Select a weight into a unit; the microscope keeps it for that layer."""
        super().select_weight(layer, unit, weight)
        self.microscope.choose(*self.unit, self.weight)

    def microstep(self, n: int) -> None:
        """A micro-step on (n > 0) or back; EngineError after a divergence."""
        (self.microscope.on if n > 0 else self.microscope.back)(self.trainer)
        self._select_component(moved=False)

    def go_to_microstep(self, at: int) -> None:
        """Look at a micro-step of this training step."""
        self.microscope.go_to(at)
        self._select_component(moved=False)

    def move_component(self, dx: int, dy: int) -> None:
        """Another unit of the micro-step's layer (dy), or another input of the weight (dx)."""
        if not self.trainer.divergence:
            step = self.microscope.taken_apart(self.trainer)
            self.microscope.move_component(step, dx, dy)
            self._select_component(moved=True)

    def _select_component(self, moved: bool) -> None:
        """A weight under the microscope is the selected one, and so is a unit that was moved to."""
        if self.trainer.divergence:
            return
        step = self.microscope.taken_apart(self.trainer)
        microstep = step.microsteps[self.microscope.at]
        unit, of = self.microscope.component(step)
        if microstep.kind in OF_PARAMETERS:
            fan_in = step.network.sizes[microstep.layer - 1]
            self.select_weight(microstep.layer, unit, fan_in if of is None else of)
        elif moved and microstep.kind not in COSTS:
            self.select_unit(microstep.layer, unit)

    @property
    def batch_numbers(self) -> list[int]:
        """The numbers, from 1 as on the screen, of the examples in the batch of the next step."""
        return batch_numbers(self.prepared, self.microscope.taken_apart(self.trainer))

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
        """A new run on the same data in place of the current one, which stays as a ghost."""
        before = self.prepared
        run = started(experiment, self.run.name, before.data_for(experiment))
        self._keep_ghost(self.run.label)
        self._put(run)
        self._meet(before)
        if measure(self.prepared) != measure(before):
            self.runs = self.live
        self.seek(self.trainer.step_count)  # the others too, where time moves all

    def switch_to(self, index: int) -> None:
        """Make another run the current one, and compare it with the one before."""
        before = self.prepared
        super().switch_to(index)
        self._meet(before)

    def _meet(self, before: Prepared) -> None:
        """Look at another run than the one before, perhaps with other edits of the data."""
        now = self.prepared
        edited = now.experiment.edits != before.experiment.edits
        if edited:
            self._data, self.planes = now.dataset, self._planes()
            self.select_example(min(self.example, len(now.dataset.X) - 1))
        if now.network.sizes != before.network.sizes:
            self.resize(now.network.sizes)
            self.microscope.reset()
            self.before_relu = ()
        if edited or measure(now) != measure(before):
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
        rate = {"learning_rate": self.experiment.learning_rate * factor}
        check_limits(self.experiment, rate)
        self.change(**rate)

    def undo(self) -> str:
        """Take back the last event and return to its step; its label, "" where there is none."""
        trainer = self.trainer
        past = [e.step for e in trainer.history.events if e.step <= trainer.step_count]
        if past and past[-1] < trainer.history.latest_step:
            self._keep_ghost("undone")
        event = trainer.undo()
        self.seek(trainer.step_count)
        return event.label if event else ""

    def branch(self) -> None:
        """An event in the past replaces the future: what it was stays as a ghost."""
        if self.trainer.step_count < self.trainer.history.latest_step:
            self._keep_ghost(f"before step {self.trainer.step_count}")

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
        from tui.session.linear_history import LinearHistory

        return LinearHistory()

    def frame(self, screen: str = "") -> Frame:
        """Everything there is to draw at this moment, on the screen of that name."""
        shown = Shown(
            runs=self,
            selection=self,
            counter=self.counter,
            microscope=self.microscope,
            baseline=self.baseline,
            glm_choice=self.glm_choice,
            glyphs=self.glyphs,
            linear=lambda: self.linear,
        )
        return frame_of(shown, screen)
