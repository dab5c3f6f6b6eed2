"""Screen 4, Linear: the network beside the least-squares fit of the same data."""

from collections.abc import Iterable
from importlib import import_module
from threading import Thread

from tui.model.frame import Frame
from tui.panes.base.pane import Pane
from tui.panes.base.status_bars import LinearStatusBar
from tui.panes.linear.assumptions import AssumptionsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane
from tui.panes.linear.data_plot import DataPlotPane
from tui.panes.linear.diagnostic_plots import LeveragePlot, QQPlot, ResidualPlot, ScalePlot
from tui.panes.linear.distance import DistancePane
from tui.screens.frame_screen import FrameScreen
from tui.screens.layout.boxes import Needs
from tui.screens.layout.linear import PLOTS

LOOK = 0.1  # seconds between looks at what has been sampled
WITHOUT_FIT = ("coefficients", "assumptions", *PLOTS)  # panes without anything to show then


class LinearScreen(FrameScreen):
    """The coefficients, the data with what is fitted to them, the collapse of the layers, the
    distance to the fit, its assumptions and plots of the residuals."""

    NAME = "linear"
    FIRST = "coefficients"

    def compose_panes(self) -> Iterable[Pane]:
        yield CoefficientsPane(id="coefficients")
        yield DataPlotPane(id="data-plot")
        yield CollapsePane(id="collapse")
        yield DistancePane(id="distance")
        yield AssumptionsPane(id="assumptions")
        yield ResidualPlot(id="residual-plot")
        yield QQPlot(id="qq-plot")
        yield ScalePlot(id="scale-plot")
        yield LeveragePlot(id="leverage-plot")

    def on_mount(self) -> None:
        # one diagnostic needs a part of SciPy that takes a second to import
        Thread(target=import_module, args=("scipy.stats",), daemon=True).start()
        self.app.clock.every(self, LOOK, self.look_again)

    def look_again(self) -> None:
        """Draw what has been sampled since the last frame; while training plays, the next frame
        does."""
        session = self.app.session
        if not self.is_current or session.time.playing:
            return
        view = self.query_one(AssumptionsPane).view
        facts = view and view.linear and view.linear.coverage
        if facts and facts.state != session.linear.sampling.state:
            self.app.show()

    def on_screen_suspend(self) -> None:
        self.app.session.linear.sampling.pause()

    def status_bar(self) -> LinearStatusBar:
        return LinearStatusBar()

    def needs(self, frame: Frame) -> Needs:
        """The terms of the fit, the layers whose product the collapse shows, and the panes that
        have nothing to show: without a fit, that of the data says why."""
        facts, data = frame.linear, frame.data
        degree = facts.degree if facts else self.app.session.selection.degree
        terms = len(facts.fit.names) if facts and facts.fit else max(data.X.shape[1], degree) + 1
        has_fit = facts.fit is not None if facts else data.Y.shape[1] == 1
        without = () if has_fit else WITHOUT_FIT
        if not (has_fit or data.task != "classes"):
            without = (*without, "distance")
        return Needs(terms=terms, layers=len(frame.network.weights), without=without)
