"""The node that is always 1, whose weights into a layer are its biases."""

import pytest
from screen import press, running, text
from stored_runs import stored

from engine import Experiment
from tui.drawing.numbers import num
from tui.experiments.library import built_in

SIZES = ((80, 24), (100, 30), (120, 40))


async def test_the_node_is_drawn_when_asked_for_and_its_weight_is_the_bias():
    async with running(built_in("line"), (120, 40)) as (app, pilot):
        app.seek(1000)
        b = num(float(app.session.trainer.network.biases[0][0])).strip()
        assert f"1 b {b}" not in text(app)
        await press(app, pilot, "exclamation_mark")
        assert f"1 b {b}" in text(app)
        await press(app, pilot, ".")
        b = num(float(app.session.trainer.network.biases[0][0])).strip()
        assert f"1 b {b}" in text(app)
        await press(app, pilot, "exclamation_mark")
        assert f"1 b {b}" not in text(app)


async def test_of_several_units_the_selected_ones_bias_is_written():
    async with running(Experiment(dataset="circle", hidden=(3,)), (120, 40)) as (app, pilot):
        app.seek(200)
        app.session.select_unit(1, 2)
        await press(app, pilot, "exclamation_mark")
        b = num(float(app.session.trainer.network.biases[0][2])).strip()
        assert f"1 b {b}" in text(app)


async def test_a_network_without_biases_says_that_there_is_no_such_node():
    async with running(built_in("two-relu"), (120, 40)) as (app, pilot):
        await press(app, pilot, "exclamation_mark")
        assert app.message == "this network has no biases: there is no node 1"


async def test_a_layer_that_fills_its_column_has_no_room_for_it():
    async with running(Experiment(dataset="circle", hidden=(60, 60)), (80, 24)) as (app, pilot):
        await press(app, pilot, "exclamation_mark")
        assert "Network" in text(app)


@pytest.mark.drawn
async def test_the_node_in_three_sizes(snapshot):
    async def draw(nudge):
        shown = []
        for size in SIZES:
            async with running(stored("circle", nudge), size) as (app, pilot):
                app.end_demo()
                await press(app, pilot, "exclamation_mark")
                shown.append(f"[{size[0]} x {size[1]}]\n{text(app)}")
        return "".join(shown)

    await snapshot("bias-node", draw)
