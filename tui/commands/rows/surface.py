"""The loss surface: its plane, and its computation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.keys.action import Action

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def _surface(name: str) -> Callable[[BaseApp], object]:
    """A method of the loss surface's screen."""
    return lambda app: getattr(app.frame_screen, name)()


ACTIONS = (
    Action(
        "surface_plane",
        ("p",),
        "p",
        "on the loss surface: the next kind of plane",
        _surface("next_kind"),
        "plane",
        screens=("surface",),
    ),
    Action(
        "surface_redraw",
        ("d",),
        "d",
        "on the loss surface: other random directions",
        _surface("draw_again"),
        "redraw",
        screens=("surface",),
    ),
    Action(
        "surface_compute",
        ("c",),
        "c",
        "on the loss surface: compute it around this step, now",
        _surface("compute"),
        "compute",
        screens=("surface",),
    ),
)
