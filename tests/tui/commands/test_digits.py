"""One key shows and copies all 17 digits of what is selected, on every screen."""

import re

import pytest
from screen import press, running

from engine import Experiment


async def shown(app, pilot):
    """The names and numbers that the key shows, and the numbers that it copies."""
    await press(app, pilot, "number_sign")
    message = app.message
    lines = [line.rpartition(" = ") for line in message.splitlines()]
    numbers = {name: float(value.replace("−", "-")) for name, _, value in lines}
    return numbers, [float(text) for text in app.clipboard.split(", ")]


async def test_the_selected_weight_is_the_one_of_the_network_as_it_is():
    async with running(Experiment(dataset="circle")) as (app, pilot):
        app.session.time.step(100)
        await press(app, pilot, "down", "i")
        (layer, unit), weight = app.session.selection.unit, app.session.selection.weight
        value = float(app.session.trainer.network.weights[layer - 1][unit, weight])
        numbers, copied = await shown(app, pilot)
        assert numbers == {f"w⁽{'⁰¹²³'[layer]}⁾{'₁₂₃₄'[unit]}{'₁₂₃₄'[weight]}": value}
        assert copied == [value]


async def test_the_numbers_of_the_panes_of_explore():
    async with running(Experiment(dataset="circle", l2=0.01)) as (app, pilot):
        app.session.time.step(100)
        await press(app, pilot, "down", "tab", "right")
        frame = app.session.frame()
        numbers, copied = await shown(app, pilot)
        y_hat = float(frame.outputs(frame.cursor[None])[0, 0])
        assert numbers == {"x₁": frame.cursor[0], "x₂": frame.cursor[1], "ŷ": y_hat}
        assert copied == [*numbers.values()]
        await press(app, pilot, "tab")
        ((name, delta),) = (await shown(app, pilot))[0].items()
        layer, unit = frame.unit
        assert delta == frame.shown.deltas[layer - 1][0, unit]
        assert "δ" in name and "example 1" in name
        await press(app, pilot, "tab")
        numbers, _ = await shown(app, pilot)
        assert numbers == {"C": frame.cost, "C test": frame.test_cost, "R": frame.penalty}


async def test_the_coefficient_of_longley_has_the_digits_of_nist():
    async with running(Experiment(dataset="longley", hidden=())) as (app, pilot):
        await press(app, pilot, "4")
        app.screen.query_one("#coefficients").focus()
        numbers, _ = await shown(app, pilot)
        certified = -3482258.63459582  # the National Institute of Standards and Technology's
        assert numbers["OLS intercept"] == pytest.approx(certified, rel=1e-14)


async def test_what_is_to_be_guessed_is_not_shown():
    async with running(Experiment(dataset="circle")) as (app, pilot):
        await press(app, pilot, "2", "Q", "number_sign")
        message = app.message
        assert not re.search(r"\d", message) and "guess" in message
