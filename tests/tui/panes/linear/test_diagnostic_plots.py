"""The four diagnostic plots: their numbers, and what is drawn and labelled where."""

import re
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from frames import drawn, framed, posted
from hypothesis import given
from hypothesis import strategies as st

from engine import Experiment, ols, polynomial
from tui.drawing.glyphs import ASCII
from tui.model.linear.residuals import cook_contour, normal_scores, quartile_line, residuals_of
from tui.panes.base.scatter import RING
from tui.panes.linear.diagnostic_plots import LeveragePlot, QQPlot, ResidualPlot, ScalePlot
from tui.session.session import Session

PLOTS = (ResidualPlot, QQPlot, ScalePlot, LeveragePlot)
SIZE = (60, 20)


def linear_frame(steps=0, of_network=False, **experiment):
    """A frame of the Linear screen."""
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    frame = framed(session, "linear")
    return replace(frame, linear=replace(frame.linear, of_network=of_network))


def fitted_to(frame, X, y, **facts):
    """The frame with other data, all of them training examples, and their least-squares fit."""
    rows = np.arange(len(y))
    data = replace(frame.data, X=X, Y=y[:, None], train=rows, test=rows[:0])
    fit = ols(X, y)
    return replace(frame, data=data, linear=replace(frame.linear, fit=fit, **facts), example=0)


@pytest.fixture(scope="module")
def cars():
    return linear_frame(dataset="cars", hidden=())


def numbers_at(lines, mark):
    """The numbers beside the marks, in their own row or a neighbouring one."""
    height, numbers = len(lines), set()
    for y, x in ((y, x) for y, line in enumerate(lines) for x, c in enumerate(line) if c == mark):
        for near in lines[max(0, y - 1) : min(height, y + 2)]:
            numbers |= set(re.findall(r"^\d+", near[x + 1 :]) + re.findall(r"\d+$", near[:x]))
    return {int(number) for number in numbers}


# numbers


def test_of_ols_they_are_the_studentised_residuals_and_cooks_distances(cars):
    residuals, fit = residuals_of(cars.linear), cars.linear.fit
    np.testing.assert_allclose(residuals.standardised, fit.studentised_internal, rtol=1e-13)
    np.testing.assert_allclose(residuals.cook, fit.cooks_distance, rtol=1e-12)
    assert residuals.residuals is fit.residuals and residuals.fitted is fit.fitted


def test_those_of_a_network_that_has_reached_ols_are_those_of_ols(cars):
    descent = {"hidden": (), "batch_size": 50, "learning_rate": 0.3}
    reached = linear_frame(60, of_network=True, dataset="cars", **descent)
    network, fit = residuals_of(reached.linear), residuals_of(cars.linear)
    for part in ("residuals", "fitted", "standardised", "cook", "leverage"):
        np.testing.assert_allclose(getattr(network, part), getattr(fit, part), atol=1e-10)


def test_a_networks_own_residuals_are_of_what_it_says_now():
    frame = linear_frame(3, of_network=True, dataset="mtcars")
    residuals, rows = residuals_of(frame.linear), frame.data.train
    said = frame.data.y_scale.undo(frame.network.predict(frame.data.x_scale.apply(frame.data.X)))
    np.testing.assert_allclose(residuals.residuals, (frame.data.Y - said)[rows, 0], atol=1e-12)
    spread = residuals.standardised * np.sqrt(1.0 - residuals.leverage) / residuals.residuals
    np.testing.assert_allclose(spread**-2, np.sum(residuals.residuals**2) / 21.0, rtol=1e-10)


@pytest.mark.parametrize(("n", "a"), [(10, 0.375), (11, 0.5), (200, 0.5)])
def test_normal_scores_are_quantiles_of_the_normal_curve(n, a):
    expected = [NormalDist().inv_cdf((i - a) / (n + 1 - 2 * a)) for i in range(1, n + 1)]
    np.testing.assert_allclose(normal_scores(n), expected, rtol=1e-13, atol=1e-15)


def test_the_line_of_the_qq_plot_goes_through_the_quartiles():
    level, slope = quartile_line(np.array([9.0, 1.0, 3.0, 5.0, 100.0]))
    quartile = NormalDist().inv_cdf(0.75)
    assert level - slope * quartile == pytest.approx(3.0)
    assert level + slope * quartile == pytest.approx(9.0)


@given(st.floats(1e-6, 0.999), st.floats(0.01, 10.0), st.integers(1, 20))
def test_on_a_contour_cooks_distance_is_its_level(h, level, p):
    t = cook_contour(np.array([h]), level, p)
    assert t**2 / p * h / (1.0 - h) == pytest.approx(level)


# what is drawn


def test_the_most_extreme_examples_of_cars_are_those_that_r_labels(cars):
    unselected = replace(cars, example=0)
    for pane in (ResidualPlot(), QQPlot(), ScalePlot()):
        assert numbers_at(drawn(pane, unselected, SIZE), RING) == {23, 35, 49}
    assert numbers_at(drawn(LeveragePlot(), unselected, SIZE), RING) == {23, 39, 49}
    assert LeveragePlot().titles(cars) == ("Leverage · Cook 0.3404", "of OLS")


def test_examples_keep_their_numbers_where_some_are_held_back():
    frame = linear_frame(dataset="mtcars", train_fraction=0.6)
    rows = frame.data.train
    largest = rows[np.argsort(-np.abs(frame.linear.fit.residuals))[:3]] + 1
    frame = replace(frame, example=int(frame.data.test[0]))  # not in the plot
    lines = drawn(ResidualPlot(), frame, SIZE)
    assert numbers_at(lines, RING) == set(largest.tolist())
    assert "◉" not in "".join(lines)


def test_points_are_where_the_axes_say(cars):
    e = np.array([1.0, -1.0, -1.0, 1.0]) * 10.0
    x = np.array([0.0, 0.0, 1.0, 1.0])  # fitted 0 and 100, residuals ±10
    frame = fitted_to(cars, x[:, None], 100.0 * x + e)
    lines = drawn(ResidualPlot(), frame, (60, 21))
    (row_10,) = (row for row, line in enumerate(lines) if line.strip().startswith("10┤"))
    (row_minus_10,) = (row for row, line in enumerate(lines) if line.strip().startswith("−10┤"))
    left, right = lines[-1].index(" 0 ") + 1, lines[-1].index("100") + 1
    for row in (row_10, row_minus_10):
        marks = [i for i, char in enumerate(lines[row]) if char in f"{RING}◉⠁⠂⠄⡀⠈⠐⠠⢀"]
        assert abs(marks[0] - left) <= 1 and abs(marks[-1] - right) <= 1


def test_a_bent_mean_shows_in_the_smooth_and_not_in_the_guide(cars):
    x = np.linspace(-1.0, 1.0, 101)
    lines = drawn(ResidualPlot(), fitted_to(cars, x[:, None], x**2 + x), SIZE, ASCII)
    rows = [row for row, line in enumerate(lines) if "=" in line]
    zero = next(row for row, line in enumerate(lines) if line.strip().startswith("0+"))
    assert min(rows) < zero < max(rows)
    assert "".join(lines).isascii() and "-" in lines[zero]


def test_the_selected_example_stands_out_in_every_plot(cars):
    for pane in PLOTS:
        assert 7 in numbers_at(drawn(pane(), replace(cars, example=6), SIZE), "◉")


def test_the_contours_of_cook_are_labelled_where_they_are_in_sight(cars):
    lines = drawn(LeveragePlot(), replace(cars, example=38), SIZE)[:-1]
    assert [sum(line.endswith(label) for line in lines) for label in ("0.5", "1")] == [2, 2]
    calm = np.tile([-1.0, 1.0], 200)
    frame = fitted_to(cars, np.arange(400.0)[:, None], calm)
    assert "0.5" not in " ".join(drawn(LeveragePlot(), frame, SIZE)).split()


@pytest.mark.parametrize("pane", PLOTS)
@pytest.mark.parametrize("size", [(27, 7), (12, 4), (11, 9), (30, 3), (1, 1)])
def test_small_panes_are_no_trouble(cars, pane, size):
    assert len(drawn(pane(), cars, size)) == size[1]


# where something is missing


def test_an_example_of_leverage_1_has_no_standardised_residual_and_is_named():
    frame = linear_frame(dataset="anscombe-4", hidden=())  # only the eighth has another x
    assert LeveragePlot().titles(frame)[1] == "of OLS · leverage 1: 8"
    lines = drawn(LeveragePlot(), replace(frame, example=7), SIZE)
    assert "◉" not in "".join(lines) and len(numbers_at(lines, RING)) == 3
    assert "◉" in "".join(drawn(ResidualPlot(), replace(frame, example=7), SIZE))


def test_a_perfect_fit_and_a_saturated_one_have_nothing_to_standardise(cars):
    x = np.arange(6.0)[:, None]
    for frame, note in (
        (fitted_to(cars, x, 1.0 + 2.0 * x[:, 0]), "a perfect fit"),
        (fitted_to(cars, x[:2], np.array([1.0, 5.0])), "2 examples, 2 coefficients"),
    ):
        for pane in (QQPlot, ScalePlot, LeveragePlot):
            assert note in " ".join(drawn(pane(), frame, SIZE))
        assert "◉" in "".join(drawn(ResidualPlot(), frame, SIZE))


@pytest.mark.parametrize("pane", PLOTS)
def test_without_residuals_the_pane_says_why(cars, pane):
    def words(frame):
        return " ".join(" ".join(drawn(pane(), frame, SIZE)).split())

    without = replace(cars.linear, fit=None, note="3 outputs: one at a time")
    assert words(replace(cars, linear=without)) == "3 outputs: one at a time"
    assert words(replace(cars, linear=None)) == ""
    lost = replace(cars.linear, of_network=True, network_residuals=None, network_fitted=None)
    why = "the network's numbers are not finite: it has no residuals"
    assert words(replace(cars, linear=lost)) == why
    far = replace(lost, network_residuals=np.full(50, 1e300), network_fitted=np.zeros(50))
    assert words(replace(cars, linear=far)) == "the residuals are too large to plot"


def test_the_subtitle_says_whose_residuals_they_are(cars):
    assert QQPlot().titles(cars)[1] == "of OLS"
    third = replace(cars.linear, fit=polynomial(cars.data.X, cars.data.Y[:, 0], 3), degree=3)
    assert QQPlot().titles(replace(cars, linear=third))[1] == "of OLS, degree 3"
    network = replace(cars, linear=replace(cars.linear, of_network=True))
    assert QQPlot().titles(network)[1] == "of the network"


# selecting


def test_up_and_down_go_by_extremity_and_sideways_by_x(cars, monkeypatch):
    pane = ResidualPlot()
    messages = posted(pane, monkeypatch)
    fit = cars.linear.fit
    extreme = np.argsort(-np.abs(fit.residuals), kind="stable").tolist()
    along = np.lexsort((-np.abs(fit.residuals), fit.fitted)).tolist()
    for start, move, expected in (
        (extreme[4], (0, 1), extreme[5]),
        (extreme[4], (0, -1), extreme[3]),
        (extreme[0], (0, -1), extreme[0]),
        (along[10], (1, 0), along[11]),
        (along[49], (1, 0), along[49]),
    ):
        drawn(pane, replace(cars, example=start), SIZE)
        pane.move(*move)
        assert messages[-1].row == expected
    ResidualPlot().move(0, 1)  # before the first frame there is nothing to move


@pytest.mark.parametrize("dataset", ["stackloss", "line", "mtcars", "circle"])
def test_numbers_of_neighbouring_examples_never_read_as_one(dataset):
    frame = linear_frame(dataset=dataset, hidden=())
    for make in (ResidualPlot, QQPlot, ScalePlot):
        for size in ((26, 14), (40, 10), (60, 20)):
            pane = make()
            lines = drawn(pane, frame, size)
            extreme = frame.data.train[pane._plot(frame).examples[:3]]
            inside = [re.split("[┤│]", line, maxsplit=1)[-1] for line in lines[:-1]]
            found = {int(number) for line in inside for number in re.findall(r"\d+", line)}
            assert found <= {int(row) + 1 for row in (*extreme, frame.example)}
            assert frame.example + 1 in found
