"""What is highlighted in the dialog of an explanation is in sight."""

import pytest
from frames import framed

from engine import Experiment
from engine.explain import symbols
from tui.dialogs.explanation import ExplanationView
from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.explain.linear import product_entries
from tui.panes.base.look import Look
from tui.session.session import Session


@pytest.mark.parametrize("height", [6, 10, 16])
def test_each_term_that_tab_goes_to_is_in_sight(height: int) -> None:
    session = Session(Experiment(dataset="circle", hidden=(6, 5), activation="identity"))
    frame = framed(session, "linear")
    explanation = product_entries(frame).explain()
    view = ExplanationView(explanation, Look())
    names = [s.name for s in symbols(explanation.definitions[-1].expression) if s.name]
    assert len(names) == 10  # w⁽³⁾ times A⁽²⁾, five times
    for name in [*names, *names[::-1]]:
        view.choose(name)
        canvas = Canvas(60, height, DARK)
        view.paint(canvas)
        rows = canvas.text_lines()
        lit = [row for row, ground in zip(rows, canvas.ground, strict=True) if DARK.sel in ground]
        assert any(name.written() in row for row in lit), (name, rows)
