"""Predict first: what is hidden, what counts as right, and what is kept."""

import numpy as np
import pytest
from frames import current_microstep, framed
from hypothesis import given
from hypothesis import strategies as st
from screen import press, running, settled, text
from textual.events import AppBlur, AppFocus
from textual.pilot import Pilot
from textual.widgets import Input

from engine import Experiment
from tui.app import NNExplore
from tui.commands.predicting import is_right
from tui.drawing.numbers import num
from tui.panes.base.pane import Pane

SMALL = Experiment(dataset="circle", hidden=(4, 3))
FINITE = st.floats(-1e6, 1e6).filter(lambda x: x == 0.0 or abs(x) > 1e-6)


@given(FINITE, st.floats(-0.0099, 0.0099))
def test_a_guess_within_one_percent_is_right(value: float, part: float) -> None:
    assert is_right(value * (1.0 + part), value)


@given(FINITE)
def test_the_number_as_the_screen_would_show_it_is_right(value: float) -> None:
    assert is_right(float(num(value).replace("−", "-")), value)


@given(FINITE.filter(lambda value: abs(value) >= 1.0), st.sampled_from([-1.0, 0.0, 0.9, 1.1]))
def test_any_other_sign_size_or_zero_is_wrong(value: float, factor: float) -> None:
    assert not is_right(factor * value, value)
    assert not is_right(value, 0.0)


async def test_each_result_waits_for_a_guess_and_stays_revealed() -> None:
    async with running(SMALL) as (app, pilot):
        session = app.session
        await press(app, pilot, "2", "Q")
        assert session.hides_result
        facts = framed(session, "backprop").backprop
        assert facts is not None
        value = facts.explanation.symbol.value
        assert num(value) not in text(app)

        await guess(app, pilot, num(value).strip())
        assert not session.hides_result
        assert num(value) in text(app)
        assert framed(session, "backprop").backprop.score == (1, 1)

        await press(app, pilot, "right")
        assert session.hides_result
        await guess(app, pilot, "-77")
        assert not session.hides_result
        assert framed(session, "backprop").backprop.score == (1, 2)

        await press(app, pilot, "right", "enter", "enter")  # to be shown it is no guess
        assert not session.hides_result
        assert framed(session, "backprop").backprop.score == (1, 2)

        await press(app, pilot, "left", "left")
        assert not session.hides_result

        await press(app, pilot, "right", "right", "right", "enter", "escape")
        assert session.hides_result
        await press(app, pilot, "Q")
        assert not session.hides_result


async def test_f1_during_a_guess_explains_the_pane_that_it_is_about() -> None:
    async with running(SMALL, predict=True) as (app, pilot):
        await press(app, pilot, "2", "enter", "1", "f1")
        assert "Help · Equation" in text(app)
        await press(app, pilot, "escape")
        assert app.screen.query_one(Input).value == "1" and app.screen.query_one(Input).has_focus


async def test_what_is_no_number_is_said_and_asked_again() -> None:
    async with running(SMALL, predict=True) as (app, pilot):
        await press(app, pilot, "2")
        await guess(app, pilot, "abc")
        assert "type a number" in text(app)
        assert app.session.hides_result
        assert framed(app.session, "backprop").backprop.score == (0, 0)


async def test_guessing_pauses_training_and_leaves_the_run_as_it_is() -> None:
    async with running(SMALL, predict=True) as (app, pilot):
        await press(app, pilot, "2", "space", "enter")
        assert not app.session.time.playing
        parameters, step = app.session.trainer.network.parameters, app.session.trainer.step_count
        await press(app, pilot, "1", "enter")
        assert app.session.trainer.step_count == step
        assert np.array_equal(app.session.trainer.network.parameters, parameters)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_guess_is_typed_in_the_last_row_and_covers_nothing(size: tuple[int, int]) -> None:
    async with running(SMALL, size=size, predict=True) as (app, pilot):
        await press(app, pilot, "2")
        screen, rows = app.screen, text(app).splitlines()[:-1]
        await press(app, pilot, "enter")
        assert app.screen is screen
        await press(app, pilot, *"-0.5")
        assert text(app).splitlines()[:-1] == rows
        assert text(app).splitlines()[-1].startswith(" z⁽¹⁾₁ = -0.5")
        await press(app, pilot, "e", "enter")
        assert "type a number" in text(app).splitlines()[-1]
        app.screen.query_one(Input).value = "-77"
        await press(app, pilot, "enter")
        assert text(app).splitlines()[-1].startswith(" −77.0")
        assert "is not it: z⁽¹⁾₁ = " in text(app).splitlines()[-1]
        assert app.focused is app.screen.query_one("#equation")


async def test_a_digit_typed_right_after_enter_goes_to_no_other_screen() -> None:
    async with running(SMALL, predict=True) as (app, pilot):
        await press(app, pilot, "2")
        for key in ("enter", "3"):
            app.simulate_key(key)
        await settled(pilot)
        assert app.screen.name == "backprop"
        assert app.focused is app.screen.query_one(Input)


async def test_leaving_the_guess_or_choosing_another_number_closes_it() -> None:
    async with running(SMALL, predict=True) as (app, pilot):
        session = app.session
        await press(app, pilot, "2")
        for key, unit, row in (
            ("escape", 0, 0),
            ("down", 1, 0),
            ("up", 0, 0),
            ("pagedown", 0, 1),
            ("tab", 0, 1),
        ):
            await press(app, pilot, "enter")
            assert app.focused is app.screen.query_one(Input)
            await press(app, pilot, key)
            assert not app.screen.query(Input)
            assert isinstance(app.focused, Pane)
            assert framed(session, "backprop").backprop.component == (unit, None)
            assert session.selection.example == row
            assert session.hides_result


async def test_the_guess_waits_while_another_program_has_the_keyboard() -> None:
    async with running(SMALL, predict=True) as (app, pilot):
        await press(app, pilot, "2", "enter", "5")
        for event in (AppBlur(), AppFocus()):
            app.post_message(event)
            await settled(pilot)
        assert app.focused is app.screen.query_one(Input)
        assert app.focused.value == "5"


async def guess(app: NNExplore, pilot: Pilot[None], typed: str) -> None:
    await press(app, pilot, "enter")
    app.screen.query_one(Input).value = typed
    await press(app, pilot, "enter")


@pytest.mark.parametrize("kind", ["z", "delta", "gradient", "update"])
async def test_a_guess_reveals_its_own_component_alone(kind: str) -> None:
    async with running(SMALL, predict=True) as (app, pilot):
        await press(app, pilot, "n", "2")
        session, at = app.session, None
        while at != (kind, 1):
            await press(app, pilot, "right")
            microstep = current_microstep(session)
            at = microstep.kind, microstep.layer
        await press(app, pilot, "down")
        before = text(app).count("?")
        await press(app, pilot, "enter", "enter")
        assert not session.hides_result
        assert 0 < text(app).count("?") < before
        await press(app, pilot, "up")
        assert session.hides_result
        await press(app, pilot, "down")
        assert not session.hides_result
