"""The numbers of a saved session or experiment, which every version of the app must find again."""

from dataclasses import astuple
from typing import Any

import numpy as np
from frames import framed, wait_for_count

from engine import Trainer, glm, ols
from tui.session.runs import Run
from tui.session.session import Session

FIRST = 4  # entries of a long list that are compared; the norm stands for the others
FURTHER = 20  # steps that a run goes on after its latest one
RELATIVE = 1e-9  # what the last bits of another processor may come to
EXACT = "stored"  # the name of what is read from the file and not computed

Numbers = dict[str, Any]


def session_numbers(session: Session) -> Numbers:
    """The numbers of a session; it is left as it is."""
    counts = _counted(session)  # first: it waits for what is counted in the background
    return {
        "runs": [_run_numbers(run) for run in session.runs.live],
        "current": session.runs.current.name,
        "other": session.runs.other and session.runs.other.name,
        "ghosts": [
            {
                "label": ghost.label,
                EXACT: {"steps": _few(ghost.curve.steps), "costs": _few(ghost.curve.train)},
            }
            for ghost in session.runs.ghosts
            if ghost.curve
        ],
        "selected": _selected(session),
        "mark": session.mark
        and {
            "step": session.mark.step,
            "costs": [session.mark.cost, session.mark.test_cost],
            EXACT: _few(session.mark.network.parameters),
        },
        "regions": counts,
        "ols": _least_squares(session),
        "glm": _glm(session),
    }


def trainer_numbers(trainer: Trainer) -> Numbers:
    """The numbers of a run at its step, and at others on its way and beyond."""
    prepared, history, network = trainer.prepared, trainer.history, trainer.network
    assert prepared is not None
    data, divergence = prepared.dataset, trainer.divergence
    with np.errstate(all="ignore"):
        predicted = data.y_scale.undo(network.predict(prepared.inputs[:FIRST]))
    return {
        "step": trainer.step_count,
        "latest step": history.latest_step,
        "divergence": divergence and [divergence.step, divergence.layer, divergence.quantity],
        "events": [[event.step, event.label] for event in history.events],
        "network": [[*network.sizes], [*network.activations, network.output], trainer.loss],
        "settings": [
            trainer.settings.optimizer,
            trainer.settings.learning_rate,
            trainer.settings.batch_size,
        ],
        "examples": [len(data.train), len(data.test)],
        "inputs": data.X[:FIRST].ravel().tolist(),
        "targets": data.Y[:FIRST].ravel().tolist(),
        "predicted": predicted.ravel().tolist(),
        "costs": _costs(trainer),
        "parameters": _few(network.parameters),
        "parameters' norm": _norm(network.parameters),
        "optimiser's norm": _norm(trainer.state.vectors[1:]),
        "way": _way(trainer),
    }


def _run_numbers(run: Run) -> Numbers:
    checkpoints = run.live.history.checkpoints
    last = checkpoints[max(checkpoints)]
    stored = {
        "checkpoints": len(checkpoints),
        "of step": last.step,
        "parameters": _few(last.vectors[0]),
    }
    return {"name": run.name, "label": run.label, EXACT: stored} | trainer_numbers(run.live)


def _costs(trainer: Trainer) -> list[float | None]:
    """C over the training and the test data, in the data's own units."""
    assert trainer.prepared is not None
    with np.errstate(all="ignore"):
        train, test = trainer.costs()
    scale = trainer.prepared.cost_scale
    return [train * scale, None if test is None else test * scale]


def _way(trainer: Trainer) -> list[list[float]]:
    """Steps at the start, half way and a little beyond the latest one, with C there."""
    twin, latest = trainer.twin(), trainer.history.latest_step
    if twin.history.divergence:
        goals = [0, latest // 2]
    else:
        goals = [0, latest // 2, latest, latest + FURTHER]
    return [[float(step), twin.seek(step).costs()[0]] for step in goals]


def _selected(session: Session) -> Numbers:
    scope, choice, walk = session.microscope, session.glm_choice, session.selection.walk_start
    return {
        "example": session.selection.example,
        "batch": session.selection.batch_mode,
        "unit": [*session.selection.unit],
        "weight": session.selection.weight,
        "degree": session.selection.degree,
        "of network": session.selection.of_network,
        "stopped": session.time.stopped,
        "filter": session.selection.region_filter,
        "colours": session.selection.colour_by,
        "model": choice and [choice.family, choice.link],
        "microscope": [
            scope.at,
            session.preferences.predicting,
            scope.right,
            scope.guesses,
        ],
        "hides the result": session.hides_result,
        EXACT: {
            "cursor": session.selection.cursor.tolist(),
            "walk": None if walk is None else walk.tolist(),
            "box": [list(side) for side in session.selection.view.box],
        },
    }


def _counted(session: Session) -> Numbers:
    """How many regions or knots there are; a count of None where they are not counted."""
    framed(session, "regions")
    while wait_for_count(session):
        framed(session, "regions")
    regions = framed(session, "regions").regions
    if regions.map is not None:
        return {"activation": regions.map.activation_count, "linear": regions.map.linear_count}
    if regions.knots is not None:
        return {"knots": regions.knots.x.tolist(), "slopes": _few(regions.knots.slopes)}
    return {"count": regions.count}


def _least_squares(session: Session) -> Numbers | None:
    facts = framed(session, "linear").linear
    if facts is None or facts.fit is None:
        return None
    fit, data = facts.fit, session.prepared.dataset
    if len(fit.names) < len(data.feature_names) + fit.intercept and facts.degree == 1:
        # 0.1.0 had a term for every category and dropped the last: the same model
        every = ols(data.X[data.train], fit.y, fit.intercept)
        np.testing.assert_allclose(fit.fitted, every.fitted, rtol=1e-9)
        fit = every
    return {
        "coefficients": fit.coefficients.tolist(),
        "standard errors": fit.standard_errors.tolist(),
    }


def _glm(session: Session) -> Numbers | None:
    facts = framed(session, "glm").glm
    if facts is None or facts.fit is None:
        return None
    fit, data = facts.fit, session.prepared.dataset
    if len(fit.names) < len(data.feature_names) + 1:  # as in ``_least_squares``
        every = glm(data.X[data.train], facts.model.y, *astuple(facts.choice))
        np.testing.assert_allclose(fit.fitted, every.fitted, rtol=1e-6)
        fit = every
    return {
        "model": [facts.choice.family, facts.choice.link],
        "converged": fit.converged,
        # where it has not converged, the last bits of a processor decide how far it came
        "coefficients": fit.coefficients.tolist() if fit.converged else [],
        "deviance": [fit.deviance, fit.null_deviance] if fit.converged else [],
    }


def _norm(values: Any) -> float:
    """The norm, or infinity where it overflows."""
    with np.errstate(over="ignore"):
        return float(np.sqrt(np.square(values).sum()))


def _few(values: Any) -> list[float]:
    """The first entries and the last."""
    flat = np.ravel(values)
    return [*flat[:FIRST].tolist(), *flat[-1:].tolist()]


# comparing


def differences(found: Any, expected: Any, where: str = "", exact: bool = False) -> list[str]:
    """Where the numbers found are not those expected, a line each.

    Numbers are compared to ``RELATIVE``: those of a list to that part of its largest; what is
    ``EXACT``, and whatever is no float, exactly. What only the found ones have does not count.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for key, value in expected.items()
            for line in differences(
                found.get(key, "nothing"), value, f"{where}/{key}", exact or key == EXACT
            )
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        if not exact and all(isinstance(value, float) for value in (*found, *expected)):
            ours, theirs = np.array(found), np.array(expected)
            largest = np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0)
            near = np.allclose(ours, theirs, RELATIVE, RELATIVE * largest, equal_nan=True)
            return [] if near else [f"{where}: {found}, expected {expected}"]
        pairs = zip(found, expected, strict=True)
        return [
            line
            for at, (ours, theirs) in enumerate(pairs)
            for line in differences(ours, theirs, f"{where}/{at}", exact)
        ]
    if isinstance(expected, float) and isinstance(found, float) and not exact:
        near = np.isclose(found, expected, RELATIVE, 0.0, equal_nan=True)
    else:
        near = found == expected
    return [] if near else [f"{where}: {found!r}, expected {expected!r}"]
