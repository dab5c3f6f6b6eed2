"""Screen 2, Backprop, driven by its keys: time goes by micro-steps, up and down by components."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from frames import framed
from screen import press, running, settled, text

from engine import Trainer, backpropagate
from tui.cli import open_app
from tui.drawing.numbers import num
from tui.experiments.library import built_in
from tui.panes.backprop.equation import EquationPane
from tui.panes.backprop.microsteps import MicroStepsPane

CIRCLE = built_in("circle")
DIVERGING = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)


def here(app):
    return app.session.trainer.step_count, app.session.microscope.at


async def test_the_arrows_go_by_micro_steps_and_with_shift_by_whole_steps():
    reference = Trainer(CIRCLE)
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "2")
        for keys, place in [
            (["right"], (0, 1)),
            (["right"] * 19, (1, 0)),
            (["left"], (0, 19)),
            (["shift+right"], (1, 19)),
            (["n"], (25, 19)),
            (["left"] * 2, (25, 17)),
            (["shift+left"], (24, 17)),
            (["home"], (0, 17)),
            (["end"], (25, 17)),
            (["G", "3", "enter"], (3, 17)),
        ]:
            await press(app, pilot, *keys)
            assert here(app) == place
            assert f"micro-step {place[1] + 1} of 20" in text(app)
            expected = reference.seek(place[0]).network.parameters
            assert np.array_equal(app.session.trainer.network.parameters, expected)


async def test_up_and_down_go_through_the_units_and_h_and_l_through_the_weights():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "2", "down", "down")
        assert framed(app.session, "backprop").backprop.component == (2, None)
        assert "z⁽¹⁾₃" in text(app)
        await press(app, pilot, *["left", "up"], *["right"] * 13)
        facts = framed(app.session, "backprop").backprop
        assert (facts.microstep.kind, facts.microstep.layer) == ("example_gradient", 1)
        assert facts.component == (1, 0)
        await press(app, pilot, "l", "l", "l")
        assert framed(app.session, "backprop").backprop.component == (1, None)
        assert (app.session.selection.unit, app.session.selection.weight) == ((1, 1), 2)
        await press(app, pilot, "h")
        assert "∂C_x/∂w⁽¹⁾₂₂" in text(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("pane", range(6))
async def test_every_pane_is_reached_by_tab_and_moves_the_component(size, pane):
    async with running(CIRCLE, size) as (app, pilot):
        await press(app, pilot, "2", *["tab"] * pane)
        assert app.focused.size.height >= 5
        await press(app, pilot, "down")
        assert framed(app.session, "backprop").backprop.component == (1, None)


async def test_from_the_start_nine_keys_answer_what_delta_of_unit_3_is_on_example_5():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, *["g", "5", "enter", "tab", "tab", "down", "down", "down", "enter"])
        prepared = app.session.prepared
        one = backpropagate(
            prepared.network, prepared.inputs[[4]], prepared.targets[[4]], "quadratic"
        )
        shown = text(app)
        assert "δ⁽¹⁾₃" in shown
        assert num(one.deltas[0][0, 2]) in shown
        assert "central difference" in shown


async def test_the_microscope_stays_where_it_is_while_training_plays_and_on_other_screens():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "2", *["right"] * 8, "space")
        for _ in range(30):
            app.tick()
        assert app.session.trainer.step_count > 5
        await press(app, pilot, "space", "1", "right", "2")
        assert app.session.microscope.at == 8
        assert "▸ δ⁽³⁾" in text(app)
        await press(app, pilot, "space", "right")
        assert not app.session.time.playing
        assert app.session.microscope.at == 9


async def test_a_click_on_a_micro_step_goes_there():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "2")
        await pilot.click("#microsteps", offset=(16, 9))
        await settled(pilot)
        assert here(app) == (0, 8)


async def test_a_diverged_run_says_so_and_left_goes_back_into_the_step_that_diverged():
    async with running(DIVERGING) as (app, pilot):
        await press(app, pilot, "2")
        app.seek(1000)
        await press(app, pilot, "right", "down", "z", "z", "tab", "down", "enter", "escape")
        found = app.session.trainer.divergence
        assert f"is not finite at step {found.step}" in text(app)
        await press(app, pilot, "left")
        assert here(app) == (found.step - 1, 19)
        await press(app, pilot, *["left"] * 45)
        assert here(app) == (found.step - 3, 14)


async def test_events_show_at_once_and_a_penalty_is_a_micro_step_of_its_own():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "2")
        app.change(l2=0.1)
        await press(app, pilot, "home")
        assert "of 23" in text(app)
        await press(app, pilot, "u")
        assert "of 20" in text(app)


async def test_batch_mode_shows_means_and_an_example_outside_the_batch_is_named():
    async with running(CIRCLE) as (app, pilot):
        prepared, trainer = app.session.prepared, app.session.trainer
        batch = prepared.dataset.train[trainer.next_rows()]
        outside = next(i for i in prepared.dataset.train if i not in batch)
        await press(app, pilot, "2")
        app.do(lambda: app.session.selection.select_example(outside))
        assert f"Example {outside + 1} is not in this batch of 10" in text(app)
        app.do(lambda: app.session.selection.select_example(batch[0]))
        assert "not in this batch" not in text(app)
        await press(app, pilot, "b")
        assert "means over the batch of 10" in text(app)
        z = backpropagate(prepared.network, prepared.inputs[batch], prepared.targets[batch])
        assert num(z.forward.z[0][:, 0].mean()) in text(app)


async def test_predict_first_asks_before_it_tells(monkeypatch):
    options = open_app.parser().parse_args(["--predict"])
    async with running(CIRCLE, predict=options.predict) as (app, pilot):
        await press(app, pilot, "2", "right")
        frame = framed(app.session, "backprop")
        assert frame.backprop.hidden
        # of a⁽¹⁾, layer 1's z being told already
        values = num(frame.shown.forward.a[1].max())
        row = app.screen.query_one(MicroStepsPane).render_line(1).text
        assert "?" in row
        assert values not in row
        assert "score 0 of 0" in text(app)
        assert "C_x ?" in text(app)
        await press(app, pilot, "Q")
        assert values in text(app)
        assert "score" not in text(app)


@pytest.mark.parametrize(
    ("hidden", "size"),
    [
        *product([(), (64,), (1000,), (3,) * 9], [(60, 20)]),
        *product([(64,), (3,) * 9], [(120, 40)]),  # more at once: snapshots have 1000 units there
    ],
)
async def test_networks_of_any_shape_leave_the_layout_whole(hidden, size):
    async with running(replace(CIRCLE, hidden=hidden), size) as (app, pilot):
        await press(app, pilot, "2")
        places = [pane.region for pane in app.screen.query("Pane")]
        count = len(app.session.microscope.taken_apart(app.session.trainer).microsteps)
        for _ in range(min(count, 6)):
            for key in ("down", *["right"] * max(1, count // 6)):
                app.simulate_key(key)
            await settled(pilot)
            assert [pane.region for pane in app.screen.query("Pane")] == places
        assert isinstance(app.focused, EquationPane)
