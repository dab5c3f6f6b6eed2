"""The screens and their panes, and what can be done on one of them only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.keys.action import Action, later

if TYPE_CHECKING:
    from tui.app import NNExplore

SCREENS = {  # name: key, title
    "explore": ("1", "Explore"),
    "backprop": ("2", "Backprop"),
    "regions": ("3", "Regions"),
    "linear": ("4", "Linear"),
    "glm": ("5", "GLM"),
}

VISITED = ("compare", "surface")
"""The screens that a key of their own leads to, and esc back from."""

BARS = {  # what the key bar of each screen shows, as far as there is room
    "compare": "play on back branch run_after run_other rename delete_run pane zoom"
    " compare commands help",
    "explore": "play on back epoch_on settings pane explain restart commands help quit",
    "backprop": "microstep_on microstep_back unit_up example_on batch play pane explain commands"
    " help",
    "regions": "play on back up colour plane filter walk pane zoom commands help",
    "linear": "play on back solve activation residuals degree pane zoom commands help",
    "glm": "play on back family link become grow activation pane zoom commands help",
    "surface": "leave up surface_plane surface_redraw surface_compute on play help",
}


def _remodel(name: str, pause: bool = True) -> Callable[[NNExplore], object]:
    """A function of ``tui.remodel``, which makes another network of the session's."""

    def change(app: NNExplore) -> None:
        from tui import remodel  # not before it is wanted

        app.do(lambda: getattr(remodel, name)(app.session), pause)

    return change


def _surface(name: str) -> Callable[[NNExplore], object]:
    """A method of the loss surface's screen."""
    return lambda app: getattr(app.frame_screen, name)()


def _switch_activation(app: NNExplore) -> None:
    """Begin again with other activations in the hidden layers; on Linear say which."""
    from tui import remodel  # not before it is wanted

    if app.frame_screen and app.frame_screen.NAME == "glm":
        app.do(lambda: remodel.switch_activation(app.session), pause=True)
        return
    done = remodel.switch_relu(app.session)
    app.do(lambda: None, pause=True)
    app.notify(app.look.glyphs.text(done))


ACTIONS = (
    Action("explore", ("1",), "1", "screen Explore", lambda app: app.show_screen("explore")),
    Action("backprop", ("2",), "2", "screen Backprop", lambda app: app.show_screen("backprop")),
    Action("regions", ("3",), "3", "screen Regions", lambda app: app.show_screen("regions")),
    Action("linear", ("4",), "4", "screen Linear", lambda app: app.show_screen("linear")),
    Action("glm", ("5",), "5", "screen GLM", lambda app: app.show_screen("glm")),
    Action(
        "surface",
        ("S",),
        "S",
        "the loss surface around the run; again: back",
        lambda app: app.visit("surface"),
    ),
    Action(
        "leave",
        ("escape",),
        "esc",
        "on Compare and the loss surface: back; a surface that is computed is stopped first",
        lambda app: app.leave(),
        "back",
        screens=VISITED,
    ),
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
    Action(
        "plane",
        ("p",),
        "p",
        "show the next plane, where there are more than two inputs",
        lambda app: app.do(app.session.next_plane),
        "plane",
    ),
    Action(
        "plane_typed",
        ("P",),
        "P",
        "the plane through three examples (typed)",
        later("questions", "ask_plane"),
    ),
    Action(
        "colour",
        ("c",),
        "c",
        "colour by output, region, slope, layer",
        lambda app: app.do(app.session.next_colouring),
        "colour by",
        screens=("regions",),
    ),
    Action(
        "filter",
        ("slash",),
        "/",
        "show only some regions (typed)",
        later("questions", "ask_filter"),
        "filter",
        screens=("regions",),
    ),
    Action(
        "walk",
        ("w",),
        "w",
        "walk straight from here to the cursor; end the walk",
        later("walking", "toggle_walk"),
        "walk",
        screens=("regions",),
    ),
    Action(
        "count",
        ("C",),
        "C",
        "count the regions once, however many",
        lambda app: app.do(app.session.count_once),
    ),
    Action(
        "cancel",
        ("escape",),
        "esc",
        "cancel that count",
        lambda app: app.do(app.session.cancel_count),
    ),
    Action(
        "solve",
        ("s",),
        "s",
        "solve: jump to the least-squares solution",
        _remodel("solve"),
        "solve",
        screens=("linear",),
    ),
    Action(
        "activation",
        ("a",),
        "a",
        "hidden layers relu, and back, in a new run; on GLM identity, relu, tanh",
        _switch_activation,
        "relu",
        screens=("linear", "glm"),
    ),
    Action(
        "residuals",
        ("d",),
        "d",
        "diagnostics of the residuals of OLS or of the network",
        lambda app: app.do(app.session.toggle_residuals),
        "residuals",
        screens=("linear",),
    ),
    Action(
        "degree",
        ("D",),
        "D",
        "closed form: the next polynomial degree, 1 to 8, of one input",
        lambda app: app.do(app.session.next_degree),
        "degree",
        screens=("linear",),
    ),
    Action(
        "family",
        ("f",),
        "f",
        "on GLM: the next family of distributions that the targets allow",
        _remodel("choose_family", pause=False),
        "family",
        screens=("glm",),
    ),
    Action(
        "link",
        ("L",),
        "L",
        "the next link of the family",
        _remodel("choose_link", pause=False),
        "link",
        screens=("glm",),
    ),
    Action(
        "become",
        ("equals_sign",),
        "=",
        "a new run: the one layer that is this GLM",
        _remodel("become_glm"),
        "be the GLM",
        screens=("glm",),
    ),
    Action(
        "grow",
        ("plus",),
        "+",
        "on GLM: a new run with one hidden layer more",
        _remodel("add_layer"),
        "layer",
        bar="+ −",
        screens=("glm",),
    ),
    Action(
        "shrink",
        ("minus",),
        "-",
        "on GLM: a new run with one hidden layer less",
        _remodel("remove_layer"),
        screens=("glm",),
    ),
    Action(
        "pane",
        ("tab",),
        "tab",
        "next pane",
        lambda app: app.next_pane(1),
        "pane",
    ),
    Action(
        "pane_before", ("shift+tab",), "shift+tab", "the pane before", lambda app: app.next_pane(-1)
    ),
    Action(
        "zoom",
        ("z",),
        "z",
        "zoom the focused pane",
        lambda app: app.toggle_zoom(),
        "zoom",
    ),
    Action(
        "commands",
        ("ctrl+p",),
        "ctrl+p",
        "all commands",
        lambda app: app.action_command_palette(),
        "commands",
    ),
    Action("help", ("f1",), "F1", "help for the focused pane", lambda app: app.show_help(), "help"),
)
