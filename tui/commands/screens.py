"""Going to a screen, and one level up; the plane and the computation of the loss surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tui.actions.action import Action
from tui.actions.screen_keys import SCREENS, VISITED
from tui.commands.lessons.panel import close, end_scenes
from tui.commands.models.errors import stop_sweep
from tui.commands.play.until import stop_goal
from tui.commands.regions import show_all, toggle_walk
from tui.panes.base.pane import Pane
from tui.storage.session_codec import Place

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.screens.frame_screen import FrameScreen
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


class Level(NamedTuple):
    """A state that esc leaves: the key bar's word for that, whether the app is in it, and what
    leaves it."""

    word: str
    is_on: Callable[[BaseApp, FrameScreen], bool]
    leave: Callable[[BaseApp, FrameScreen], object]


LEVELS = (
    Level(
        "close this hint",
        lambda app, screen: app.has_hint,
        lambda app, screen: app.close_hint(),
    ),
    Level(
        "stop training",
        lambda app, screen: app.session.time.goal is not None,
        lambda app, screen: stop_goal(app),
    ),
    Level(
        "stop the count",
        lambda app, screen: app.session.counter.counts_once,
        lambda app, screen: app.do(app.session.counter.cancel),
    ),
    Level(
        "stop",
        lambda app, screen: screen.NAME == "surface" and surface_screen(app).is_computing,
        lambda app, screen: surface_screen(app).stop(),
    ),
    Level(
        "stop",
        lambda app, screen: screen.NAME == "linear" and app.session.linear.sampling.busy,
        lambda app, screen: app.do(app.session.linear.sampling.cancel),
    ),
    Level(
        "stop the errors",
        lambda app, screen: screen.NAME == "approximate" and app.session.approximation.sweeps.busy,
        lambda app, screen: stop_sweep(app),
    ),
    Level(
        "end the walk",
        lambda app, screen: screen.NAME == "regions" and app.session.selection.is_walking,
        lambda app, screen: toggle_walk(app),
    ),
    Level(
        "all regions",
        lambda app, screen: screen.NAME == "regions" and bool(app.session.selection.region_filter),
        lambda app, screen: show_all(app),
    ),
    Level(
        "end the presentation",
        lambda app, screen: app.course.stage is not None and not app.course.stage.by_clock,
        lambda app, screen: end_scenes(app),
    ),
    Level(
        "end the demo",
        lambda app, screen: app.course.stage is not None,
        lambda app, screen: end_scenes(app),
    ),
    Level(
        "unzoom",
        lambda app, screen: screen.is_zoomed,
        lambda app, screen: screen.toggle_zoom(),
    ),
    Level(
        "leave the map",
        lambda app, screen: screen.is_on_map,
        lambda app, screen: screen.focus_home(),
    ),
    Level(
        "close the lesson",
        lambda app, screen: screen.shown_panel == "lesson",
        lambda app, screen: close(app),
    ),
    Level(
        "back",
        lambda app, screen: screen.NAME in VISITED,
        lambda app, screen: app.show_screen(screen.back),
    ),
)
"""What esc leaves, the innermost first. Dialogs and the settings panel have an esc of their own."""


def level(app: BaseApp, levels: tuple[Level, ...] = LEVELS) -> Level | None:
    """The innermost of these levels that the app is in, if any."""
    screen = app.frame_screen
    return next((one for one in levels if one.is_on(app, screen)), None) if screen else None


def one_level_up(app: BaseApp, levels: tuple[Level, ...]) -> None:
    """Leave the innermost of these levels."""
    present, screen = level(app, levels), app.frame_screen
    if present and screen:
        present.leave(app, screen)


def go_to(app: BaseApp, place: Place) -> None:
    """Go to the screen and the pane of a saved session, as far as they exist."""
    present = app.frame_screen.NAME if app.frame_screen else "explore"
    name, back = place.get("screen"), place.get("back")
    screen = app.show_screen(name if name in (*SCREENS, *VISITED) else present)
    if back in (*SCREENS, *VISITED):
        screen.back = back
    app.call_after_refresh(_focus, app, place)


def _focus(app: BaseApp, place: Place) -> None:
    """Focus the pane, and zoom it if it was, or if it has no room beside a panel."""
    screen = app.frame_screen
    if screen:
        for pane in screen.query(Pane):
            if pane.id and pane.id == place.get("pane"):
                screen.return_to(pane, bool(place.get("zoomed")))
                if not pane.display:
                    screen.return_to(pane, zoomed=True)
    app.show()


def surface_screen(app: BaseApp) -> SurfaceScreen:
    """The screen of the loss surface, which is shown."""
    from tui.screens.surface import SurfaceScreen

    screen = app.frame_screen
    assert isinstance(screen, SurfaceScreen)
    return screen


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "explore",
        ("1",),
        "1",
        "screen Explore",
        lambda app: app.show_screen("explore"),
        name="go to Explore",
    ),
    Action(
        "backprop",
        ("2",),
        "2",
        "screen Backprop",
        lambda app: app.show_screen("backprop"),
        name="go to Backprop",
    ),
    Action(
        "regions",
        ("3",),
        "3",
        "screen Regions",
        lambda app: app.show_screen("regions"),
        name="go to Regions",
    ),
    Action(
        "linear",
        ("4",),
        "4",
        "screen Linear",
        lambda app: app.show_screen("linear"),
        name="go to Linear",
    ),
    Action("glm", ("5",), "5", "screen GLM", lambda app: app.show_screen("glm"), name="go to GLM"),
    Action(
        "approximate",
        ("6",),
        "6",
        "screen Approximate",
        lambda app: app.show_screen("approximate"),
        name="go to Approximate",
    ),
    Action(
        "surface",
        ("S",),
        "S",
        "the loss surface around the run; press again to go back",
        lambda app: visit(app, "surface"),
        name="the loss surface",
    ),
    Action(
        "leave",
        ("escape",),
        "esc",
        "on Compare and the loss surface: one level up, at last back to the screen before",
        lambda app: one_level_up(app, LEVELS),
        "back",
        screens=VISITED,
        name="one level up, or back",
    ),
    Action(
        "cancel",
        ("escape",),
        "esc",
        "one level up: stops training, a count or a walk, empties a filter, unzooms, leaves a map",
        lambda app: one_level_up(app, LEVELS[:-1]),
        "one level up",
        name="one level up",
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
        name="compute the surface",
    ),
)
