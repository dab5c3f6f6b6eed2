"""What a Session shows at one moment: the Frame, made of its run and its selection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine import BackwardPass, Network, Walk, backpropagate, walk
from tui.drawing.glyphs import Glyphs
from tui.model.backprop_facts import BackpropFacts
from tui.model.frame import Frame
from tui.model.measured import LiveRun
from tui.model.regions.source import applicable_bounds, why_curved
from tui.model.run_metrics import advice, checked
from tui.session.counting.counter import Counter
from tui.session.microscope import Microscope, batch_numbers
from tui.session.runs import Run, measure
from tui.session.selection import Selection
from tui.session.time_travel import Player

if TYPE_CHECKING:
    from tui.model.glm.choice import GlmChoice
    from tui.session.linear_history import LinearHistory


CURVE_POINTS = 6  # new costs computed a frame while playing
CURVE_ROWS = 2_000_000  # examples evaluated for new costs in a frame while paused


@dataclass(frozen=True)
class Shown:
    """The parts of a session that its frame is made of."""

    runs: Player
    selection: Selection
    counter: Counter
    microscope: Microscope
    baseline: tuple[str, float] | None
    glm_choice: GlmChoice | None
    glyphs: Glyphs
    linear: Callable[[], LinearHistory]  # asked on Linear alone


def frame_of(shown: Shown, screen: str) -> Frame:
    """Everything there is to draw at this moment, on the screen of that name."""
    trainer, prepared = shown.runs.trainer, shown.runs.prepared
    data, network = prepared.dataset, trainer.network
    train_rows = trainer.next_rows()
    rows = data.train[train_rows]
    with np.errstate(all="ignore"):
        batch = backpropagate(network, prepared.inputs[rows], prepared.targets[rows], trainer.loss)
        one = [shown.selection.example]
        single = backpropagate(network, prepared.inputs[one], prepared.targets[one], trainer.loss)
        cost, test_cost = trainer.costs()
        prediction = data.y_scale.undo(single.forward.prediction)[0]
    scale = prepared.cost_scale
    points = CURVE_POINTS if shown.runs.playing else max(CURVE_POINTS, CURVE_ROWS // len(data.X))
    curve = shown.runs.run.costs(shown.runs.run.label, points)
    frame = Frame(
        experiment=shown.runs.experiment,
        data=data,
        network=network,
        view=shown.selection.view,
        step=trainer.step_count,
        epoch=trainer.epoch,
        latest_step=trainer.history.latest_step,
        playing=shown.runs.playing,
        divergence=trainer.divergence,
        example=shown.selection.example,
        batch_mode=shown.selection.batch_mode,
        shown=batch if shown.selection.batch_mode else single,
        batch=batch,
        prediction=prediction,
        target=data.y_scale.undo(prepared.targets[one])[0],
        example_cost=single.loss * scale,
        batch_cost=batch.loss * scale,
        cost=cost * scale,
        test_cost=None if test_cost is None else test_cost * scale,
        baseline=shown.baseline,
        curve=curve,
        ghosts=tuple(run.curve for run in shown.runs.ghosts if run.curve),
        check=checked(trainer, network, train_rows, batch),
        regions=shown.counter.regions(trainer, network, shown.selection.view, shown.runs.playing),
        counts=shown.counter.history.curve(trainer),
        bounds={} if data.features else applicable_bounds(network, len(shown.selection.view.box)),
        colour_by=shown.selection.colour_by,
        region_filter=shown.selection.region_filter,
        shows_test=shown.selection.shows_test,
        discretised=shown.selection.discretised,
        walk=_walk(shown, network),
        walk_start=shown.selection.walk_start,
        advice=advice(trainer, network, curve, shown.glyphs),
        unit=shown.selection.unit,
        unit_lit=shown.selection.unit_lit,
        weight=shown.selection.weight,
        cursor=shown.selection.cursor,
        backwards=shown.runs.playing and shown.runs.backwards,
        events=tuple(event.step for event in trainer.history.events),
        checkpoints=tuple(trainer.history.checkpoints),
        runs=_live_runs(shown.runs, points),
    )
    return _with_facts(shown, frame, screen, single, points)


def _with_facts(
    shown: Shown,
    frame: Frame,
    screen: str,
    single: BackwardPass,
    most: int,
) -> Frame:
    """The frame with what that screen alone shows, given the pass over the selected example; at
    most so many new numbers of the past."""
    if screen == "backprop":
        return replace(frame, backprop=backprop_facts(shown, single))
    if screen == "compare":
        from tui.session.compare import comparison

        return replace(frame, comparison=comparison(shown.runs, frame))
    if screen == "linear":
        of = (
            shown.runs.trainer,
            frame.network,
            shown.selection.degree,
            shown.selection.of_network,
            most,
        )
        return replace(frame, linear=shown.linear().facts(*of))
    if screen == "glm":
        from tui.model.glm.find_facts import glm_facts

        return replace(frame, glm=glm_facts(frame, shown.glm_choice))
    return frame


def _live_runs(runs: Player, most: int) -> tuple[LiveRun, ...]:
    """The live runs, with at most so many new costs of each; none where there is but one."""
    live = runs.live
    return tuple(_live_run(runs, run, most) for run in live) if len(live) > 1 else ()


def _live_run(runs: Player, run: Run, most: int) -> LiveRun:
    trainer, scale = run.live, run.prepared.cost_scale
    with np.errstate(all="ignore"):
        cost, test_cost = trainer.costs()
    alike = measure(run.prepared) == measure(runs.prepared)
    return LiveRun(
        run.name,
        run.label,
        run is runs.run,
        trainer.step_count,
        trainer.history.latest_step,
        cost * scale,
        None if test_cost is None else test_cost * scale,
        run.costs(run.name, most) if alike else None,
        trainer.divergence,
    )


def _walk(shown: Shown, network: Network) -> Walk | None:
    """The walk to the cursor; None where it has no length, or no borders to cross."""
    if shown.selection.walk_start is None or np.array_equal(
        shown.selection.walk_start, shown.selection.cursor
    ):
        return None
    if shown.runs.trainer.divergence or why_curved(network, shown.runs.prepared.dataset):
        return None
    ends = shown.selection.view.inputs(
        np.stack([shown.selection.walk_start, shown.selection.cursor])
    )
    return walk(network, *shown.runs.prepared.dataset.encode(ends))


def backprop_facts(shown: Shown, single: BackwardPass) -> BackpropFacts | None:
    """What Backprop shows, given the pass over the example; None where the run has diverged."""
    from engine.explain import Example, Quantity, explain

    trainer, prepared, microscope = shown.runs.trainer, shown.runs.prepared, shown.microscope
    if trainer.divergence:
        return None
    step = microscope.taken_apart(trainer)
    row = shown.selection.example
    example = None
    if not shown.selection.batch_mode:
        example = Example(row + 1, single, prepared.targets[row])
    component, numbers = microscope.component(step), batch_numbers(prepared, step)
    microstep = step.microsteps[microscope.at]
    with np.errstate(all="ignore"):
        quantity = Quantity(microstep.kind, microstep.layer, *component)
        explanation = explain(step, quantity, example, numbers)
    return BackpropFacts(
        step=step,
        at=microscope.at,
        example=example,
        in_batch=row + 1 in numbers,
        component=component,
        explanation=explanation,
        revealed=microscope.revealed(trainer, shown.selection.looked_at),
        score=microscope.score,
    )
