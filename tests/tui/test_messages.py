"""Messages: one line above all else, replaced by the next, gone with the next key."""

import pytest
from screen import press, running, settled, text

from tui.experiments.library import built_in
from tui.message_line import MessageLine

CIRCLE = built_in("circle")


def lines(app):
    return text(app).splitlines()


def message_row(app):
    """The last row, without the key of help at its end."""
    return lines(app)[-1].removesuffix("? help").strip()


async def test_a_message_stands_in_the_last_row_and_goes_with_the_next_key() -> None:
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.tell("some words")
        await settled(pilot)
        assert message_row(app) == "some words"
        numbers = lines(app)[:-1]
        await press(app, pilot, "tab")
        assert "some words" not in text(app)
        await press(app, pilot, "shift+tab")
        assert lines(app)[:-1] == numbers  # it has covered none of them


async def test_a_message_takes_the_place_of_the_one_before() -> None:
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "B", "B")
        assert lines(app)[-1].startswith(" run C branches off")
        assert "run B branches" not in text(app)
        await press(app, pilot, "u")
        assert message_row(app) == "there is nothing to undo"
        await press(app, pilot, "right_square_bracket")  # which says nothing, but is an event
        assert "no event" not in text(app)


@pytest.mark.parametrize("key", ["f1", "ctrl+g", "enter"])
async def test_a_message_stands_on_the_dialog_that_is_open_and_then_below(key: str) -> None:
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "up", key)
        app.tell("some words")
        await settled(pilot)
        assert message_row(app) == "some words"
        app.pop_screen()
        await settled(pilot)
        assert app.screen is app.frame_screen
        app.show()
        await settled(pilot)
        assert message_row(app) == "some words"
        await press(app, pilot, "tab")
        assert "some words" not in text(app)


async def test_a_message_that_needs_more_rows_has_them_and_no_word_is_lost() -> None:
    message = " ".join(f"word{i}" for i in range(40))
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.tell(message)
        await settled(pilot)
        height = app.screen.query_one(MessageLine).size.height
        assert " ".join(" ".join(lines(app)[-height:]).split()) == f"{message} ? help"


async def test_a_screenshot_shows_no_message(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.tell("unmistakable")
        await settled(pilot)
        await press(app, pilot, "f2", "enter")
        await settled(pilot)
        (path,) = tmp_path.glob("*.svg")
        assert "unmistakable" not in path.read_text(encoding="utf-8")
        assert message_row(app) == f"saved {path.name}"


COMMON = {
    "the start": (),
    "no mark": ("M",),
    "one run": ("greater_than_sign",),
    "another rate": ("right_square_bracket",),
    "undone": ("right_square_bracket", "n", "u"),
    "redone": ("right_square_bracket", "n", "u", "U"),
    "nothing to undo": ("u",),
    "a branch": ("n", "B"),
    "no weight": ("f",),
    "no weights": ("up", "h", "h", "h", "i"),
    "frozen": ("i", "f"),
    "nudged": ("i", "plus"),
    "marked": ("m",),
    "predict first": ("2", "Q"),
    "no example near": ("delete",),
    "no edit": ("A",),
}


async def test_common_messages_take_one_line_of_60_columns() -> None:
    async with running(CIRCLE, (60, 20)) as (app, pilot):
        for name, keys in COMMON.items():
            await press(app, pilot, *keys)
            assert app.message or app.caption, name
            assert app.screen.query_one(MessageLine).size.height == 1, (name, app.message)
            app.session.time.seek(0)
            await press(app, pilot, "1", "r")


async def test_a_key_that_changes_a_setting_says_what_it_was_and_is_and_what_undoes_it() -> None:
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.seek(75)
        await press(app, pilot, "right_square_bracket")
        assert message_row(app) == "η 0.03 → 0.06 from step 75; u undoes"
        await press(app, pilot, "left_square_bracket")
        assert app.message == "η 0.06 → 0.03 from step 75; u undoes"
        app.change(batch_size=20)
        assert app.message == "batch size 10 → 20 from step 75; u undoes"
        await press(app, pilot, "escape")
        app.change(batch_size=20)  # it is 20 already
        app.change(stop_below=0.01)  # no event that could be undone
        assert app.message == ""


async def test_undo_and_redo_of_nothing_let_the_run_play_on() -> None:
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "space")
        for key, says in (("u", "there is nothing to undo"), ("U", "there is nothing to redo")):
            await press(app, pilot, key)
            assert app.message == says and app.session.time.playing
