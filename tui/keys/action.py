"""Actions: their keys, their help, and what they do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Command = Callable[[Any], object]
"""What an action does with the app."""


@dataclass(frozen=True)
class Action:
    """``keys`` are Textual's names, ``shown`` how they are written; ``brief`` is the word of the
    key bar, ``bar`` how it writes the keys ("": as elsewhere). ``screens`` are the names of the
    only screens it is for ((): all where no such action has its keys)."""

    id: str
    keys: tuple[str, ...]
    shown: str
    help: str
    run: Command
    brief: str = ""
    bar: str = ""
    screens: tuple[str, ...] = ()

    def is_for(self, screen: str | None) -> bool:
        """Whether it does something on the screen of that name."""
        return not self.screens or screen in self.screens


class ById(dict[str, str]):
    """Names for keys where none are known yet: that of an action is its id."""

    def __missing__(self, action_id: str) -> str:
        return action_id


def actions_on(screen: str | None, actions: Sequence[Action]) -> tuple[Action, ...]:
    """What can be done on a screen. There an action of its own goes before one of all screens."""
    own = {key for a in actions if a.screens and a.is_for(screen) for key in a.keys}
    return tuple(a for a in actions if a.is_for(screen) and (a.screens or own.isdisjoint(a.keys)))


def action_of(key: str, screen: str | None, actions: Sequence[Action]) -> Action | None:
    """What a key does on a screen; None: nothing."""
    return next((a for a in actions_on(screen, actions) if key in a.keys), None)


def help_text(screen: str | None, actions: Sequence[Action]) -> str:
    """The keys of a screen, a line each."""
    shown = actions_on(screen, actions)
    width = max(10, *(len(a.shown) + 1 for a in shown))
    return "\n".join(f"{a.shown:<{width}}{a.help}" for a in shown)


def later(module: str, name: str, *arguments: object) -> Command:
    """``later("commands.weights", "nudge", 1)`` does ``tui.commands.weights.nudge(app, 1)``; the
    module is imported then."""
    return lambda app: getattr(import_module(f"tui.{module}"), name)(app, *arguments)
