"""The table of keys: every action of the app. README and F1 are made from it."""

from tui.commands import (
    data,
    explain,
    files,
    models,
    panes,
    predicting,
    regions,
    reports,
    runs,
    screens,
    selection,
    share,
    training,
    weights,
)
from tui.commands.play import speed, until

ACTIONS = (
    *training.ACTIONS,
    *speed.ACTIONS,
    *until.ACTIONS,
    *selection.ACTIONS,
    *explain.ACTIONS,
    *predicting.ACTIONS,
    *weights.ACTIONS,
    *data.ACTIONS,
    *runs.ACTIONS,
    *reports.ACTIONS,
    *screens.ACTIONS,
    *regions.ACTIONS,
    *models.ACTIONS,
    *panes.ACTIONS,
    *files.ACTIONS,
    *share.ACTIONS,
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
