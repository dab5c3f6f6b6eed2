"""Screen 6, Approximate: how knots, slopes and width build a curve."""

from collections.abc import Iterable

from tui.model.frame import Frame
from tui.panes.approximate.curve import CurvePane
from tui.panes.approximate.errors import ErrorsPane
from tui.panes.approximate.methods import MethodsPane
from tui.panes.approximate.towers import TowersPane
from tui.panes.approximate.units import UnitsPane
from tui.panes.base.key_bar import KeyBar
from tui.panes.base.pane import Pane
from tui.screens.frame_screen import FrameScreen
from tui.screens.layout.approximate import PLANE
from tui.screens.layout.boxes import Needs

LOOK = 0.1  # seconds between looks at what has been computed


class ApproximateScreen(FrameScreen):
    """A target, the curves of several methods, and what each hidden unit adds to one of them."""

    NAME = "approximate"
    FIRST = "methods"

    def compose_panes(self) -> Iterable[Pane]:
        yield MethodsPane(id="methods")
        yield CurvePane(id="approximation")
        yield TowersPane(id="towers")
        yield UnitsPane(id="units")
        yield ErrorsPane(id="errors")

    def on_mount(self) -> None:
        self.app.clock.every(self, LOOK, self.look_again)

    def look_again(self) -> None:
        """Draw what has been computed since the last frame."""
        if not self.is_current:
            return
        approximation = self.app.session.approximation
        approximation.advance(self.app.session.prepared)
        view = self.query_one(CurvePane).view
        if view and view.approximation and view.approximation.state != approximation.state:
            self.draw_again()

    def draw_again(self) -> None:
        """Draw all panes with what is chosen now, and the keys: one may stop a computation."""
        frame = self.app.session.frame(self.NAME)
        for pane in self.query(Pane):
            if pane.view is not None:
                pane.show(frame, pane.look)
        self.query_one(KeyBar).show(frame, self.app.look)

    def needs(self, frame: Frame) -> Needs:
        """The picture, and the panes that have nothing to show: of two inputs there are towers in
        place of a curve."""
        facts = frame.approximation
        if facts is not None and facts.is_plane:
            return Needs(without=("approximation", "methods", "units", "errors"), picture=PLANE)
        return Needs(without=("towers",))

    def on_screen_suspend(self) -> None:
        super().on_screen_suspend()
        self.app.session.approximation.cancel()

    # what the panes say

    def on_methods_pane_chosen(self, message: MethodsPane.Chosen) -> None:
        self.app.do(lambda: self.app.session.approximation.choose(message.method))

    def on_curve_pane_pointed(self, message: CurvePane.Pointed) -> None:
        self.app.do(lambda: self.app.session.approximation.put_cursor(message.x))

    def on_curve_pane_raised(self, message: CurvePane.Raised) -> None:
        session = self.app.session
        self.app.do(lambda: session.approximation.raise_target(session.prepared, message.by))

    def on_curve_pane_drawn(self, message: CurvePane.Drawn) -> None:
        session = self.app.session
        place = session.prepared, message.x, message.y
        self.app.do(lambda: session.approximation.draw_at(*place))

    def on_units_pane_next(self, message: UnitsPane.Next) -> None:
        session = self.app.session
        self.app.do(lambda: session.approximation.next_unit(session.prepared, message.by))

    def on_towers_pane_box_moved(self, message: TowersPane.BoxMoved) -> None:
        boxes = self.app.session.approximation.boxes
        self.app.do(lambda: boxes.move(message.dx, message.dy))
