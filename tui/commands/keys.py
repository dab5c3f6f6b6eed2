"""The table of keys: every action of the app. README and ? are made from it."""

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

GROUPS = {
    "time and training": training.ACTIONS,
    "selection": selection.ACTIONS,
    "numbers": explain.ACTIONS + predicting.ACTIONS,
    "weights": weights.ACTIONS,
    "data": data.ACTIONS,
    "runs": runs.ACTIONS,
    "reports": reports.ACTIONS,
    "screens": screens.ACTIONS,
    "regions": regions.ACTIONS,
    "least squares and GLM": models.ACTIONS,
    "panes and help": panes.ACTIONS,
    "files": files.ACTIONS + share.ACTIONS,
}
"""The actions under the headings of the list of keys."""

ACTIONS = tuple(action for group in GROUPS.values() for action in group)
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
