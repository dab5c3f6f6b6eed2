"""Checks of settings: each takes a field's name and value, and returns it in its final type."""

from collections.abc import Callable
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np

from engine.errors import ExperimentError
from engine.network.activations import activation_named, output_named
from engine.network.losses import loss_named
from engine.network.network import INITIALISATIONS
from engine.quoting import LONGEST, shown
from engine.training.optimizers import optimizer_named
from engine.training.schedules import SCHEDULES

Check = Callable[[str, Any], Any]

LONGEST_NAME = 4096  # characters: no file has a longer one
LARGEST_WHOLE = (1 << 63) - 1  # of TOML's integers


def _wrong(name: str, value: Any, wanted: str) -> ExperimentError:
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        wanted += ", and no larger than 2^63 - 1"
    return ExperimentError(f"{name} = {shown(value)} is not {wanted}")


def _number(wanted: str, *, least: float = -inf, above: float = -inf, most: float = inf) -> Check:
    def check(name: str, value: Any) -> float:
        if not isinstance(value, Real) or isinstance(value, bool):
            raise _wrong(name, value, wanted)
        try:
            number = float(value)
        except OverflowError:  # a whole number beyond the largest float
            number = inf
        if not (isfinite(number) and least <= number <= most and number > above):
            raise _wrong(name, value, wanted)
        return number

    return check


def _whole(wanted: str, least: int) -> Check:
    def check(name: str, value: Any) -> int:
        is_whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not (is_whole and least <= value <= LARGEST_WHOLE):
            raise _wrong(name, value, wanted)
        return int(value)

    return check


def _named(find: Callable[[str], object]) -> Check:
    def check(name: str, value: Any) -> str:
        if len(_text(name, value)) > LONGEST:
            raise _wrong(name, value, "a name that there is")
        find(value)
        return str(value)

    return check


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(name, value, "a name")
    if any(0xD800 <= ord(character) < 0xE000 for character in value):
        raise _wrong(name, value, "a name that can be written as UTF-8")
    if len(value) > LONGEST_NAME:
        raise _wrong(name, value, f"a name of at most {LONGEST_NAME} characters")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _several(check: Check, wanted: str) -> Check:
    def check_all(name: str, value: Any) -> tuple[Any, ...]:
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if not isinstance(value, list | tuple):
            raise _wrong(name, value, wanted)
        return tuple(check(name, item) for item in value)

    return check_all


def _indices(name: str, value: Any) -> tuple[int, ...]:
    wanted = "a list of the numbers of parameters, from 0 on"
    return tuple(sorted(set(_several(_whole(wanted, 0), wanted)(name, value))))


def _pair(name: str, value: Any) -> tuple[Any, ...]:
    wanted = "a list of pairs [s, t] of layers, 0 being the inputs"
    pair: tuple[Any, ...] = _several(_whole(wanted, 0), wanted)(name, value)
    if len(pair) != 2:
        raise _wrong(name, value, wanted)
    return pair


def _activation(name: str, value: Any) -> str | tuple[str, ...]:
    one = _named(activation_named)
    if isinstance(value, str):
        return str(one(name, value))
    return tuple(_several(one, "a name or a list of names")(name, value))


def _init(name: str, value: Any) -> str:
    if _text(name, value) not in INITIALISATIONS:
        raise _wrong(name, value, f"one of {', '.join(INITIALISATIONS)}")
    return str(value)


def _schedule(name: str, value: Any) -> str:
    if _text(name, value) not in SCHEDULES:
        raise _wrong(name, value, f"one of {', '.join(SCHEDULES)}")
    return str(value)


def _target(name: str, value: Any) -> str | int:
    if isinstance(value, str):
        return _text(name, value)
    wanted = "a column's name, or its number from 1, or from -1 at the end"
    return int(_whole(wanted, -LARGEST_WHOLE)(name, value))


def _edits(name: str, value: Any) -> tuple[Any, ...]:
    wanted = "a list of edits such as ['add', [1.0, 2.0], [1.0]], ['move', 3, [0.5, 0.0]] or "
    wanted += "['delete', 7]"
    if not isinstance(value, list | tuple):
        raise _wrong(name, value, wanted)
    return tuple(_edit(name, edit, wanted) for edit in value)


def _edit(name: str, edit: Any, wanted: str) -> tuple[Any, ...]:
    match edit:
        case ["add", [*x], [*y]]:
            return "add", _nested(name, x), _nested(name, y)
        case ["move", row, [*x]]:
            return "move", _whole(wanted, 0)(name, row), _nested(name, x)
        case ["delete", row]:
            return "delete", _whole(wanted, 0)(name, row)
    raise _wrong(name, edit, wanted)


def _nested(name: str, value: Any) -> Any:
    """Numbers in lists of lists, as tuples, so that the experiment stays hashable."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_nested(name, item) for item in value)
    return _number("a finite number")(name, value)


def _arrays(name: str, value: Any) -> tuple[Any, ...]:
    nested = _nested(name, value)
    if not isinstance(nested, tuple):
        raise _wrong(name, value, "a list with the arrays of every layer")
    return nested


CHECKS: dict[str, Check] = {
    "dataset": _text,
    "hidden": _several(_whole("a list of unit counts, each 1 or more", 1), "a list of unit counts"),
    "activation": _activation,
    "output": _named(output_named),
    "loss": _named(loss_named),
    "optimizer": _named(optimizer_named),
    "learning_rate": _number("a number above 0", above=0.0),
    "schedule": _schedule,
    "schedule_steps": _whole("a whole number, 1 or more", 1),
    "warm_up": _whole("a whole number, 0 or more", 0),
    "batch_size": _whole("a whole number, 1 or more", 1),
    "l1": _number("a number, 0 or more", least=0.0),
    "l2": _number("a number, 0 or more", least=0.0),
    "frozen": _indices,
    "noise": _number("a percentage from 0 to 50", least=0.0, most=50.0),
    "train_fraction": _number("a share above 0, up to 1", above=0.0, most=1.0),
    "features": _several(_text, "a list of column names"),
    "init": _init,
    "init_scale": _number("a number, 0 or more", least=0.0),
    "seed": _whole("a whole number, 0 or more", 0),
    "init_seed": _whole("a whole number, 0 or more", 0),
    "bias": _flag,
    "skips": _several(_pair, "a list of pairs [s, t] of layers"),
    "target": _target,
    "standardize": _flag,
    "stop_steps": _whole("a whole number, 1 or more", 1),
    "stop_below": _number("a number"),
    "stop_patience": _whole("a whole number, 1 or more", 1),
    "edits": _edits,
    "weights": _arrays,
    "biases": _arrays,
}
"""How each field of an experiment is checked (and made hashable)."""
