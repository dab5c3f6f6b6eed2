"""Frames of single runs, and the present state of all live runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import Network, Walk, walk
from tui.drawing.cells import padded
from tui.model.frame import Frame
from tui.model.regions.result import Regions
from tui.model.regions.source import bounds_in, why_curved
from tui.model.run_curves import LiveRun
from tui.session.preferences import ViewPreferences
from tui.session.runs import Run, Runs, measure
from tui.session.selection import Selection


def run_frame(run: Run, selection: Selection, preferences: ViewPreferences) -> Frame:
    """The frame of a live run, without its regions and without data of other runs."""
    trainer, prepared = run.live, run.prepared
    experiment = trainer.experiment
    assert experiment is not None
    data, network, scale = prepared.dataset, trainer.network, prepared.cost_scale
    with np.errstate(all="ignore"):
        cost, test_cost = trainer.costs()
    return Frame(
        prepared=prepared,
        experiment=experiment,
        data=data,
        network=network,
        view=selection.view,
        step=trainer.step_count,
        epoch=trainer.epoch,
        latest_step=trainer.history.latest_step,
        divergence=trainer.divergence,
        batch_rows=data.train[trainer.next_rows()],
        cost=cost * scale,
        test_cost=None if test_cost is None else test_cost * scale,
        curve=run.costs(run.label),
        shows_test=preferences.shows_test,
        discretised=preferences.discretised,
        regions=Regions(trainer.step_count),
        bounds=bounds_in(network, selection.view, data),
        events=tuple(trainer.history.events),
        checkpoints=dict(trainer.history.checkpoints),
        **selected(run, selection, network),
    )


def selected(run: Run, selection: Selection, network: Network) -> dict[str, Any]:
    """What of a frame of this network is selected on its view: fields, by name."""
    return {
        "example": selection.example,
        "batch_mode": selection.batch_mode,
        "colour_by": selection.colour_by,
        "region_filter": selection.region_filter,
        "walk": _walk(run, selection, network),
        "walk_start": selection.walk_start,
        "unit": selection.unit,
        "unit_lit": selection.unit_lit,
        "weight": selection.weight,
        "cursor": selection.cursor,
    }


def live_runs(runs: Runs) -> tuple[LiveRun, ...]:
    """The state of each live run; empty if there is only one."""
    live = runs.live
    return tuple(_live_run(runs, run) for run in live) if len(live) > 1 else ()


def _live_run(runs: Runs, run: Run) -> LiveRun:
    trainer, scale = run.live, run.prepared.cost_scale
    with np.errstate(all="ignore"):
        cost, test_cost = trainer.costs()
    comparable = measure(run.prepared) == measure(runs.prepared)
    return LiveRun(
        padded(run.name),  # the user may have typed wide characters
        run.label,
        run is runs.current,
        trainer.step_count,
        trainer.history.latest_step,
        cost * scale,
        None if test_cost is None else test_cost * scale,
        run.costs(run.name) if comparable else None,
        trainer.divergence,
    )


def _walk(run: Run, selection: Selection, network: Network) -> Walk | None:
    """The walk to the cursor; None if it has no length or there are no borders to cross."""
    start, data = selection.walk_start, run.prepared.dataset
    if start is None or np.array_equal(start, selection.cursor):
        return None
    if run.live.divergence or why_curved(network, data):
        return None
    ends = selection.view.inputs(np.stack([start, selection.cursor]))
    return walk(network, *data.encode(ends))
