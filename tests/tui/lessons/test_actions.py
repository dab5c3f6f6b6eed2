"""Which actions a lesson can do or ask."""

import pytest

from tests.screen import running, settled
from tui.actions.screen_keys import TITLES
from tui.commands.keys import ACTIONS
from tui.commands.lessons.steps import LEAVING, known, open_lesson
from tui.dialogs.base import Ask
from tui.lessons.library import lesson_at
from tui.lessons.lines import Lines

KNOWN = known(ACTIONS)


@pytest.fixture(autouse=True)
def state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("screen", ["explore", "regions", "approximate"])
async def test_an_action_that_asks_for_a_text_is_known_to_do_so(screen):
    async with running() as (app, pilot):
        for action in ACTIONS:
            if not action.is_for(screen) or action.id in (*LEAVING, *TITLES):
                continue
            app.show_screen(screen)
            await settled(pilot)
            app.action_act(action.id)
            await settled(pilot)
            asks = isinstance(app.screen, Ask)
            while app.screen is not app.frame_screen:
                app.pop_screen()
                await settled(pilot)
            assert not asks or KNOWN.actions[action.id].is_typed, action.id


ASKS = """
title = "Mine"
about = "The reader types."

[[step]]
title = "Go there"
text = "Press {step_typed}, and type 30."
experiment = "line"
screen = "explore"
ask = "step_typed"

[[step]]
title = "Here"
text = "So far."
"""


async def test_what_asks_for_a_text_does_not_wait_for_it_where_a_later_step_is_opened(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(ASKS, encoding="utf-8")
    async with running() as (app, pilot):
        open_lesson(app, lesson_at(path, KNOWN), 1)
        await settled(pilot)
        assert app.screen is app.frame_screen


def test_a_text_of_several_lines_and_a_comment_hide_no_line():
    lines = Lines('title = "x"\n# [[step]]\n[[step]]\ntext = """\nat = 1\n[[step]]\n"""\nat = 2')
    assert (lines.of_key("title"), lines.of_step(0), lines.of_step(0, "at")) == (1, 3, 8)
