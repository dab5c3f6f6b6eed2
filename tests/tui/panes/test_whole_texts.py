"""No pane of the screens Regions, Compare and Surface cuts a text or a number, or writes one over
another, whatever its size."""

import re
from collections.abc import Callable

import pytest
from bad_states import diverged_run
from frames import framed
from textual.geometry import Size

from engine import Experiment
from tests.recorded import broken_words, recorded
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.palette import DARK
from tui.drawing.text_lines import TITLE_ENDS
from tui.model.frame import Frame
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane
from tui.panes.compare.differences import DifferencesPane
from tui.panes.compare.loss import ComparedLossPane
from tui.panes.compare.output import ComparedOutput
from tui.panes.compare.runs import RunsPane
from tui.panes.regions.count import RegionCountPane
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.table import RegionTablePane
from tui.session.session import Session

BEFORE_A_NAME = re.compile(r"^ ?(?:∂\w*ŷ?/?∂)?")
SIZES = ((30, 6), (34, 10), (36, 14), (41, 9), (55, 20), (80, 14), (110, 30), (240, 24))
PANES: dict[str, list[Callable[[], Pane]]] = {
    "regions": [RegionMapPane, RegionTablePane, RegionDetailPane, RegionCountPane],
    "compare": [
        lambda: ComparedOutput(0, "first"),
        lambda: ComparedOutput(1, "second"),
        RunsPane,
        DifferencesPane,
        ComparedLossPane,
    ],
}


def ellipses(texts: list[str], names: list[str]) -> list[str]:
    """Texts that end in … without being a name."""
    starts = {text: BEFORE_A_NAME.sub("", text.split("…")[0]) for text in texts if "…" in text}
    return [
        text for text, start in starts.items() if not any(name.startswith(start) for name in names)
    ]


def session_of(steps: int, **experiment: object) -> Session:
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return session


def pair_of(steps: int, **experiment: object) -> Session:
    session = session_of(steps, **experiment)
    session.branch_off()
    session.change(learning_rate=0.02, l2=0.001)
    session.time.step(steps)
    return session


FRAMES: dict[str, Callable[[], Frame]] = {
    "regions": lambda: framed(session_of(60), "regions"),
    "regions, knots": lambda: framed(session_of(30, dataset="sine", hidden=(8, 8)), "regions"),
    "regions, classes": lambda: framed(session_of(9, dataset="iris", hidden=(4, 3)), "regions"),
    "regions, cases": lambda: framed(session_of(5, hidden=(3,)), "regions"),
    "regions, long names": lambda: framed(session_of(5, dataset="longley", hidden=(4,)), "regions"),
    "regions, curved": lambda: framed(session_of(5, activation="tanh"), "regions"),
    "regions, curved features": lambda: framed(
        session_of(5, features=("x1", "x1^2", "sin(x1)")), "regions"
    ),
    "regions, diverged": lambda: framed(diverged_run(), "regions"),
    "compare, one run": lambda: framed(session_of(20), "compare"),
    "compare, two runs": lambda: framed(pair_of(30), "compare"),
    "compare, no test data": lambda: framed(
        pair_of(9, dataset="mtcars", hidden=(4,), learning_rate=0.01), "compare"
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_no_text_of_regions_and_compare_is_cut_whatever_the_size(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pane, "size", property(lambda pane: pane._size))
    frame, faults = FRAMES[name](), set()
    names = [*frame.view.names, *frame.data.column_names, *frame.data.target_names]
    for kind in PANES[name.split(",")[0]]:
        plots = kind in (RegionCountPane, ComparedLossPane)  # which are slow
        for width, height in SIZES[:: 3 if plots else 1]:
            pane, canvas = kind(), Canvas(width, height, DARK)
            pane.view, pane.look = frame, Look(DARK, UNICODE, True, SHOWN)
            pane._size = Size(width, height)
            with recorded() as seen:
                pane.draw(canvas, frame)
            of = f"{type(pane).__name__} {width}×{height}"
            found = [*seen.cut, *seen.outside, *broken_words(canvas)]
            found += ellipses(seen.texts, names)
            faults |= {f"{of}: {fault}" for fault in found}
            titles = [title for title in pane.titles(frame) if len(title) > width - TITLE_ENDS]
            faults |= {f"{of}: title {title}" for title in titles}
    assert not faults
