"""Experiments and sessions: the gallery, files, share codes; and the end."""

from tui.keys.action import Action, later

ACTIONS = (
    Action(
        "gallery",
        ("ctrl+g",),
        "ctrl+g",
        "gallery: experiments that show something",
        lambda app: app.open_gallery(),
    ),
    Action("save", ("ctrl+s",), "ctrl+s", "save the session", later("opening", "save")),
    Action(
        "save_as",
        ("W",),
        "W",
        "write the session, or its experiment, to a file (typed)",
        later("opening", "ask_save"),
    ),
    Action(
        "open",
        ("ctrl+o",),
        "ctrl+o",
        "open a file or a share code (typed)",
        later("opening", "ask_open"),
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
        later("sharing", "ask_share"),
    ),
    Action(
        "screenshot",
        ("f2",),
        "F2",
        "screenshot to a named file",
        later("screenshot", "save_screenshot"),
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
