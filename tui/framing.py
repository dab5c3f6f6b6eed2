"""What a Session shows at one moment: the Frame, made of its run and its selection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import BackwardPass, Network, Walk, backpropagate, walk
from tui.frame import Frame, LiveRun
from tui.measures import advice, checked
from tui.piecewise import applicable_bounds, why_curved
from tui.runs import Run, measure

if TYPE_CHECKING:
    from tui.session import Session

CURVE_POINTS = 6  # new costs computed a frame while playing
CURVE_ROWS = 2_000_000  # examples evaluated for new costs in a frame while paused


def frame_of(session: Session, screen: str = "") -> Frame:
    """Everything there is to draw at this moment, on the screen of that name."""
    trainer, prepared = session.trainer, session.prepared
    data, network = prepared.dataset, trainer.network
    experiment = session.experiment
    train_rows = trainer.next_rows()
    rows = data.train[train_rows]
    with np.errstate(all="ignore"):
        batch = backpropagate(network, prepared.inputs[rows], prepared.targets[rows], trainer.loss)
        one = [session.example]
        single = backpropagate(network, prepared.inputs[one], prepared.targets[one], trainer.loss)
        cost, test_cost = trainer.costs()
        prediction = data.y_scale.undo(single.forward.prediction)[0]
    scale = prepared.cost_scale
    points = CURVE_POINTS if session.playing else max(CURVE_POINTS, CURVE_ROWS // len(data.X))
    curve = session.run.costs(session.run.label, points)
    frame = Frame(
        experiment=experiment,
        data=data,
        network=network,
        view=session.view,
        step=trainer.step_count,
        epoch=trainer.epoch,
        latest_step=trainer.history.latest_step,
        playing=session.playing,
        divergence=trainer.divergence,
        example=session.example,
        batch_mode=session.batch_mode,
        shown=batch if session.batch_mode else single,
        batch=batch,
        prediction=prediction,
        target=data.y_scale.undo(prepared.targets[one])[0],
        example_cost=single.loss * scale,
        batch_cost=batch.loss * scale,
        cost=cost * scale,
        test_cost=None if test_cost is None else test_cost * scale,
        baseline=session.baseline,
        curve=curve,
        ghosts=tuple(run.curve for run in session.ghosts if run.curve),
        check=checked(trainer, network, train_rows, batch),
        regions=session.counter.regions(trainer, network, session.view, session.playing),
        counts=session.counter.history.curve(trainer),
        bounds={} if data.features else applicable_bounds(network, len(session.view.box)),
        colour_by=session.colour_by,
        region_filter=session.region_filter,
        shows_test=session.shows_test,
        discretised=session.discretised,
        walk=_walk(session, network),
        walk_start=session.walk_start,
        advice=advice(trainer, network, curve, session.glyphs),
        unit=session.unit,
        unit_lit=session.unit_lit,
        weight=session.weight,
        cursor=session.cursor,
        backwards=session.playing and session.backwards,
        events=tuple(event.step for event in trainer.history.events),
        checkpoints=tuple(trainer.history.checkpoints),
        runs=_live_runs(session, points),
    )
    return _with_facts(session, frame, screen, single, points)


def _with_facts(
    session: Session, frame: Frame, screen: str, single: BackwardPass, most: int
) -> Frame:
    """The frame with what that screen alone shows, given the pass over the selected example; at
    most so many new numbers of the past."""
    if screen == "backprop":
        from tui.backprop_facts import backprop_facts  # not before it is wanted

        return replace(frame, backprop=backprop_facts(session, single))
    if screen == "compare":
        from tui.comparison import comparison  # not before it is wanted

        return replace(frame, comparison=comparison(session, frame))
    if screen == "linear":
        of = session.trainer, frame.network, session.degree, session.of_network, most
        return replace(frame, linear=session.linear.facts(*of))
    if screen == "glm":
        from tui.glm_facts import glm_facts  # not before it is wanted

        return replace(frame, glm=glm_facts(frame, session.glm_choice))
    return frame


def _live_runs(session: Session, most: int) -> tuple[LiveRun, ...]:
    """The live runs, with at most so many new costs of each; none where there is but one."""
    live = session.live
    return tuple(_live_run(session, run, most) for run in live) if len(live) > 1 else ()


def _live_run(session: Session, run: Run, most: int) -> LiveRun:
    trainer, scale = run.live, run.prepared.cost_scale
    with np.errstate(all="ignore"):
        cost, test_cost = trainer.costs()
    alike = measure(run.prepared) == measure(session.prepared)
    return LiveRun(
        run.name,
        run.label,
        run is session.run,
        trainer.step_count,
        trainer.history.latest_step,
        cost * scale,
        None if test_cost is None else test_cost * scale,
        run.costs(run.name, most) if alike else None,
        trainer.divergence,
    )


def _walk(session: Session, network: Network) -> Walk | None:
    """The walk to the cursor; None where it has no length, or no borders to cross."""
    if session.walk_start is None or np.array_equal(session.walk_start, session.cursor):
        return None
    if session.trainer.divergence or why_curved(network, session.prepared.dataset):
        return None
    ends = session.view.inputs(np.stack([session.walk_start, session.cursor]))
    return walk(network, *session.prepared.dataset.encode(ends))
