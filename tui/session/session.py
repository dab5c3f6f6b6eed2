"""Session: the only owner of mutable state. It runs experiments and makes Frames of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import Dataset, EngineError, Experiment, Network, Trainer
from engine.network.parameters import Index
from engine.training.microsteps import COST_KINDS, PARAMETER_KINDS
from engine.training.prepare import Prepared
from tui.model.frame import Frame
from tui.model.run_metrics import least_squares
from tui.session.counting.counter import Counter
from tui.session.frames.backprop import backprop_facts
from tui.session.frames.run_frame import live_runs, run_frame
from tui.session.frames.trackers import Trackers
from tui.session.limits import check_limits
from tui.session.microscope import Microscope
from tui.session.preferences import ViewPreferences
from tui.session.runs import Change, Run, Runs, measure, started
from tui.session.selection import Selection
from tui.session.settings_draft import STOPS
from tui.session.time_travel import TimeTravel

if TYPE_CHECKING:
    from tui.model.changes import Mark
    from tui.model.glm.choice import GlmChoice

CURVE_POINTS = 6  # costs computed in one ``advance`` while playing
WITHOUT_REGIONS = ("backprop", "linear", "glm", "approximate")  # screens that show no regions
CURVE_ROWS = 2_000_000  # examples evaluated for costs in one ``advance`` while paused


class Session(Trackers):
    """The runs, time, and what the user has selected.

    ``advance`` works (counts regions, computes costs along the run); ``frame`` only reads.
    """

    def __init__(
        self,
        experiment: Experiment,
        data: Dataset | None = None,
        preferences: ViewPreferences | None = None,
    ) -> None:
        self.runs = Runs(experiment, data)
        self.time = TimeTravel(self.runs)
        self.selection = Selection(self.prepared.dataset, self.prepared.network.sizes)
        self.microscope = Microscope()
        self.counter = Counter()
        self.preferences = preferences or ViewPreferences()
        self.mark: Mark | None = None  # the moment that changes are compared with
        self.file: Path | None = None  # where it has been saved
        self.glm_choice: GlmChoice | None = None  # the model on screen GLM, once chosen
        self.before_relu: tuple[str, ...] = ()  # the previous activations of the hidden layers
        self.baseline = least_squares(self.prepared)

    @property
    def trainer(self) -> Trainer:
        """The current run's trainer."""
        return self.runs.trainer

    @property
    def prepared(self) -> Prepared:
        """The current run's data and first network."""
        return self.runs.prepared

    @property
    def experiment(self) -> Experiment:
        """The current run's experiment with the settings in force now."""
        return self.runs.experiment

    # what is selected

    def select_unit(self, layer: int, unit: int) -> None:
        """Select a unit of a layer 0 (inputs) … L; the microscope keeps it for that layer."""
        self.selection.select_unit(layer, unit)
        self.microscope.choose(*self.selection.unit)

    def select_weight(self, layer: int, unit: int, weight: int) -> None:
        """Select a weight into a unit; the microscope keeps it for that layer."""
        self.selection.select_weight(layer, unit, weight)
        self.microscope.choose(*self.selection.unit, self.selection.weight)

    # the microscope, on screen Backprop

    @property
    def hides_result(self) -> bool:
        """Predict first: whether the micro-step's result waits for a guess."""
        if self.trainer.divergence or not self.preferences.predicting:
            return False
        return self.microscope.hides(self.trainer, self.selection.looked_at)

    def microstep(self, n: int) -> None:
        """A micro-step forward (n > 0) or back; EngineError after a divergence."""
        (self.microscope.on if n > 0 else self.microscope.back)(self.trainer)
        self._select_component(moved=False)

    def go_to_microstep(self, at: int) -> None:
        """Select a micro-step of this training step."""
        self.microscope.go_to(at)
        self._select_component(moved=False)

    def move_component(self, dx: int, dy: int) -> None:
        """Select another unit of the micro-step's layer (dy), or input of the weight (dx)."""
        if not self.trainer.divergence:
            step = self.microscope.taken_apart(self.trainer)
            self.microscope.move_component(step, dx, dy)
            self._select_component(moved=True)

    def _select_component(self, moved: bool) -> None:
        """Select the weight under the microscope, or the unit if the user has ``moved`` to it."""
        if self.trainer.divergence:
            return
        step = self.microscope.taken_apart(self.trainer)
        microstep = self.microscope.microstep(step)
        unit, weight_input = self.microscope.component(step)
        if microstep.kind in PARAMETER_KINDS:
            fan_in = step.network.sizes[microstep.layer - 1]
            weight = fan_in if weight_input is None else weight_input
            self.select_weight(microstep.layer, unit, weight)
        elif moved and microstep.kind not in COST_KINDS:
            self.select_unit(microstep.layer, unit)

    # runs

    def restart(self, other_start: bool) -> None:
        """A new run: from the same initial weights, or from the next initialisation."""
        experiment = self.experiment
        if other_start:
            assert experiment.init_seed is not None
            seed = experiment.init_seed + 1
            experiment = replace(experiment, init_seed=seed, weights=None, biases=None)
        self.begin(experiment)

    def begin(self, experiment: Experiment) -> None:
        """A new run on the same data replaces the current one, which becomes a ghost."""
        before = self.prepared
        run = started(experiment, self.runs.current.name, before.data_for(experiment))
        self.runs.begin(run)
        self._adapt(before)
        if measure(self.prepared) != measure(before):
            self.runs.drop_ghosts()
        self.time.seek(self.trainer.step_count)  # the others too, where time moves all

    def begin_from(self, network: Network, **changes: Any) -> None:
        """A new run of the experiment with these changes, from the weights of a network."""
        if self.trainer.divergence:
            raise EngineError(f"{self.trainer.divergence}: go back before you change anything")
        weights = tuple(W.tolist() for W in network.weights)
        biases = tuple(b.tolist() for b in network.biases) if network.bias else None
        self.begin(replace(self.experiment, weights=weights, biases=biases, **changes))

    def branch_off(self) -> Run:
        """Begin a branch from the present step, which becomes the current run: see ``Runs``."""
        before = self.prepared
        branch = self.runs.branch_off()
        self._adapt(before)
        return branch

    def switch_to(self, index: int) -> None:
        """Make another run the current one, and compare it with the previous one."""
        before = self.prepared
        self.runs.switch_to(index)
        self._adapt(before)

    def delete_run(self) -> None:
        """Delete the current run; EngineError if it is the only one."""
        before = self.prepared
        self.runs.delete()
        self._adapt(before)

    def _adapt(self, before: Prepared) -> None:
        """Fit the selection to the current run, which may have other sizes or edits of the data."""
        current = self.prepared
        edited = current.experiment.edits != before.experiment.edits
        if edited:
            self.selection.use_data(current.dataset)
        if current.network.sizes != before.network.sizes:
            self.selection.resize(current.network.sizes)
            self.microscope.reset()
            self.before_relu = ()
        if edited or measure(current) != measure(before):
            self.baseline = least_squares(current)

    # events of the current run

    def change(self, **settings: Any) -> None:
        """Change settings of the training, from the next step on; stop conditions, which are no
        events, at once."""
        stops = {name: value for name, value in settings.items() if name in STOPS}
        settings = {name: value for name, value in settings.items() if name not in STOPS}
        if stops:
            self.trainer.stop_when(**stops)
        if settings and replace(self.trainer.settings, **settings) != self.trainer.settings:
            self._branch()
            self.trainer.change(**settings)

    def scale_learning_rate(self, factor: float) -> None:
        """Multiply the learning rate, from the next step on."""
        rate = {"learning_rate": self.experiment.learning_rate * factor}
        check_limits(self.experiment, rate)
        self.change(**rate)

    def edit(self, layer: int, kind: str, index: Index, value: float) -> None:
        """Set a weight or bias, as in ``Trainer.edit``."""
        self._branch()
        self.trainer.edit(layer, kind, index, value)

    def freeze(self, layer: int, kind: str, index: Index, frozen: bool) -> None:
        """Keep a weight or bias from learning, or let it learn, as in ``Trainer.freeze``."""
        self._branch()
        self.trainer.freeze(layer, kind, index, frozen)

    def assign(self, parameters: NDArray[np.float64], label: str) -> None:
        """Set all parameters (P,), as in ``Trainer.assign``."""
        self._branch()
        self.trainer.assign(parameters, label)

    def go_back_to(self, step: int, learning_rate: float) -> None:
        """Go back and set the rate, which ``undo`` reverts. The steps after it are kept as a ghost,
        even if the rate does not change."""
        self.time.playing = False
        self.time.seek(step)
        self._branch()
        history = self.trainer.history
        history.cut(step)
        self.trainer.resume(history, step)
        self.change(learning_rate=learning_rate)

    def undo(self) -> Change | None:
        """Undo what was done last, as in ``Runs``, and go to where that was."""
        return self._travel(self.runs.undo)

    def redo(self) -> Change | None:
        """Bring back what was undone last, as in ``Runs``, and go to where that was."""
        return self._travel(self.runs.redo)

    def _travel(self, change: Callable[[], Change | None]) -> Change | None:
        before, changed = self.prepared, change()
        self._adapt(before)
        self.time.seek(self.trainer.step_count)
        return changed

    def _branch(self) -> None:
        """Keep the later steps as a ghost: an event at this step replaces them."""
        self.runs.end_redo()
        if self.trainer.step_count < self.trainer.history.latest_step:
            self.runs.keep_ghost(f"before step {self.trainer.step_count}")

    # what is computed

    def advance(self, screen: str = "") -> None:
        """Compute what a frame on that screen needs: count the regions, or begin to, and compute
        some of the missing numbers along the run."""
        playing, trainer = self.time.playing, self.trainer
        if not (playing and screen in WITHOUT_REGIONS):
            self.counter.advance(trainer, self.selection.view, playing)
        rows = len(self.prepared.dataset.X)
        points = CURVE_POINTS if playing else max(CURVE_POINTS, CURVE_ROWS // rows)
        for run in self.runs.live:
            run.live.compute_costs(points)
        if screen == "regions":
            regions = self.counter.regions(trainer, self.selection.view)
            self.selection.start_in_largest(regions.map)
        if screen == "linear":
            self.linear.advance(trainer, self.selection.degree, points)
        if screen == "surface":
            self.surface.advance(trainer, playing)
        if screen == "approximate":
            self.approximation.advance(self.prepared)

    def look_back(self, seconds: float) -> bool:
        """Count the regions at earlier steps for so long; whether there were any to count."""
        view, playing = self.selection.view, self.time.playing
        return self.counter.look_back(self.trainer, view, seconds, playing)

    def count_once(self) -> None:
        """Count the regions of this step, however long it takes."""
        self.counter.count_once(self.trainer, self.selection.view)

    # the frame

    def frame(self, screen: str = "") -> Frame:
        """The data that a screen draws at this moment, as far as ``advance`` has computed them."""
        runs, selection, trainer = self.runs, self.selection, self.trainer
        frame = replace(
            run_frame(runs.current, selection, self.preferences),
            regions=self.counter.regions(trainer, selection.view),
            counts=self.counter.history.curve(trainer.history),
            baseline=self.baseline,
            **self.time.facts(self.preferences.speed),
            ghosts=tuple(run.curve for run in runs.ghosts if run.curve),
            runs=live_runs(runs),
        )
        return self.with_facts(frame, screen)

    def with_facts(self, frame: Frame, screen: str, before: Frame | None = None) -> Frame:
        """A frame with what a single screen shows. ``before`` is an earlier frame of its moment: of
        the run its facts are taken, since that may have gone on."""
        trainer, selection, preferences = self.trainer, self.selection, self.preferences
        if screen == "backprop":
            step = before.backprop.step if before and before.backprop else None
            backprop = backprop_facts(frame, trainer, self.microscope, preferences, step)
            return replace(frame, backprop=backprop)
        if screen == "compare":
            from tui.session.frames.comparison import comparison

            earlier = before.comparison if before else None
            compared = comparison(self.runs, selection, preferences, frame, earlier)
            return replace(frame, comparison=compared)
        if screen == "linear":
            known, degree = before.linear if before else None, selection.degree
            facts = known or self.linear.facts(trainer, degree, selection.of_network)
            return replace(frame, linear=facts)
        if screen == "glm":
            from tui.model.glm.compute_facts import glm_facts

            return replace(frame, glm=glm_facts(frame, self.glm_choice))
        if screen == "approximate":
            return replace(frame, approximation=self.approximation.facts(frame))
        if screen == "surface":
            return replace(frame, surface=replace(self.surface.facts(trainer), cost=frame.cost))
        details, shows_bias = preferences.details, preferences.shows_bias
        return replace(frame, details=details, shows_bias=shows_bias)

    def snapshot(self, screen: str = "") -> Frame:
        """The frame with the next training step in micro-steps, unless the run has diverged: all
        that explanations need."""
        frame = self.frame(screen)
        if frame.divergence:
            return frame
        return replace(frame, training_step=self.microscope.taken_apart(self.trainer))
