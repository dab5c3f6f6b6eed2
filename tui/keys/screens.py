"""The screens: their keys, what their key bars show, and how one goes to them."""

from tui.keys.action import Action

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
)
