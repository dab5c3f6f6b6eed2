"""Every action of the app, by theme in ``tui.keys``. README and F1 are made from it."""

from __future__ import annotations

from tui.commands.rows import (
    files,
    models,
    panes,
    regions,
    runs,
    screens,
    selection,
    surface,
    training,
)

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


def markdown() -> str:
    """The table of keys for the README."""
    shown = (action.shown.replace("|", r"\|") for action in ACTIONS)
    rows = [f"| {keys} | {action.help} |" for keys, action in zip(shown, ACTIONS, strict=True)]
    return "\n".join(["| key | does |", "| --- | --- |", *rows])


if __name__ == "__main__":
    print(markdown())
