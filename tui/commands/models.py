"""Other networks on the same data: what the screens Linear and GLM make of the one that runs.

Solving is an event of the run and can be undone; everything else begins a new run.
"""

import numpy as np

from engine import EngineError, Experiment, NotAffineError
from engine.network.collapse import embed_affine, not_affine
from tui.model.glm.choice import GlmChoice, default_choice, next_family, next_link
from tui.model.glm.model import glm_experiment, next_activation, with_layer, without_layer
from tui.model.refusal import Refusal
from tui.session.session import Session

# screen Linear


def solve(session: Session) -> None:
    """Jump to the least-squares solution; EngineError where the network cannot be it."""
    trainer = session.trainer
    if trainer.loss != "quadratic":
        raise EngineError(f"least squares solves the quadratic cost, not {trainer.loss}")
    try:
        closed = session.linear.closed_form(trainer, session.selection.degree)
        solved = embed_affine(trainer.network, closed.solution)
    except NotAffineError:
        why, hidden = not_affine(trainer.network), set(trainer.network.activations)
        key = "; {activation} makes it identity" if hidden == {"relu"} else ""
        raise Refusal(f"solving takes layers that are all linear: {why}{key}") from None
    if not np.array_equal(solved, trainer.network.parameters):
        session.assign(solved, "solve: the OLS solution")


def switch_relu(session: Session) -> str:
    """A new run from the present weights, its hidden layers relu; or, where they are, what they
    were before. Returns what was done."""
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
    return session.glm_choice or default_choice(session.experiment, session.prepared.dataset)


def choose_family(session: Session) -> None:
    """The next family that the targets allow."""
    session.glm_choice = next_family(session.prepared.dataset, choice_in_force(session))


def choose_link(session: Session) -> None:
    """The next link of the family."""
    session.glm_choice = next_link(choice_in_force(session))


def become_glm(session: Session) -> None:
    """Begin the one-layer network that is this model; EngineError where it has no fit."""
    data, choice = session.prepared.dataset, choice_in_force(session)
    session.begin(glm_experiment(session.experiment, data, choice))
    session.glm_choice = choice


def add_layer(session: Session) -> None:
    """Begin again with one hidden layer more."""
    _begin_other(session, with_layer(session.experiment))


def remove_layer(session: Session) -> None:
    """Begin again with one hidden layer less."""
    if not session.experiment.hidden:
        raise EngineError("there is no hidden layer to remove: this is one layer")
    _begin_other(session, without_layer(session.experiment))


def switch_activation(session: Session) -> None:
    """Begin again with the next activation in the hidden layers."""
    if not session.experiment.hidden:
        raise Refusal("one layer has no hidden activation; {grow} adds a layer")
    _begin_other(session, next_activation(session.experiment))


def _begin_other(session: Session, experiment: Experiment) -> None:
    """Begin another network beside the model that is shown now."""
    session.glm_choice = choice_in_force(session)
    session.begin(experiment)
