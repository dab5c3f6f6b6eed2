"""Screen 5, GLM: a layer as a generalised linear model, and where a stack of layers is not one."""

from collections.abc import Iterable

from tui.model.frame import Frame
from tui.panes.base.maps.place import label_margin
from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import GlmStatusBar
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.distribution.pane import DistributionPane
from tui.panes.glm.fit import GlmFitPane, has_many_inputs
from tui.panes.glm.hidden_unit import HiddenUnitPane
from tui.panes.glm.irls import IrlsPane
from tui.panes.glm.linear_in import LinearInPane
from tui.panes.glm.stack import StackPane
from tui.screens.frame_screen import FrameScreen
from tui.screens.layout.boxes import Needs


class GlmScreen(FrameScreen):
    """The model, its coefficients and its fit; IRLS against descent, and the stack."""

    NAME = "glm"
    FIRST = "glm-choice"

    def compose_panes(self) -> Iterable[Pane]:
        yield GlmChoicePane(id="glm-choice")
        yield GlmTablePane(id="glm-table")
        yield GlmFitPane(id="glm-fit")
        yield IrlsPane(id="irls")
        yield DistributionPane(id="distribution")
        yield StackPane(id="stack")
        yield LinearInPane(id="linear-in")
        yield HiddenUnitPane(id="hidden-unit")

    def needs(self, frame: Frame) -> Needs:
        """The columns of the labels at the left of a map; 0 where the fit is no map, or where
        what was observed stands beside it."""
        is_map = frame.view.flat and (frame.data.Y.shape[1] > 1 or not has_many_inputs(frame))
        return Needs(margin=label_margin(frame, "") if is_map else 0)

    def status_bar(self) -> GlmStatusBar:
        return GlmStatusBar()
