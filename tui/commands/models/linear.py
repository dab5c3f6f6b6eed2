"""Screen Linear: solving, relu and back, what the closed form is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError, NotAffineError
from engine.network.collapse import embed_affine, not_affine
from engine.network.losses import loss_named
from tui.actions.action import Action
from tui.commands.models.change import change_model
from tui.model.key_hint_error import KeyHintError
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session


def solve(session: Session) -> None:
    """Jump to the least-squares solution. EngineError if the network cannot represent it."""
    trainer = session.trainer
    if loss_named(trainer.loss).squares is None:
        raise EngineError(f"least squares solves the quadratic cost, not {trainer.loss}")
    try:
        closed = session.linear.closed_form(trainer, session.selection.degree)
        solved = embed_affine(trainer.network, closed.solution)
    except NotAffineError:
        network = trainer.network
        reason = not_affine(network, of_z=False)
        hidden, back = set(network.activations), set(session.before_relu)
        mends = hidden == {"relu"} and back <= {"identity"} and network.output == "identity"
        key = "; {activation} makes it identity" if mends else ""
        raise KeyHintError(f"solving needs layers that are all linear: {reason}{key}") from None
    if not np.array_equal(solved, trainer.network.parameters):
        session.assign(solved, "solve: the OLS solution")


def switch_relu(session: Session) -> str:
    """Begin a new run from the present weights with relu in the hidden layers; if they are relu,
    with what they were before. Returns a message that says what was done."""
    network = session.trainer.network
    if not network.activations:
        raise EngineError("one layer has no hidden activation to switch to relu")
    old, new = network.activations, ("relu",) * len(network.activations)
    if old == new:
        new = session.before_relu or ("identity",) * len(old)
    session.begin_from(network, activation=new)
    session.before_relu = () if set(old) == {"relu"} else old
    name = "/".join(dict.fromkeys(new))
    return f"hidden layers are {name} now: a new run from these weights, the old one a ghost"


def toggle_coverage(app: BaseApp) -> None:
    """Show what broken assumptions do to OLS's intervals, or the tests again."""
    screen, session = app.frame_screen, app.session
    closed = session.linear.closed_form(session.trainer, session.selection.degree)
    if closed.fit is None:
        raise EngineError(closed.note)
    session.linear.sampling.toggle()
    app.show()
    if session.linear.sampling.shown and screen is not None:
        pane = screen.query_one("#assumptions", Pane)
        screen.reveal(pane)
        pane.focus()


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "solve",
        ("s",),
        "s",
        "solve: jump to the least-squares solution",
        lambda app: change_model(app, solve),
        "solve",
        screens=("linear",),
        name="solve by least squares",
    ),
    Action(
        "residuals",
        ("d",),
        "d",
        "diagnostics of the residuals of OLS or of the network",
        lambda app: app.do(app.session.selection.toggle_residuals),
        "residuals",
        screens=("linear",),
        name="OLS or network residuals",
    ),
    Action(
        "degree",
        ("D",),
        "D",
        "closed form: the next polynomial degree, 1 to 12, of one input",
        lambda app: app.do(app.session.selection.next_degree),
        "degree",
        screens=("linear",),
        name="polynomial degree",
    ),
    Action(
        "coverage",
        ("c",),
        "c",
        "how often OLS's intervals hold the truth, by repeated samples; again: the tests",
        toggle_coverage,
        "coverage",
        screens=("linear",),
        name="coverage by sampling",
    ),
)
