"""Actions: their keys, their help, and what they do."""

import re
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

AppType = TypeVar("AppType")

NAME_CELLS = 27  # of the longest name
SCREEN_BEFORE = re.compile("^on [^:,;]*: ")


class Action(NamedTuple, Generic[AppType]):
    """Something the user can do.

    ``keys`` are Textual's names of its keys, ``shown`` is how help writes them. ``run`` does it.
    ``brief`` is its word in the key bar, ``bar`` how the key bar writes the keys ("": as
    ``shown``). ``screens`` are the names of the screens it is for; (): all, except those with an
    action of their own for the same key. ``on_map``: only while a map or a plot with a cursor has
    the focus, and then in place of any other action of the same key. ``on_stage``: only while the
    scenes of a lesson are shown, and then in place of all others. ``name`` is what the list of
    keys and the palette call it ("": as ``help``), in at most ``NAME_CELLS`` cells.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    help: str
    run: Callable[[AppType], object]
    brief: str = ""
    bar: str = ""
    screens: tuple[str, ...] = ()
    on_map: bool = False
    on_stage: bool = False
    name: str = ""

    @property
    def title(self) -> str:
        """What the list of keys and the palette call it."""
        return self.name or self.note

    @property
    def note(self) -> str:
        """What it does, for a place that says on which screen."""
        return SCREEN_BEFORE.sub("", self.help) if self.screens else self.help

    @property
    def is_typed(self) -> bool:
        """Whether it asks for a text, as its help then says."""
        return "typed" in self.help

    def is_for(self, screen: str | None) -> bool:
        """Whether it does something on the screen of that name."""
        return not self.screens or screen in self.screens


def actions_on(
    screen: str | None, actions: Sequence[Action[AppType]], on_stage: bool = False
) -> tuple[Action[AppType], ...]:
    """The actions of a screen, whatever has the focus. One that is for this screen replaces one for
    all screens; ``on_stage``: those for the scenes of a lesson are among them."""
    replaced = {key for a in actions if a.screens and a.is_for(screen) for key in a.keys}
    return tuple(
        a
        for a in actions
        if (a.on_stage and on_stage)
        or (not a.on_stage and a.is_for(screen) and (a.screens or replaced.isdisjoint(a.keys)))
    )


def action_of(
    key: str,
    screen: str | None,
    actions: Sequence[Action[AppType]],
    on_map: bool = False,
    on_stage: bool = False,
) -> Action[AppType] | None:
    """The action of a key on a screen, if it has one; ``on_map``: while a map has the focus;
    ``on_stage``: while the scenes of a lesson are shown."""
    candidates = [
        a for a in actions_on(screen, actions, on_stage) if key in a.keys and a.on_map <= on_map
    ]
    return max(candidates, key=lambda action: (action.on_stage, action.on_map), default=None)
