"""The key that switches the activation of the hidden layers, on the screens Linear and GLM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions.action import Action
from tui.commands.models.change import change_model
from tui.commands.models.glm import switch_glm_activation
from tui.commands.models.linear import switch_relu

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def switch_activation(app: BaseApp) -> None:
    """Begin again with another activation in the hidden layers; on Linear say which."""
    if app.frame_screen and app.frame_screen.NAME == "glm":
        change_model(app, switch_glm_activation)
        return
    message = switch_relu(app.session)
    app.do(lambda: None, pause=True)
    app.tell(message)


ACTIONS: tuple[Action[BaseApp], ...] = (
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
)
