"""What the command palette offers: every action, setting and plane there is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

from engine.training.optimizers import OPTIMIZERS
from tui.drawing.palette import THEMES
from tui.keys.action import actions_on

if TYPE_CHECKING:
    from tui.base_app import BaseApp

PENALTIES = (0.0, 0.001, 0.01)  # offered for L1 and L2


def commands(app: BaseApp) -> Iterator[SystemCommand]:
    """The commands on the present screen."""
    screen = app.frame_screen
    for action in actions_on(screen.name, app.actions) if screen else ():
        if action.id != "commands":
            title = f"{action.help}  ({action.shown})"
            yield SystemCommand(title, action.id, partial(app.action_act, action.id))
    yield from _settings(app)
    planes = app.session.selection.planes
    for index, plane in enumerate(planes if len(planes) > 1 else ()):
        show = partial(app.show_plane, index)
        yield SystemCommand(f"plane: {plane.name}", "shown on the maps", show)
    for name in THEMES:
        yield SystemCommand(f"theme: {name}", "colours", partial(app.use_theme, name))


def _settings(app: BaseApp) -> Iterator[SystemCommand]:
    n = len(app.session.prepared.dataset.train)
    changes: list[tuple[str, dict[str, Any]]] = [
        *((f"optimizer: {name}", {"optimizer": name}) for name in OPTIMIZERS),
        *((f"batch size: {size}", {"batch_size": size}) for size in sorted({1, min(10, n), n})),
        *((f"L1: {value:g}", {"l1": value}) for value in PENALTIES),
        *((f"L2: {value:g}", {"l2": value}) for value in PENALTIES),
    ]
    for title, settings in changes:
        yield SystemCommand(title, "from the next step on", partial(app.change, **settings))
