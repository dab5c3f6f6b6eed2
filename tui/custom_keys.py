"""Keys that the user has chosen: how they are written, and which of them clash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from textual.keys import Keys, _character_to_key

from engine import EngineError
from tui.actions.action import Action
from tui.commands.keys import ACTIONS, BY_ID

if TYPE_CHECKING:
    from tui.base_app import BaseApp

Bindings = Mapping[str, tuple[str, ...]]
"""The keys of actions by id, under Textual's names."""

MODIFIERS = {"ctrl", "alt", "shift"}
CHARACTERS = {_character_to_key(chr(code)): chr(code) for code in range(ord("!"), ord("~") + 1)}
NAMED = {key.value for key in Keys} | CHARACTERS.keys()
SHOWN = {"left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp", "pagedown": "PgDn"}


def key_named(text: str) -> str | None:
    """Textual's name of a key, given as a character (``[``) or by name (``shift+right``).

    None if there is no such key.
    """
    *modifiers, key = text.split("+") if len(text) > 1 else (text,)
    if len(key) == 1 and key.isprintable():
        key = _character_to_key(key)
    elif key not in NAMED:
        return None
    return "+".join([*modifiers, key]) if MODIFIERS.issuperset(modifiers) else None


RESERVED = {
    "ctrl+i": "terminals send tab for it",
    "ctrl+m": "terminals send enter for it",
    "ctrl+h": "terminals send backspace for it",
    "ctrl+left_square_bracket": "terminals send escape for it",
    "ctrl+q": "it always quits",
}
"""Keys that no action can have, and why."""


def cannot_be_pressed(key: str) -> str:
    """Why no action can have a key, given by Textual's name; "" if one can."""
    *modifiers, last = key.split("+")
    if "ctrl" in modifiers and len(last) == 1 and last != last.lower():
        return f"terminals send {key.lower()} for it"
    return RESERVED.get(key, "")


def key_text(key: str) -> str:
    """A key as its character, if it has one, or its name. ``key_named`` reads both."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, CHARACTERS.get(last, last)])


def shown_key(key: str) -> str:
    """A key as help and key bar show it."""
    *modifiers, last = key.split("+")
    if last[0] == "f" and last[1:].isdigit():
        last = last.upper()
    return "+".join([*modifiers, SHOWN.get(last, CHARACTERS.get(last, last))])


def keys_of(actions: Iterable[Action[Any]]) -> tuple[str, ...]:
    """All keys of these actions, each once."""
    return tuple(dict.fromkeys(key for action in actions for key in action.keys))


def rebound(bindings: Bindings) -> tuple[Action[BaseApp], ...]:
    """All actions, with the keys of ``bindings``.

    EngineError if a key would then do two things on one screen.
    """
    for action in bindings:
        if clash := clash_of(action, bindings):
            raise EngineError(clash)
    return tuple(_with_keys(action, bindings) for action in ACTIONS)


def clash_of(action: str, bindings: Bindings) -> str:
    """Which other action has one of the new keys of this action; "" if none.

    An action of one screen may share a key with one of all screens, and one for maps with
    any other, only if their usual keys are shared too.
    """
    usual, one = BY_ID[action], _with_keys(BY_ID[action], bindings)
    for other_usual in ACTIONS:
        other = _with_keys(other_usual, bindings)
        shared = [key for key in one.keys if key in other.keys]
        if other.id == action or not shared or not _share_a_screen(one, other):
            continue
        if one.on_stage != other.on_stage:  # the keys of scenes go first while these are shown
            continue
        replaces_it = bool(one.screens) != bool(other.screens) or one.on_map != other.on_map
        if not (replaces_it and set(usual.keys) & set(other_usual.keys)):
            key = shown_key(shared[0])
            return f"the key {key} is that of {other.id} ({other.help}): change that one too"
    return ""


def _with_keys(action: Action[BaseApp], bindings: Bindings) -> Action[BaseApp]:
    keys = bindings.get(action.id, action.keys)
    if keys == action.keys:
        return action
    return action._replace(keys=keys, shown=" ".join(map(shown_key, keys)), bar="")


def _share_a_screen(one: Action[BaseApp], other: Action[BaseApp]) -> bool:
    both = set(one.screens) & set(other.screens)
    return bool(both) or not (one.screens and other.screens)
