"""Screen GLM: another family or link, the one layer that is the GLM, more layers or fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import EngineError, Experiment
from tui.actions.action import Action
from tui.commands.models.change import change_model
from tui.model.key_hint_error import KeyHintError

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.model.glm.choice import GlmChoice
    from tui.session.session import Session


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
