"""Weights and biases: selected, set, nudged and frozen by hand, one by one or all of a layer. Undo
takes each change back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from engine import EngineError, Network
from engine.arrays import Array
from engine.network.parameters import (
    Index,
    Kind,
    changeable_index,
    parameter_index,
    parameter_name,
)
from engine.wording import plural
from tui.actions.action import Action
from tui.drawing.numbers import MINUS, num, setting
from tui.model.key_hint_error import KeyHintError

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session

NUDGE = 0.1
MOST_SHOWN = 6  # rows and columns of the present W


@dataclass(frozen=True)
class Parameter:
    """The selected weight or bias.

    ``layer``, ``kind`` and ``at`` are as in ``Trainer.edit``; ``index`` is in
    ``Network.parameters``.
    """

    layer: int
    kind: Kind
    at: Index
    index: int
    name: str
    value: float


def next_weight(app: BaseApp, by: int) -> None:
    """Select the next weight into the selected unit (by = 1), or the previous one (−1).

    After the last weight comes the bias, then the first weight.
    """
    session = app.session
    layer, unit = _layer_and_unit(session)
    choices = _inputs(session.trainer.network, layer, unit)
    current = session.selection.weight
    if current is None:
        current = -1 if by > 0 else choices[-1] + 1
    later, before = ([k for k in choices if k > current], [k for k in choices if k < current])
    weight = (later or choices)[0] if by > 0 else (before or choices)[-1]
    app.do(lambda: session.select_weight(layer, unit, weight))


def _inputs(network: Network, layer: int, unit: int) -> list[int]:
    """The inputs of the weights into a unit, without those outside the kernel of a convolution;
    and the fan-in for the bias."""
    fan_in = network.sizes[layer - 1]
    places = ((k, parameter_index(network, layer, "weight", (unit, k))) for k in range(fan_in))
    inputs = [k for k, at in places if not network.is_outside_kernel(at)]
    return [*inputs, *([fan_in] if network.bias else [])]


def edit_weight(app: BaseApp) -> None:
    """Ask for a new value of the selected weight. Training pauses, so that the value in the
    question stays true."""
    from tui.dialogs.base import Ask

    parameter = selected(app.session)
    _refuse_divergence(app.session)
    app.do(lambda: None, pause=True)
    prompt = f"now {equation(parameter)}; its new value"
    app.ask(
        Ask("Set a weight or a bias", prompt, finite_number),
        lambda value: _set(app, parameter, value),
    )


def ask_matrix(app: BaseApp) -> None:
    """Ask for W and b of the selected unit's layer, and set them as one event. Training pauses."""
    from engine.storage.layer_matrices import layer_shapes
    from tui.dialogs.matrix import AskMatrix

    session = app.session
    layer, _ = _layer_and_unit(session)
    _refuse_divergence(session)
    app.do(lambda: None, pause=True)
    network = session.trainer.network
    question = AskMatrix(
        layer_shapes(network, layer),
        _matrix_notes(session, layer),
        _present(network.matrices[layer - 1]),
        lambda text: read_matrix(network, layer, text),
        lambda text: lacks_rows(network, layer, text),
    )
    app.ask(question, lambda answer: _assign(app, *answer))


def read_matrix(network: Network, layer: int, text: str) -> tuple[Array, str]:
    """All parameters (P,) with W and b as they were typed or are in the file of a typed name, and
    what they are, for the event. EngineError says what is wrong."""
    from engine.storage.layer_matrices import with_layer
    from engine.storage.matrix_file import is_path, matrices_in
    from engine.storage.matrix_text import named_matrix, split_transpose
    from tui.system.paths import typed_path

    given, text, (plain, transposed) = "typed", text.strip(), split_transpose(text)
    if is_path(plain):
        path = typed_path(plain)
        matrices, given = matrices_in(path), f"in {path.name}"
    else:
        matrices = dict([named_matrix(plain)])
    what, parameters = with_layer(network, layer, matrices, given, transposed)
    how = given if given == "typed" else f"as {given}"
    return parameters, f"{what} of layer {layer} {how}"


def lacks_rows(network: Network, layer: int, text: str) -> bool:
    """Whether rows on lines are the beginning of W, [W b] or a column b, so that enter begins the
    next one. After an empty line the text is complete, whatever it is."""
    from engine.storage.matrix_text import numbers_in

    n, m = network.weights[layer - 1].shape
    lines = text.split("\n")
    if not lines[-1].strip():
        return False
    try:
        rows = [len(numbers_in(line)) for line in lines]
    except EngineError:  # brackets, a name, a file; or a mistake, of which the reader tells
        return False
    return len(rows) < n and set(rows) in ({m}, {m + 1}, {1})


def nudge(app: BaseApp, sign: int) -> None:
    """Make the selected weight a little larger or smaller."""
    parameter = selected(app.session)
    _set(app, parameter, parameter.value + sign * NUDGE, f" by {setting(NUDGE)}")


def toggle_frozen(app: BaseApp) -> None:
    """Freeze the selected weight, or let it learn again."""
    session, parameter = app.session, selected(app.session)
    frozen = parameter.index not in session.trainer.settings.frozen
    _act(app, lambda: session.freeze(parameter.layer, parameter.kind, parameter.at, frozen))
    state, value = ("is frozen", ": it keeps its value") if frozen else ("learns again", "")
    where, name = _everywhere(session, parameter), parameter.name
    forms = (f"{state}{value} from here on{where}", f"{state} from here on", state)
    app.tell(*(f"{name} {form} ({_undo_hint(app)})" for form in forms))


def selected(session: Session) -> Parameter:
    """The selected weight or bias. EngineError if none is selected."""
    layer, unit = session.selection.unit
    network = session.trainer.network
    fan_in = network.sizes[layer - 1] if layer else 0
    weight = session.selection.weight
    if weight is None or layer == 0 or weight >= fan_in + network.bias:
        raise KeyHintError("no weight selected: {weight} goes through the unit's weights")
    is_bias = weight == fan_in
    kind: Kind = "bias" if is_bias else "weight"
    at: Index = unit if is_bias else (unit, weight)
    index = changeable_index(network, layer, kind, at)
    name, value = parameter_name(network, index), float(network.parameters[index])
    return Parameter(layer, kind, at, index, name, value)


def equation(parameter: Parameter) -> str:
    """``w⁽²⁾₁₃ = +0.062``"""
    return f"{parameter.name} = {num(parameter.value).strip()}"


def finite_number(text: str) -> float:
    """The number that was typed. ValueError if it is none, or not finite."""
    try:
        value = float(text.replace(MINUS, "-"))
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ValueError(f"{text or 'nothing'}: type a number such as 0.5 or -2e-3, or esc")
    return value


def _layer_and_unit(session: Session) -> tuple[int, int]:
    layer, unit = session.selection.unit
    if layer == 0:
        raise EngineError("an input has no weights: l or a click selects a unit")
    return layer, unit


def _matrix_notes(session: Session, layer: int) -> str:
    """What may be typed for W and b of a layer."""
    network, data = session.trainer.network, session.prepared.dataset
    m = network.sizes[layer - 1]
    bias = f", or {m + 1} with its bias; or b alone" if network.bias else ""
    scaled = ["inputs"] * (layer == 1 and not data.x_scale.is_identity)
    scaled += ["targets"] * (layer == len(network.weights) and not data.y_scale.is_identity)
    return (
        f"A row per unit: {plural(m, 'weight')}{bias}.\nOr a file: ./W.csv, .npy or .npz."
        + f"\nThe {' and '.join(scaled)} are standardised here." * bool(scaled)
    )


def _present(matrix: Array) -> str:
    """The present numbers, as many rows and columns of them as there is room for."""
    rows = [" ".join(map(num, row[:MOST_SHOWN])) for row in matrix[:MOST_SHOWN].tolist()]
    rows = [row + " …" * (matrix.shape[1] > MOST_SHOWN) for row in rows]
    return "\n".join(["now:", *rows, *["…"] * (len(matrix) > MOST_SHOWN)])


def _assign(app: BaseApp, parameters: Array, label: str) -> None:
    _act(app, lambda: app.session.assign(parameters, label))
    app.tell(f"{label} ({_undo_hint(app)})")


def _undo_hint(app: BaseApp) -> str:
    return f"{app.shown_keys['undo']} undoes it"


def _set(app: BaseApp, parameter: Parameter, value: float, how: str = "") -> None:
    session = app.session
    # parameter.value may be older, while training plays
    before = num(float(session.trainer.network.parameters[parameter.index])).strip()
    _act(app, lambda: session.edit(parameter.layer, parameter.kind, parameter.at, value))
    after = num(value).strip()
    where = _everywhere(session, parameter)
    text = f"{parameter.name}{how}: {before} → {after}"
    app.tell(f"{text}{where} ({_undo_hint(app)})", f"{text} ({_undo_hint(app)})", text)


def _everywhere(session: Session, parameter: Parameter) -> str:
    """Of a parameter of a convolution how many places it has."""
    places = len(session.trainer.network.places(parameter.index))
    return f" at its {plural(places, 'place')}" if places > 1 else ""


def _act(app: BaseApp, event: Callable[[], object]) -> None:
    """Make a change that is an event of the run."""
    _refuse_divergence(app.session)
    app.do(event)


def _refuse_divergence(session: Session) -> None:
    if session.trainer.divergence:
        raise EngineError(f"{session.trainer.divergence}: go back before you change anything")


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "weight",
        ("i",),
        "i",
        "select the next weight into the selected unit, and after the last one its bias",
        lambda app: next_weight(app, 1),
        "next weight",
        screens=("explore", "backprop"),
        name="the next weight",
    ),
    Action(
        "weight_before",
        ("I",),
        "I",
        "select the weight before",
        lambda app: next_weight(app, -1),
        "weight before",
        screens=("explore", "backprop"),
        name="the weight before",
    ),
    Action(
        "edit",
        ("e",),
        "e",
        "edit the selected weight or bias (typed)",
        edit_weight,
        "edit a weight",
        screens=("explore", "backprop"),
        name="edit a weight (typed)",
    ),
    Action(
        "matrix_typed",
        ("E",),
        "E",
        "W and b of the selected unit's layer: typed, pasted, or a file's",
        ask_matrix,
        "type W and b",
        screens=("explore", "backprop"),
        name="type W and b of a layer",
    ),
    Action(
        "increase",
        ("plus",),
        "+",
        "make the selected weight or bias larger",
        lambda app: nudge(app, 1),
        "larger weight",
        screens=("explore", "backprop"),
        name="a larger weight",
    ),
    Action(
        "decrease",
        ("minus",),
        "-",
        "make the selected weight or bias smaller",
        lambda app: nudge(app, -1),
        "smaller weight",
        screens=("explore", "backprop"),
        name="a smaller weight",
    ),
    Action(
        "freeze",
        ("f",),
        "f",
        "freeze the selected weight or bias, or let it learn again",
        toggle_frozen,
        "freeze a weight",
        screens=("explore", "backprop"),
        name="freeze a weight",
    ),
)
