"""Screen Approximate: which error is plotted, and the computation of the errors by width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError
from tui.actions.action import Action
from tui.commands.models.change import change_model

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session


def other_error(session: Session) -> None:
    """Plot the mean square instead of the largest error, or the other way round."""
    approximation = session.approximation
    approximation.squared = not approximation.squared


def compute_again(session: Session) -> None:
    """Compute the errors by width again. EngineError without a curve to follow."""
    target = session.approximation.target_now(session.prepared)
    if target is None:
        raise EngineError("errors by width are of curves over one input")
    session.approximation.sweeps.compute(target)


def stop_sweep(app: BaseApp) -> None:
    """Stop computing the errors by width; those found so far stay."""
    app.do(app.session.approximation.sweeps.stop, pause=False)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "error_kind",
        ("d",),
        "d",
        "on Approximate: plot the largest error or the mean square",
        lambda app: change_model(app, other_error, pause=False),
        "error",
        screens=("approximate",),
        name="largest or mean square",
    ),
    Action(
        "sweep_again",
        ("c",),
        "c",
        "on Approximate: compute the errors by width again",
        lambda app: change_model(app, compute_again, pause=False),
        "compute",
        screens=("approximate",),
        name="compute the errors again",
    ),
)
