"""Screen 5, GLM: a layer as a generalised linear model, and where a stack of layers is not one."""

from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import GlmStatusBar
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.fit import GlmFitPane
from tui.panes.glm.irls import IrlsPane
from tui.panes.glm.stack import StackPane
from tui.screens.frame_screen import FrameScreen


class GlmScreen(FrameScreen):
    """The model and its coefficients; below, its curve, IRLS and the stack."""

    NAME = "glm"
    FIRST = "glm-choice"

    def compose_panes(self) -> ComposeResult:
        with Horizontal(id="model", classes="box"):
            yield GlmChoicePane(id="glm-choice")
            yield GlmTablePane(id="glm-table")
        with Horizontal(id="behind", classes="box"):
            yield GlmFitPane(id="glm-fit")
            yield IrlsPane(id="irls")
            yield StackPane(id="stack")

    def status_bar(self) -> GlmStatusBar:
        return GlmStatusBar()

    def reveal(self, pane: Pane) -> None:
        """In a small terminal, show the model or its coefficients, and one of the panes below."""
        if pane.id in ("glm-choice", "glm-table"):
            self.set_class(pane.id == "glm-table", "table")
        else:
            self.set_class(pane.id == "irls", "iterations")
            self.set_class(pane.id == "stack", "layers")
        super().reveal(pane)
