"""Frame: all data that the panes draw, made by the Session. It is immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine import (
    BackwardPass,
    Dataset,
    Divergence,
    Event,
    Experiment,
    GradientCheck,
    Network,
    State,
    TrainingStep,
    Walk,
    backpropagate,
)
from engine.arrays import Array, Ints
from engine.network.penalty import penalty, weight_mask
from engine.training.prepare import Prepared
from tui.model.advice.decision import Advice, advise
from tui.model.advice.evidence import Evidence
from tui.model.regions.result import Regions
from tui.model.run_curves import NO_COUNTS, CostCurve, CountCurve, LiveRun
from tui.model.run_metrics import check_gradient
from tui.model.view import View

if TYPE_CHECKING:  # of single screens; they import the statistics
    from tui.model.approximation.facts import ApproximationFacts
    from tui.model.backprop.facts import BackpropFacts
    from tui.model.glm.facts import GlmFacts
    from tui.model.linear.facts import LinearFacts
    from tui.model.run_comparison import LayerDifference
    from tui.model.surface import SurfaceFacts
    from tui.model.value_change import ValueChange


OF_THE_RUN = {"advice", "batch", "check", "penalty", "predicted"}  # computed, whatever is selected


@dataclass(frozen=True, eq=False)
class Moment:
    """Frames that share it are of one moment of the run, and differ in what is selected."""


@dataclass(frozen=True, eq=False, repr=False)
class Frame:
    """One moment of a run. Costs, ŷ and y are in the data's own units.

    Properties that depend on the fields alone are computed when they are first used.
    """

    prepared: Prepared  # the run's data and first network, in the network's units
    experiment: Experiment  # with all events applied; no field is None
    data: Dataset
    network: Network  # a read-only snapshot
    view: View
    step: int
    epoch: int
    latest_step: int
    divergence: Divergence | None

    example: int  # row of data.X
    batch_mode: bool
    batch_rows: Ints  # rows of data.X that the next step uses
    cost: float
    test_cost: float | None
    curve: CostCurve

    colour_by: str  # of the region map, one of tui.model.regions.colours.COLOURINGS
    region_filter: str  # see tui.model.regions.filter
    shows_test: bool  # whether the maps show the test examples
    discretised: bool  # whether they show only the decision, without shades
    walk: Walk | None  # from walk_start to the cursor
    walk_start: Array | None  # like cursor
    unit: tuple[int, int]  # selected: layer 0 (inputs) … L, and unit
    unit_lit: bool  # whether the user has selected it, so that it is highlighted
    weight: int | None  # selected, into the unit: by its input, the unit's fan-in for the bias
    cursor: Array  # (k,) on the map, in the view's coordinates
    regions: Regions
    bounds: dict[str, int]  # on the number of regions: see engine.region_bounds
    events: tuple[Event, ...]  # the run's
    checkpoints: Mapping[int, State]  # its states by step

    moment: Moment = field(default_factory=Moment)
    shown_rows: Ints | None = None  # in batch mode; None: the next batch
    details: bool = True  # whether Explore shows the numbers of every unit
    shows_bias: bool = False  # whether its network has a node 1 whose weights are the biases
    playing: bool = False
    backwards: bool = False  # whether it plays backwards
    speed: float = inf  # steps a second while it plays; inf: as many as possible
    goal: str = ""  # that it plays to, in words
    baseline: tuple[str, float] | None = None  # the line of least squares: its name and cost
    counts: CountCurve = NO_COUNTS
    ghosts: tuple[CostCurve, ...] = ()
    runs: tuple[LiveRun, ...] = ()  # all live runs, if there are several
    backprop: BackpropFacts | None = None  # on screen Backprop, unless the run has diverged
    comparison: Comparison | None = None  # on screen Compare, of two runs or more
    linear: LinearFacts | None = None  # on screen Linear
    glm: GlmFacts | None = None  # on screen GLM
    surface: SurfaceFacts | None = None  # on screen Surface
    approximation: ApproximationFacts | None = None  # on screen Approximate
    training_step: TrainingStep | None = None  # the next one, for explanations alone

    def like(self, other: Frame) -> Frame:
        """This frame, with what another one of the same moment has computed of the run."""
        for name in OF_THE_RUN & other.__dict__.keys():
            self.__dict__[name] = other.__dict__[name]
        return self

    # the passes over examples

    @cached_property
    def batch(self) -> BackwardPass:
        """The pass over the next batch, whose ∂C is shown in both modes."""
        return self.passed(self.batch_rows)

    @cached_property
    def single(self) -> BackwardPass:
        """The pass over the selected example alone."""
        return self.passed(np.array([self.example]))

    @cached_property
    def shown(self) -> BackwardPass:
        """The pass whose z, a and δ the layers table and the network show: that over the selected
        example, or in batch mode that over the next batch (means over its rows)."""
        if not self.batch_mode:
            return self.single
        return self.batch if self.shown_rows is None else self.passed(self.shown_rows)

    def passed(self, rows: Ints) -> BackwardPass:
        """The forward and backward pass over some rows of the data."""
        prepared = self.prepared
        inputs, targets = prepared.inputs[rows], prepared.targets[rows]
        with np.errstate(all="ignore"):  # of a run that has diverged
            return backpropagate(self.network, inputs, targets, str(self.experiment.loss))

    @property
    def batch_numbers(self) -> list[int]:
        """The numbers, from 1 as on the screen, of the examples in the next batch."""
        numbers: list[int] = (self.batch_rows + 1).tolist()
        return numbers

    @property
    def prediction(self) -> Array:
        """ŷ (k,) of the example."""
        with np.errstate(all="ignore"):
            raw: Array = self.data.y_scale.undo(self.single.forward.prediction)[0]
        return raw

    @property
    def target(self) -> Array:
        """y (k,) of the example."""
        target: Array = self.data.y_scale.undo(self.prepared.targets[[self.example]])[0]
        return target

    @property
    def example_cost(self) -> float:
        """C_x of the example."""
        return self.single.loss * self.prepared.cost_scale

    @property
    def batch_cost(self) -> float:
        """The mean of C_x over the next batch."""
        return self.batch.loss * self.prepared.cost_scale

    @cached_property
    def penalty(self) -> float | None:
        """R, by which what is minimised exceeds C, in the units of C; None without a penalty."""
        l1, l2 = self.experiment.l1, self.experiment.l2
        if not (l1 or l2):
            return None
        network = self.network
        R = penalty(network.parameters, weight_mask(network), l1, l2)
        return R * self.prepared.cost_scale

    @cached_property
    def check(self) -> GradientCheck:
        """The gradient check over the next batch."""
        return check_gradient(self.prepared, self.network, self.step, self.batch_rows, self.batch)

    @cached_property
    def advice(self) -> Advice | None:
        """What hampers the run, if anything does, and what helps."""
        return advise(evidence_of(self))

    def shown_row(self, values: Array) -> Array:
        """One number per unit from (n, units): that of the example, or the mean over the batch."""
        row: Array = values.mean(axis=0)
        return row

    @cached_property
    def predicted(self) -> Array:
        """ŷ (n, k) of every example, in the data's own units."""
        data = self.data
        with np.errstate(all="ignore"):
            raw: Array = data.y_scale.undo(self.network.predict(data.x_scale.apply(data.X)))
        return raw

    @property
    def is_sound(self) -> bool:
        """Whether the predictions say something of the network: its run has not diverged, and C is
        finite. An output such as the sigmoid is finite even of a z that is not."""
        return self.divergence is None and bool(np.isfinite(self.cost))

    def outputs(self, coordinates: Array) -> Array:
        """ŷ (m, k) in the data's own units at points (m, k) of the view."""
        rows = self.view.inputs(coordinates)
        with np.errstate(all="ignore"):
            predicted = self.network.predict(self.data.encode(rows))
            raw: Array = self.data.y_scale.undo(predicted)
        return raw

    def output_at_cursor(self, unit: int) -> float:
        """ŷ of an output unit at the cursor."""
        return float(self.outputs(self.cursor[None, :])[0, unit])


def evidence_of(frame: Frame) -> Evidence:
    """The numbers of a frame by which advice is given."""
    return Evidence(
        prepared=frame.prepared,
        experiment=frame.experiment,
        network=frame.network,
        step=frame.step,
        divergence=frame.divergence,
        cost=frame.cost / frame.prepared.cost_scale,
        curve=frame.curve,
        events=frame.events,
        states=frame.checkpoints,
    )


class Comparison(NamedTuple):
    """Two runs, in the order of all runs, with a frame of each.

    ``same_until`` is the last step at which both certainly have the same bits: None if they start
    differently, inf if they do not differ. ``settings`` has, for each live run, the settings in
    which it differs from another one. ``layers`` is empty if a ``note`` says why.
    """

    pair: tuple[LiveRun, LiveRun]
    frames: tuple[Frame, Frame]
    same_until: float | None
    settings: tuple[dict[str, Any], ...]
    moved: tuple[ValueChange, ...] = ()  # the largest change first
    layers: tuple[LayerDifference, ...] = ()
    distance: float = 0.0  # ‖Δ‖ of all weights and biases
    note: str = ""
