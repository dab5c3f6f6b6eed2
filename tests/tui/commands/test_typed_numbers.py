"""Own numbers: the point under the cursor, and W and b of a layer, typed, pasted or from a file."""

import re

import numpy as np
import pytest
from frames import wait_for_surface
from screen import press, running, settled, text
from textual import events
from textual.widgets import Input, Label, TextArea

from engine import Experiment, affine_at
from tui.commands.selection import read_point
from tui.dialogs.matrix import MAX_PASTED, AskMatrix
from tui.experiments.library import built_in
from tui.storage.saving import read_session, saved

CIRCLE = built_in("circle")  # 2-4-3-1
MAZUR_W = [[0.15, 0.2], [0.25, 0.3]]  # Mazur 2015, of the hidden layer; both biases are 0.35
SINE = Experiment(dataset="sine", hidden=(3,))  # one input


async def type_line(app, pilot, key, line):
    await press(app, pilot, key)
    app.screen.query_one(Input).value = line
    await press(app, pilot, "enter")


def mistake(app):
    return str(app.screen.query_one(".mistake", Label).render())


# the point under the cursor


@pytest.mark.parametrize("typed", ["1.5, -2", "1.5 -2", " 15e-1\t−2. ", "(+1.5, -2)", "1.5,-2,"])
def test_a_point_is_read_however_it_is_typed(typed):
    assert read_point(("x₁", "x₂"), ((-6, 6), (-6, 6)), typed).tolist() == [1.5, -2.0]


def test_an_end_of_the_map_may_be_typed_as_it_is_written():
    assert read_point(("x",), ((0.0, 0.1 + 0.2),), "0.3").tolist() == [0.3]
    assert read_point(("x",), ((0.1 + 0.2, 1.0),), "0.3").tolist() == [0.3]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "nothing: type two numbers such as 1.5, -2, or esc"),
        ("1.5", "1 number: type two numbers such as 1.5, -2, or esc"),
        ("1 2 3", "3 numbers: type two numbers such as 1.5, -2, or esc"),
        ("1, two", "'two' is not a number: type two numbers such as 1.5, -2, or esc"),
        ("nan, 1", "nan is not a finite number: type two numbers such as 1.5, -2, or esc"),
        ("1, 6.5", "x₂ = 6.5 is outside: type -6 to 6, or esc"),
        ("-1e300, 1", "x₁ = -1e+300 is outside: type -6 to 6, or esc"),
    ],
)
def test_what_is_no_point_of_the_map_is_refused_and_says_what_is(typed, says):
    with pytest.raises(ValueError, match=f"^{re.escape(says)}$"):
        read_point(("x₁", "x₂"), ((-6, 6), (-6, 6)), typed)


async def test_on_every_screen_with_a_cursor_it_goes_to_the_typed_point_and_the_numbers_too():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        network, at = app.session.trainer.network, np.array([[1.5, -2.0]])
        y_hat = f"{network.predict(at).item():+.3f}".replace("-", "−")
        for key, point, shown in (
            ("1", "1.5, -2", [f"ŷ {y_hat}"]),  # for its place there is no room
            ("3", "1.5, -2", ["x₁ +1.500 x₂ −2.000", f"ŷ {y_hat}"]),
            ("5", "1.5, -2", ["x₁ +1.500", "x₂ −2.000", f"network ŷ {y_hat}"]),
            ("vertical_line", "1.5, -2", ["+1.500", "−2.000", y_hat]),
        ):
            app.session.selection.move_cursor(np.zeros(2))
            await press(app, pilot, key)
            await type_line(app, pilot, "at", point)
            assert app.session.selection.cursor.tolist() == at[0].tolist()
            words = " ".join(text(app).split())
            assert all(part in words for part in shown), key
        slopes = affine_at(network, at[0]).W[0].tolist()
        await press(app, pilot, "1")
        await pilot.resize_terminal(100, 30)  # there is room for these beside the map
        await settled(pilot)
        assert all(f"{v:+.3f}".replace("-", "−") in text(app) for v in (1.5, -2.0, *slopes))


async def test_the_cursor_s_place_is_suggested_with_all_its_digits_and_enter_keeps_it():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        place = app.session.selection.cursor.copy()
        await press(app, pilot, "at")
        assert "x₁, x₂ = (-6 to 6, -6 to 6)" in text(app)
        assert app.screen.query_one(Input).value == ", ".join(map(repr, place.tolist()))
        await press(app, pilot, "enter")
        assert np.array_equal(app.session.selection.cursor, place)


async def test_of_one_input_one_number_is_typed_and_a_point_outside_moves_nothing():
    async with running(SINE, size=(80, 24)) as (app, pilot):
        await press(app, pilot, "3")
        place = app.session.selection.cursor.copy()
        await type_line(app, pilot, "at", "1, 2")
        assert mistake(app) == "2 numbers: type one number such as 0.5, or esc"
        app.screen.query_one(Input).value = "1e3"
        await press(app, pilot, "enter")
        assert mistake(app).startswith("x = 1000 is outside: type ")
        await press(app, pilot, "escape")
        assert np.array_equal(app.session.selection.cursor, place)
        await type_line(app, pilot, "at", "0.25")
        assert app.session.selection.cursor.tolist() == [0.25]
        assert "x +0.250" in text(app)


async def test_on_the_plane_of_more_inputs_its_two_coordinates_are_typed():
    async with running(Experiment(dataset="iris"), size=(80, 24)) as (app, pilot):
        selection = app.session.selection
        await press(app, pilot, "at")
        assert f"{', '.join(selection.view.names)} = (" in text(app)
        await press(app, pilot, "escape", "p", "p", "p")
        await press(app, pilot, "at")
        assert "PC₁, PC₂ = (" in text(app)
        app.screen.query_one(Input).value = "0.5 0.25"
        await press(app, pilot, "enter")
        assert selection.cursor.tolist() == [0.5, 0.25]


async def test_on_the_loss_surface_s_and_t_are_typed(monkeypatch):
    monkeypatch.setattr("tui.session.loss_surface.job.grid_points", lambda trainer: 9)
    monkeypatch.setattr("tui.session.loss_surface.tracker.PAUSE", 0.0)
    async with running(CIRCLE) as (app, pilot):
        app.session.time.seek(30)
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        await press(app, pilot, "S")
        wait_for_surface(app.session.surface)
        app.screen.look_again()
        await press(app, pilot, "at")
        assert "s, t = (" in text(app)
        app.screen.query_one(Input).value = "0.125 -0.25"
        await press(app, pilot, "enter")
        assert app.session.surface.cursor.tolist() == [0.125, -0.25]
        assert "+0.125" in text(app) and "−0.250" in text(app)


# W and b of a layer


async def paste(app, pilot, pasted):
    app.screen.query_one(TextArea).post_message(events.Paste(pasted))
    await press(app, pilot)
    await pilot.pause(0)


async def enter(app, pilot, *lines):
    """Type lines, with enter after each."""
    for line in lines:
        app.screen.query_one(TextArea).insert(line)
        await press(app, pilot, "enter")


def layer_of(app, layer):
    network = app.session.trainer.network
    return network.weights[layer - 1].tolist(), network.biases[layer - 1].tolist()


async def test_typed_rows_are_one_event_once_all_are_there_and_frozen_ones_stay_frozen():
    experiment = Experiment(dataset="circle", hidden=(2,), activation="sigmoid")
    async with running(experiment, size=(80, 24)) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        app.session.select_unit(1, 0)
        before = app.session.trainer.network.parameters
        await press(app, pilot, "E")
        await pilot.press("0", ".", "1", "5", "space", ".", "2")
        await press(app, pilot, "enter")
        assert isinstance(app.screen, AskMatrix)  # the second row is missing
        await enter(app, pilot, "0.25 .3")
        assert layer_of(app, 1) == (MAZUR_W, [0.0, 0.0])
        assert said == ["W of layer 1 typed (u undoes it)"]
        await press(app, pilot, "E")
        await enter(app, pilot, "0.35 .35", "")  # b, not a row of W
        assert layer_of(app, 1) == (MAZUR_W, [0.35, 0.35])
        assert said[-1] == "b of layer 1 typed (u undoes it)"
        events_ = app.session.trainer.history.events
        assert [event.label for event in events_] == ["W of layer 1 typed", "b of layer 1 typed"]
        await press(app, pilot, "u")
        assert said[-1] == "undone: b of layer 1 typed at step 0; U brings it back"
        assert layer_of(app, 1) == (MAZUR_W, [0.0, 0.0])
        await press(app, pilot, "u")
        assert np.array_equal(app.session.trainer.network.parameters, before)
        await press(app, pilot, "U")
        assert layer_of(app, 1) == (MAZUR_W, [0.0, 0.0])
        app.session.freeze(1, "weight", (0, 1), True)
        await press(app, pilot, "E")
        await enter(app, pilot, "[1 2; 3 4]")  # frozen as it is, as by an edit of one weight
        await press(app, pilot, "n")
        ((one, frozen), _), _ = layer_of(app, 1)
        assert frozen == 2.0 and one != 1.0


async def test_a_paste_arrives_with_all_its_lines_on_both_screens_and_of_every_system():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        app.session.select_unit(2, 0)
        for factor, (screen, line_end) in enumerate((("1", "\n"), ("1", "\r\n"), ("2", "\r"))):
            matrix = (factor + 1) * np.arange(15.0).reshape(3, 5) / 8
            await press(app, pilot, screen, "E")
            await paste(app, pilot, repr(matrix).replace("\n", line_end))
            await press(app, pilot, "enter")
            W, b = layer_of(app, 2)
            assert [*zip(*W, strict=True), tuple(b)] == [*map(tuple, matrix.T.tolist())]
        await press(app, pilot, "E")
        app.copy_to_clipboard("1\t2\t3\t4\n" * 3)
        await press(app, pilot, "ctrl+v", "enter")
        assert layer_of(app, 2) == ([[1.0, 2.0, 3.0, 4.0]] * 3, b)


async def test_a_file_is_read_and_kept_in_the_session_as_an_event(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("w.npz", W=MAZUR_W, b=[0.35, 0.35])
    np.save("turned.npy", np.array([*MAZUR_W, [0.6, 0.7]]))
    experiment = Experiment(dataset="circle", hidden=(2,))
    async with running(experiment, size=(80, 24)) as (app, pilot):
        app.session.select_unit(1, 1)
        await press(app, pilot, "E")
        await enter(app, pilot, "./w.npz")
        assert layer_of(app, 1) == (MAZUR_W, [0.35, 0.35])
        await press(app, pilot, "n", "E")
        app.screen.query_one(TextArea).text = "turned.npy"
        await press(app, pilot, "enter")
        assert "3 × 2 in turned.npy; W of layer 1 is 2 × 2" in text(app)
        assert "the transpose fits" in text(app).replace("\n", " ")
        app.screen.query_one(TextArea).text = "turned.npy.T"
        await press(app, pilot, "enter")
        assert layer_of(app, 1) == ([[0.15, 0.25], [0.2, 0.3]], [0.6, 0.7])
        (tmp_path / "s.npz").write_bytes(saved(app.session, tmp_path, {}).content())
        again = read_session(tmp_path / "s.npz").session.trainer
        now = app.session.trainer
        labels = ["W and b of layer 1 as in w.npz", "W and b of layer 1 as in turned.npy"]
        assert [event.label for event in again.history.events] == labels
        assert again.network.parameters.tobytes() == now.network.parameters.tobytes()
        await press(app, pilot, "u")
        assert again.seek(0).network.parameters[:3].tolist() == [0.15, 0.2, 0.35]


async def test_it_says_what_is_wanted_and_what_was_got_and_sets_nothing():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        app.session.select_unit(2, 0)
        await press(app, pilot, "E")
        assert "W of layer 2 is 3 × 4, [W b] 3 × 5, b 3 numbers" in text(app)
        assert "standardised" not in text(app)
        area = app.screen.query_one(TextArea)
        for typed, says in {
            "1 2; 3 4": "2 × 2 typed; W of layer 2 is 3 × 4, [W b] 3 × 5, b 3 numbers",
            "[1 2; 3 4; 5 6; 7 8]'": "2 × 4 typed, transposed; W of layer 2 is 3 × 4",
            "1 2 3; 1 2 3; 1 2 3; 1 2 3": "the transpose fits: write .T behind it",
            "1 2; 3": "row 1 has 2 numbers, row 2 has 1: rows must be equally long",
            "": "no number: type rows such as 1 2; 3 4",
            "./no.csv": "there is no file no.csv",
            "./w.json": "w.json: a file of numbers ends in .csv",
        }.items():
            area.text = typed
            await press(app, pilot, "enter")
            assert says in mistake(app), typed
        await paste(app, pilot, "1 " * MAX_PASTED)
        assert "too long to paste" in mistake(app)
        await press(app, pilot, "escape")
        assert not app.session.trainer.history.events
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        app.session.select_unit(0, 0)
        await press(app, pilot, "E")
        assert said == ["an input has no weights: l or a click selects a unit"]


async def test_a_diverged_run_is_not_changed():
    linear = Experiment(dataset="cars", hidden=(), learning_rate=1e6)
    async with running(linear, size=(80, 24)) as (app, pilot):
        said = []
        app.tell = lambda message, *shorter: said.append(message)
        app.session.time.step(200)
        await press(app, pilot, "E")
        assert "go back before you change anything" in said[0]


async def test_the_dialog_is_plain_in_ascii_and_tells_of_standardised_numbers():
    async with running(Experiment(dataset="cars", hidden=()), ascii=True, size=(80, 24)) as (
        app,
        pilot,
    ):
        await press(app, pilot, "E")
        assert text(app).isascii()
        assert "The inputs and targets are standardised here." in text(app)
        await press(app, pilot, "escape")
        await press(app, pilot, "at")
        assert text(app).isascii()
