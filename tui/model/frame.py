"""Frame: everything the panes draw. Made by the Session, immutable, complete."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import (
    BackwardPass,
    Dataset,
    Divergence,
    Experiment,
    GradientCheck,
    Network,
    Walk,
)
from engine.arrays import Array
from tui.model.measured import CountCurve, Curve, LiveRun, Regions
from tui.model.run_comparison import LayerDifference
from tui.model.value_change import Moved
from tui.model.view import View

if TYPE_CHECKING:  # they import the statistics, which most screens do without
    from tui.model.backprop_facts import BackpropFacts
    from tui.model.glm.facts import GlmFacts
    from tui.model.linear.facts import LinearFacts


@dataclass(frozen=True)
class Frame:
    """One moment of a run, ready to draw. Costs, ŷ and y are in the data's own units.

    ``shown`` is the backward pass the layers table and the network show z, a and δ of: the
    selected example alone, or in batch mode the next batch (means over its rows). ``batch`` is
    the pass over that next batch, whose ∂C are shown in either mode.
    """

    experiment: Experiment  # as it stands now: events applied, nothing left None
    data: Dataset
    network: Network  # a read-only snapshot
    view: View
    step: int
    epoch: int
    latest_step: int
    playing: bool
    divergence: Divergence | None

    example: int  # row of data.X
    batch_mode: bool
    shown: BackwardPass
    batch: BackwardPass
    prediction: Array  # (k,) ŷ of the example
    target: Array  # (k,)
    example_cost: float
    batch_cost: float

    cost: float
    test_cost: float | None
    baseline: tuple[str, float] | None  # the line of least squares: its name and cost
    curve: Curve
    ghosts: tuple[Curve, ...]
    check: GradientCheck
    regions: Regions
    counts: CountCurve
    bounds: dict[str, int]  # on the number of regions: see engine.region_bounds
    colour_by: str  # of the region map: see tui.region_colours.COLOURINGS
    region_filter: str  # see tui.region_filter
    shows_test: bool  # whether the maps show the test examples
    discretised: bool  # whether they show the decision alone, without shades
    walk: Walk | None  # from walk_start to the cursor
    walk_start: Array | None  # like cursor
    advice: str

    unit: tuple[int, int]  # selected: layer 0 (inputs) … L, and unit
    unit_lit: bool  # whether the user has selected it, so that it should stand out
    weight: int | None  # selected, into the unit: by its input, the unit's fan-in for the bias
    cursor: Array  # (k,) on the map, in the view's coordinates

    backprop: "BackpropFacts | None" = None  # on screen Backprop, unless the run has diverged
    backwards: bool = False  # whether it plays backwards
    events: tuple[int, ...] = ()  # the steps of the run's events
    checkpoints: tuple[int, ...] = ()  # the steps of its checkpoints
    runs: tuple[LiveRun, ...] = ()  # all that are live, where there are two or more
    comparison: "Comparison | None" = None  # on screen Compare, of two runs or more
    linear: "LinearFacts | None" = None  # on screen Linear
    glm: "GlmFacts | None" = None  # on screen GLM

    def shown_row(self, values: Array) -> Array:
        """One number a unit from (n, units): of the example, or the mean over the batch."""
        row: Array = values.mean(axis=0)
        return row

    @cached_property
    def predicted(self) -> Array:
        """ŷ (n, k) of every example, in the data's own units."""
        data = self.data
        with np.errstate(all="ignore"):
            raw: Array = data.y_scale.undo(self.network.predict(data.x_scale.apply(data.X)))
        return raw

    def outputs(self, coordinates: Array) -> Array:
        """ŷ (m, k) in the data's own units at points (m, k) of the view."""
        rows = self.view.inputs(coordinates)
        with np.errstate(all="ignore"):
            predicted = self.network.predict(self.data.encode(rows))
            raw: Array = self.data.y_scale.undo(predicted)
        return raw


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two runs, in the order of all, with a frame of each.

    ``same_until`` is the last step at which both are known to have the same bits: None where they
    start otherwise, inf where nothing tells them apart. ``settings`` has, for each live run, the
    settings in which it differs from another one. ``layers`` are empty where a ``note`` says why.
    """

    pair: tuple[LiveRun, LiveRun]
    frames: tuple[Frame, Frame]
    same_until: float | None
    settings: tuple[dict[str, Any], ...]
    moved: tuple[Moved, ...] = ()  # the farthest first
    layers: tuple[LayerDifference, ...] = ()
    distance: float = 0.0  # ‖Δ‖ of all weights and biases
    note: str = ""
