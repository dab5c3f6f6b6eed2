"""Notes of a session: all that is saved beside its runs, as JSON can hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.model.regions.result import Failed, Reason, Unknown
from tui.model.view import View
from tui.session.runs import Run
from tui.session.session import Session

if TYPE_CHECKING:
    from tui.model.changes import Mark

Notes = dict[str, Any]
"""Values that JSON can hold."""

Place = Mapping[str, Any]
"""Where on the screen the user is, as JSON can hold it; {} if unknown."""

SELECTED = (
    "example", "batch_mode", "unit", "unit_lit", "weight", "colour_by", "region_filter", "degree",
    "of_network", "plane",
)  # fmt: skip
"""Attributes of the selection that are saved as they are."""
LOOKS = (*SELECTED, "stopped", "together")
DEFAULT_MODEL = "default"
"""Saved in place of a GLM that was not chosen. Version 0.1.0 saved null, and had another rule."""


def notes_of(session: Session) -> Notes:
    """All that is saved beside the runs."""
    mark = session.mark
    return looks_of(session) | {
        "runs": [_run_note(run) for run in session.runs.all],
        "mark": mark and _mark_note(mark, session.selection.view),
    }


def looks_of(session: Session) -> Notes:
    """The run that the user looks at, and what of it is selected and shown."""
    choice, scope, selection = session.glm_choice, session.microscope, session.selection
    return {
        "current": session.runs.index,
        "other": session.runs.other and session.runs.live.index(session.runs.other),
        "looks": {name: getattr(selection, name) for name in SELECTED}
        | {"stopped": session.time.stopped, "together": session.runs.together},
        "view": _view_note(selection.view),
        "cursor": selection.cursor.tolist(),
        "walk_start": None if selection.walk_start is None else selection.walk_start.tolist(),
        "before_relu": session.before_relu,
        "glm": [choice.family, choice.link] if choice else DEFAULT_MODEL,
        "microscope": {
            "at": scope.at,
            "predicting": session.preferences.predicting,
            "right": scope.right,
            "asked": scope.guesses,
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
        "regions": None if regions.has_pieces else _stored_reason(regions.reason),
    }


def _stored_reason(reason: Reason | None) -> str:
    """Why the regions of a mark are not known, as in files since version 0.1.0."""
    match reason:
        case None:
            return ""
        case Unknown():
            return reason.value
        case Failed(message):
            return message
    return Unknown.NOT_COUNTED_YET.value
