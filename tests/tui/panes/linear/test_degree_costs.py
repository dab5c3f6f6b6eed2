"""What polynomials cost by degree stands below the coefficients, and is what numpy says."""

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment
from tui.drawing.numbers import cost_text, norm
from tui.panes.linear.coefficients import CoefficientsPane
from tui.session.session import Session


def frame_at(degree, **experiment):
    session = Session(Experiment(**({"hidden": ()} | experiment)))
    for _ in range(degree - 1):
        session.selection.next_degree()
    return framed(session, "linear")


@pytest.mark.parametrize(("loss", "share"), [("quadratic", 1.0), ("half_quadratic", 0.5)])
def test_the_costs_are_those_of_numpys_polynomials(loss, share):
    frame = frame_at(3, dataset="runge", loss=loss)
    data, path = frame.data, frame.linear.path
    assert [cost.degree for cost in path] == [*range(1, 13)]
    x, y = data.X[:, 0], data.Y[:, 0]
    for cost in path:
        fit = np.polynomial.Chebyshev.fit(x[data.train], y[data.train], cost.degree)
        for rows, value in ((data.train, cost.train_cost), (data.test, cost.test_cost)):
            assert value == pytest.approx(share * np.mean((fit(x[rows]) - y[rows]) ** 2), rel=1e-6)
    assert path[2].train_cost == pytest.approx(share * frame.linear.fit.ssr / len(data.train))
    assert path[2].condition_number == pytest.approx(frame.linear.fit.condition_number)


def test_c_test_of_this_degree_and_the_least_stand_below_and_with_room_all():
    frame = frame_at(7, dataset="runge")
    path = frame.linear.path
    best = min(path, key=lambda cost: cost.test_cost)
    now, least = (cost_text(cost.test_cost) for cost in (path[6], best))
    lines = drawn(CoefficientsPane(), frame, (100, 14))
    assert f"C test: {now} at degree 7, least of 1 to 12: {least} at {best.degree}" in lines
    assert not any("by degree" in line for line in lines)
    text = " ".join(" ".join(drawn(CoefficientsPane(), frame, (116, 34))).split())
    for name, field in (("C train", "train_cost"), ("C test", "test_cost")):
        values = " ".join(f"{one.degree}: {norm(getattr(one, field)).strip()}" for one in path)
        assert f"{name} by degree {values}" in text
    assert "cond by degree 1: " in text


@pytest.mark.parametrize(
    ("degree", "experiment"),
    [
        (1, {"dataset": "runge"}),
        (3, {"dataset": "cars"}),  # no test data
        (3, {"dataset": "challenger"}),  # another cost
    ],
)
def test_no_c_test_beside_a_line_without_test_data_or_with_another_cost(degree, experiment):
    frame = frame_at(degree, **experiment)
    text = "\n".join(drawn(CoefficientsPane(), frame, (116, 40)))
    assert "C test" not in text
    assert ("cond by degree" in text) == (experiment["dataset"] == "cars")
