"""Every action of the app: its keys, its help, and what it does. README and F1 are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app import NNExplore


@dataclass(frozen=True)
class Action:
    """``keys`` are Textual's names, ``shown`` how they are written; ``brief`` is for the key bar
    ("": not shown there), ``pane`` the id of the only pane it is for ("": everywhere)."""

    id: str
    keys: tuple[str, ...]
    shown: str
    help: str
    run: Callable[[NNExplore], object]
    brief: str = ""
    pane: str = ""


ACTIONS = (
    Action("play", ("space",), "space", "play, pause", lambda app: app.toggle_play(), "play"),
    Action("on", ("right",), "→", "a step on", lambda app: app.step(1), "step"),
    Action("back", ("left",), "←", "a step back", lambda app: app.step(-1), "back"),
    Action("on_ten", ("shift+right",), "shift+→", "ten steps on", lambda app: app.step(10)),
    Action("back_ten", ("shift+left",), "shift+←", "ten steps back", lambda app: app.step(-10)),
    Action("epoch_on", ("n",), "n", "an epoch on", lambda app: app.step_epoch(1), "epoch"),
    Action("epoch_back", ("N",), "N", "an epoch back", lambda app: app.step_epoch(-1)),
    Action("first", ("home",), "home", "to the first step", lambda app: app.seek(0)),
    Action("latest", ("end",), "end", "to the latest step", lambda app: app.seek_end()),
    Action("step_typed", ("G",), "G", "go to a step (typed)", lambda app: app.ask_step()),
    Action(
        "restart", ("r",), "r", "restart: same start", lambda app: app.restart(False), "restart"
    ),
    Action(
        "next_start",
        ("R",),
        "R",
        "restart: next initialisation, same data",
        lambda app: app.restart(True),
    ),
    Action(
        "rate_halve",
        ("left_square_bracket",),
        "[",
        "halve the learning rate, from the next step on",
        lambda app: app.change_learning_rate(0.5),
    ),
    Action(
        "rate_double",
        ("right_square_bracket",),
        "]",
        "double the learning rate, from the next step on",
        lambda app: app.change_learning_rate(2.0),
    ),
    Action("undo", ("u",), "u", "undo the last event", lambda app: app.undo()),
    Action("example_back", ("comma",), ",", "previous example", lambda app: app.next_example(-1)),
    Action("example_on", ("full_stop",), ".", "next example", lambda app: app.next_example(1)),
    Action("example_typed", ("g",), "g", "go to an example (typed)", lambda app: app.ask_example()),
    Action("batch", ("b",), "b", "batch mean or one example", lambda app: app.toggle_batch_mode()),
    Action("up", ("up", "k"), "↑ k", "select upwards, cursor up", lambda app: app.move(0, -1)),
    Action(
        "down", ("down", "j"), "↓ j", "select downwards, cursor down", lambda app: app.move(0, 1)
    ),
    Action("left", ("h",), "h", "layer before, cursor left", lambda app: app.move(-1, 0)),
    Action("right", ("l",), "l", "layer after, cursor right", lambda app: app.move(1, 0)),
    Action("plane", ("p",), "p", "show the next pair of inputs", lambda app: app.next_plane()),
    Action("pane", ("tab",), "tab", "next pane", lambda app: app.screen.focus_next(), "pane"),
    Action("zoom", ("z",), "z", "zoom the focused pane", lambda app: app.toggle_zoom(), "zoom"),
    Action("screenshot", ("f2",), "F2", "screenshot to a named file", lambda app: app.picture()),
    Action(
        "commands",
        ("ctrl+p",),
        "ctrl+p",
        "all commands",
        lambda app: app.action_command_palette(),
        "commands",
    ),
    Action("help", ("f1",), "F1", "help for the focused pane", lambda app: app.show_help(), "help"),
    Action("quit", ("q",), "q", "quit", lambda app: app.exit(), "quit"),
)

BY_ID = {action.id: action for action in ACTIONS}


def markdown() -> str:
    """The table of keys for the README."""
    rows = [f"| {action.shown} | {action.help} |" for action in ACTIONS]
    return "\n".join(["| key | does |", "| --- | --- |", *rows])


if __name__ == "__main__":
    print(markdown())
