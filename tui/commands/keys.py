"""The table of keys: every action of the app. ? and the README's short table are made from it."""

from tui.commands import (
    data,
    explain,
    files,
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
from tui.commands.lessons import actions as lessons
from tui.commands.models import activation, approximate, errors, glm, identity, linear
from tui.commands.play import speed, until

GROUPS = {
    "time and training": training.ACTIONS + speed.ACTIONS + until.ACTIONS,
    "selection": selection.ACTIONS,
    "numbers": explain.ACTIONS + predicting.ACTIONS,
    "weights": weights.ACTIONS,
    "data": data.ACTIONS,
    "runs": runs.ACTIONS,
    "reports": reports.ACTIONS,
    "screens": screens.ACTIONS,
    "regions": regions.ACTIONS,
    "least squares and GLM": linear.ACTIONS + identity.ACTIONS + activation.ACTIONS + glm.ACTIONS,
    "approximation": approximate.ACTIONS + errors.ACTIONS,
    "panes and help": panes.ACTIONS,
    "lessons": lessons.ACTIONS,
    "files": files.ACTIONS + share.ACTIONS,
}
"""The actions under the headings of the list of keys."""

ACTIONS = tuple(action for group in GROUPS.values() for action in group)
BY_ID = {action.id: action for action in ACTIONS}
SHOWN = {action.id: action.shown for action in ACTIONS}
"""How keys are written, unless the user has others."""

ROWS = (  # of the README's table: the actions by their ids, and what they do
    ("time", "play play_back", "play, pause; play backwards"),
    ("", "slower faster train_until", "half the speed, double; train until a typed goal"),
    ("", "on back", "a step on, back; on Backprop a micro-step"),
    ("", "on_ten back_ten", "ten steps; on Backprop a whole step"),
    ("", "epoch_on epoch_back", "an epoch on, back"),
    ("", "first latest step_typed", "the first step, the latest, a typed one"),
    ("", "rate_halve rate_double", "halve, double the learning rate"),
    ("", "undo redo", "undo what was done last, also a restart; redo it"),
    ("", "restart next_start", "restart with the same first weights, with other ones"),
    ("look", "explore backprop regions linear glm approximate surface",
     "the screens; the loss surface"),
    ("", "pane zoom details bias_node", "next pane; zoom; on Explore all numbers, the node 1"),
    ("", "up down left right", "select, or move the cursor of a map"),
    ("", "explain copy copy_latex digits", "why this number; copy that as text, LaTeX; all digits"),
    ("", "example_back example_on example_typed batch", "another example; the mean of the batch"),
    ("", "point_typed", "put the cursor of a map at a typed point"),
    ("", "predict describe", "on Backprop guess first; this screen in words"),
    ("weights", "weight weight_before largest_gradient", "select one; the one of largest gradient"),
    ("", "edit increase decrease freeze matrix_typed", "type, nudge, freeze; a whole layer"),
    ("data", "add_example delete_example move_example pick_example edit_back",
     "add, delete, move, pick an example; undo that"),
    ("", "test_data discretise confusion", "test examples; no shades; confusion matrix"),
    ("runs", "branch compare run_before run_after", "branch off; side by side; other runs"),
    ("", "mark changes postmortem", "mark a step; what has changed since; why a run diverged"),
    ("regions", "colour filter walk plane plane_typed count",
     "colours; filter; walk; next plane, through three examples; count all"),
    ("linear", "solve make_linear activation", "solve; all layers linear, and back; relu or not"),
    ("", "residuals degree coverage", "residuals; polynomials; coverage by repeated samples"),
    ("GLM", "family link become grow shrink", "family; link; be this model; a layer more, less"),
    ("approximate", "next_target wider narrower steeper stacked error_kind sweep_again",
     "target; a unit more, less; steepness; stacked; other error, again"),
    ("", "next_unit unit_before unit_left unit_right unit_here unit_typed unit_larger unit_smaller"
     " built_anew", "a unit: next, before; left, right, here, typed; its v; build anew"),
    ("files", "gallery open save save_as", "gallery; open; save; write under a name"),
    ("", "share screenshot quit", "share code; the screen as a file; quit"),
    ("lessons", "lesson lesson_back scene_on scene_before scene_pause",
     "open them, next step; the one before; presented: next scene, the one before, pause"),
    ("help", "keys help commands settings", "this screen, this pane, everything by name; settings"),
)  # fmt: skip


def markdown() -> str:
    """The table of keys for the README."""
    lines = ["| | keys | |", "| --- | --- | --- |"]
    for group, ids, words in ROWS:
        shown = (BY_ID[name].shown for name in ids.split())
        keys = " ".join(f"`{key}`" for key in " ".join(shown).split()).replace("|", r"\|")
        lines.append(f"| {group} | {keys} | {words} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
