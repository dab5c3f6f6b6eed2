"""The dialog that explains a number is as high as it needs, and no higher."""

import pytest
from frames import framed
from screen import press, running, settled
from stored_runs import stored

from tui.dialogs.explanation import ExplanationScreen, needed_height
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.palette import DARK
from tui.experiments.library import built_in
from tui.panes.base.look import Look
from tui.panes.explanation.layout import draw_explanation
from tui.session.session import Session


def explanations():
    session = Session(built_in("circle"))
    session.time.step(3)
    for at in range(0, 20, 4):
        session.go_to_microstep(at)
        yield framed(session, "backprop").backprop.explanation


ALL = [*explanations()]


def drawn(explanation, width, height):
    canvas = Canvas(width, height, DARK, UNICODE)
    draw_explanation(canvas, explanation)
    return [line.rstrip(" │") for line in canvas.text_lines()]


@pytest.mark.parametrize("room", [19, 34])
def test_nothing_is_left_out_and_no_row_below_is_blank(room):
    heights = set()
    for explanation in ALL:
        height = needed_height(explanation, Look(), 114, room)
        heights.add(height)
        whole = drawn(explanation, 114, room)
        assert [*drawn(explanation, 114, height), *[""] * (room - height)] == whole
        assert height == room or whole[height - 1] or whole[height - 2]
    assert min(heights) < 12 < max(heights)


def test_in_a_small_terminal_it_scrolls_at_the_height_of_the_screen():
    for explanation in ALL:
        assert 1 <= needed_height(explanation, Look(), 50, 16) <= 16


async def test_an_explanation_that_is_closed_before_it_is_drawn_again_ends_nothing():
    async with running(stored("circle"), (120, 40)) as (app, pilot):
        await press(app, pilot, "2", "enter")
        screen = app.screen
        assert isinstance(screen, ExplanationScreen)
        app.pop_screen()
        await settled(pilot)
        screen._write_titles()  # as a refresh does that comes late
        assert app.is_running
