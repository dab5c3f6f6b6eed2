"""Screen Compare: two runs side by side, step by step."""

from collections.abc import Iterable

from tui.panes.base.pane import Pane
from tui.panes.compare.differences import DifferencesPane
from tui.panes.compare.loss import ComparedLossPane
from tui.panes.compare.output import ComparedOutput
from tui.panes.compare.runs import RunsPane
from tui.panes.explore.output import OutputPane
from tui.screens.frame_screen import FrameScreen


class CompareScreen(FrameScreen):
    """Two runs side by side; all live runs step together while it is shown."""

    NAME = "compare"
    FIRST = "runs"

    def compose_panes(self) -> Iterable[Pane]:
        yield ComparedOutput(0, id="first-output")
        yield ComparedOutput(1, id="second-output")
        yield RunsPane(id="runs")
        yield DifferencesPane(id="differences")
        yield ComparedLossPane(id="loss")

    def on_output_pane_example_moved(self, message: OutputPane.ExampleMoved) -> None:
        message.stop()  # data are edited on Explore only, where there is one run

    def on_output_pane_example_placed(self, message: OutputPane.ExamplePlaced) -> None:
        message.stop()

    def on_runs_pane_selected(self, message: RunsPane.Selected) -> None:
        app = self.app
        app.do(lambda: app.session.switch_to(message.index))
