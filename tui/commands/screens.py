"""Going to a screen; the plane and the computation of the loss surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions.action import Action
from tui.actions.screen_keys import SCREENS, VISITED
from tui.commands.play.until import stop_goal
from tui.panes.base.pane import Pane
from tui.storage.session_codec import Place

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.screens.surface import SurfaceScreen


def visit(app: BaseApp, name: str) -> None:
    """Go to a screen that leads back to the present one; from that screen itself, go back."""
    present = app.frame_screen
    if present and name == present.NAME:
        app.show_screen(present.back)
    elif present:
        screen = app.show_screen(name)
        if present.back != name:  # else the user goes back
            screen.back = present.NAME


def leave(app: BaseApp) -> None:
    """Stop what the screen computes, if anything; else go back to the screen before it."""
    screen = app.frame_screen
    if not stop_goal(app) and screen and not screen.stop():
        app.show_screen(screen.back)


def go_to(app: BaseApp, place: Place) -> None:
    """Go to the screen and the pane of a saved session, as far as they exist."""
    present = app.frame_screen.NAME if app.frame_screen else "explore"
    name, back = place.get("screen"), place.get("back")
    screen = app.show_screen(name if name in (*SCREENS, *VISITED) else present)
    if back in (*SCREENS, *VISITED):
        screen.back = back
    app.call_after_refresh(_focus, app, place)


def _focus(app: BaseApp, place: Place) -> None:
    """Focus the pane, and zoom it."""
    screen = app.frame_screen
    if screen:
        for pane in screen.query(Pane):
            if pane.id and pane.id == place.get("pane"):
                screen.return_to(pane, bool(place.get("zoomed")))
    app.show()


def surface_screen(app: BaseApp) -> SurfaceScreen:
    """The screen of the loss surface, which is shown."""
    from tui.screens.surface import SurfaceScreen

    screen = app.frame_screen
    assert isinstance(screen, SurfaceScreen)
    return screen


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action("explore", ("1",), "1", "screen Explore", lambda app: app.show_screen("explore")),
    Action("backprop", ("2",), "2", "screen Backprop", lambda app: app.show_screen("backprop")),
    Action("regions", ("3",), "3", "screen Regions", lambda app: app.show_screen("regions")),
    Action("linear", ("4",), "4", "screen Linear", lambda app: app.show_screen("linear")),
    Action("glm", ("5",), "5", "screen GLM", lambda app: app.show_screen("glm")),
    Action(
        "surface",
        ("S",),
        "S",
        "the loss surface around the run; press again to go back",
        lambda app: visit(app, "surface"),
    ),
    Action(
        "leave",
        ("escape",),
        "esc",
        "on Compare and the loss surface: back; a surface that is computed is stopped first",
        leave,
        "back",
        screens=VISITED,
    ),
    Action(
        "surface_plane",
        ("p",),
        "p",
        "on the loss surface: the next kind of plane",
        lambda app: surface_screen(app).next_kind(),
        "plane",
        screens=("surface",),
    ),
    Action(
        "surface_redraw",
        ("d",),
        "d",
        "on the loss surface: other random directions",
        lambda app: surface_screen(app).draw_again(),
        "redraw",
        screens=("surface",),
    ),
    Action(
        "surface_compute",
        ("c",),
        "c",
        "on the loss surface: compute it around this step, now",
        lambda app: surface_screen(app).compute(),
        "compute",
        screens=("surface",),
    ),
)
