"""At every size the panes of screen Linear draw or say something, and no sentence is cut."""

import re
from functools import cache

import pytest
from bad_states import diverged_run
from frames import framed
from textual.geometry import Size

from engine import Experiment
from tests.recorded import recorded
from tui.commands.keys import SHOWN
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.drawing.text_lines import DOT, Span
from tui.experiments.library import built_in
from tui.panes.base.look import Look
from tui.panes.base.pane import TITLE_FRAME
from tui.panes.linear.assumptions import AssumptionsPane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane, in_pages
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
    pane, canvas = sized(kind, width, height), Canvas(width, height, DARK, glyphs)
    pane.view, pane.look = frame, Look(DARK, glyphs, True, SHOWN)
    with recorded() as texts:
        pane.draw(canvas, frame)
    names = (*frame.data.feature_names, *frame.data.column_names, frame.data.target)
    lines = canvas.text_lines()
    found = [f"cut: {text!r}" for text in texts.cut]
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
    canvas = Canvas(30, 2, DARK, ASCII)
    pane = ResidualPlot()
    pane.view, pane.look = frame, Look(DARK, ASCII, True, SHOWN)
    pane.draw(canvas, frame)
    assert canvas.text_lines()[0].strip() == "most extreme: 49, 23, 35"


def shown(name, width, height):
    frame, canvas = frame_of_state(name), Canvas(width, height, DARK)
    pane = sized(CollapsePane, width, height)
    pane.view, pane.look = frame, Look(DARK, UNICODE, True, SHOWN)
    pane.draw(canvas, frame)
    return canvas.text_lines()


@pytest.mark.parametrize("name", ["a stack", "a network", "classes"])
def test_each_bracket_that_opens_is_closed_and_has_its_head(name):
    for width in (34, 46, 70, 120):
        for height in range(6, 36):
            lines = shown(name, width, height)
            text = "\n".join(lines)
            assert text.count("┌") == text.count("└"), (width, height, text)
            for i, line in enumerate(lines):
                if re.search(r"\d × \d", line):  # the size of a matrix, above its rows
                    assert re.search(r"[\[┌]", lines[i + 1]), (width, height, text)


@pytest.mark.parametrize("name", ["cars", "classes", "longley"])
def test_of_one_layer_its_matrix_is_shown_once(name):
    text = "\n".join(shown(name, 90, 30))
    assert text.count("W_z = ") == 1 and " × " not in text


def test_a_block_is_never_cut_by_the_end_of_the_first_page():
    blocks = [[[Span(f"{size} {i}", 0)] for i in range(size)] for size in (3, 5, 2, 4)]
    for rows in range(1, 20):
        page = [line[0].text if line else "" for line in in_pages(blocks, rows)[:rows]]
        for size in (3, 5, 2, 4):
            seen = sum(text.startswith(f"{size} ") for text in page)
            assert seen in (0, size) or rows < size, (rows, page)
