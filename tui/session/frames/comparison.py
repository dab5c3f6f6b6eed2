"""Two live runs side by side at one step: see ``Comparison``."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from engine import Experiment
from engine.arrays import length
from tui.model.changes import QUICK_REGIONS, moved_most
from tui.model.frame import Comparison, Frame
from tui.model.regions.result import Regions, Unknown
from tui.model.regions.source import Moment, most_regions, pieces, why_curved
from tui.model.run_comparison import MOST_MOVED, differing, layer_differences
from tui.session.frames.run_frame import run_frame
from tui.session.preferences import Preferences
from tui.session.runs import Run, Runs
from tui.session.selection import Selection


def comparison(
    runs: Runs, selection: Selection, preferences: Preferences, frame: Frame
) -> Comparison | None:
    """The current run, of which this is the frame, beside the other; None where there is no other.

    δ are of the selected example, or in batch mode means over the current run's next batch; where
    one run has other edits of the data, of the example of that number, or its own next batch.
    """
    other = runs.other
    if other is None:
        return None
    live = runs.live
    places = sorted([live.index(runs.current), live.index(other)])
    first, second = (live[i] for i in places)
    beside = _looked_at_alike(frame, run_frame(other, selection, preferences))
    frames = (frame, beside) if first is runs.current else (beside, frame)
    found = Comparison(
        (frame.runs[places[0]], frame.runs[places[1]]),
        frames,
        same_until(first, second),
        differing([_experiment(run) for run in live]),
    )
    old, new = frames[0].network, frames[1].network
    if (old.sizes, old.bias) != (new.sizes, new.bias):
        shapes = ["-".join(map(str, network.sizes)) for network in (old, new)]
        note = f"{first.name} is {shapes[0]}, {second.name} {shapes[1]}: no weight has its like"
        return replace(found, note=note)
    with np.errstate(all="ignore"):  # of a run that has diverged
        return replace(
            found,
            moved=moved_most(old, new, MOST_MOVED),
            layers=layer_differences((old, frames[0].shown), (new, frames[1].shown)),
            distance=length(new.parameters - old.parameters),
        )


def same_until(first: Run, second: Run) -> float | None:
    """The last step at which both runs have the same bits, by what they were made of and their
    events: None where they start otherwise, inf where nothing tells them apart."""
    starts = (_without_stops(run.prepared.experiment) for run in (first, second))
    if next(starts) != next(starts):
        return None
    one, two = first.live.history.events, second.live.history.events
    shared = 0
    while shared < min(len(one), len(two)) and one[shared] == two[shared]:
        shared += 1
    apart = [events[shared] for events in (one, two) if shared < len(events)]
    # a setting acts from the next step on, an edit at once
    last = min((event.step - event.is_edit for event in apart), default=inf)
    return last if last >= 0 else None


def _without_stops(experiment: Experiment) -> Experiment:
    return replace(experiment, stop_steps=None, stop_below=None, stop_patience=None)


def _experiment(run: Run) -> Experiment:
    experiment = run.live.experiment
    assert experiment is not None
    return experiment


def _looked_at_alike(frame: Frame, other: Frame) -> Frame:
    """The frame of another run, with the selection of the current one as far as it has it."""
    edited = other.prepared.experiment.edits != frame.prepared.experiment.edits
    same = other.network.sizes == frame.network.sizes
    return replace(
        other,
        example=min(frame.example, len(other.data.X) - 1),
        shown_rows=None if edited else frame.batch_rows,
        unit=frame.unit if same else (len(other.network.sizes) - 1, 0),
        walk=None,
        regions=_regions(Moment(other.network, other.data, frame.view, other.step)),
    )


def _regions(moment: Moment) -> Regions:
    """The regions where they are quick to count."""
    if curved := why_curved(moment.network, moment.data):
        return Regions(moment.step, reason=curved)
    finite = np.isfinite(moment.network.parameters).all()
    if finite and most_regions(moment) <= QUICK_REGIONS:
        return pieces(moment)
    return Regions(moment.step, reason=Unknown.NOT_COUNTED)
