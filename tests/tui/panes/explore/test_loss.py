"""The loss pane: axes that keep their places while training goes on, and labels of the frame."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, frame_of

from tui.drawing.canvas import Canvas
from tui.drawing.numbers import cost_text
from tui.drawing.palette import DARK
from tui.model.frame import Frame
from tui.model.run_curves import CostCurve
from tui.panes.explore.loss import LossPane

SIZE = (58, 14)


@pytest.fixture(scope="module")
def circle() -> Frame:
    return frame_of(60)


def run_of(frame: Frame, steps: int, costs: np.ndarray) -> Frame:
    """The frame at that step of a run with these costs."""
    curve = CostCurve("", np.linspace(0.0, steps, len(costs)), costs, np.full(len(costs), np.nan))
    return replace(frame, step=steps, latest_step=steps, cost=float(costs[-1]), test_cost=None,
                   baseline=None, ghosts=(), curve=curve)  # fmt: skip


@pytest.mark.parametrize("steps", [0, 1, 60])
def test_the_axis_is_logarithmic_from_the_start(circle: Frame, steps: int) -> None:
    frame = run_of(circle, steps, np.geomspace(1.0, 1.0 - steps / 200.0, steps + 1))
    assert LossPane().titles(frame) == ("Loss C", "log scale")
    drawn(LossPane(), frame, SIZE)


def test_the_axis_of_a_cost_that_may_be_negative_is_not() -> None:
    frame = frame_of(dataset="dobson", hidden=(), loss="poisson", output="exp")
    for costs in ([0.3, 0.2, 0.1], [0.3, -0.1, -0.7]):
        shown = run_of(frame, 2, np.array(costs))
        assert LossPane().titles(shown) == ("Loss C", "")
        assert cost_text(costs[-1]) in "\n".join(drawn(LossPane(), shown, SIZE))


def test_a_cost_of_0_runs_along_the_lower_edge(circle: Frame) -> None:
    frame = run_of(circle, 10, np.array([1.0, 0.5, 0.2, 0.1, 0.0, 0.0, 0.0]))
    lines = drawn(LossPane(), frame, SIZE)
    assert LossPane().titles(frame)[1] == "log scale"
    lowest = lines[SIZE[1] - 3]
    assert lowest[25:40].strip("\u2800 "), "dots in the last row of the plot"
    assert lowest.endswith("train  0.0000")
    of_nothing = run_of(circle, 10, np.zeros(3))
    assert LossPane().titles(of_nothing)[1] == ""


def test_a_run_that_goes_on_leaves_the_plot_where_it_is(circle: Frame) -> None:
    costs = np.geomspace(1.0, 0.2, 91)
    before, after = (run_of(circle, n, costs[: n + 1]) for n in (60, 90))
    first, second = (drawn(LossPane(), frame, SIZE) for frame in (before, after))
    plot = np.s_[: SIZE[0] - 15]
    for row, (a, b) in enumerate(zip(first[:-1], second[:-1], strict=True)):
        changed = [
            x for x, pair in enumerate(zip(a[plot], b[plot], strict=False)) if len({*pair}) > 1
        ]
        assert not changed or min(changed) > 25, f"row {row}: what is drawn stays"


def test_while_playing_the_labels_are_of_the_frame_and_the_lines_of_its_axes(circle: Frame) -> None:
    costs = np.geomspace(1.0, 0.2, 121)
    pane = LossPane()
    drawn(pane, run_of(circle, 60, costs[:61]), SIZE)
    pane._keeps_lines = True
    kept, lines = run_of(circle, 90, costs[:91]), pane._last
    assert f"train  {cost_text(kept.cost)}" in "\n".join(drawn(pane, kept, SIZE))
    assert pane._last is lines, "the lines stay"
    beyond = run_of(circle, 120, costs)
    shown = "\n".join(drawn(pane, beyond, SIZE))
    assert f"train  {cost_text(beyond.cost)}" in shown and "300" in shown
    assert pane._last is not lines, "other axes have other lines"


def test_the_bar_ends_below_the_end_of_the_curve(circle: Frame) -> None:
    canvas, pane = Canvas(*SIZE, DARK), LossPane()
    pane.draw(canvas, run_of(circle, 150, np.geomspace(1.0, 0.3, 151)))
    rows = canvas.text_lines()
    plot = canvas.chars[: SIZE[1] - 2, : SIZE[0] - 15]
    curve = (plot > "\u2800") & (plot <= "\u28ff")
    last = int(np.flatnonzero(curve.any(axis=0)).max())
    assert abs(last - rows[-1].index("●")) <= 1


@pytest.mark.parametrize("size", [(21, 5), (31, 4), (31, 9)])
def test_in_a_small_pane_too_every_line_has_its_name_at_its_end(
    circle: Frame, size: tuple[int, int]
) -> None:
    lines = drawn(LossPane(), circle, size)
    for name in ("OLS", "test", "train"):
        assert (
            sum(line.endswith(f"  {name}") or line.rstrip().endswith(name) for line in lines) == 1
        )


@pytest.mark.parametrize("height", [4, 5])
def test_of_more_lines_than_rows_the_run_itself_is_named(circle: Frame, height: int) -> None:
    ghosts = tuple(circle.curve._replace(label=f"run {n}") for n in range(4))
    text = "\n".join(drawn(LossPane(), replace(circle, ghosts=ghosts), (50, height)))
    assert "train" in text and "test" in text and "OLS" in text
