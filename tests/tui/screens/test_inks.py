"""Colours say what they should: of signs in every pane, of the loss plot's lines, on every map."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from frames import finish_counting, framed

from engine import Experiment
from tui.dialogs.changes import changes_canvas
from tui.drawing.canvas import Canvas
from tui.drawing.colours.oklab import contrast
from tui.drawing.palette import DARK, LIGHT, Palette
from tui.experiments.library import built_in, entry
from tui.model.changes import changes
from tui.model.frame import Frame
from tui.model.run_curves import CostCurve
from tui.panes.backprop.equation import EquationPane
from tui.panes.backprop.microsteps import MicroStepsPane
from tui.panes.backprop.network import BackpropNetworkPane
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane
from tui.panes.compare.differences import DifferencesPane
from tui.panes.explore.layers import LayersPane
from tui.panes.explore.loss import VALUES, LossPane
from tui.panes.explore.network import NetworkPane
from tui.panes.explore.output import OutputPane
from tui.panes.glm.choice import GlmChoicePane
from tui.panes.glm.coefficients import GlmTablePane
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.collapse import CollapsePane
from tui.panes.regions.detail import RegionDetailPane
from tui.panes.regions.map import RegionMapPane
from tui.panes.regions.table import RegionTablePane
from tui.session.present_mark import present_mark
from tui.session.session import Session

PALETTES = pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
CIRCLE = Experiment(dataset="circle", hidden=(4, 3))
GAUSS = Experiment(dataset="gauss", hidden=(3,))
NUMBER = re.compile(r"(?<![\w.⁽])([+−])\d[\d.]*")
SIZE = 110, 40


def drawn(pane: Pane, frame: Frame, palette: Palette, size: tuple[int, int] = SIZE) -> Canvas:
    """What the pane draws on a bare canvas."""
    canvas = Canvas(*size, palette)
    pane.view, pane.look = frame, Look(palette)
    pane.draw(canvas, frame)
    return canvas


@cache
def frame_of(screen: str, experiment: Experiment = CIRCLE, at: int = 0) -> Frame:
    """The frame of a screen after some steps; on Backprop at a micro-step."""
    session = Session(experiment)
    session.time.step(60)
    session.selection.move_cursor(np.array([1.5, 1.5])[: len(session.selection.cursor)])
    if screen == "backprop":
        session.go_to_microstep(at)
    if screen == "compare":
        session.branch_off()
        session.change(learning_rate=0.3)
        session.time.compare(True)
        session.time.step(50)
    if screen == "regions":
        finish_counting(session)
    return framed(session, screen)


def signed(canvas: Canvas) -> Iterator[tuple[str, set[int]]]:
    """The sign and the inks of every number with a sign."""
    for sign, inks, _ in signed_on_grounds(canvas):
        yield sign, inks


def signed_on_grounds(canvas: Canvas) -> Iterator[tuple[str, set[int], set[int]]]:
    """The sign, the inks and the grounds of every number with a sign."""
    for y, line in enumerate(canvas.text_lines()):
        for found in NUMBER.finditer(line):
            cells = y, slice(found.start(), found.end())
            yield found[1], {*canvas.ink[cells].tolist()}, {*canvas.ground[cells].tolist()}


def inks_of(palette: Palette, sign: str) -> set[int]:
    """What a number of that sign is written in, small or large."""
    positive, negative = "+", "−"
    return {
        positive: {palette.positive, palette.positive_small},
        negative: {palette.negative, palette.negative_small},
    }[sign]


SINE, FOUR = Experiment(dataset="sine", hidden=(5,)), entry("two-relu").experiment
CARS, CHALLENGER = entry("mtcars-ols").experiment, built_in("challenger")
ALL = 0  # numbers that are not coloured by their sign, where all are
SIGNED: dict[str, tuple[type[Pane], tuple[Any, ...], int]] = {
    "layers": (LayersPane, ("explore",), ALL),
    "network": (NetworkPane, ("explore",), 2),  # in the legend
    "output": (OutputPane, ("explore",), 10),  # axes, key, and the cursor
    "micro-steps": (MicroStepsPane, ("backprop", CIRCLE, 11), ALL),
    "backprop": (BackpropNetworkPane, ("backprop", CIRCLE, 11), 7),  # beside the path
    "equation": (EquationPane, ("backprop", CIRCLE, 0), ALL),
    "equation of a matrix": (EquationPane, ("backprop", CIRCLE, 14), 3),  # 2 on grounds; the check
    "regions": (RegionTablePane, ("regions",), ALL),
    "region": (RegionDetailPane, ("regions",), 1),  # class +1
    "pieces": (RegionTablePane, ("regions", SINE), 10),  # where they begin and end
    "cases": (RegionTablePane, ("regions", FOUR), ALL),
    "coefficients": (CoefficientsPane, ("linear", CARS), 35),  # the axis, t and intervals
    "collapse": (CollapsePane, ("linear", CARS), ALL),
    "GLM": (GlmTablePane, ("glm", CHALLENGER), 7),  # z and the axis
    "GLM's choice": (GlmChoicePane, ("glm", CHALLENGER), 2),  # the axis of the link
    "differences": (DifferencesPane, ("compare",), ALL),
}


@PALETTES
@pytest.mark.parametrize(("pane", "frame", "others"), SIGNED.values(), ids=SIGNED.keys())
def test_a_number_has_the_ink_of_its_sign(
    pane: type[Pane], frame: tuple[Any, ...], others: int, palette: Palette
) -> None:
    found = [*signed(drawn(pane(), frame_of(*frame), palette))]
    coloured = [(sign, inks) for sign, inks in found if inks <= inks_of(palette, sign)]
    rest = [inks for sign, inks in found if (sign, inks) not in coloured]
    assert {sign for sign, _ in coloured} == {"+", "−"}
    assert len(rest) == others
    neutral = {palette.low, palette.mid, palette.hi}
    assert all(inks <= neutral for inks in rest), "the ink of the other sign"


@PALETTES
def test_a_number_on_a_ground_of_its_sign_has_the_clearest_ink_the_selected_one_its_own(
    palette: Palette,
) -> None:
    canvas = drawn(EquationPane(), frame_of("backprop", CIRCLE, 14), palette)
    plain = {palette.bg, palette.sel}
    on_fills = [found for found in signed_on_grounds(canvas) if not found[2] <= plain]
    assert on_fills
    for sign, inks, grounds in on_fills:
        (ground,) = grounds
        assert inks == {palette.hi}
        assert (sign == "−") == (blueness(ground) > 0)
        assert contrast(palette.hi, ground) >= 4.5
    lit = [
        (sign, inks)
        for sign, inks, grounds in signed_on_grounds(canvas)
        if grounds == {palette.sel}
    ]
    assert lit
    assert all(inks <= inks_of(palette, sign) for sign, inks in lit)


@PALETTES
def test_what_changed_has_the_ink_of_its_sign_and_bars_go_to_the_side_of_theirs(
    palette: Palette,
) -> None:
    session = Session(CIRCLE)
    before = present_mark(session)
    session.time.step(200)
    canvas = changes_canvas(changes(before, present_mark(session)), Look(palette))
    assert all(inks <= inks_of(palette, sign) for sign, inks in signed(canvas))
    assert check_bars(canvas, palette) == {"+", "−"}


@PALETTES
def test_a_bar_of_the_layers_has_the_ink_of_the_number_before_it(palette: Palette) -> None:
    canvas, seen = drawn(LayersPane(), frame_of("explore"), palette), set()
    for inks, line in zip(canvas.ink, canvas.text_lines(), strict=True):
        for number in re.finditer(r"([+−])[\d.e−]+ ([━╸]+)", line):
            seen.add(number[1])
            assert {*inks[number.start(2) : number.end(2)].tolist()} <= inks_of(palette, number[1])
    assert seen == {"+", "−"}


def check_bars(canvas: Canvas, palette: Palette) -> set[str]:
    """Of bars on both sides of a rule: the ink is that of the side. Returns the sides seen."""
    seen = set()
    for inks, line in zip(canvas.ink, canvas.text_lines(), strict=True):
        rule = line.find(canvas.glyphs.rule)
        left = re.search(r"[━╺╸]+$", line[:rule]) if rule > 0 else None
        right = re.match(r"[━╺╸]+", line[rule + 1 :]) if rule > 0 else None
        if left:
            seen.add("−")
            assert {*inks[left.start() : rule].tolist()} <= inks_of(palette, "−")
        if right:
            seen.add("+")
            assert {*inks[rule + 1 : rule + 1 + right.end()].tolist()} <= inks_of(palette, "+")
    return seen


# the loss


NOW, LATEST = 500, 1000
STEPS = np.linspace(0.0, LATEST, 41)
LINES = {"ghost": 0.9, "test": 0.6, "other": 0.45, "train": 0.3, "OLS": 0.15}  # from the top


def levels_frame() -> Frame:
    """A run whose costs stay where they are, one of each kind at a level of its own."""
    train, test, high, other = (
        np.full(len(STEPS), LINES[name]) for name in ("train", "test", "ghost", "other")
    )
    frame = frame_of("compare")
    one = frame.runs[0]._replace(current=False, name="other", step=NOW, latest_step=LATEST,
                  cost=LINES["other"], curve=CostCurve("", STEPS, other, test))  # fmt: skip
    current = frame.runs[1]._replace(current=True, name="train")
    return replace(
        frame, step=NOW, latest_step=LATEST, cost=LINES["train"], test_cost=LINES["test"],
        curve=CostCurve("", STEPS, train, test), ghosts=(CostCurve("ghost", STEPS, high, high),),
        baseline=("OLS", LINES["OLS"]), runs=(one, current),
    )  # fmt: skip


@PALETTES
def test_every_line_of_the_loss_plot_has_its_own_ink_and_what_is_ahead_is_dim(
    palette: Palette,
) -> None:
    canvas = drawn(LossPane(), levels_frame(), palette, (85, 40))
    names = [line[-VALUES:].split() for line in canvas.text_lines()]
    plot, chars = canvas.ink[:, 10 : -VALUES - 4], canvas.chars[:, 10 : -VALUES - 4]
    dots = (chars >= "\u2801") & (chars <= "\u28ff")
    past, ahead = np.s_[:25], np.s_[35:]
    inks = {
        "ghost": (palette.line, palette.line, palette.low),
        "test": (palette.low, palette.line, palette.mid),
        "other": (palette.mid, palette.line, palette.mid),
        "train": (palette.hi, palette.line, palette.hi),
        "OLS": (palette.mid, palette.mid, palette.mid),
    }
    rows = np.flatnonzero(dots[:36].any(axis=1))
    assert len(rows) == len(LINES)
    for row, (name, (before, after, label)) in zip(rows, inks.items(), strict=True):
        assert {*plot[row, past][dots[row, past]].tolist()} == {before}, name
        assert {*plot[row, ahead][dots[row, ahead]].tolist()} == {after}, name
        y = next(y for y, words in enumerate(names) if name in words)
        assert abs(y - row) <= 1, "its name stands beside its end"
        start = "".join(canvas.chars[y]).index(name)
        assert canvas.ink[y, start] == label, name
        assert canvas.bold[y, start] == (name == "train")


# maps


def blueness(rgb: Any) -> Any:
    """How much more blue than red there is in packed colours."""
    return (rgb & 255) - (rgb >> 16 & 255)


@PALETTES
@pytest.mark.parametrize("pane", [OutputPane, RegionMapPane])
def test_a_map_is_blue_where_the_output_is_below_the_middle_and_orange_above(
    pane: Any, palette: Palette
) -> None:
    shown, frame = pane(), frame_of("regions", GAUSS)
    canvas, grid = drawn(shown, frame, palette, (60, 31)), shown._grid
    seen = set()
    for row in range(grid.height):
        for column in range(grid.width):
            at = row, grid.left + column
            around = grid.steps * list(product((-1.0, 1.0), repeat=2))
            outputs = frame.outputs(grid.middle(column, row) + around)[:, 0]
            if canvas.chars[at] == "▀" and (np.abs(outputs) > 0.3).all():
                side = {*np.sign(outputs).tolist()}
                hues = blueness(np.array([canvas.ink[at], canvas.ground[at]]))
                clear = np.abs(hues) > 30  # on borders the fill is mixed with their ink
                if len(side) == 1 and clear.any():
                    assert {*np.sign(-hues[clear]).tolist()} == side
                    seen |= side
    assert seen == {-1.0, 1.0}


@PALETTES
def test_an_example_has_the_mark_of_its_target_and_part_in_an_ink_that_shows(
    palette: Palette,
) -> None:
    pane, frame = OutputPane(), frame_of("explore")
    canvas = drawn(pane, frame, palette, (60, 31))
    grid: Any = pane._grid
    glyphs, cells = canvas.glyphs, grid.cells(frame.data.X)
    parts = (
        (frame.data.train, glyphs.point_positive, glyphs.point_negative),
        (frame.data.test, glyphs.test_positive, glyphs.test_negative),
    )
    seen = set()
    for rows, above, below in parts:
        for (column, row), y in zip(cells[rows], frame.data.Y[rows, 0], strict=True):
            alone = (cells == [column, row]).all(axis=1).sum() == 1
            at = row, grid.left + column
            if alone and canvas.chars[at] in (above, below):
                assert canvas.chars[at] == (above if y > 0 else below)
                ink = palette.point_positive if y > 0 else palette.point_negative
                assert canvas.ink[at] in (ink, palette.partner(ink))
                assert contrast(canvas.ink[at], canvas.ground[at]) >= 3.0
                seen.add(canvas.chars[at])
    assert len(seen) == 4
