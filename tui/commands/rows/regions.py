"""Linear regions: the plane they are shown in, what is shown of them, and their count."""

from tui.keys.action import Action, later

ACTIONS = (
    Action(
        "plane",
        ("p",),
        "p",
        "show the next plane, where there are more than two inputs",
        lambda app: app.do(app.session.selection.next_plane),
        "plane",
    ),
    Action(
        "plane_typed",
        ("P",),
        "P",
        "the plane through three examples (typed)",
        later("commands.prompts", "ask_plane"),
    ),
    Action(
        "colour",
        ("c",),
        "c",
        "colour by output, region, slope, layer",
        lambda app: app.do(app.session.selection.next_colouring),
        "colour by",
        screens=("regions",),
    ),
    Action(
        "filter",
        ("slash",),
        "/",
        "show only some regions (typed)",
        later("commands.prompts", "ask_filter"),
        "filter",
        screens=("regions",),
    ),
    Action(
        "walk",
        ("w",),
        "w",
        "walk straight from here to the cursor; end the walk",
        later("commands.walk", "toggle_walk"),
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
        lambda app: app.do(app.session.counter.cancel),
    ),
)
