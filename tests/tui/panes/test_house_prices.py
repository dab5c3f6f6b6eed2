"""Targets in the 100 000s are readable on map, scale and status, and what is printed adds up."""

import re
from pathlib import Path

import pytest
from frames import drawn, frame_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Experiment
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import cost_text
from tui.drawing.palette import DARK
from tui.panes.base.bars import StatusBar
from tui.panes.explore.layers import LayersPane
from tui.panes.explore.loss import LossPane
from tui.panes.explore.output import OutputPane
from tui.session.session import Session

PRICES = str(Path(__file__).parents[2] / "reference" / "house_prices_4.csv")


def read(text):
    return float(text.replace("−", "-"))


def status(frame, width=120):
    canvas = Canvas(width, 1, DARK, UNICODE)
    StatusBar().draw(canvas, frame)
    return canvas.text_lines()[0]


@pytest.fixture(scope="module")
def prices():
    return frame_of(10, dataset=PRICES, hidden=(3,))


def test_the_map_names_the_middle_and_the_ends_of_its_scale(prices):
    text = "\n".join(drawn(OutputPane(), prices, (62, 20)))
    assert "y > +430575" in text and "y < +430575" in text
    assert re.search(r" 93919 .* 767231", text) or re.search(r"93919 +430575 +767231", text)


def test_the_scale_keeps_its_ends_apart_in_every_width(prices):
    for width in range(30, 90):
        for line in drawn(OutputPane(), prices, (width, 22)):
            assert not re.search(r"93919\d|\d{7}", line), line


def test_the_square_of_the_difference_is_what_is_printed(prices):
    line = drawn(LayersPane(), prices, (58, 15))[-1]
    y_hat, y, cost = map(read, re.search(r"ŷ (\S+) +y (\S+) .* = (\S+)$", line.strip()).groups())
    assert y == 169900.0
    assert cost_text((y_hat - y) ** 2) == cost_text(cost)
    assert y_hat == pytest.approx(float(prices.prediction[0]), rel=1e-5)


@settings(max_examples=15)
@given(st.integers(0, 400), st.integers(0, 60))
def test_the_cost_of_an_example_is_that_of_the_printed_numbers(example, steps):
    session = Session(Experiment(dataset="circle"))
    session.time.step(steps)
    session.selection.example = example
    line = drawn(LayersPane(), session.frame(), (58, 15))[-1]
    y_hat, y, cost = map(read, re.search(r"ŷ (\S+) +y (\S+) .* = (\S+)$", line.strip()).groups())
    assert cost_text((y_hat - y) ** 2) == cost_text(cost)


def test_one_cost_has_the_same_digits_in_the_status_and_the_loss_pane(prices):
    shown = re.search(r" C (\S+)", status(prices))[1]
    assert len(re.sub(r"\D", "", shown.partition("e")[0])) >= 3
    assert read(shown) == pytest.approx(prices.cost, rel=0.005)
    assert any(
        line.split()[-2:] == ["train", shown] for line in drawn(LossPane(), prices, (58, 14))
    )
