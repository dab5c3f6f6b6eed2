"""Keys of the user's own choice: how they are written, and which would be in each other's way."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from textual.keys import Keys, _character_to_key

from engine import EngineError
from tui.commands.table import ACTIONS, BY_ID
from tui.keys.action import Action

Bindings = Mapping[str, tuple[str, ...]]
"""The keys of actions by id, under Textual's names."""

MODIFIERS = {"ctrl", "alt", "shift"}
CHARACTERS = {_character_to_key(chr(code)): chr(code) for code in range(ord("!"), ord("~") + 1)}
NAMED = {key.value for key in Keys} | CHARACTERS.keys()
WRITTEN = {"left": "←", "right": "→", "up": "↑", "down": "↓"}


def key_named(text: str) -> str | None:
    """Textual's name of a key: of a character, as ``[``, or of a name, as ``shift+right``; None
    where there is no such key."""
    *modifiers, key = text.split("+") if len(text) > 1 else (text,)
    if len(key) == 1 and key.isprintable():
        key = _character_to_key(key)
    elif key not in NAMED:
        return None
    return "+".join([*modifiers, key]) if MODIFIERS.issuperset(modifiers) else None


NEVER = {
    "ctrl+i": "terminals send tab for it",
    "ctrl+m": "terminals send enter for it",
    "ctrl+h": "terminals send backspace for it",
    "ctrl+left_square_bracket": "terminals send escape for it",
    "ctrl+q": "it always quits",
}
"""Keys that no action can have, and why."""


def cannot_be_pressed(key: str) -> str:
    """Why a key, under Textual's name, would never bring about what it is given to; "" where it
    would."""
    *modifiers, last = key.split("+")
    if "ctrl" in modifiers and len(last) == 1 and last != last.lower():
        return f"terminals send {key.lower()} for it"
    return NEVER.get(key, "")


def typed(key: str) -> str:
    """A key by its character where it has one, else by its name; ``key_named`` reads both."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, CHARACTERS.get(last, last)])


def written(key: str) -> str:
    """A key as help and key bar write it."""
    *modifiers, last = key.split("+")
    if last[0] == "f" and last[1:].isdigit():
        last = last.upper()
    return "+".join([*modifiers, WRITTEN.get(last, CHARACTERS.get(last, last))])


def keys_of(actions: Iterable[Action]) -> tuple[str, ...]:
    """All keys of these actions, each once."""
    return tuple(dict.fromkeys(key for action in actions for key in action.keys))


def rebound(bindings: Bindings) -> tuple[Action, ...]:
    """All actions, with other keys where ``bindings`` have some.

    EngineError where a key would then do two things on one screen.
    """
    for action in bindings:
        if clash := clash_of(action, bindings):
            raise EngineError(clash)
    return tuple(_moved(action, bindings) for action in ACTIONS)


def clash_of(action: str, bindings: Bindings) -> str:
    """What is in the way of the new keys of the action with this id; "" where nothing is.

    An action of one screen may share a key with one of all screens, and goes before it there,
    only where it has always done so.
    """
    usual, one = BY_ID[action], _moved(BY_ID[action], bindings)
    for its_usual in ACTIONS:
        other = _moved(its_usual, bindings)
        shared = [key for key in one.keys if key in other.keys]
        if other.id == action or not shared or not _meet(one, other):
            continue
        goes_before = bool(one.screens) != bool(other.screens)
        if not (goes_before and set(usual.keys) & set(its_usual.keys)):
            key = written(shared[0])
            return f"the key {key} is that of {other.id} ({other.help}): give that another too"
    return ""


def _moved(action: Action, bindings: Bindings) -> Action:
    keys = bindings.get(action.id, action.keys)
    if keys == action.keys:
        return action
    return replace(action, keys=keys, shown=" ".join(map(written, keys)), bar="")


def _meet(one: Action, other: Action) -> bool:
    """Whether there is a screen on which there are both."""
    both = set(one.screens) & set(other.screens)
    return bool(both) or not (one.screens and other.screens)
