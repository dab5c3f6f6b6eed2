"""Messages: one line above all else, replaced by the next, gone with the next key."""

import pytest
from screen import press, running, settled, text

from tui.experiments.library import built_in
from tui.message_line import MessageLine

CIRCLE = built_in("circle")


def lines(app):
    return text(app).splitlines()


async def test_a_message_stands_in_the_last_row_and_goes_with_the_next_key() -> None:
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.tell("some words")
        await settled(pilot)
        assert lines(app)[-1].strip() == "some words"
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
        assert lines(app)[-1].strip() == "there is no event to undo"
        await press(app, pilot, "right_square_bracket")  # which says nothing, but is an event
        assert "no event" not in text(app)


@pytest.mark.parametrize("key", ["f1", "ctrl+g", "enter"])
async def test_a_message_stands_on_the_dialog_that_is_open_and_then_below(key: str) -> None:
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "up", key)
        app.tell("some words")
        await settled(pilot)
        assert lines(app)[-1].strip() == "some words"
        app.pop_screen()
        await settled(pilot)
        assert app.screen is app.frame_screen
        app.show()
        await settled(pilot)
        assert lines(app)[-1].strip() == "some words"
        await press(app, pilot, "tab")
        assert "some words" not in text(app)


async def test_a_message_that_needs_more_rows_has_them_and_no_word_is_lost() -> None:
    message = " ".join(f"word{i}" for i in range(40))
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.tell(message)
        await settled(pilot)
        height = app.screen.query_one(MessageLine).size.height
        assert " ".join(" ".join(lines(app)[-height:]).split()) == message


async def test_a_screenshot_shows_no_message(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        app.tell("unmistakable")
        await settled(pilot)
        await press(app, pilot, "f2")
        await settled(pilot)
        (path,) = tmp_path.glob("*.svg")
        assert "unmistakable" not in path.read_text(encoding="utf-8")
        assert lines(app)[-1].strip() == f"saved {path.name}"
