"""The comparison of two live runs: see ``Comparison``."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from engine import Experiment
from engine.arrays import length
from tui.model.changes import QUICK_REGIONS, largest_changes
from tui.model.frame import Comparison, Frame
from tui.model.regions.result import Regions, Unknown
from tui.model.regions.source import Moment, max_regions, pieces, why_curved
from tui.model.run_comparison import MAX_MOVED, differing, layer_differences
from tui.session.frames.run_frame import run_frame, selected
from tui.session.preferences import ViewPreferences
from tui.session.runs import Run, Runs
from tui.session.selection import Selection


def comparison(
    runs: Runs,
    selection: Selection,
    preferences: ViewPreferences,
    frame: Frame,
    before: Comparison | None = None,
) -> Comparison | None:
    """The current run, whose frame is given, and the other one; None if there is no other.
    ``before`` is an earlier comparison of the same moment.

    δ are those of the selected example, or in batch mode means over the current run's next batch.
    If the data of the runs were edited differently, the other run uses the example with the same
    number, or its own next batch.
    """
    other = runs.other
    if other is None:
        return None
    live = runs.live
    places = sorted([live.index(runs.current), live.index(other)])
    first, second = (live[i] for i in places)
    at = int(first is runs.current)  # of the other run's frame
    if before:
        earlier = before.frames[at]
        chosen = replace(earlier, **selected(other, selection, earlier.network))
        other_frame = _with_selection(frame, chosen).like(earlier)
    else:
        counted = _counted(run_frame(other, selection, preferences))
        other_frame = _with_selection(frame, counted)
    frames = (frame, other_frame) if at else (other_frame, frame)
    result = Comparison(
        (frame.runs[places[0]], frame.runs[places[1]]),
        frames,
        same_until(first, second),
        differing([_experiment(run) for run in live]),
    )
    old, new = frames[0].network, frames[1].network
    if (old.sizes, old.bias) != (new.sizes, new.bias):
        shapes = ["-".join(map(str, network.sizes)) for network in (old, new)]
        note = f"{first.name} is {shapes[0]}, {second.name} {shapes[1]}: their weights do not match"
        return result._replace(note=note)
    with np.errstate(all="ignore"):  # of a run that has diverged
        return result._replace(
            moved=before.moved if before else largest_changes(old, new, MAX_MOVED),
            layers=layer_differences((old, frames[0].shown), (new, frames[1].shown)),
            distance=length(new.parameters - old.parameters),
        )


def same_until(first: Run, second: Run) -> float | None:
    """The last step at which both runs have the same bits, according to their experiments and
    events: None if they start differently, inf if they do not differ."""
    starts = [_without_stops(run.prepared.experiment) for run in (first, second)]
    if starts[0] != starts[1]:
        return None
    pasts = first.live.history.events, second.live.history.events
    shared = 0
    while shared < min(map(len, pasts)) and pasts[0][shared] == pasts[1][shared]:
        shared += 1
    different = [events[shared] for events in pasts if shared < len(events)]
    # a setting acts from the next step on, an edit at once
    last = min((event.step - event.is_edit for event in different), default=inf)
    return last if last >= 0 else None


def _without_stops(experiment: Experiment) -> Experiment:
    return replace(experiment, stop_steps=None, stop_below=None, stop_patience=None)


def _experiment(run: Run) -> Experiment:
    experiment = run.live.experiment
    assert experiment is not None
    return experiment


def _with_selection(frame: Frame, other: Frame) -> Frame:
    """The frame of another run, with the selection of the current one as far as it applies."""
    differently_edited = other.prepared.experiment.edits != frame.prepared.experiment.edits
    same_sizes = other.network.sizes == frame.network.sizes
    return replace(
        other,
        example=min(frame.example, len(other.data.X) - 1),
        shown_rows=None if differently_edited else frame.batch_rows,
        unit=frame.unit if same_sizes else (len(other.network.sizes) - 1, 0),
        walk=None,
    )


def _counted(frame: Frame) -> Frame:
    """The frame with its regions, if they are quick to count."""
    moment = Moment(frame.network, frame.data, frame.view, frame.step)
    return replace(frame, regions=_regions(moment))


def _regions(moment: Moment) -> Regions:
    if curved := why_curved(moment.network, moment.data):
        return Regions(moment.step, reason=curved)
    finite = np.isfinite(moment.network.parameters).all()
    if finite and max_regions(moment) <= QUICK_REGIONS:
        return pieces(moment)
    return Regions(moment.step, reason=Unknown.NOT_COUNTED)
