"""Screen 5, GLM: which layer is a generalised linear model, and where does the stack stop being
linear in its weights?"""

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
    """The model and its coefficients; below them its curve, IRLS and the stack."""

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
        """In a small terminal the table takes the place of the model, and IRLS or the stack that
        of the curve."""
        if pane.id in ("glm-choice", "glm-table"):
            self.set_class(pane.id == "glm-table", "table")
        else:
            self.set_class(pane.id == "irls", "iterations")
            self.set_class(pane.id == "stack", "layers")
        super().reveal(pane)
