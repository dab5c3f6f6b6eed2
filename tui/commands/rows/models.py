"""Linear and GLM: the closed form and its diagnostics, and other models of the same data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.keys.action import Action

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def _remodel(name: str, pause: bool = True) -> Callable[[BaseApp], object]:
    """A function of ``tui.commands.models``, which makes another network of the session's."""

    def change(app: BaseApp) -> None:
        from tui.commands import models as remodel

        app.do(lambda: getattr(remodel, name)(app.session), pause)

    return change


def _switch_activation(app: BaseApp) -> None:
    """Begin again with other activations in the hidden layers; on Linear say which."""
    from tui.commands import models as remodel

    if app.frame_screen and app.frame_screen.NAME == "glm":
        app.do(lambda: remodel.switch_activation(app.session), pause=True)
        return
    done = remodel.switch_relu(app.session)
    app.do(lambda: None, pause=True)
    app.notify(done)


ACTIONS = (
    Action(
        "solve",
        ("s",),
        "s",
        "solve: jump to the least-squares solution",
        _remodel("solve"),
        "solve",
        screens=("linear",),
    ),
    Action(
        "activation",
        ("a",),
        "a",
        "hidden layers relu, and back, in a new run; on GLM identity, relu, tanh",
        _switch_activation,
        "relu",
        screens=("linear", "glm"),
    ),
    Action(
        "residuals",
        ("d",),
        "d",
        "diagnostics of the residuals of OLS or of the network",
        lambda app: app.do(app.session.selection.toggle_residuals),
        "residuals",
        screens=("linear",),
    ),
    Action(
        "degree",
        ("D",),
        "D",
        "closed form: the next polynomial degree, 1 to 8, of one input",
        lambda app: app.do(app.session.selection.next_degree),
        "degree",
        screens=("linear",),
    ),
    Action(
        "family",
        ("f",),
        "f",
        "on GLM: the next family of distributions that the targets allow",
        _remodel("choose_family", pause=False),
        "family",
        screens=("glm",),
    ),
    Action(
        "link",
        ("L",),
        "L",
        "the next link of the family",
        _remodel("choose_link", pause=False),
        "link",
        screens=("glm",),
    ),
    Action(
        "become",
        ("equals_sign",),
        "=",
        "a new run: the one layer that is this GLM",
        _remodel("become_glm"),
        "be the GLM",
        screens=("glm",),
    ),
    Action(
        "grow",
        ("plus",),
        "+",
        "on GLM: a new run with one hidden layer more",
        _remodel("add_layer"),
        "layer",
        bar="+ −",
        screens=("glm",),
    ),
    Action(
        "shrink",
        ("minus",),
        "-",
        "on GLM: a new run with one hidden layer less",
        _remodel("remove_layer"),
        screens=("glm",),
    ),
)
