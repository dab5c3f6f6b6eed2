"""The picture of screen Linear: where points and lines are drawn, and what stands beside them."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed, posted, snapshot_of

from engine import Experiment, Network, backpropagate, ols, polynomial, polynomial_path
from tui.drawing.glyphs import ASCII
from tui.model.linear.predictions import fit_at
from tui.panes.linear.coefficients import CoefficientsPane
from tui.panes.linear.data_plot import DataPlotPane, picture_of
from tui.session.session import Session

SIZE = (70, 21)
TICK = re.compile(r" *(−?[\d.]+)┤")


def session_of(steps=0, degree=1, **experiment):
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    for _ in range(degree - 1):
        session.selection.next_degree()
    return session


def linear_frame(steps=0, degree=1, **experiment):
    return framed(session_of(steps, degree, **experiment), "linear")


@pytest.fixture(scope="module")
def cars():
    return linear_frame(dataset="cars", hidden=())


@pytest.fixture(scope="module")
def many():
    return linear_frame(9, dataset="longley", hidden=())


def fraction(number):
    return float(number.replace("−", "-"))


def scale(positions, values):
    """A number by its place, from the ticks: their places are whole cells."""
    slope, level = np.polyfit(positions, values, 1)
    return lambda place: level + slope * np.asarray(place)


def axes(lines):
    """What a column and a row of the plot stand for, read from the ticks alone."""
    ticks = [(row, TICK.match(line)[1]) for row, line in enumerate(lines) if TICK.match(line)]
    rows, values = zip(*ticks, strict=True)
    y = scale(rows, [fraction(value) for value in values])
    labels = list(re.finditer(r"−?[\d.]+", lines[-1]))
    middles = [m.start() + len(m[0]) // 2 for m in labels]
    return scale(middles, [fraction(m[0]) for m in labels]), y


def marks(lines, signs, right=50):
    return [
        (column, row)
        for row, line in enumerate(lines[:-1])
        for column, sign in enumerate(line[:right])
        if sign in signs
    ]


def nearest(lines, points):
    """For each point (n, 2) the cell whose place is the nearest, by the ticks alone."""
    x, y = axes(lines)
    columns, rows = np.arange(len(max(lines, key=len))), np.arange(len(lines) - 1)
    across = np.abs(x(columns)[:, None] - points[:, 0]).argmin(axis=0)
    return across, np.abs(y(rows)[:, None] - points[:, 1]).argmin(axis=0)


def with_data(frame, X, y, network=None, **facts):
    """The frame with other training examples, their fit, and a network in their units."""
    rows = np.arange(len(y))
    scales = {"x_scale": frame.data.x_scale.identity(X.shape[1])}
    scales["y_scale"] = frame.data.y_scale.identity(1)
    data = replace(frame.data, X=X, Y=y[:, None], train=rows, test=rows[:0], **scales)
    prepared = replace(frame.prepared, dataset=data)
    network = network or Network.from_arrays([np.zeros((1, X.shape[1]))], None)
    linear = replace(frame.linear, fit=ols(X, y), **facts)
    return replace(
        frame, data=data, prepared=prepared, linear=linear, network=network, example=0, cost=1.0
    )


# one input


def test_the_points_are_in_the_cells_that_their_values_demand(cars):
    lines = drawn(DataPlotPane(), cars, SIZE)
    train = cars.data.X[:, 0], cars.data.Y[:, 0]
    columns, rows = nearest(lines, np.column_stack(train))
    found = set(marks(lines, "•◉"))
    for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
        assert any(abs(column - c) <= 1 and abs(row - r) <= 1 for c, r in found)
    for c, r in found:  # and no others
        assert (np.maximum(abs(columns - c), abs(rows - r)) <= 1).any()


@pytest.mark.parametrize("degree", [1, 3, 8])
def test_the_fit_passes_where_its_coefficients_say(cars, degree):
    frame = linear_frame(degree=degree, dataset="cars", hidden=())
    frame = replace(frame, network=_far(frame.network))  # its curve is beyond the plot
    lines = drawn(DataPlotPane(), frame, SIZE, ASCII)
    x, y = axes([line.replace("+", "┤", 1) for line in lines])
    fit = frame.linear.fit
    cells = marks(lines, "-", right=49)
    assert len(cells) > 11
    inside = [c for c in cells if c[1] not in (0, len(lines) - 2) and c[0] > 5]
    step = abs(float(y(1) - y(0)))
    places = np.array([x(column + np.linspace(-0.7, 0.7, 301)) for column, _ in inside])
    curve = np.polynomial.polynomial.polyval(places, fit.coefficients)
    rows = y(np.array([row for _, row in inside]))[:, None]
    assert (np.abs(curve - rows).min(axis=1) < 0.8 * step).all()


@pytest.mark.parametrize("degree", [1, 2, 7, 12])
def test_beside_a_polynomial_the_axis_goes_beyond_the_data_where_its_tails_are(degree):
    """Runge's: they leave the picture, and an arrow says which way."""
    frame = linear_frame(degree=degree, dataset="runge")
    lines = drawn(DataPlotPane(), frame, (100, 25))
    x, _ = axes(lines)
    width = next(i for i, sign in enumerate(lines[0]) if sign == "│")
    (label,) = [line for line in lines if "OLS" in line]
    left = label.index("OLS") - 2
    ends = x(width + 1), x(left - 1)
    picture = picture_of(frame, frame.linear)
    assert ends == pytest.approx(picture.x_range, abs=0.1)
    reach = min(-1.0 - picture.x_range[0], picture.x_range[1] - 1.0)
    assert (reach > 0.25) == (degree > 1)
    curve = polynomial_path(*picture.filled, [degree]).predict(degree, picture.x_range)
    low, high = picture.y_range
    assert ((curve < low) | (curve > high)).any() == (degree > 1)
    end = curve[1]
    sign = "↑" if end > high else "↓" if end < low else "┄"
    assert label[left : left + 5] == f"{sign} OLS"
    x_all = np.linspace(*picture.x_range, 50)
    expected = polynomial_path(*picture.filled, [degree]).predict(degree, x_all)
    np.testing.assert_allclose(picture.fit(x_all), expected, rtol=1e-6, atol=1e-6)


def _far(network):
    return Network.from_arrays(network.weights, [np.full(1, 1e3)])


def test_the_network_is_drawn_where_it_predicts_and_not_where_least_squares_does(cars):
    network = Network.from_arrays([[[-0.5]]], [[0.25]])
    frame = replace(cars, network=network)
    lines = drawn(DataPlotPane(), frame, SIZE, ASCII)
    x, y = axes([line.replace("+", "┤", 1) for line in lines])
    cells = [cell for cell in marks(lines, "=", right=49) if cell[0] > 5]
    assert len(cells) > 20
    for column, row in cells:
        said = frame.outputs(np.atleast_2d(x(column)))[0, 0]
        assert abs(said - y(row)) < 1.2 * abs(y(1) - y(0))


def test_each_line_is_named_with_its_cost_at_its_end(cars):
    frame = linear_frame(9, dataset="cars", hidden=())
    lines = drawn(DataPlotPane(), frame, SIZE)
    fit, data = frame.linear.fit, frame.data
    own = (
        backpropagate(
            frame.network, data.x_scale.apply(data.X), data.y_scale.apply(data.Y), "quadratic"
        ).loss
        * float(data.y_scale.sd[0]) ** 2
    )
    _, y = axes(lines)
    x_high = np.array([[frame.view.box[0][1]]])
    ends = {"OLS": fit.coefficients @ [1.0, x_high[0, 0]], "network": frame.outputs(x_high)[0, 0]}
    for name, cost in (("OLS", float(np.mean(fit.residuals**2))), ("network", own)):
        (row,) = [row for row, line in enumerate(lines) if f" {name} " in line]
        assert float(lines[row].split(" C ")[1]) == pytest.approx(cost, rel=1e-4)
        assert abs(y(row) - ends[name]) < 1.6 * abs(y(1) - y(0))


def test_a_polynomial_has_its_own_cost(cars):
    frame = linear_frame(degree=4, dataset="cars", hidden=())
    text = "\n".join(drawn(DataPlotPane(), frame, (90, 21)))
    cost = float(re.search(r"OLS, degree 4 +C ([\d.]+)", text)[1])
    assert cost == pytest.approx(float(np.mean(frame.linear.fit.residuals**2)), rel=1e-4)
    assert cost < frame.baseline[1]


def test_a_line_that_is_not_of_squares_has_no_cost():
    frame = linear_frame(5, dataset="challenger", hidden=())
    (line,) = [line for line in drawn(DataPlotPane(), frame, SIZE) if " OLS" in line]
    assert frame.experiment.loss == "binary_cross_entropy"
    assert " C " not in line


def test_a_network_that_is_not_finite_has_no_curve_and_no_cost(cars):
    frame = replace(cars, network=Network.from_arrays([[[np.nan]]], [[0.0]]), cost=np.nan)
    lines = drawn(DataPlotPane(), frame, SIZE, ASCII)
    assert not marks(lines, "=", right=49)
    assert any(re.search("network +no C$", line) for line in lines)


def test_test_examples_are_hollow_and_hidden_with_the_others():
    frame = linear_frame(dataset="sine", hidden=(3,))
    assert len(frame.data.test)
    assert "◦" in "".join(drawn(DataPlotPane(), frame, SIZE))
    hidden = replace(frame, shows_test=False)
    assert "◦" not in "".join(drawn(DataPlotPane(), hidden, SIZE))


def test_residuals_lead_from_each_example_to_the_model_that_is_chosen(cars):
    x, y = np.arange(4.0), np.array([0.0, 4.0, 0.0, 4.0])
    frame = with_data(cars, x[:, None], y, network_fitted=np.full(4, 10.0))  # far above
    fitted = {False: 0.8 + 0.8 * x, True: np.full(4, 10.0)}
    for of_network, ends in fitted.items():
        shown = replace(
            frame, example=3, linear=replace(frame.linear, of_network=of_network, degree=1)
        )
        lines = drawn(DataPlotPane(), shown, (70, 30), ASCII)
        x_of, y_of = axes([line.replace("+", "┤", 1) for line in lines])
        bars = [cell for cell in marks(lines, "|", right=49) if cell[0] > 4]
        near = [np.abs(x_of(column) - x).argmin() for column, _ in bars]
        assert set(near) == {0, 1, 2, 3}
        for i in range(4):
            rows = y_of(np.array([row for (_, row), j in zip(bars, near, strict=True) if i == j]))
            low, high = sorted((y[i], ends[i]))
            step = abs(y_of(1) - y_of(0))
            assert rows.min() > low - step and rows.max() < high + step
            assert rows.max() > min(high, 4.5) - 3 * step


def test_of_many_examples_only_the_selected_one_has_a_residual(cars):
    frame = replace(cars, example=48, network=_far(cars.network))
    lines = drawn(DataPlotPane(), frame, SIZE, ASCII)
    bars = {column for column, _ in marks(lines, "|", right=49) if column > 4}
    assert len(bars) == 1
    x_of, _ = axes([line.replace("+", "┤", 1) for line in lines])
    assert abs(x_of(bars.pop()) - cars.data.X[48, 0]) < 2 * abs(x_of(1) - x_of(0))


# several inputs


def test_points_are_on_the_diagonal_exactly_where_the_prediction_is_the_target(many):
    y = np.linspace(0.0, 20.0, 11)
    X = np.column_stack([y, y**2])
    right = Network.from_arrays([[[1.0, 0.0]]], [[0.0]])
    wrong = Network.from_arrays([[[1.0, 0.0]]], [[6.0]])
    frame = with_data(many, X, y, right)
    for network, off in ((right, 0.0), (wrong, 6.0)):
        lines = drawn(DataPlotPane(), replace(frame, network=network), (70, 26))
        x_of, y_of = axes(lines)
        cells = marks(lines, "◇◉")
        assert len(cells) >= 8
        for column, row in cells:
            step = abs(y_of(1) - y_of(0)) + abs(x_of(1) - x_of(0))
            assert abs(y_of(row) - x_of(column) - off) <= step


def test_what_lies_beyond_the_plot_is_an_arrow_at_its_edge(many):
    network = Network.from_arrays([np.zeros((1, 6))], [[1e3]])
    lines = drawn(DataPlotPane(), replace(many, network=network, example=-1), SIZE)
    assert "↑" in lines[0] and "◇" not in "".join(line[:50] for line in lines)
    assert "↓" not in "".join(lines)


def test_the_costs_of_both_stand_beside_the_points(many):
    text = "\n".join(drawn(DataPlotPane(), many, (90, 21)))
    for name, cost in (("● OLS", many.baseline[1]), ("◇ network", many.cost)):
        shown = float(re.search(rf"{name} +C ([\d.]+)", text)[1])
        assert shown == pytest.approx(cost, rel=1e-4)
    assert "ŷ = y" in text


def test_ols_and_the_network_have_the_marks_of_the_table_beside_in_ascii_too(many):
    table = "".join(drawn(CoefficientsPane(), many, (100, 20)))
    plot = "".join(drawn(DataPlotPane(), many, (90, 21)))
    assert {"●", "◇"} <= {*table} & {*plot} and not {"•", "◦"} & {*plot}
    lines = drawn(DataPlotPane(), many, (90, 21), ASCII)
    assert any("o OLS" in line for line in lines) and any("& network" in line for line in lines)


# the selected example


@pytest.mark.parametrize("size", [(40, 9), SIZE, (120, 30)])
def test_the_selected_example_stands_out_with_its_number(cars, many, size):
    for frame in (cars, many):
        text = "\n".join(drawn(DataPlotPane(), replace(frame, example=11), size))
        assert re.search("◉12|12◉|12", text) and text.count("◉") == 1


def test_the_arrows_select_neighbours_by_input(cars, monkeypatch):
    pane, frame = DataPlotPane(), replace(cars, example=20)
    drawn(pane, frame, SIZE)
    messages = posted(pane, monkeypatch)
    pane.move(1, 0)
    order = np.argsort(frame.data.X[:, 0], kind="stable")
    x = frame.data.X[messages[0].row, 0]
    assert x >= frame.data.X[20, 0] and x <= frame.data.X[order[-1], 0]


def test_enter_explains_the_prediction_of_the_selected_example(cars):
    session = session_of(4, dataset="cars", hidden=())
    frame = replace(snapshot_of(session, "linear"), example=7)
    explanation = DataPlotPane().explainable(frame).explain()
    scaled = frame.data.y_scale.apply(frame.predicted)[7, 0]
    assert explanation.symbol.value == pytest.approx(scaled)
    named = dict(DataPlotPane().numbers(frame))
    assert named["speed"] == frame.data.X[7, 0] and named["distance"] == frame.data.Y[7, 0]
    assert named["ŷ of OLS"] == pytest.approx(frame.linear.fit.fitted[7])
    assert named["ŷ of the network"] == pytest.approx(frame.predicted[7, 0])


def test_a_column_of_years_does_not_cost_a_polynomial_its_digits(cars):
    x = np.arange(1947.0, 1963.0)
    y = np.sin(x)
    facts = replace(cars.linear, fit=polynomial(x, y, 8), degree=8)
    np.testing.assert_allclose(fit_at(facts, cars.data, x), facts.fit.fitted, atol=1e-8)


# several classes


@pytest.mark.parametrize("size", [(30, 6), (58, 12), (120, 30)])
def test_of_classes_it_says_once_why_there_is_no_line_and_which_key_helps(size):
    frame = linear_frame(dataset="iris", hidden=())
    text = " ".join(" ".join(drawn(DataPlotPane(), frame, size)).split())
    assert text.startswith("3 classes") and "%" in text and not text.endswith("…")
