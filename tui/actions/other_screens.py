"""Where a key does something that does nothing on the present screen."""

from collections.abc import Iterable, Sequence
from typing import Any

from tui.actions.action import Action
from tui.actions.screen_keys import TITLES


def places_of(key: str, actions: Sequence[Action[Any]]) -> tuple[str, ...]:
    """A sentence with the screens on which a key has an action, the longest form first: ``s solve
    is on 4 Linear``. () if there is none."""
    found = [action for action in actions if key in action.keys and action.screens]
    if not found:
        return ()
    screens = {a.id: f"{a.shown} {TITLES[a.id]}" for a in actions if a.id in TITLES}
    names = [screens[name] for action in found for name in action.screens]
    shown = _shown(found[0], key)
    whole = "; ".join(
        f"{shown} {action.brief} is on {listed(map(screens.__getitem__, action.screens))}"
        for action in found
    )
    return whole, f"{shown} is on {listed(dict.fromkeys(names))}"


def _shown(action: Action[Any], key: str) -> str:
    """The key as it is shown, alone where the action has several: ``.`` of ``→ .``."""
    each = action.shown.split()
    return each[action.keys.index(key)] if len(each) == len(action.keys) else action.shown


def listed(names: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *others, last = names
    return " and ".join(filter(None, (", ".join(others), last)))
