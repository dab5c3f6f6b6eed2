"""The user's preferences: one TOML file, read when the app starts."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from engine import DataError, EngineError
from engine.atomic_files import read_whole
from engine.data.dataset import hint
from engine.quoting import shown
from engine.toml_lines import line_of, table_of
from tui.commands.keys import ACTIONS, BY_ID
from tui.custom_keys import Bindings, cannot_be_pressed, clash_of, key_named, key_text
from tui.drawing.palette import SIGN_COLOURS, STANDARD, THEMES
from tui.session.play.speed import FASTEST, MAX, SLOWEST
from tui.system.app_folders import config_path

MIN_FRAME_RATE, MAX_FRAME_RATE = 1, 30  # frames a second
MAX_BYTES = 1_000_000  # of the file: a hundred times the length of a full one
SPEEDS: Mapping[str, float | None] = {"auto": None, "max": MAX}  # those that are no number
Check = Callable[[str, Any], Any]
LAST = "last"
LAYOUTS = ("simple", "full", LAST)  # of Explore


class PreferencesError(EngineError):
    """A preferences file with a mistake in it."""


@dataclass(frozen=True)
class Preferences:
    """``frame_rate`` is the highest number of frames a second. ``keys`` are the keys of the actions
    whose keys the user has changed (see ``tui.custom_keys``)."""

    theme: str = "dark"
    ascii: bool = False
    frame_rate: float = 8.0
    keys: Bindings = field(default_factory=dict)
    colours: str = STANDARD  # of SIGN_COLOURS
    speed: float | None = None  # steps a second while training plays; None: slow at first
    layout: str = LAST  # of LAYOUTS


def load(path: Path | None = None) -> Preferences:
    """The preferences in a file, by default the user's; the defaults if there is no file.

    PreferencesError names the file, the line and what is allowed.
    """
    path = config_path() if path is None else path
    if not os.path.lexists(path):
        return Preferences()
    try:
        return from_toml(read_whole(path, MAX_BYTES).decode("utf-8-sig"))
    except DataError as error:
        raise PreferencesError(str(error)) from None
    except UnicodeDecodeError:
        raise PreferencesError(f"{path}: not UTF-8 text") from None
    except PreferencesError as error:
        raise PreferencesError(f"{path}: {error}") from None


def from_toml(text: str) -> Preferences:
    """The preferences in a text. PreferencesError names the line and what is allowed."""
    try:
        table = table_of(text)
    except ValueError as error:
        raise PreferencesError(str(error)) from None
    values: dict[str, Any] = {}
    for name, value in table.items():
        try:
            values[name] = _check_of(name, CHECKS, "preference")(name, value)
        except PreferencesError as error:
            raise PreferencesError(f"line {line_of(name, text)}: {error}") from None
    values["keys"] = _bindings(values.get("keys", {}), text)
    return Preferences(**values)


def _bindings(table: Mapping[str, Any], text: str) -> Bindings:
    bindings: dict[str, tuple[str, ...]] = {}

    def refuse(action: str, mistake: object) -> NoReturn:
        raise PreferencesError(f"line {line_of(action, text, 'keys')}: {mistake}")

    for action, value in table.items():
        try:
            bindings[action] = _check_of(action, KEY_CHECKS, "action")(action, value)
        except PreferencesError as error:
            refuse(action, error)
    for action in bindings:
        if clash := clash_of(action, bindings):
            refuse(action, clash)
    return bindings


def _check_of(name: str, checks: Mapping[str, Check], what: str) -> Check:
    if name not in checks:
        more = " (nn-explore config lists all)" if checks is KEY_CHECKS else ""
        raise PreferencesError(f"unknown {what} {shown(name)}; {hint(name, checks)}{more}")
    return checks[name]


def _wrong(name: str, value: object, wanted: str) -> PreferencesError:
    return PreferencesError(f"{name} = {shown(value)} is not {wanted}")


def _one_of(*allowed: str) -> Check:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise _wrong(name, value, f"one of {', '.join(allowed)}")
        return value

    return check


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _rate(name: str, value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not MIN_FRAME_RATE <= value <= MAX_FRAME_RATE:
        raise _wrong(name, value, f"a number from {MIN_FRAME_RATE} to {MAX_FRAME_RATE}")
    return float(value)


def _speed(name: str, value: Any) -> float | None:
    if isinstance(value, str) and value in SPEEDS:
        return SPEEDS[value]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not SLOWEST <= value <= FASTEST:
        words = " or ".join(json.dumps(word) for word in SPEEDS)
        raise _wrong(name, value, f"{words}, or a number from {SLOWEST} to {FASTEST}")
    return float(value)


def _table(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, value, f'a table of actions: [{name}], then play = "p" and the like')
    return value


def _keys(name: str, value: Any) -> tuple[str, ...]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _wrong(name, value, "a key or a list of keys, each between quotes")
    keys = {text: key_named(text) for text in texts}
    for text, key in keys.items():
        if key is None:
            raise _wrong(name, text, "a key: it is a character, or such as space, f5, shift+right")
        if reason := cannot_be_pressed(key):
            raise PreferencesError(f"{name} = {shown(text)} cannot work: {reason}")
    return tuple(key for key in keys.values() if key)


CHECKS: Mapping[str, Check] = {
    "theme": _one_of(*THEMES),
    "ascii": _flag,
    "frame_rate": _rate,
    "speed": _speed,
    "colours": _one_of(*SIGN_COLOURS),
    "layout": _one_of(*LAYOUTS),
    "keys": _table,
}
KEY_CHECKS: Mapping[str, Check] = dict.fromkeys(BY_ID, _keys)


# as text


DESCRIPTIONS = {
    "theme": f"one of {', '.join(THEMES)}",
    "colours": "standard (blue is negative, orange positive) or playground (the other way round)",
    "layout": "of Explore: simple, full (with the numbers of every unit), or last: as it was left",
    "ascii": "whether to draw with ASCII characters only",
    "frame_rate": "highest number of frames a second while something moves: "
    f"{MIN_FRAME_RATE} to {MAX_FRAME_RATE}",
    "speed": f'steps a second while training plays: {SLOWEST} to {FASTEST}, "max", or "auto": '
    "slow where the run of a small network begins",
}


def to_toml(preferences: Preferences, default_prefix: str = "") -> str:
    """The preferences as TOML, each with a line that explains it; ``from_toml`` reads it.

    ``default_prefix``, such as "# ", is written before values that are the defaults.
    """
    lines = []
    default = Preferences()
    for name, description in DESCRIPTIONS.items():
        value = getattr(preferences, name)
        prefix = default_prefix if value == getattr(default, name) else ""
        lines += [f"# {description}", f"{prefix}{name} = {_toml(value)}", ""]
    lines += [
        "# the key of an action, or a list of keys: a character, or such as space, shift+right"
    ]
    lines += ["[keys]"]
    for action in ACTIONS:
        keys = preferences.keys.get(action.id, action.keys)
        prefix = default_prefix if keys == action.keys else ""
        lines.append(f"{prefix}{action.id} = {_toml(keys)}  # {action.help}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        value = [key_text(key) for key in value]
        value = value[0] if len(value) == 1 else value
    if value is None or value == MAX:
        value = next(word for word, speed in SPEEDS.items() if speed == value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False)
