"""At every size the panes of screen Linear draw or say something, and no sentence is cut."""

import re
from functools import cache

import pytest
from bad_states import diverged_run
from frames import framed
from textual.geometry import Size

from engine import Experiment
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.experiments.library import built_in
from tui.panes.base.pane import DOT, TITLE_FRAME, Look
from tui.panes.linear.assumptions import AssumptionsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane
from tui.panes.linear.data_plot import DataPlotPane
from tui.panes.linear.diagnostic_plots import LeveragePlot, QQPlot, ResidualPlot, ScalePlot
from tui.panes.linear.distance import DistancePane
from tui.session.session import Session

OF_A_FIT = (CoefficientsPane, AssumptionsPane, ResidualPlot, QQPlot, ScalePlot, LeveragePlot)
SIZES = [(w, h) for w in (30, 33, 36, 41, 56, 78, 116, 240) for h in (6, 9, 34)]
PLOT_SIZES = [(30, 6), (33, 13), (41, 9), (78, 6), (240, 9)]
PANES = {
    CoefficientsPane: SIZES,
    CollapsePane: SIZES,
    AssumptionsPane: SIZES,
    DistancePane: PLOT_SIZES,
    DataPlotPane: PLOT_SIZES,
    **dict.fromkeys((ResidualPlot, QQPlot, ScalePlot, LeveragePlot), PLOT_SIZES[:2]),
}
ELLIPSIS = re.compile(r"\S*\s?…\S*")
IN_MATRICES = re.compile(r"[\[┌│└].*…|[\d] …|… W|^ *⋮")
STATES = {
    "cars": lambda: Session(built_in("cars")),
    "longley": lambda: Session(built_in("longley")),
    "challenger": lambda: Session(built_in("challenger")),
    "a stack": lambda: Session(
        Experiment(dataset="stackloss", hidden=(4, 4, 4), activation="identity")
    ),
    "a network": lambda: Session(Experiment(dataset="mtcars", hidden=(3,), optimizer="adam")),
    "classes": lambda: Session(built_in("iris")),
    "diverged": diverged_run,
}


class EdgeCanvas(Canvas):
    """Notes each text that is cut at the right edge."""

    def __init__(self, width, height, glyphs):
        super().__init__(width, height, DARK, glyphs)
        self.cut = []

    def text(self, x, y, s, ink=None, ground=None, bold=False):
        super().text(x, y, s, ink, ground, bold)
        if 0 <= y < self.height and x + len(s.rstrip()) > self.width:
            self.cut.append(s)


@cache
def frame_of_state(name):
    session = STATES[name]()
    session.time.step(3)
    return framed(session, "linear")


def sized(kind, width, height):
    """A pane that has a size without an app."""
    outer = Size(width + 4, height + 2)
    sizes = {
        "outer_size": property(lambda _: outer),
        "size": property(lambda _: Size(width, height)),
    }
    return type(kind.__name__, (kind,), sizes)()


def faults(kind, frame, width, height, glyphs=UNICODE):
    pane, canvas = sized(kind, width, height), EdgeCanvas(width, height, glyphs)
    pane.view, pane.look = frame, Look(DARK, glyphs, True, SHOWN)
    pane.draw(canvas, frame)
    names = (*frame.data.feature_names, *frame.data.column_names, frame.data.target)
    lines = canvas.text_lines()
    found = [f"cut: {text!r}" for text in canvas.cut]
    for line in lines:
        for piece in ELLIPSIS.findall(line):
            is_name = any(name.startswith(piece.strip("#│ ").split("…")[0]) for name in names)
            if not is_name and not IN_MATRICES.search(line):
                found.append(line)
    if not "".join(lines).strip():
        found.append("empty")
    room = width + 4 - TITLE_FRAME
    found += [t for t in pane.titles(frame) if cell_count(t.partition(DOT)[0]) > room]
    return {f"{kind.__name__} {width}×{height}: {fault}" for fault in found}


@pytest.mark.parametrize("name", STATES)
def test_no_sentence_is_cut_and_no_pane_is_empty_at_any_size(name):
    frame = frame_of_state(name)
    found = set()
    for kind, sizes in PANES.items():
        if frame.linear.fit is not None or kind not in OF_A_FIT:
            for size in sizes:
                found |= faults(kind, frame, *size)
    assert not found


def test_a_plot_with_no_room_for_its_axes_names_the_most_extreme_examples():
    frame = frame_of_state("cars")
    canvas = EdgeCanvas(30, 2, ASCII)
    pane = ResidualPlot()
    pane.view, pane.look = frame, Look(DARK, ASCII, True, SHOWN)
    pane.draw(canvas, frame)
    assert canvas.text_lines()[0].strip() == "most extreme: 49, 23, 35"
