"""Checks of settings: each takes a field's name and value, and returns the value in its final type.

``fields`` lists the check of every setting. A value that is not as ``expected`` raises
ExperimentError.
"""

from collections.abc import Callable
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np

from engine.data.reading.options import ReadOptions
from engine.errors import DataError, ExperimentError
from engine.network.activations import activation_named
from engine.network.structure.initialisation import INITIALISATIONS
from engine.quoting import MAX_CHARACTERS, shown
from engine.training.schedules import SCHEDULES

Check = Callable[[str, Any], Any]

MAX_NAME = 4096  # characters: file systems allow no longer paths
LARGEST_SHARE = float(np.nextafter(1.0, 0.0))  # below 1
MAX_INTEGER = (1 << 63) - 1  # of TOML


def _wrong(name: str, value: Any, expected: str) -> ExperimentError:
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        expected += ", and no larger than 2^63 - 1"
    return ExperimentError(f"{name} = {shown(value)} is not {expected}")


def check_number(
    expected: str, *, minimum: float = -inf, above: float = -inf, maximum: float = inf
) -> Check:
    def check(name: str, value: Any) -> float:
        if not isinstance(value, Real) or isinstance(value, bool):
            raise _wrong(name, value, expected)
        try:
            number = float(value)
        except OverflowError:  # a whole number beyond the largest float
            number = inf
        if not (isfinite(number) and minimum <= number <= maximum and number > above):
            raise _wrong(name, value, expected)
        return number

    return check


def check_whole(expected: str, minimum: int) -> Check:
    def check(name: str, value: Any) -> int:
        is_whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not (is_whole and minimum <= value <= MAX_INTEGER):
            raise _wrong(name, value, expected)
        return int(value)

    return check


def check_named(find: Callable[[str], object]) -> Check:
    def check(name: str, value: Any) -> str:
        if len(check_text(name, value)) > MAX_CHARACTERS:
            raise _wrong(name, value, "a name that exists")
        find(value)
        return str(value)

    return check


def check_reading(name: str, value: Any) -> str | None:
    """How a file is read, as ``ReadOptions`` writes it."""
    try:
        return ReadOptions.from_text(check_text(name, value)).text or None
    except DataError as error:
        raise ExperimentError(f"{name}: {error}") from None


def check_text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(name, value, "a name")
    if any(0xD800 <= ord(character) < 0xE000 for character in value):
        raise _wrong(name, value, "a name that can be written as UTF-8")
    if len(value) > MAX_NAME:
        raise _wrong(name, value, f"a name of at most {MAX_NAME} characters")
    return value


def check_flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def check_several(check: Check, expected: str) -> Check:
    def check_all(name: str, value: Any) -> tuple[Any, ...]:
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if not isinstance(value, list | tuple):
            raise _wrong(name, value, expected)
        return tuple(check(name, item) for item in value)

    return check_all


def check_indices(name: str, value: Any) -> tuple[int, ...]:
    expected = "a list of the numbers of parameters, from 0 on"
    return tuple(sorted(set(check_several(check_whole(expected, 0), expected)(name, value))))


def check_pair(name: str, value: Any) -> tuple[Any, ...]:
    expected = "a list of pairs [s, t] of layers, 0 being the inputs"
    pair: tuple[Any, ...] = check_several(check_whole(expected, 0), expected)(name, value)
    if len(pair) != 2:
        raise _wrong(name, value, expected)
    return pair


def check_convolution(name: str, value: Any) -> tuple[Any, ...]:
    expected = "a list of pairs [layer, kernel length], each 1 or more"
    pair: tuple[Any, ...] = check_several(check_whole(expected, 1), expected)(name, value)
    if len(pair) != 2:
        raise _wrong(name, value, expected)
    return pair


def check_betas(name: str, value: Any) -> tuple[Any, ...]:
    expected = "two numbers from 0 to below 1, β₁ and β₂"
    check = check_number(expected, minimum=0.0, maximum=LARGEST_SHARE)
    betas: tuple[Any, ...] = check_several(check, expected)(name, value)
    if len(betas) != 2:
        raise _wrong(name, value, expected)
    return betas


def check_activation(name: str, value: Any) -> str | tuple[str, ...]:
    check_one = check_named(activation_named)
    if isinstance(value, str):
        return str(check_one(name, value))
    return tuple(check_several(check_one, "a name or a list of names")(name, value))


def check_init(name: str, value: Any) -> str:
    if check_text(name, value) not in INITIALISATIONS:
        raise _wrong(name, value, f"one of {', '.join(INITIALISATIONS)}")
    return str(value)


def check_schedule(name: str, value: Any) -> str:
    if check_text(name, value) not in SCHEDULES:
        raise _wrong(name, value, f"one of {', '.join(SCHEDULES)}")
    return str(value)


def check_target(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple) and value:
        several: tuple[Any, ...] = tuple(check_target(name, item) for item in value)
        return several if len(several) > 1 else several[0]
    if isinstance(value, str):
        return check_text(name, value)
    expected = "a column's name, or its number from 1, or from -1 at the end, or a list of them"
    return int(check_whole(expected, -MAX_INTEGER)(name, value))


def check_edits(name: str, value: Any) -> tuple[Any, ...]:
    expected = "a list of edits such as ['add', [1.0, 2.0], [1.0]], ['move', 3, [0.5, 0.0]] or "
    expected += "['delete', 7]"
    if not isinstance(value, list | tuple):
        raise _wrong(name, value, expected)
    return tuple(_edit(name, edit, expected) for edit in value)


def _edit(name: str, edit: Any, expected: str) -> tuple[Any, ...]:
    match edit:
        case ["add", [*x], [*y]]:
            return "add", _nested(name, x), _nested(name, y)
        case ["move", row, [*x]]:
            return "move", check_whole(expected, 0)(name, row), _nested(name, x)
        case ["delete", row]:
            return "delete", check_whole(expected, 0)(name, row)
    raise _wrong(name, edit, expected)


def _nested(name: str, value: Any) -> Any:
    """Nested lists of numbers as nested tuples, so that the experiment is hashable."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_nested(name, item) for item in value)
    return check_number("a finite number")(name, value)


def check_arrays(name: str, value: Any) -> tuple[Any, ...]:
    nested = _nested(name, value)
    if not isinstance(nested, tuple):
        raise _wrong(name, value, "a list with the arrays of every layer")
    return nested
