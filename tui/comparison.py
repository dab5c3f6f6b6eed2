"""Comparison: two live runs side by side at one step, and what is different between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import BackwardPass, Experiment, Network, backpropagate
from engine.activations import Array
from engine.norms import length
from engine.notation import Name
from engine.parameters import name_of_parameter
from tui.changes import QUICK_REGIONS, LayerChange, moved_most
from tui.frame import Frame, LiveRun, Regions
from tui.moved import Moved
from tui.piecewise import Moment, most_regions, pieces, why_curved

if TYPE_CHECKING:
    from tui.runs import Run
    from tui.session import Session

MOST_MOVED = 12
UNSEEN = {"stop_steps", "stop_below", "stop_patience"}  # no step depends on these


@dataclass(frozen=True)
class LayerDifference:
    """Of a layer, the weight or bias and the δ that differ most, and how far [W⁽ˡ⁾ b⁽ˡ⁾] are
    apart; each from the first run to the second."""

    weight: Moved
    delta: Moved
    change: LayerChange


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


def comparison(session: Session, frame: Frame) -> Comparison | None:
    """The current run beside the other one; None where there is no other.

    δ are of the selected example, or in batch mode means over the current run's next batch; where
    one run has other edits of the data, of the example of that number, or its own next batch.
    """
    other = session.other
    if other is None:
        return None
    live = session.live
    places = sorted([live.index(session.run), live.index(other)])
    first, second = (live[i] for i in places)
    frames = _frame_of(session, frame, first), _frame_of(session, frame, second)
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


def layer_differences(
    first: tuple[Network, BackwardPass], second: tuple[Network, BackwardPass]
) -> tuple[LayerDifference, ...]:
    """What differs, layer by layer, between two networks of the same layer sizes; δ are means
    over the rows of the passes."""
    (old, old_pass), (new, new_pass) = first, second
    found, start = [], 0
    for i, (M, N) in enumerate(zip(old.matrices, new.matrices, strict=True)):
        weight = _furthest(M.ravel(), N.ravel())
        before, after = (p.deltas[i].mean(axis=0) for p in (old_pass, new_pass))
        unit = _furthest(before, after)
        found.append(
            LayerDifference(
                Moved(
                    name_of_parameter(old, start + weight),
                    float(M.flat[weight]),
                    float(N.flat[weight]),
                ),
                Moved(Name("δ", i + 1, (unit + 1,)), float(before[unit]), float(after[unit])),
                LayerChange(length(N - M), length(M)),
            )
        )
        start += M.size
    return tuple(found)


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


def differing(experiments: Sequence[Experiment]) -> tuple[dict[str, Any], ...]:
    """The settings of each experiment that not all of them have alike."""
    names = [item.name for item in fields(Experiment) if item.name not in UNSEEN]
    first, *others = experiments
    apart = [n for n in names if any(getattr(e, n) != getattr(first, n) for e in others)]
    return tuple({name: getattr(e, name) for name in apart} for e in experiments)


def _furthest(before: Array, after: Array) -> int:
    """The index of the largest |Δ|; one that is not finite goes before all."""
    distance = np.abs(after - before)
    return int(np.where(np.isnan(distance), np.inf, distance).argmax())


def _without_stops(experiment: Experiment) -> Experiment:
    return replace(experiment, stop_steps=None, stop_below=None, stop_patience=None)


def _experiment(run: Run) -> Experiment:
    experiment = run.live.experiment
    assert experiment is not None
    return experiment


def _frame_of(session: Session, frame: Frame, run: Run) -> Frame:
    """The frame with the network of a run, as far as maps and differences are drawn of it."""
    trainer, prepared = run.live, run.prepared
    if run is session.run:
        return frame
    data = prepared.dataset
    edited = prepared.experiment.edits != session.prepared.experiment.edits
    rows = [min(frame.example, len(data.X) - 1)]
    if frame.batch_mode:
        rows = data.train[(trainer if edited else session.trainer).next_rows()].tolist()
    network = trainer.network
    with np.errstate(all="ignore"):  # of a run that has diverged
        shown = backpropagate(network, prepared.inputs[rows], prepared.targets[rows], trainer.loss)
    same = network.sizes == frame.network.sizes
    return replace(
        frame,
        experiment=_experiment(run),
        data=data if edited else frame.data,  # a map is kept by its data
        example=min(frame.example, len(data.X) - 1),
        network=network,
        regions=_regions(Moment(network, frame.data, frame.view, trainer.step_count)),
        step=trainer.step_count,
        epoch=trainer.epoch,
        latest_step=trainer.history.latest_step,
        divergence=trainer.divergence,
        shown=shown,
        unit=frame.unit if same else (len(network.sizes) - 1, 0),
        walk=None,
    )


def _regions(moment: Moment) -> Regions:
    """The regions where they are quick to count: for a second run nobody waits."""
    if curved := why_curved(moment.network, moment.data):
        return Regions(moment.step, note=curved)
    finite = np.isfinite(moment.network.parameters).all()
    if finite and most_regions(moment) <= QUICK_REGIONS:
        return pieces(moment)
    return Regions(moment.step, note="not counted")
