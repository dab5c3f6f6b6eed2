"""Editing: weights and biases set, nudged and frozen by hand, as events that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from engine import EngineError
from engine.network.parameters import Index, Kind, parameter_index, parameter_name
from tui.dialogs.base import Ask
from tui.drawing.numbers import MINUS, num
from tui.model.refusal import Refusal

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session

STEP = 0.1  # of a nudge


@dataclass(frozen=True)
class Parameter:
    """The weight or bias that is selected: where it is (as in ``Trainer.edit``), its index in
    ``Network.parameters``, its name and its value."""

    layer: int
    kind: Kind
    at: Index
    index: int
    name: str
    value: float


def next_weight(app: BaseApp, by: int) -> None:
    """Select the next weight into the selected unit, after the last its bias, then the first."""
    session = app.session
    layer, unit = session.selection.unit
    if layer == 0:
        raise EngineError("no weights lead into an input: select a unit of a layer (l, a click)")
    network = session.trainer.network
    count = network.sizes[layer - 1] + network.bias
    here = (
        session.selection.weight
        if session.selection.weight is not None
        else -1
        if by > 0
        else count
    )
    app.do(lambda: session.select_weight(layer, unit, (here + by) % count))


def edit_weight(app: BaseApp) -> None:
    """Ask for a new value of the selected weight; training pauses, so that the one told stays."""
    parameter = selected(app.session)
    _refuse_divergence(app.session)
    app.do(lambda: None, pause=True)
    prompt = app.look.glyphs.text(f"{said(parameter)}; its new value")
    app.push_screen(Ask(prompt, finite_number), lambda value: _answered(app, parameter, value))


def nudge(app: BaseApp, sign: int) -> None:
    """Make the selected weight a little larger or smaller."""
    parameter = selected(app.session)
    _set(app, parameter, parameter.value + sign * STEP, f" by {STEP:g}")


def toggle_frozen(app: BaseApp) -> None:
    """Freeze the selected weight, or let it learn again."""
    session, parameter = app.session, selected(app.session)
    frozen = parameter.index not in session.trainer.settings.frozen
    _act(app, lambda: session.freeze(parameter.layer, parameter.kind, parameter.at, frozen))
    says = "is frozen: it keeps its value" if frozen else "learns again"
    app.tell(f"{parameter.name} {says} from here on ({undoing(app)})")


def selected(session: Session) -> Parameter:
    """The selected weight or bias; EngineError where none is."""
    layer, unit = session.selection.unit
    network = session.trainer.network
    fan_in = network.sizes[layer - 1] if layer else 0
    if (
        session.selection.weight is None
        or layer == 0
        or session.selection.weight >= fan_in + network.bias
    ):
        raise Refusal("no weight is selected: {weight} goes through those into the selected unit")
    is_bias = session.selection.weight == fan_in
    kind: Kind = "bias" if is_bias else "weight"
    at: Index = unit if is_bias else (unit, session.selection.weight)
    index = parameter_index(network, layer, kind, at)
    name, value = parameter_name(network, index), float(network.parameters[index])
    return Parameter(layer, kind, at, index, name, value)


def said(parameter: Parameter) -> str:
    """``w⁽²⁾₁₃ = +0.062``"""
    return f"{parameter.name} = {num(parameter.value).strip()}"


def finite_number(text: str) -> float:
    """The number that a text means; ValueError where it is none, or not finite."""
    try:
        value = float(text.replace(MINUS, "-"))
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ValueError(f"{text or 'nothing'}: type a number such as 0.5 or -2e-3, or esc")
    return value


def undoing(app: BaseApp) -> str:
    """Which key takes an event back."""
    return f"{app.shown_keys['undo']} undoes it"


def _answered(app: BaseApp, parameter: Parameter, value: float | None) -> None:
    if value is not None:
        app.attempt(lambda: _set(app, parameter, value))


def _set(app: BaseApp, parameter: Parameter, value: float, how: str = "") -> None:
    session = app.session
    before = num(
        float(session.trainer.network.parameters[parameter.index])
    ).strip()  # playing, a new one
    _act(app, lambda: session.edit(parameter.layer, parameter.kind, parameter.at, value))
    after = num(value).strip()
    app.tell(f"{parameter.name}{how}: {before} → {after} ({undoing(app)})")


def _act(app: BaseApp, event: Callable[[], object]) -> None:
    """Do what is an event of the run."""
    _refuse_divergence(app.session)
    app.do(event)


def _refuse_divergence(session: Session) -> None:
    if session.trainer.divergence:
        raise EngineError(f"{session.trainer.divergence}: go back before you change anything")
