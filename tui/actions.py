"""Every action of the app, by theme in ``tui.keys``. README and F1 are made from it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.keys import files, models, panes, regions, runs, screens, selection, surface, training
from tui.keys.action import Action

ACTIONS = (
    *training.ACTIONS,
    *selection.ACTIONS,
    *runs.ACTIONS,
    *screens.ACTIONS,
    *surface.ACTIONS,
    *regions.ACTIONS,
    *models.ACTIONS,
    *panes.ACTIONS,
    *files.ACTIONS,
)
BY_ID = {action.id: action for action in ACTIONS}
SHOWN = {action.id: action.shown for action in ACTIONS}
"""How keys are written, unless the user has others."""


def actions_on(screen: str | None, actions: Sequence[Action] = ACTIONS) -> tuple[Action, ...]:
    """What can be done on a screen. There an action of its own goes before one of all screens."""
    own = {key for a in actions if a.screens and a.is_for(screen) for key in a.keys}
    return tuple(a for a in actions if a.is_for(screen) and (a.screens or own.isdisjoint(a.keys)))


def action_of(key: str, screen: str | None, actions: Sequence[Action] = ACTIONS) -> Action | None:
    """What a key does on a screen; None: nothing."""
    return next((a for a in actions_on(screen, actions) if key in a.keys), None)


def help_text(screen: str | None, actions: Sequence[Action] = ACTIONS) -> str:
    """The keys of a screen, a line each."""
    shown = actions_on(screen, actions)
    width = max(10, *(len(a.shown) + 1 for a in shown))
    return "\n".join(f"{a.shown:<{width}}{a.help}" for a in shown)


def markdown() -> str:
    """The table of keys for the README."""
    shown = (action.shown.replace("|", r"\|") for action in ACTIONS)
    rows = [f"| {keys} | {action.help} |" for keys, action in zip(shown, ACTIONS, strict=True)]
    return "\n".join(["| key | does |", "| --- | --- |", *rows])


if __name__ == "__main__":
    print(markdown())
