"""The options of the network: layers, output and loss, initial weights."""

from collections.abc import Iterator
from dataclasses import replace

from engine import Experiment
from engine.network.activations import ACTIVATIONS
from engine.training.fields import FIELDS
from tui.session.settings_draft import Changes, DataFacts, is_all_identity
from tui.settings.option import Option, field_option, label_and_help, yes_or_no
from tui.settings.value_ladders import (
    NOTHING,
    comma_list,
    others_from,
    read_integer,
    read_list,
)

MAX_LAYERS, MAX_UNITS = 8, 64  # that keys choose; more can be typed
NEW_UNITS = 4  # of a first hidden layer


def _turn_layers(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
    if by < 0 and e.hidden:
        yield {"hidden": e.hidden[:-1]}
    elif by > 0 and len(e.hidden) < MAX_LAYERS:
        yield {"hidden": (*e.hidden, *(e.hidden[-1:] or (NEW_UNITS,)))}


def _read_layers(text: str, e: Experiment, facts: DataFacts) -> Changes:
    if text in (*NOTHING, "0"):  # as --layers has it
        return {"hidden": ()}
    return {"hidden": tuple(read_integer(item) for item in read_list(text))}


LAYERS = Option(
    "hidden",
    ("hidden",),
    FIELDS["hidden"].label,
    "← → take away or add a layer; enter takes the units of each, such as 8, 8, 4, or 0 for none",
    lambda e, facts: comma_list(e.hidden) or "none",
    _turn_layers,
    read=_read_layers,
    text=lambda e, facts: comma_list(e.hidden),
)


def layer_options(e: Experiment, facts: DataFacts) -> Iterator[Option]:
    """The number of hidden layers, and the units of each."""
    yield from (LAYERS, *map(units_option, range(len(e.hidden))))


def units_option(layer: int) -> Option:
    """The units of one hidden layer, counted from 0."""

    def with_units(e: Experiment, units: int) -> Changes:
        return {"hidden": (*e.hidden[:layer], units, *e.hidden[layer + 1 :])}

    def turn(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
        units = e.hidden[layer] + by
        if 1 <= units <= max(MAX_UNITS, e.hidden[layer]):
            yield with_units(e, units)

    return Option(
        f"units {layer + 1}",
        ("hidden",),
        f"  layer {layer + 1}",
        f"← → take away or add a unit of hidden layer {layer + 1}; enter takes their number",
        lambda e, facts: str(e.hidden[layer]),
        turn,
        read=lambda text, e, facts: with_units(e, read_integer(text)),
        text=lambda e, facts: str(e.hidden[layer]),
    )


def activations(e: Experiment) -> tuple[str, ...]:
    """The activation of every hidden layer."""
    return (e.activation,) * len(e.hidden) if isinstance(e.activation, str) else e.activation


def _show_activation(e: Experiment, facts: DataFacts) -> str:
    return comma_list([*dict.fromkeys(activations(e))]) or str(e.activation)


def _activation_text(e: Experiment, facts: DataFacts) -> str:
    names = activations(e)
    return comma_list(names) if len({*names}) > 1 else "".join(names[:1])


def _read_activation(text: str, e: Experiment, facts: DataFacts) -> Changes:
    names = read_list(text)
    return {"activation": names[0] if len(names) == 1 else names}


def _turn_activation(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
    now = (*activations(e), "relu")[0]
    return ({"activation": name} for name in others_from([*ACTIVATIONS], now, by))


ACTIVATION = Option(
    "activation",
    ("activation",),
    FIELDS["activation"].label,
    "σ of the hidden layers, a = σ(z): one for all layers; enter takes one for each, such as "
    "relu, tanh",
    _show_activation,
    _turn_activation,
    read=_read_activation,
    text=_activation_text,
    choices=lambda e, facts: [*ACTIVATIONS],
)


def _turn_identity(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
    if is_all_identity(e):
        yield {"activation": "relu", "output": None, "loss": None}
        return
    identity: Changes = {"activation": "identity", "output": "identity"}
    yield from (identity, identity | {"loss": None})
    yield identity | {"loss": None, "weights": None, "biases": None}  # of another number of outputs


ALL_IDENTITY = Option(
    "identity",
    ("activation", "output", "loss"),
    "all identity",
    "activation and output of all layers: the network is then one linear map; "
    "η is lowered if the linear network could diverge with it",
    lambda e, facts: "yes" if is_all_identity(e) else "no",
    _turn_identity,
    choices=yes_or_no,
)


def activation_options(e: Experiment, facts: DataFacts) -> Iterator[Option]:
    """The activation of all hidden layers, of each if there are several, and identity in all."""
    yield ACTIVATION
    if len(e.hidden) > 1:
        yield from map(activation_option, range(len(e.hidden)))
    if e.hidden:
        yield ALL_IDENTITY


def activation_option(layer: int) -> Option:
    """The activation of one hidden layer, counted from 0."""

    def with_name(e: Experiment, name: str) -> Changes:
        names = (*activations(e)[:layer], name, *activations(e)[layer + 1 :])
        return {"activation": name if len({*names}) == 1 else names}

    def turn(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
        names = others_from([*ACTIVATIONS], activations(e)[layer], by)
        return (with_name(e, name) for name in names)

    return Option(
        f"activation {layer + 1}",
        ("activation",),
        f"  layer {layer + 1}",
        f"σ of hidden layer {layer + 1} alone",
        lambda e, facts: activations(e)[layer],
        turn,
        read=lambda text, e, facts: with_name(e, text),
        text=lambda e, facts: activations(e)[layer],
        choices=lambda e, facts: [*ACTIVATIONS],
    )


def pairs_option(field: str) -> Option:
    """A list of pairs of numbers, typed: ``1-3, 2-4``."""

    def show(e: Experiment, facts: DataFacts) -> str:
        return comma_list([f"{first}-{second}" for first, second in getattr(e, field)]) or "none"

    def read(text: str, e: Experiment, facts: DataFacts) -> Changes:
        pairs = () if text in NOTHING else tuple(_pair(part) for part in read_list(text))
        return {field: pairs}

    none: Changes = {field: ()}
    return Option(
        field,
        (field,),
        *label_and_help(field),
        show,
        lambda e, facts, by: [none] if getattr(e, field) else [],
        read=read,
        text=lambda e, facts: "" if not getattr(e, field) else show(e, facts),
    )


def _pair(text: str) -> tuple[int, int]:
    first, dash, second = text.partition("-")
    if not dash:
        raise ValueError(f"{text}: type pairs such as 1-3, 2-4")
    return read_integer(first), read_integer(second)


def _init_shown(e: Experiment, facts: DataFacts) -> str:
    return e.init if e.weights is None else "weights given"


def _turn_init(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
    if e.weights is not None:  # first choose to draw weights, by the present scheme
        yield {"init": e.init}
    yield from _DRAWN.turn(e, facts, by)


_DRAWN = field_option("init")
INIT = replace(_DRAWN, show=_init_shown, turn=_turn_init)
