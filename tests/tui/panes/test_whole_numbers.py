"""No pane of the screens Linear and GLM cuts a number, or writes over a part of one."""

import re
from collections.abc import Callable

import pytest
from bad_states import diverged_run
from frames import framed

from engine import Experiment
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.palette import DARK
from tui.panes.base.pane import Look, Pane
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.fit import GlmFitPane
from tui.panes.glm.irls import IrlsPane
from tui.panes.glm.stack import StackPane
from tui.panes.linear.assumptions import AssumptionsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane
from tui.panes.linear.data_plot import DataPlotPane
from tui.panes.linear.diagnostic_plots import LeveragePlot, QQPlot, ResidualPlot, ScalePlot
from tui.panes.linear.distance import DistancePane
from tui.session.session import Session

NUMBER = re.compile(r"[+−]?\d[\d.]*(?:e−?\d+)?")
WORD = re.compile(NUMBER.pattern + r"|[^\W\d]{3,}")
PLOTS = (ResidualPlot, QQPlot, ScalePlot, LeveragePlot)
PANES: dict[str, tuple[type[Pane], ...]] = {
    "linear": (
        *(CoefficientsPane, DataPlotPane, CollapsePane, DistancePane, AssumptionsPane),
        *PLOTS,
    ),
    "glm": (GlmChoicePane, GlmTablePane, GlmFitPane, IrlsPane, StackPane),
}
WIDTHS = (*range(30, 42), 45, 52, 60, 90)


class RecordingCanvas(Canvas):
    """Notes each number that is cut at an edge, and each word that other text covers in part."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height, DARK, UNICODE)
        self.cut: list[str] = []
        self._written: list[tuple[int, int, str]] = []

    def text(self, x, y, s, ink=None, ground=None, bold=False) -> None:
        super().text(x, y, s, ink, ground, bold)
        for word in WORD.finditer(s):
            first, last = x + word.start(), x + word.end()
            if first >= 0 and last <= self.width:
                self._written.append((first, y, word[0]))
            elif NUMBER.match(word[0]) and (first < 0 < last or first < self.width < last):
                self.cut.append(f"{s!r} at {x} of {self.width}")

    def faults(self) -> list[str]:
        """The numbers that are not whole."""
        covered = []
        lines = self.text_lines()
        for x, y, word in self._written:
            shown = lines[y][x : x + len(word)] if 0 <= y < self.height else word
            if shown != word and any(a == b for a, b in zip(shown, word, strict=True)):
                covered.append(f"{word} is {shown} in {lines[y]!r}")
        return self.cut + covered


def session_of(steps: int, **experiment: object) -> Session:
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return session


SESSIONS: dict[str, Callable[[], Session]] = {
    "identities": lambda: session_of(
        9,
        dataset="challenger",
        hidden=(4, 3),
        activation="identity",
        output="sigmoid",
        loss="binary_cross_entropy",
    ),
    "three classes": lambda: session_of(10, dataset="iris", hidden=(3,)),
    "diverged": diverged_run,
}


@pytest.mark.parametrize("name", SESSIONS)
def test_no_number_on_the_screens_linear_and_glm_is_cut_whatever_the_width(name: str) -> None:
    session, faults = SESSIONS[name](), set()
    for screen, panes in PANES.items():
        frame = framed(session, screen)
        for kind in panes:
            for width in WIDTHS[:: 13 if kind in PLOTS else 1]:
                height = 6 if kind is IrlsPane else 14  # 6: without its plot
                pane, canvas = kind(), RecordingCanvas(width, height)
                pane.view, pane.look = frame, Look(DARK, UNICODE, True, SHOWN)
                pane.draw(canvas, frame)
                faults |= {f"{kind.__name__} {width}: {fault}" for fault in canvas.faults()}
    assert not faults
