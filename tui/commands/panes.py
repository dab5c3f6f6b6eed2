"""Panes and their help; the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

from engine.training.optimizers import OPTIMIZERS
from tui.actions.action import Action, actions_on, help_text
from tui.commands.training import change
from tui.drawing.numbers import setting
from tui.drawing.palette import PLAYGROUND, STANDARD, THEMES
from tui.panes.base.bars import StatusBar
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp

THEME_NOTES = {"contrast": "black and white, text at least 7:1"}
SIGN_NOTES = {
    STANDARD: "blue is negative, orange positive",
    PLAYGROUND: "orange is negative, blue positive, as in TensorFlow Playground",
}
PENALTIES = (0.0, 0.001, 0.01)  # offered for L1 and L2


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


def show_help(app: BaseApp) -> None:
    """Show the help of the focused pane, of the status line, and the keys of the screen."""
    from tui.dialogs.base import Help

    screen, pane, glyphs = app.frame_screen, app.focused, app.look.glyphs
    texts = [pane.help(app.shown_keys)] if isinstance(pane, Pane) else []
    texts += [bar.help() for bar in screen.query(StatusBar) if bar.view] if screen else []
    texts.append(help_text(screen.name if screen else None, app.actions))
    title = f"Help {glyphs.dot} {pane.name_in_help}" if isinstance(pane, Pane) else "Help"
    app.push_screen(Help(title, glyphs.prose(glyphs.keys("\n\n".join(texts)))))


def commands(app: BaseApp) -> Iterator[SystemCommand]:
    """What the command palette offers on the present screen: actions, settings, planes, themes."""
    screen = app.frame_screen
    for action in actions_on(screen.name, app.actions) if screen else ():
        if action.id != "commands":
            title = app.look.glyphs.prose(f"{action.help}  ({action.shown})")
            yield SystemCommand(title, action.id, partial(app.action_act, action.id))
    yield from _setting_commands(app)
    planes = app.session.selection.planes
    for index, plane in enumerate(planes if len(planes) > 1 else ()):
        show = partial(_show_plane, app, index)
        title = app.look.glyphs.prose(f"plane: {plane.name}")
        yield SystemCommand(title, "shown on the maps", show)
    for name in THEMES:
        note = THEME_NOTES.get(name, "colours")
        yield SystemCommand(f"theme: {name}", note, partial(app.use_theme, name))
    for name, note in SIGN_NOTES.items():
        yield SystemCommand(f"colours: {name}", note, partial(app.use_sign_colours, name))


def _setting_commands(app: BaseApp) -> Iterator[SystemCommand]:
    n = len(app.session.prepared.dataset.train)
    changes: list[tuple[str, dict[str, Any]]] = [
        *((f"optimizer: {name}", {"optimizer": name}) for name in OPTIMIZERS),
        *((f"batch size: {size}", {"batch_size": size}) for size in sorted({1, min(10, n), n})),
        *((f"L1: {setting(value)}", {"l1": value}) for value in PENALTIES),
        *((f"L2: {setting(value)}", {"l2": value}) for value in PENALTIES),
    ]
    for title, settings in changes:
        yield SystemCommand(title, "from the next step on", partial(change, app, **settings))


def _show_plane(app: BaseApp, index: int) -> None:
    app.attempt(lambda: app.do(lambda: app.session.selection.look_at_plane(index)))


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
        "details",
        ("O",),
        "O",
        "on Explore: the numbers of every unit, or a line for each layer",
        toggle_details,
        "details",
        screens=("explore",),
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
        show_help,
        "help",
    ),
)
