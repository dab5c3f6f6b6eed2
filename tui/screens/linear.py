"""Screen 4, Linear: what would least squares have said?"""

from importlib import import_module
from threading import Thread

from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.model.frame import Frame
from tui.panes.base.pane import Look, Pane
from tui.panes.base.status_bars import LinearStatusBar
from tui.panes.linear.assumptions import AssumptionsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane
from tui.panes.linear.diagnostic_plots import LeveragePlot, QQPlot, ResidualPlot, ScalePlot
from tui.panes.linear.distance import DistancePane
from tui.screens.frame_screen import FrameScreen

AROUND = 5, 4  # rows of the coefficients' pane that are no terms, boxed and compact
LEAST = 3  # terms that it has room for at the least
SHARE = 0.4  # of the screen's height that it takes at the most


class LinearScreen(FrameScreen):
    """The coefficients over the full width; below them what the network is, and the plots."""

    NAME = "linear"
    FIRST = "coefficients"

    def compose_panes(self) -> ComposeResult:
        with Horizontal(id="terms", classes="box"):
            yield CoefficientsPane(id="coefficients")
        with Horizontal(id="beside", classes="box"):
            yield CollapsePane(id="collapse")
            yield DistancePane(id="distance")
            yield AssumptionsPane(id="assumptions")
        with Horizontal(id="diagnostics", classes="box"):
            yield ResidualPlot(id="residual-plot")
            yield QQPlot(id="qq-plot")
            yield ScalePlot(id="scale-plot")
            yield LeveragePlot(id="leverage-plot")

    def on_mount(self) -> None:
        # one of the tests needs more of SciPy than the others: a second's import, done meanwhile
        Thread(target=import_module, args=("scipy.stats",), daemon=True).start()

    def status_bar(self) -> LinearStatusBar:
        return LinearStatusBar()

    def lay_out(self, width: int, height: int) -> None:
        """As many rows for the coefficients as there are terms, where there is room."""
        session = self.app.session
        inputs = session.trainer.network.sizes[0]
        terms = max(inputs, session.selection.degree) + 1
        rows = max(terms, LEAST) + AROUND[self.has_class("compact")]
        self.query_one("#terms").styles.height = min(rows, int(SHARE * height))

    def show(self, frame: Frame, look: Look, message: str, at_once: bool) -> None:
        """Draw; there may be other terms than before."""
        self.lay_out(*self.size)
        super().show(frame, look, message, at_once)

    def reveal(self, pane: Pane) -> None:
        """In a small terminal the panes below the coefficients share one place, two and two."""
        if pane.id != "coefficients":
            for shown in ("distance", "diagnostics", "later"):
                self.remove_class(shown)
            if pane.id == "distance":
                self.add_class("distance")
            elif pane.id not in ("collapse", "assumptions"):
                self.add_class("diagnostics")
                self.set_class(pane.id in ("scale-plot", "leverage-plot"), "later")
        super().reveal(pane)
