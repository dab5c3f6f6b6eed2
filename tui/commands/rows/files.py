"""Experiments and sessions: the gallery, files, share codes; and the end."""

from tui.keys.action import Action, later

ACTIONS = (
    Action(
        "gallery",
        ("ctrl+g",),
        "ctrl+g",
        "gallery: experiments that show something",
        later("commands.files", "open_gallery"),
    ),
    Action("save", ("ctrl+s",), "ctrl+s", "save the session", later("commands.files", "save")),
    Action(
        "save_as",
        ("W",),
        "W",
        "write the session, or its experiment, to a file (typed)",
        later("commands.files", "ask_save"),
    ),
    Action(
        "open",
        ("ctrl+o",),
        "ctrl+o",
        "open a file or a share code (typed)",
        later("commands.files", "ask_open"),
    ),
    Action(
        "session_before",
        ("ctrl+r",),
        "ctrl+r",
        "back to the session before the one that was opened, and forth",
        lambda app: app.return_to_session(),
    ),
    Action(
        "share",
        ("x",),
        "x",
        "share: copy one line that opens this experiment elsewhere",
        later("commands.share", "ask_share"),
    ),
    Action(
        "screenshot",
        ("f2",),
        "F2",
        "screenshot to a named file",
        later("commands.screenshot", "save_screenshot"),
    ),
    Action(
        "quit",
        ("q",),
        "q",
        "quit; the session is kept: nn-explore --recover",
        lambda app: app.exit(),
        "quit",
    ),
)
