"""Going to where on the screen the user was, when a session was saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.keys.screens import SCREENS, VISITED
from tui.panes.base.pane import Pane
from tui.storage.session_codec import Place

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def go_to(app: BaseApp, place: Place) -> None:
    """Go to a place, as far as there is such a one; else stay on the present screen."""
    present = app.frame_screen.NAME if app.frame_screen else "explore"
    name, back = place.get("screen"), place.get("back")
    screen = app.show_screen(name if name in (*SCREENS, *VISITED) else present)
    if back in (*SCREENS, *VISITED):
        screen.back = back
    app.call_after_refresh(_settle, app, place)


def _settle(app: BaseApp, place: Place) -> None:
    """Focus the pane, and zoom it."""
    screen = app.frame_screen
    if screen:
        for pane in screen.query(Pane):
            if pane.id and pane.id == place.get("pane"):
                pane.focus()
                if bool(place.get("zoomed")) != screen.has_class("zoom"):
                    app.call_after_refresh(screen.toggle_zoom)
    app.show()
