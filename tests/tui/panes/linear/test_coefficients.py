"""The coefficients pane: the closed form to the digit, on one axis with its intervals."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed
from screen import press, running

from engine import Experiment, ols
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.numbers import norm, num, probability
from tui.drawing.palette import DARK
from tui.drawing.table import Sheet
from tui.panes.base.interval_plot import interval_plot
from tui.panes.linear.coefficients import CoefficientsPane
from tui.session.session import Session

WIDE = (116, 14)


def frame_of(steps=0, **experiment):
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return framed(session, "linear")


@pytest.fixture(scope="module")
def mtcars():
    return frame_of(20, dataset="mtcars", hidden=(), learning_rate=0.01)


def with_fit(frame, X, y):
    """The frame with a fit of other data, and no network."""
    fit = ols(X, y)
    return replace(frame, linear=replace(frame.linear, fit=fit, network=None))


def test_a_row_has_the_closed_form_beside_the_network(mtcars):
    fit, network = mtcars.linear.fit, mtcars.linear.network
    ends = fit.confidence_intervals()
    for i, line in enumerate(drawn(CoefficientsPane(), mtcars, WIDE)[1 : 1 + len(fit.names)]):
        words = line.split()
        assert words[:3] == [
            fit.names[i],
            num(fit.coefficients[i]).strip(),
            norm(fit.standard_errors[i]).strip(),
        ]
        assert words[3:7] == [
            num(fit.t_values[i]),
            probability(fit.p_values[i]),
            num(ends[i, 0]),
            num(ends[i, 1]),
        ]
        assert words[-2:] == [num(network[i]), num(network[i] - fit.coefficients[i])]


def test_below_is_how_good_the_fit_is_as_a_whole(mtcars):
    fit = mtcars.linear.fit
    *_, rule, summary = drawn(CoefficientsPane(), mtcars, WIDE)
    assert set(rule) == {"┄"}
    assert summary.split() == [
        *("n", "32", "df", "21", "R²", norm(fit.r_squared), "adj", norm(fit.adjusted_r_squared)),
        *("s", norm(fit.residual_sd), "F", norm(fit.f_statistic)),
        *(
            "AIC",
            f"{fit.aic_r:.2f}",
            "BIC",
            f"{fit.bic_r:.2f}",
            "cond",
            norm(fit.condition_number).strip(),
        ),
    ]


def test_the_numbers_of_the_selected_term_are_those_of_the_fit_and_the_network(mtcars):
    pane, facts = CoefficientsPane(), mtcars.linear
    for i, name in enumerate(facts.fit.names):
        pane._chosen = i
        fit, network = float(facts.fit.coefficients[i]), float(facts.network[i])
        assert pane.numbers(mtcars) == [(f"OLS {name}", fit), ("network", network)]


def places(frame, cells=60):
    """Where the marks of each term stand: the interval's first and last cell, OLS, network."""
    plot = interval_plot(frame.linear, cells)
    sheet = Sheet(DARK, UNICODE, True, 100, 10)
    rows = ["".join(span.text for span in plot.row(i, sheet)) for i in range(len(plot.ols))]
    assert all(len(row) == cells for row in rows)
    return plot, rows


def test_ols_lies_in_its_interval_and_all_in_the_order_of_their_values():
    frame = frame_of(5, dataset="reg-plane", hidden=(), noise=30.0, learning_rate=0.001)
    plot, rows = places(frame)
    assert not plot.per_sd
    zero = plot._cell(0.0)
    for i, row in enumerate(rows):
        at, low, high = row.index("●"), plot._cell(plot.low[i]), plot._cell(plot.high[i])
        assert low <= at <= high
        assert set(row[low : high + 1]) <= set("━●◇")
        assert np.sign(at - zero) in (0, np.sign(plot.ols[i]))


def test_unlike_units_share_the_axis_by_what_a_standard_deviation_does(mtcars):
    plot, rows = places(mtcars)
    fit = mtcars.linear.fit
    assert plot.per_sd
    assert set(rows[0]) <= {" ", "│"}  # an intercept's column does not vary
    assert np.allclose(plot.ols[1:], fit.coefficients[1:] * fit.X.std(axis=0))


def test_a_network_off_the_axis_is_an_arrow_and_the_axis_keeps_its_place():
    near = frame_of(dataset="reg-plane", hidden=(), noise=30.0)
    far = replace(near, linear=replace(near.linear, network=np.array([-1e9, 1e9, np.nan])))
    (plot, _), (other, rows) = places(near), places(far)
    assert (plot.axis, rows[0][0], rows[1][-1]) == (other.axis, "←", "→")
    assert "◇" not in "".join(rows)


def test_ticks_stand_over_their_values(mtcars):
    plot, _ = places(mtcars)
    labels = list(re.finditer(r"\S+", plot.tick_line))
    assert len(labels) > 2
    for label in labels:
        text = label[0]
        centred = plot._cell(float(text.replace("−", "-"))) - len(text) // 2
        assert label.start() == min(centred, plot.cells - len(text))
    assert len(plot.tick_line) == plot.cells


def test_columns_that_others_make_up_are_said_to_be_dropped(mtcars):
    x = np.arange(12.0)
    frame = with_fit(mtcars, np.column_stack([x, 2 * x, x**2]), np.cos(x))
    lines = drawn(CoefficientsPane(), frame, WIDE)
    assert lines[3].split()[:3] == ["x2", "dropped", "–"]
    assert lines[-1] == "dropped, as combinations of earlier columns: x2"
    assert all(line.endswith("–") for line in lines[1:5])  # and there is no network


@pytest.mark.parametrize("size", [(24, 5), (40, 6), (78, 8), (116, 9), (200, 40)])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_at_every_size_there_are_a_head_terms_and_a_foot(mtcars, size, glyphs):
    lines = drawn(CoefficientsPane(), mtcars, size, glyphs, colour=False)
    assert lines[0].split()[0] == "OLS"
    assert lines[1].startswith(f"{glyphs.marker_right}intercept")
    assert any(line.startswith("n 32") for line in lines)
    assert glyphs is UNICODE or "".join(lines).isascii()


def test_where_the_fit_goes_through_every_example_no_error_can_be_estimated(mtcars):
    frame = with_fit(mtcars, np.array([[1.0, 2.0], [2.0, 1.0], [4.0, 4.0]]), np.array([3.0, 5, 1]))
    *_, summary = drawn(CoefficientsPane(), frame, WIDE)
    assert summary.split()[:6] == ["n", "3", "df", "0", "R²", "1.0000"]
    assert summary.split()[6:12] == ["adj", "–", "s", "–", "F", "–"]


async def test_up_and_down_select_a_term_in_sight():
    experiment = Experiment(dataset="mtcars", hidden=())
    async with running(experiment, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "4", *["down"] * 9)
        pane = app.screen.query_one("#coefficients")
        assert next(name for name, _ in pane.numbers(pane.view)) == "OLS gear"
        assert any("gear" in pane.render_line(y).text for y in range(pane.size.height))
        await press(app, pilot, *["up"] * 20)
        assert next(name for name, _ in pane.numbers(pane.view)) == "OLS intercept"


def test_without_a_fit_the_pane_says_why():
    frame = frame_of(dataset="mtcars", hidden=())
    frame = replace(frame, linear=replace(frame.linear, fit=None, note="3 outputs"))
    assert drawn(CoefficientsPane(), frame, WIDE)[0] == "3 outputs"
    assert not any(drawn(CoefficientsPane(), replace(frame, linear=None), WIDE))


def test_labels_are_fitted_and_it_is_said():
    frame = frame_of(dataset="circle", hidden=())
    assert drawn(CoefficientsPane(), frame, (116, 10))[-1] == frame.linear.note != ""


@pytest.mark.parametrize("size", [(78, 14), (116, 14), (160, 14)])
def test_rows_of_one_category_are_told_apart(mtcars, size):
    fit = ols(
        np.eye(3)[:, 1:].repeat(3, axis=0), np.arange(9.0) ** 2,
        names=["passengerClass=2nd", "passengerClass=3rd"],
    )  # fmt: skip
    frame = replace(mtcars, linear=replace(mtcars.linear, fit=fit, network=None))
    lines = drawn(CoefficientsPane(), frame, size)
    assert [line.split()[0] for line in lines[2:4]] == (
        ["passengerClass=2nd", "passengerClass=3rd"] if size[0] >= 120
        else ["passengerCl…=2nd", "passengerCl…=3rd"]
    )  # fmt: skip


def test_a_difference_that_is_rounding_is_zero_and_one_that_is_not_is_shown(mtcars):
    fit = mtcars.linear.fit
    for change, expected in ((1e-15, "0.000"), (1e-9, None)):
        facts = replace(mtcars.linear, network=fit.coefficients * (1.0 + change))
        lines = drawn(CoefficientsPane(), replace(mtcars, linear=facts), (118, 20))[1:5]
        assert all((line.split()[-1] == "0.000") == (expected is not None) for line in lines)


def test_a_coefficient_that_is_rounding_is_0_and_a_small_one_is_not():
    """The target of reg-plane is a tenth of each input, exactly."""
    frame = frame_of(dataset="reg-plane", hidden=())
    fit = frame.linear.fit
    assert 0.0 < abs(fit.coefficients[0]) < 1e-17
    intercept = drawn(CoefficientsPane(), frame, (118, 14))[1]
    assert intercept.split()[:2] == ["intercept", "0.000"]
    X = np.linspace(-1.0, 1.0, 20)[:, None]
    for y, shown in (
        (X[:, 0] + 1e-9, "+1.0e−9"),  # perfect
        (1e-15 * X[:, 0] + 1e-18, "+1e−18"),
        (1e-12 + 1e-9 * (X[:, 0] + np.sin(9.0 * X[:, 0])), "+1e−12"),
    ):
        row = drawn(CoefficientsPane(), with_fit(frame, X, y), (118, 14))[1]
        assert row.split()[:2] == ["intercept", shown]


@pytest.mark.parametrize("width", [30, 40, 52, 70, 90])
def test_a_remark_is_shortened_by_whole_clauses(width):
    frame = frame_of(dataset="challenger", hidden=())
    note = frame.linear.note
    lines = drawn(CoefficientsPane(), frame, (width, 12))
    (said,) = [line.strip() for line in lines if line.startswith("0/1 targets")]
    assert note.startswith(said) and note[len(said) :][:1] in ("", ",", ";", ":")
