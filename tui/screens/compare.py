"""Screen Compare: two runs side by side, step by step."""

from collections.abc import Iterable
from typing import Any

from tui.actions.action import Action
from tui.model.frame import Frame
from tui.panes.base.maps.place import label_margin
from tui.panes.base.pane import Pane
from tui.panes.compare.difference_map import DifferenceMapPane, has_map
from tui.panes.compare.differences import DifferencesPane
from tui.panes.compare.loss import ComparedLossPane
from tui.panes.compare.output import ComparedOutput
from tui.panes.compare.runs import RunsPane
from tui.panes.explore.output import OutputPane
from tui.screens.frame_screen import FrameScreen
from tui.screens.layout.boxes import Needs
from tui.screens.layout.compare import TABLES


class CompareScreen(FrameScreen):
    """Two runs side by side; all live runs step together while it is shown."""

    NAME = "compare"
    FIRST = "runs"

    def compose_panes(self) -> Iterable[Pane]:
        yield ComparedOutput(0, id="first-output")
        yield ComparedOutput(1, id="second-output")
        yield DifferenceMapPane(id="difference")
        yield RunsPane(id="runs")
        yield DifferencesPane(id="differences")
        yield ComparedLossPane(id="loss")

    def needs(self, frame: Frame) -> Needs:
        """The labels of the maps, the runs, and the panes without anything to show."""
        comparison, margin = frame.comparison, label_margin(frame, self.app.look.glyphs.y_hat)
        if comparison is None:
            return Needs(margin, without=("difference", *TABLES))
        without = [] if has_map(comparison) else ["difference"]
        if not comparison.moved and not comparison.note:
            without.append("differences")
        return Needs(margin, runs=len(frame.runs), without=tuple(without))

    def brief_of(self, action: Action[Any], frame: Frame) -> str:
        """A step on trains the runs that are behind, too."""
        steps = {run.step for run in frame.runs if not run.divergence}
        if action.id == "on" and len(steps) > 1:
            return "train all"
        return super().brief_of(action, frame)

    def on_output_pane_example_moved(self, message: OutputPane.ExampleMoved) -> None:
        message.stop()  # data are edited on Explore only, where there is one run

    def on_output_pane_example_placed(self, message: OutputPane.ExamplePlaced) -> None:
        message.stop()

    def on_runs_pane_selected(self, message: RunsPane.Selected) -> None:
        app = self.app
        app.do(lambda: app.session.switch_to(message.index))
