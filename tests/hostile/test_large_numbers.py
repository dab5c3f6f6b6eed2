"""Data and costs near the largest numbers there are: they are shown, and no warning comes of it."""

import pytest
from frames import framed
from screen import press, running

from engine import Experiment
from tui.session.session import Session


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.csv"
    rows = "".join(f"{i}e90,{i * i}e80\n" for i in range(1, 9))
    path.write_text(f"x,y\n{rows}", encoding="utf-8")
    return str(path)


async def test_polynomials_of_large_numbers_have_their_intervals(large):
    async with running(Experiment(dataset=large, hidden=()), (120, 40)) as (app, pilot):
        await press(app, pilot, "4", "D", "D")
        assert app.session.selection.degree == 3
        assert app.is_running


def test_costs_on_the_way_to_a_divergence_may_be_infinite_in_the_units_of_the_data(large):
    session = Session(
        Experiment(dataset=large, hidden=(2,), activation="identity", learning_rate=10.0)
    )
    while not session.trainer.divergence:
        session.time.step(1)
        assert len(framed(session).curve.steps)
