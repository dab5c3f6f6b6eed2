"""Where a key does something that does nothing on the present screen."""

from collections.abc import Iterable, Sequence
from typing import Any

from tui.actions.action import Action
from tui.actions.screen_keys import TITLES


def places_of(key: str, actions: Sequence[Action[Any]]) -> tuple[str, ...]:
    """A sentence with the screens on which a key has an action, the longest form first: ``s solve
    is on 4 Linear``. () if there is none."""
    screens = {action.id: f"{action.shown} {TITLES[action.id]}" for action in actions
               if action.id in TITLES}  # fmt: skip
    found = [action for action in actions if key in action.keys and action.screens]
    if not found:
        return ()
    whole = "; ".join(
        f"{action.shown} {action.brief} is on {listed(screens[name] for name in action.screens)}"
        for action in found
    )
    names = dict.fromkeys(name for action in found for name in action.screens)
    return whole, f"{found[0].shown} is on {listed(screens[name] for name in names)}"


def listed(names: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *others, last = names
    return " and ".join(filter(None, (", ".join(others), last)))
