"""Other models of the same data: what keys of the screens Linear and GLM make of the network.

Solving is an event of the run and can be undone; everything else begins a new run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError, Experiment, NotAffineError
from engine.network.collapse import embed_affine, not_affine
from engine.network.losses import loss_named
from tui.actions.action import Action
from tui.model.key_hint_error import KeyHintError

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.model.glm.choice import GlmChoice
    from tui.session.session import Session


def change_model(app: BaseApp, change: Callable[[Session], None], pause: bool = True) -> None:
    """Change the session's model by one of the functions below."""
    app.do(lambda: change(app.session), pause)


def switch_activation(app: BaseApp) -> None:
    """Begin again with another activation in the hidden layers; on Linear say which."""
    if app.frame_screen and app.frame_screen.NAME == "glm":
        change_model(app, switch_glm_activation)
        return
    message = switch_relu(app.session)
    app.do(lambda: None, pause=True)
    app.tell(message)


# screen Linear


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


# screen GLM


def choice_in_force(session: Session) -> GlmChoice:
    """The model chosen, or else the one that suits the data."""
    from tui.model.glm.choice import default_choice

    return session.glm_choice or default_choice(session.experiment, session.prepared.dataset)


def choose_family(session: Session) -> None:
    """Choose the next family that the targets allow."""
    from tui.model.glm.choice import next_family

    session.glm_choice = next_family(session.prepared.dataset, choice_in_force(session))


def choose_link(session: Session) -> None:
    """Choose the next link of the family."""
    from tui.model.glm.choice import next_link

    session.glm_choice = next_link(choice_in_force(session))


def become_glm(session: Session) -> None:
    """Begin the one-layer network that is this model. EngineError if it has no fit."""
    from tui.model.glm.model import glm_experiment

    data, choice = session.prepared.dataset, choice_in_force(session)
    session.begin(glm_experiment(session.experiment, data, choice))
    session.glm_choice = choice


def add_layer(session: Session) -> None:
    """Begin again with one hidden layer more."""
    from tui.model.glm.model import with_layer

    _begin_other(session, with_layer(session.experiment))


def grow(app: BaseApp) -> None:
    """Add a hidden layer; if it is identity, say which key makes it relu."""
    change_model(app, add_layer)
    if app.session.experiment.activation == "identity":
        app.tell(f"the new layer is identity: {app.shown_keys['activation']} makes it relu")


def remove_layer(session: Session) -> None:
    """Begin again with one hidden layer less."""
    from tui.model.glm.model import without_layer

    if not session.experiment.hidden:
        raise EngineError("there is no hidden layer to remove: this is one layer")
    _begin_other(session, without_layer(session.experiment))


def switch_glm_activation(session: Session) -> None:
    """Begin again with the next activation in the hidden layers."""
    from tui.model.glm.model import next_activation

    if not session.experiment.hidden:
        raise KeyHintError("one layer has no hidden activation; {grow} adds a layer")
    _begin_other(session, next_activation(session.experiment))


def _begin_other(session: Session, experiment: Experiment) -> None:
    """Begin another network; the model it is compared with stays."""
    session.glm_choice = choice_in_force(session)
    session.begin(experiment)


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
        "activation",
        ("a",),
        "a",
        "hidden layers relu, and back, in a new run; on GLM identity, relu, tanh",
        switch_activation,
        "relu",
        screens=("linear", "glm"),
        name="switch the activation",
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
        "closed form: the next polynomial degree, 1 to 8, of one input",
        lambda app: app.do(app.session.selection.next_degree),
        "degree",
        screens=("linear",),
        name="polynomial degree",
    ),
    Action(
        "family",
        ("f",),
        "f",
        "on GLM: the next family of distributions that the targets allow",
        lambda app: change_model(app, choose_family, pause=False),
        "family",
        screens=("glm",),
        name="the next family",
    ),
    Action(
        "link",
        ("L",),
        "L",
        "the next link of the family",
        lambda app: change_model(app, choose_link, pause=False),
        "link",
        screens=("glm",),
        name="the next link",
    ),
    Action(
        "become",
        ("equals_sign",),
        "=",
        "a new run: the one layer that is this GLM",
        lambda app: change_model(app, become_glm),
        "become the GLM",
        screens=("glm",),
        name="become this GLM",
    ),
    Action(
        "grow",
        ("plus",),
        "+",
        "on GLM: a new run with one hidden layer more",
        grow,
        "layer",
        screens=("glm",),
        name="one hidden layer more",
    ),
    Action(
        "shrink",
        ("minus",),
        "-",
        "on GLM: a new run with one hidden layer less",
        lambda app: change_model(app, remove_layer),
        "layer less",
        screens=("glm",),
        name="one hidden layer less",
    ),
)
