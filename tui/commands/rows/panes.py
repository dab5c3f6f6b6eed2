"""The panes of a screen, all commands, and help."""

from tui.keys.action import Action, later

ACTIONS = (
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
    Action(
        "help",
        ("f1",),
        "F1",
        "help for the focused pane",
        later("commands.reports", "show_help"),
        "help",
    ),
)
