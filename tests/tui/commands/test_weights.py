"""Weights by hand: selected, typed, nudged and frozen; each an event that can be undone."""

import numpy as np
import pytest
from frames import framed
from screen import press, running, text
from textual.widgets import Input

from tui.commands.weights import equation, finite_number, selected
from tui.experiments.library import built_in
from tui.experiments.library import entry as built_in_gallery

CIRCLE = built_in("circle")  # 2-4-3-1
NO_BIAS = built_in("two-relu")


def weight(app, layer, j, k):
    return app.session.trainer.network.weights[layer - 1][j, k]


async def typed(app, pilot, number):
    await press(app, pilot, "e")
    app.screen.query_one(Input).value = number
    await press(app, pilot, "enter")


async def test_i_goes_through_a_unit_s_weights_and_its_bias_and_round_again():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "up")  # the output has the selection at first
        names = []
        for key in ("i", "i", "i", "i", "i", "I", "I", "I"):
            await press(app, pilot, key)
            names.append(selected(app.session).name)
        here = [f"w⁽³⁾₁{k}" for k in "₁₂₃"]
        assert names == [*here, "b⁽³⁾₁", here[0], "b⁽³⁾₁", here[2], here[1]]


async def test_a_network_without_biases_has_none_to_select():
    async with running(NO_BIAS) as (app, pilot):
        await press(app, pilot, "up", "I")
        assert selected(app.session).name == "w⁽²⁾₁₂"


async def test_a_typed_weight_is_the_network_s_at_once_and_undone_by_u():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "up", "i")
        before = app.session.trainer.network.parameters
        shown = text(app)
        await typed(app, pilot, "-2.5e-1")
        assert weight(app, 3, 0, 0) == -0.25
        assert text(app) != shown
        assert framed(app.session).prediction != pytest.approx(
            app.session.prepared.network.predict(app.session.prepared.inputs[:1])[0]
        )
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        await press(app, pilot, "u")
        assert np.array_equal(app.session.trainer.network.parameters, before)
        assert said == ["undone: w⁽³⁾₁₁ = −0.25 at step 25; U brings it back"]


async def test_plus_and_minus_nudge_by_a_tenth_and_a_message_says_so():
    async with running(CIRCLE) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        await press(app, pilot, "up", "i")
        value = weight(app, 3, 0, 0)
        await press(app, pilot, "plus")
        assert weight(app, 3, 0, 0) == value + 0.1
        await press(app, pilot, "minus", "minus")
        assert weight(app, 3, 0, 0) == value + 0.1 - 0.1 - 0.1
        assert len(said) == 3 and said[0].startswith("w⁽³⁾₁₁ by 0.1: ")
        await press(app, pilot, "u", "u", "u")
        assert weight(app, 3, 0, 0) == value


async def test_a_frozen_weight_keeps_its_value_until_it_learns_again():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "up", "i", "I", "f")  # the output's bias
        assert selected(app.session).name == "b⁽³⁾₁"
        bias = app.session.trainer.network.biases[2][0]
        await press(app, pilot, "n")
        assert app.session.trainer.network.biases[2][0] == bias
        await press(app, pilot, "f", "n")
        assert app.session.trainer.network.biases[2][0] != bias
        await press(app, pilot, "u", "u")
        assert app.session.trainer.settings.frozen == ()
        assert app.session.trainer.step_count == 0


async def test_an_edit_in_the_past_keeps_the_old_future_as_a_ghost():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "n", "N", "up", "i", "plus")
        (ghost,) = framed(app.session).ghosts
        assert ghost.steps[-1] > 25
        assert app.session.trainer.history.latest_step == 25


async def test_editing_works_while_training_plays():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "up", "i", "space")
        for _ in range(20):
            app.tick()
        await press(app, pilot, "plus")
        assert app.session.time.playing
        edited = app.session.trainer.history.events[-1]
        assert edited.step == app.session.trainer.step_count > 0
        app.tick()
        assert app.session.trainer.step_count > edited.step


async def test_the_value_that_is_told_while_a_new_one_is_typed_stays_true():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "h", "i", "space")
        app.tick()
        await press(app, pilot, "e")
        for _ in range(20):
            app.tick()
        assert equation(selected(app.session)) in text(app)


async def test_without_a_weight_or_after_divergence_the_message_says_what_would_do():
    async with running(CIRCLE) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        await press(app, pilot, "e", "plus", "minus", "f", "up", "h", "h", "h", "i")
        assert [message[:19] for message in said] == 4 * ["no weight selected:"] + [
            "an input has no wei"
        ]
        assert not app.session.trainer.history.events


@pytest.mark.parametrize("text", ["", "two", "inf", "nan", "1e999", "0.1.2"])
def test_what_is_no_finite_number_is_refused_and_says_what_is(text):
    with pytest.raises(ValueError, match=r"type a number such as 0\.5"):
        finite_number(text)


@pytest.mark.parametrize(("text", "value"), [("-2", -2.0), ("−.5", -0.5), ("+1e-3", 1e-3)])
def test_a_number_may_have_a_minus_as_it_is_drawn(text, value):
    assert finite_number(text) == value


CONVOLUTION = built_in_gallery("convolution").experiment  # 3-3-1, a kernel of 3


async def test_a_weight_of_a_kernel_is_changed_and_frozen_at_all_its_places():
    async with running(CONVOLUTION) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        app.do(lambda: app.session.select_unit(1, 0))
        names = []
        for _ in range(4):
            await press(app, pilot, "i")
            names.append(selected(app.session).name)
        assert names == ["w⁽¹⁾₁₁", "w⁽¹⁾₁₂", "b⁽¹⁾₁", "w⁽¹⁾₁₁"]  # w⁽¹⁾₁₃ is outside the kernel
        value = weight(app, 1, 0, 0)
        await press(app, pilot, "plus")
        assert [weight(app, 1, j, j) for j in range(3)] == [value + 0.1] * 3
        assert said[-1].endswith("at its 3 places (u undoes it)")
        await press(app, pilot, "f", "n")
        assert [weight(app, 1, j, j) for j in range(3)] == [value + 0.1] * 3
        W = app.session.trainer.network.weights[0]
        assert W[0, 1] == W[1, 2] and W[1, 0] == W[2, 1] and W[0, 2] == W[2, 0] == 0.0


async def test_an_entry_outside_a_kernel_is_shown_as_such_and_cannot_be_changed():
    async with running(CONVOLUTION, size=(120, 40)) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        app.do(lambda: app.session.select_weight(1, 0, 2))
        await pilot.pause()
        assert "w⁽¹⁾₁₃ = 0.000 · outside the kernel" in " ".join(text(app).split())
        before = app.session.trainer.network.parameters
        await press(app, pilot, "plus", "f")
        assert all("outside the kernel, and stays 0" in message for message in said[-2:])
        assert np.array_equal(app.session.trainer.network.parameters, before)
