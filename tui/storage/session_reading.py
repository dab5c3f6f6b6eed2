"""Sessions from the notes of a file, which are checked, for the file may be forged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from engine import GLM_NETWORKS, EngineError, Network, Trainer
from engine.arrays import Array
from engine.network.activations import ACTIVATIONS
from engine.network.losses import LOSSES
from engine.storage.value_checks import (
    each,
    flag,
    items,
    number,
    one_of,
    require,
    table,
    text,
    whole,
)
from engine.training.stopping import Watch
from tui.model.regions.colours import COLOURINGS
from tui.model.regions.filter import parse
from tui.model.regions.result import Failed, Reason, Regions, Unknown
from tui.model.regions.source import Moment, max_regions, pieces
from tui.model.run_curves import CostCurve
from tui.model.view import View
from tui.session.runs import MAX_NAME_LENGTH, MAX_RUNS, Run
from tui.session.selection import MAX_DEGREE
from tui.session.session import Session
from tui.storage.session_codec import DEFAULT_MODEL, LOOKS

if TYPE_CHECKING:
    from tui.model.changes import Mark

T = TypeVar("T")
WHOLE = "its notes are incomplete"
LARGEST = 1e200  # limit for coordinates: larger squares overflow


def session_of(trainers: Sequence[Trainer], notes: Mapping[str, Any]) -> Session:
    """The session of these runs. The notes are empty if a script saved the runs. DataError where
    they are not valid."""
    at = whole(notes.get("current", 0), "its current run", maximum=len(trainers) - 1)
    current = trainers[at].prepared
    assert current is not None
    session = Session(current.experiment, current.loaded)
    if "runs" not in notes:
        session.runs.all = tuple(
            Run(f"run {i}", trainer, name=ascii_uppercase[i % 26])
            for i, trainer in enumerate(trainers)
        )
        session.switch_to(at)
        return session
    notes = table(
        notes, WHOLE, "other", "looks", "view", "cursor", "walk_start", "before_relu", "glm",
        "microscope", "mark",
    )  # fmt: skip
    session.runs.all = _runs(notes["runs"], trainers)
    other = _maybe(notes["other"], "the other run", _number_below(len(trainers)))
    session.runs.index = at if other is None else other
    session.switch_to(at)
    session.selection.look_at(_view(notes["view"], session))
    _look(session, table(notes["looks"], WHOLE, *LOOKS))
    cursor = _point(notes["cursor"], "its cursor", session)
    session.selection.move_cursor(cursor)
    session.selection.walk_start = _maybe(
        notes["walk_start"], "its walk", lambda value, what: _point(value, what, session)
    )
    session.before_relu = _hidden(notes["before_relu"], session)
    from tui.model.glm.choice import GlmChoice, choice_of_0_1

    if notes["glm"] is None:
        session.glm_choice = choice_of_0_1(session.experiment, session.prepared.dataset)
    elif notes["glm"] != DEFAULT_MODEL:
        family, link = each(notes["glm"], "its GLM", text)
        require((family, link) in GLM_NETWORKS, "its GLM")
        session.glm_choice = GlmChoice(family, link)
    if notes["mark"] is not None:
        session.mark = _mark(notes["mark"], session)
    _look_closely(session, notes["microscope"])
    return session


def _maybe(value: Any, what: str, check: Callable[[Any, str], T]) -> T | None:
    return None if value is None else check(value, what)


def _number_below(count: int) -> Callable[[Any, str], int]:
    return lambda value, what: whole(value, what, maximum=count - 1)


def _runs(notes: Any, trainers: Sequence[Trainer]) -> tuple[Run, ...]:
    what = "its list of runs"
    remaining = iter(trainers)
    runs = tuple(_run(note, remaining, what) for note in items(notes, what))
    live = [run for run in runs if run.trainer]
    require(not [*remaining] and live == [*runs[: len(live)]], what)
    require(len(live) <= MAX_RUNS or len(live) == len(trainers), what)
    return runs


def _run(value: Any, remaining: Iterator[Trainer], what: str) -> Run:
    note = table(value, what, "label", "live", "curve", "name", "measure")
    label, name = text(note["label"], what), text(note["name"], what)
    require(0 < len(name) <= MAX_NAME_LENGTH and name.isprintable(), what)
    trainer = next(remaining, None) if flag(note["live"], what) else None
    require(trainer is not None or (not note["live"] and note["curve"] is not None), what)
    measure = tuple(_plain(part, what) for part in items(note["measure"], what))
    curve = None if note["curve"] is None else _curve(label, note["curve"], what)
    return Run(label, trainer, curve, name, measure)


def _plain(value: Any, what: str) -> object:
    require(value is None or type(value) in (str, int, float, bool), what)
    return value


def _curve(label: str, value: Any, what: str) -> CostCurve:
    steps, train, test = (
        np.array(each(part, what, lambda x, why: number(x, why, finite=False)), dtype=np.float64)
        for part in items(value, what, 3)
    )
    require(len(steps) == len(train) == len(test) > 0, what)
    require(np.isfinite(steps).all() and (np.diff(steps) > 0.0).all() and steps[0] >= 0.0, what)
    return CostCurve(label, steps, train, test)


def _view(value: Any, session: Session) -> View:
    what = "its view"
    note = table(value, what, "origin", "directions", "box", "names", "spread", "axes", "note")
    columns = session.prepared.dataset.columns.shape[1]
    box = [
        (_moderate(low, what), _moderate(high, what))
        for low, high in (items(pair, what, 2) for pair in items(note["box"], what))
    ]
    k = len(box)
    require(k in (1, 2) and k <= columns and all(low < high for low, high in box), what)
    directions = np.array([_row(row, what, columns) for row in items(note["directions"], what, k)])
    axes = each(note["axes"], what, _number_below(columns))
    spread = _row(note["spread"], what, columns)
    require(np.linalg.matrix_rank(directions) == k and (spread > 0.0).all(), what)
    require(len(axes) in (0, k) and len(set(axes)) == len(axes), what)
    if axes:
        require(np.array_equal(directions, np.eye(columns)[list(axes)]), what)
    names = each(note["names"], what, text)
    require(len(names) == k, what)
    origin = _row(note["origin"], what, columns)
    return View(origin, directions, (*box,), names, spread, axes, text(note["note"], what))


def _moderate(value: Any, what: str) -> float:
    found = number(value, what)
    require(abs(found) <= LARGEST, what)
    return found


def _row(value: Any, what: str, count: int) -> Array:
    numbers = [_moderate(item, what) for item in items(value, what, count)]
    return np.array(numbers, dtype=np.float64)


def _point(value: Any, what: str, session: Session) -> Array:
    """A point in the view's box."""
    low, high = np.array(session.selection.view.box).T
    return np.clip(_row(value, what, len(session.selection.view.box)), low, high)


def _look(session: Session, looks: Mapping[str, Any]) -> None:
    """Set the attributes that are saved unchanged."""
    data, sizes = session.prepared.dataset, session.prepared.network.sizes
    selection = session.selection
    selection.example = whole(looks["example"], "its example", maximum=len(data.X) - 1)
    selection.batch_mode = flag(looks["batch_mode"], "its batch_mode")
    selection.unit_lit = flag(looks["unit_lit"], "its unit_lit")
    selection.of_network = flag(looks["of_network"], "its of_network")
    session.runs.together = flag(looks["together"], "its together")
    layer, unit = items(looks["unit"], "its unit", 2)
    layer = whole(layer, "its unit", maximum=len(sizes) - 1)
    selection.unit = layer, whole(unit, "its unit", maximum=sizes[layer] - 1)
    fan_in = sizes[layer - 1] if layer else 0
    selection.weight = _maybe(looks["weight"], "its weight", _number_below(fan_in + 1))
    require(selection.weight is None or layer > 0, "its weight")
    selection.colour_by = one_of(looks["colour_by"], "its colours", COLOURINGS)
    selection.region_filter = _filter(looks["region_filter"])
    selection.degree = whole(looks["degree"], "its degree", 1, MAX_DEGREE)
    require(selection.degree == 1 or data.X.shape[1] == 1, "its degree")
    selection.plane = _maybe(looks["plane"], "its plane", _number_below(len(selection.planes)))
    session.time.stopped = text(looks["stopped"], "why it stopped")
    if session.time.stopped:  # playing goes on from there
        for run in session.runs.moving:
            below = run.prepared.experiment.stop_below
            run.live.watch = Watch(below=below, paused=run.live.step_count)


def _filter(value: Any) -> str:
    words = text(value, "its filter of regions")
    try:
        parse(words)
    except EngineError:
        return ""
    return words


def _hidden(value: Any, session: Session) -> tuple[str, ...]:
    """One activation for each hidden layer, or ()."""
    names = each(value, "its layers", lambda item, what: one_of(item, what, ACTIVATIONS))
    require(len(names) in (0, len(session.prepared.network.sizes) - 2), "its layers")
    return names


def _look_closely(session: Session, value: Any) -> None:
    what = "its micro-step"
    note = table(value, what, "at", "predicting", "right", "asked", "units", "inputs", "hides")
    scope, layers = session.microscope, len(session.prepared.network.sizes)
    scope.at = whole(note["at"], what)
    predicting = session.preferences.predicting = flag(note["predicting"], what)
    scope.guesses = whole(note["asked"], what)
    scope.right = whole(note["right"], what, maximum=scope.guesses)
    hides = flag(note["hides"], what)
    for name in ("units", "inputs"):
        pairs = [items(pair, what, 2) for pair in items(note[name], what)]
        found = {whole(a, what, maximum=layers - 1): whole(b, what) for a, b in pairs}
        setattr(scope, name, found)
    if predicting and not hides and not session.trainer.divergence:
        scope.reveal(session.trainer, session.selection.looked_at)


def _mark(value: Any, session: Session) -> Mark:
    from tui.model.changes import QUICK_REGIONS, Mark

    what = "its mark"
    note = table(
        value, what, "step", "loss", "cost", "test_cost", "view", "weights", "biases",
        "activations", "output", "skips", "regions",
    )  # fmt: skip
    step, loss = whole(note["step"], what), one_of(note["loss"], what, LOSSES)
    cost = number(note["cost"], what, finite=False)
    test_cost = _maybe(note["test_cost"], what, lambda x, why: number(x, why, finite=False))
    view = session.selection.view if note["view"] is None else _view(note["view"], session)
    network = _network(note, what)
    data = session.prepared.dataset
    require(network.sizes[0] == data.X.shape[1], what)
    require(network.sizes[-1] == session.prepared.targets.shape[1], what)
    stored = _maybe(note["regions"], what, text)
    regions = Regions(step, reason=_reason(stored) if stored else Unknown.TOO_MANY_TO_REPEAT)
    now = Moment(network, data, view, step)
    if stored is None and max_regions(now) <= QUICK_REGIONS:
        regions = pieces(now)
    return Mark(step, network, loss, cost, test_cost, view, regions, data.x_scale)


def _reason(stored: str) -> Reason:
    """Why the regions of a mark are not known."""
    codes = {code.value for code in Unknown}
    return Unknown(stored) if stored in codes else Failed(stored)


def _network(note: Mapping[str, Any], what: str) -> Network:
    """The network of a mark."""
    try:
        weights = [np.array(W, dtype=np.float64) for W in items(note["weights"], what)]
        biases = None if note["biases"] is None else items(note["biases"], what)
        skips = [(s, t) for s, t in items(note["skips"], what)]
        return Network.from_arrays(
            weights, biases, note["activations"], text(note["output"], what), skips
        ).frozen()
    except (EngineError, ValueError, TypeError, OverflowError):
        require(False, what)
        raise
