"""Going to a screen."""

from tui.keys.action import Action
from tui.keys.screens import VISITED

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
