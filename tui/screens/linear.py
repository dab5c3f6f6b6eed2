"""Screen 4, Linear: the network beside the least-squares fit of the same data."""

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
from tui.panes.linear.data_plot import DataPlotPane
from tui.panes.linear.diagnostic_plots import LeveragePlot, QQPlot, ResidualPlot, ScalePlot
from tui.panes.linear.distance import DistancePane
from tui.screens.frame_screen import FrameScreen

OTHER_ROWS = 5, 4  # rows of the coefficients' pane besides the terms, boxed and compact
MIN_TERMS = 3  # rows for terms
MAX_SHARE = 0.4  # of the screen's height
BESIDE = 120  # columns from which the collapse of several layers stands beside the data,
WIDE = 160  # and from which the distance does so too


class LinearScreen(FrameScreen):
    """The coefficients over the full width; below, the data, collapse, distance, assumptions and
    plots of the residuals."""

    NAME = "linear"
    FIRST = "coefficients"
    _terms = 0  # of the fit in the last frame
    _stack = False  # whether its network has several layers, whose product the collapse shows

    def compose_panes(self) -> ComposeResult:
        with Horizontal(id="terms", classes="box"):
            yield CoefficientsPane(id="coefficients")
        with Horizontal(id="beside", classes="box"):
            yield DataPlotPane(id="data-plot")
            yield CollapsePane(id="collapse")
            yield DistancePane(id="distance")
            yield AssumptionsPane(id="assumptions")
        with Horizontal(id="diagnostics", classes="box"):
            yield ResidualPlot(id="residual-plot")
            yield QQPlot(id="qq-plot")
            yield ScalePlot(id="scale-plot")
            yield LeveragePlot(id="leverage-plot")

    def on_mount(self) -> None:
        # one diagnostic needs a part of SciPy that takes a second to import
        Thread(target=import_module, args=("scipy.stats",), daemon=True).start()

    def status_bar(self) -> LinearStatusBar:
        return LinearStatusBar()

    def lay_out(self, width: int, height: int) -> None:
        """Give the coefficients a row for each term, up to a share of the height."""
        rows = max(self._terms, MIN_TERMS) + OTHER_ROWS[self.has_class("compact")]
        self.query_one("#terms").styles.height = min(rows, int(MAX_SHARE * height))
        has_room = width >= BESIDE and not self.has_class("compact")
        self.set_class(self._stack and has_room, "stack")
        self.set_class(width >= WIDE, "wide")

    def show(self, frame: Frame, look: Look, message: str, at_once: bool) -> None:
        """Draw, with as many rows for the coefficients as this frame needs."""
        facts = frame.linear
        self._terms = max(frame.network.sizes[0], facts.degree if facts else 1) + 1
        self._stack = len(frame.network.weights) > 1
        without_fit = facts is not None and facts.fit is None
        self.set_class(without_fit, "no-fit")
        if without_fit:
            self.remove_class("diagnostics", "later")
        self.set_class(facts is not None and not facts.has_distance, "no-distance")
        if isinstance(self.focused, Pane) and not self.offers(self.focused):
            self.query_one("#data-plot").focus()
        self.lay_out(*self.size)
        super().show(frame, look, message, at_once)

    def offers(self, pane: Pane) -> bool:
        """Whether a pane has something to show: without a fit, that of the data says why."""
        if self.has_class("no-distance") and pane.id == "distance":
            return False
        has_fit = not self.has_class("no-fit") or pane.id in ("data-plot", "collapse", "distance")
        return has_fit and super().offers(pane)

    def reveal(self, pane: Pane) -> None:
        """Show a pane that waits behind others; in a small terminal, two of the panes below the
        coefficients at a time."""
        self.set_class(pane.id == "collapse" and not self.has_class("stack"), "alone")
        if pane.id != "coefficients":
            for shown in ("distance", "diagnostics", "later"):
                self.remove_class(shown)
            if pane.id == "distance":
                self.add_class("distance")
            elif pane.id not in ("data-plot", "collapse", "assumptions"):
                self.add_class("diagnostics")
                self.set_class(pane.id in ("scale-plot", "leverage-plot"), "later")
        super().reveal(pane)
