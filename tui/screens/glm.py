"""Screen 5, GLM: a layer as a generalised linear model, and where a stack of layers is not one."""

from collections.abc import Iterable

from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import GlmStatusBar
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.fit import GlmFitPane
from tui.panes.glm.irls import IrlsPane
from tui.panes.glm.stack import StackPane
from tui.screens.frame_screen import FrameScreen


class GlmScreen(FrameScreen):
    """The model and its coefficients, its curve, IRLS and the stack."""

    NAME = "glm"
    FIRST = "glm-choice"

    def compose_panes(self) -> Iterable[Pane]:
        yield GlmChoicePane(id="glm-choice")
        yield GlmTablePane(id="glm-table")
        yield GlmFitPane(id="glm-fit")
        yield IrlsPane(id="irls")
        yield StackPane(id="stack")

    def status_bar(self) -> GlmStatusBar:
        return GlmStatusBar()
