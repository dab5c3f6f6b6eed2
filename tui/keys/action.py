"""An Action: its keys, its help, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app import NNExplore


@dataclass(frozen=True)
class Action:
    """``keys`` are Textual's names, ``shown`` how they are written; ``brief`` is the word of the
    key bar, ``bar`` how it writes the keys ("": as elsewhere). ``screens`` are the names of the
    only screens it is for ((): all where no such action has its keys)."""

    id: str
    keys: tuple[str, ...]
    shown: str
    help: str
    run: Callable[[NNExplore], object]
    brief: str = ""
    bar: str = ""
    screens: tuple[str, ...] = ()

    def is_for(self, screen: str | None) -> bool:
        """Whether it does something on the screen of that name."""
        return not self.screens or screen in self.screens


def later(module: str, name: str, *arguments: object) -> Callable[[NNExplore], object]:
    """``later("editing", "nudge", 1)`` does ``tui.editing.nudge(app, 1)``: a module of ``tui``
    that is not imported before a key wants it."""
    return lambda app: getattr(import_module(f"tui.{module}"), name)(app, *arguments)
