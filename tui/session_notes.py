"""Notes of a session: what is saved of it beside its runs, as JSON can hold it, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import Network, Trainer
from tui.frame import Curve, Regions
from tui.glyphs import Glyphs
from tui.piecewise import Moment, most_regions, pieces
from tui.runs import Run
from tui.session import Session
from tui.view import View

if TYPE_CHECKING:
    from tui.changes import Mark

Notes = dict[str, Any]
"""What JSON can hold."""

LOOKS = (
    "example", "batch_mode", "unit", "unit_lit", "weight", "colour_by", "region_filter", "degree",
    "of_network", "plane", "stopped", "together",
)  # fmt: skip
"""What of a session is saved as it is."""


def notes_of(session: Session) -> Notes:
    """What is saved beside the runs."""
    mark = session.mark
    return looks_of(session) | {
        "runs": [_run_note(run) for run in session.runs],
        "mark": mark and _mark_note(mark, session.view),
    }


def looks_of(session: Session) -> Notes:
    """Which of the runs the user looks at, and at what of it."""
    choice, scope = session.glm_choice, session.microscope
    return {
        "current": session.current,
        "other": session.other and session.live.index(session.other),
        "looks": {name: getattr(session, name) for name in LOOKS},
        "view": _view_note(session.view),
        "cursor": session.cursor.tolist(),
        "walk_start": None if session.walk_start is None else session.walk_start.tolist(),
        "before_relu": session.before_relu,
        "glm": choice and [choice.family, choice.link],
        "microscope": {
            "at": scope.at,
            "predicting": scope.predicting,
            "right": scope.right,
            "asked": scope.asked,
            "units": [*scope.units.items()],
            "inputs": [*scope.inputs.items()],
            "hides": session.hides_result,
        },
    }


def _run_note(run: Run) -> Notes:
    curve = run.curve
    return {
        "name": run.name,
        "label": run.label,
        "live": run.trainer is not None,
        "curve": curve and [curve.steps.tolist(), curve.train.tolist(), curve.test.tolist()],
        "measure": run.measure,
    }


def _view_note(view: View) -> Notes:
    return {
        "origin": view.origin.tolist(),
        "directions": view.directions.tolist(),
        "box": view.box,
        "names": view.names,
        "spread": view.spread.tolist(),
        "axes": view.axes,
        "note": view.note,
    }


def _mark_note(mark: Mark, view: View) -> Notes:
    network, regions = mark.network, mark.regions
    return {
        "step": mark.step,
        "loss": mark.loss,
        "cost": mark.cost,
        "test_cost": mark.test_cost,
        "view": None if mark.view is view else _view_note(mark.view),
        "weights": [W.tolist() for W in network.weights],
        "biases": [b.tolist() for b in network.biases] if network.bias else None,
        "activations": network.activations,
        "output": network.output,
        "skips": network.skips,
        "regions": None if regions.map or regions.knots else regions.note,
    }


# and back


def session_of(trainers: Sequence[Trainer], notes: Mapping[str, Any], glyphs: Glyphs) -> Session:
    """The session of these runs; without notes, as of runs that a script saved.

    KeyError, IndexError, TypeError or ValueError where the notes are of another version.
    """
    current = trainers[notes.get("current", 0)].prepared
    assert current is not None
    session = Session(current.experiment, glyphs)
    if "runs" not in notes:
        session.runs = tuple(
            Run(f"run {i}", trainer, name=ascii_uppercase[i % 26])
            for i, trainer in enumerate(trainers)
        )
        return session
    from tui.glm_choice import GlmChoice  # not before it is wanted

    left = iter(trainers)
    session.runs = tuple(_run(note, left) for note in notes["runs"])
    session.current = notes["current"] if notes["other"] is None else notes["other"]
    session.switch_to(notes["current"])
    session.look_at(_view(notes["view"]))
    session.cursor = np.array(notes["cursor"])
    if notes["walk_start"] is not None:
        session.walk_start = np.array(notes["walk_start"])
    for name in LOOKS:
        setattr(session, name, notes["looks"][name])
    session.unit = session.unit[0], session.unit[1]
    session.before_relu = tuple(notes["before_relu"])
    session.glm_choice = notes["glm"] and GlmChoice(*notes["glm"])
    session.mark = notes["mark"] and _mark(notes["mark"], session)
    _look_closely(session, notes["microscope"])
    return session


def _look_closely(session: Session, note: Mapping[str, Any]) -> None:
    scope = session.microscope
    scope.at, scope.predicting = note["at"], note["predicting"]
    scope.right, scope.asked = note["right"], note["asked"]
    scope.units, scope.inputs = dict(note["units"]), dict(note["inputs"])
    if scope.predicting and not note["hides"]:
        scope.reveal(session.trainer, session.looked_at)


def _run(note: Mapping[str, Any], left: Iterator[Trainer]) -> Run:
    return Run(
        note["label"],
        next(left) if note["live"] else None,
        note["curve"] and Curve(note["label"], *map(np.array, note["curve"])),
        note["name"],
        tuple(note["measure"]),
    )


def _view(note: Mapping[str, Any]) -> View:
    return View(
        np.array(note["origin"]),
        np.array(note["directions"]),
        tuple((low, high) for low, high in note["box"]),
        tuple(note["names"]),
        np.array(note["spread"]),
        tuple(note["axes"]),
        note["note"],
    )


def _mark(note: Mapping[str, Any], session: Session) -> Mark:
    from tui.changes import QUICK_REGIONS, Mark  # not before they are wanted

    skips = [(s, t) for s, t in note["skips"]]
    network = Network.from_arrays(
        note["weights"], note["biases"], note["activations"], note["output"], skips
    ).frozen()
    view = _view(note["view"]) if note["view"] else session.view
    now = Moment(network, session.prepared.dataset, view, note["step"])
    regions = Regions(now.step, note=note["regions"] or "they are too many to count again")
    if note["regions"] is None and most_regions(now) <= QUICK_REGIONS:
        regions = pieces(now)
    costs, scale = (note["cost"], note["test_cost"]), now.data.x_scale
    return Mark(now.step, network, note["loss"], *costs, view, regions, scale)
