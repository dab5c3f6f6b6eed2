"""Where on the screen the user is, so that an opened session comes back to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.keys.screens import SCREENS, VISITED
from tui.panes.pane import Pane

if TYPE_CHECKING:
    from tui.app import NNExplore
    from tui.session_app import SessionApp

Place = Mapping[str, Any]
"""Where on the screen the user is, as JSON can hold it; {}: not known."""


def place_of(app: SessionApp) -> Place:
    """The screen, the one that esc leads back to, the focused pane, and whether it is zoomed.
    {}: there is no screen yet, or no longer."""
    screen = app.frame_screen
    if screen is None:
        return {}
    pane = screen.focused
    return {
        "screen": screen.NAME,
        "back": screen.back,
        "pane": pane.id if pane else None,
        "zoomed": screen.has_class("zoom"),
    }


def go_to(app: NNExplore, place: Place) -> None:
    """Go to a place, as far as there is such a one; else stay on the present screen."""
    present = app.frame_screen.NAME if app.frame_screen else "explore"
    name, back = place.get("screen"), place.get("back")
    screen = app.show_screen(name if name in (*SCREENS, *VISITED) else present)
    if back in (*SCREENS, *VISITED):
        screen.back = back
    app.call_after_refresh(_settle, app, place)


def _settle(app: NNExplore, place: Place) -> None:
    """Focus the pane, and zoom it."""
    screen = app.frame_screen
    if screen:
        for pane in screen.query(Pane):
            if pane.id and pane.id == place.get("pane"):
                pane.focus()
                if bool(place.get("zoomed")) != screen.has_class("zoom"):
                    app.call_after_refresh(screen.toggle_zoom)
    app.show()
