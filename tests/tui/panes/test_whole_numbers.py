"""No pane of the screens Linear and GLM cuts a number, or writes over a part of one."""

from collections.abc import Callable

import pytest
from bad_states import diverged_run
from frames import framed

from engine import Experiment
from tests.recorded import broken_words, recorded
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.palette import DARK
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.glm.fit import GlmFitPane
from tui.panes.glm.irls import IrlsPane
from tui.panes.glm.linear_in import LinearInPane
from tui.panes.glm.stack import StackPane
from tui.panes.linear.assumptions import AssumptionsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane
from tui.panes.linear.data_plot import DataPlotPane
from tui.panes.linear.diagnostic_plots import LeveragePlot, QQPlot, ResidualPlot, ScalePlot
from tui.panes.linear.distance import DistancePane
from tui.session.session import Session

PLOTS = (ResidualPlot, QQPlot, ScalePlot, LeveragePlot)
PANES: dict[str, tuple[type[Pane], ...]] = {
    "linear": (
        *(CoefficientsPane, DataPlotPane, CollapsePane, DistancePane, AssumptionsPane),
        *PLOTS,
    ),
    "glm": (GlmChoicePane, GlmTablePane, GlmFitPane, IrlsPane, StackPane, LinearInPane),
}
WIDTHS = (*range(30, 42), 45, 52, 60, 90)


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
                pane, canvas = kind(), Canvas(width, height, DARK)
                pane.view, pane.look = frame, Look(DARK, UNICODE, True, SHOWN)
                with recorded() as seen:
                    pane.draw(canvas, frame)
                found = [*seen.cut, *broken_words(canvas)]
                faults |= {f"{kind.__name__} {width}: {fault}" for fault in found}
    assert not faults
