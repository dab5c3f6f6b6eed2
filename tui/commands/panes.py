"""Panes and their help; the list of keys and the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from tui.actions.action import Action
from tui.panes.base.bars import StatusBar
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def next_pane(app: BaseApp, by: int) -> None:
    """Focus the pane so many places on."""
    if app.frame_screen:
        app.frame_screen.next_pane(by)


def toggle_zoom(app: BaseApp) -> None:
    """Let the focused pane fill the screen, or make it small again."""
    if app.frame_screen:
        app.frame_screen.toggle_zoom()


def toggle_details(app: BaseApp) -> None:
    """Show the numbers of every unit on Explore, or a line for each layer."""
    app.preferences.details = not app.preferences.details
    app.show()
    app.keep_layout(app.preferences.details)


def toggle_bias_node(app: BaseApp) -> None:
    """Draw the node that is always 1 on Explore, or no longer. EngineError without biases."""
    if not app.session.trainer.network.bias:
        raise EngineError("this network has no biases: there is no node 1")
    app.preferences.shows_bias = not app.preferences.shows_bias
    app.show()


def show_help(app: BaseApp) -> None:
    """Show the help of the focused pane, or of the one with the focus at first, such as while a
    guess is typed; and of the status line."""
    from tui.dialogs.base import Help

    screen, glyphs = app.frame_screen, app.look.glyphs
    pane = (screen.pane or screen.home) if screen else None
    texts = [pane.help(app.shown_keys)] if isinstance(pane, Pane) else []
    texts += [bar.help() for bar in screen.query(StatusBar) if bar.view] if screen else []
    title = f"Help {glyphs.dot} {pane.name_in_help}" if isinstance(pane, Pane) else "Help"
    app.push_screen(Help(title, glyphs.prose(glyphs.keys("\n\n".join(texts)))))


def suspend(app: BaseApp) -> None:
    """Give the terminal back to the shell until it continues the process. Training pauses."""
    if app.can_suspend:
        app.do(app.action_suspend_process, pause=True)
    else:
        app.tell("this terminal has no shell to go back to")


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "pane",
        ("tab",),
        "tab",
        "next pane",
        lambda app: next_pane(app, 1),
        "pane",
    ),
    Action(
        "pane_before",
        ("shift+tab",),
        "shift+tab",
        "the pane before",
        lambda app: next_pane(app, -1),
    ),
    Action(
        "zoom",
        ("z",),
        "z",
        "zoom the focused pane",
        toggle_zoom,
        "zoom",
    ),
    Action(
        "suspend",
        ("ctrl+z",),
        "ctrl+z",
        "suspend: back to the shell, whose command fg returns",
        suspend,
        name="suspend, to the shell",
    ),
    Action(
        "details",
        ("O",),
        "O",
        "on Explore: the numbers of every unit, or a line for each layer",
        toggle_details,
        "details",
        screens=("explore",),
        name="more numbers, or less",
    ),
    Action(
        "bias_node",
        ("exclamation_mark",),
        "!",
        "on Explore: a node that is always 1, whose weights are the biases, or none",
        toggle_bias_node,
        "node 1",
        screens=("explore",),
        name="the node 1 of the biases",
    ),
    Action(
        "commands",
        ("ctrl+p",),
        "ctrl+p",
        "all commands, settings, data sets and experiments, found by typing",
        lambda app: app.action_command_palette(),
        "commands",
        name="all commands",
    ),
    Action(
        "help",
        ("f1",),
        "F1",
        "help for the focused pane",
        show_help,
        "this pane",
    ),
    Action(
        "keys",
        ("question_mark",),
        "?",
        "help: the keys of this screen, filtered by typing",
        lambda app: app.show_keys(),
        "help",
        name="the keys of this screen",
    ),
)
