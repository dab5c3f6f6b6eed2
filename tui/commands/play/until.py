"""Training until C, a score or the step has come so far, which is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.wording import count
from tui.actions.action import Action
from tui.session.play.goal import Goal, read_goal

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def ask_goal(app: BaseApp) -> None:
    """Ask what to train until, and play to it."""
    from tui.dialogs.base import Ask

    data = app.session.prepared.dataset
    app.do(lambda: None, pause=True)
    score = "R² > 0.9" if data.task == "regression" else "accuracy 99 %"
    test = ", test C < 0.2" * bool(len(data.test))

    def go(goal: Goal) -> None:
        time = app.session.time
        time.play_until(goal)
        app.last_goal = goal.text
        app.ticker.start()
        app.show()
        text = f"training until {time.goal.text if time.goal else goal.text}"
        stop = app.shown_keys["play"]
        app.tell(f"{text}: {stop} or {app.shown_keys['cancel']} stops", text)

    prompt = f"such as C < 0.1, {score}{test}, 500 steps, step 2000"
    app.ask(Ask("Train until", prompt, read_goal, app.last_goal), go)


def stop_goal(app: BaseApp) -> bool:
    """Pause, and say so, if training goes on to a goal; returns whether it did."""
    session = app.session
    goal = session.time.goal
    if goal is None:
        return False
    app.do(lambda: None, pause=True)
    app.tell(f"stopped at step {count(session.trainer.step_count)}: {goal.text} is not reached")
    return True


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "train_until",
        ("T",),
        "T",
        "train until C, the accuracy, R² or the step is so far (typed)",
        ask_goal,
        name="train until (typed)",
    ),
)
