"""Numbers that a fit cannot bear while a pane draws: the pane says so, the app goes on."""

import pytest
from screen import press, running, settled, text
from textual import events

from engine import EngineError, Experiment
from tui.experiments.library import built_in
from tui.model.key_hint_error import KeyHintError
from tui.panes.base.pane import CanvasWidget, FrameWidget, Pane

TINY = "a,b,y\n1,1e-320,3\n2,2e-320,2\n3,1e-322,1\n"
"""Standard errors of its coefficients are beyond float64."""


async def test_where_a_standard_error_overflows_the_panes_of_linear_and_glm_say_so(
    tmp_path, monkeypatch
) -> None:
    (tmp_path / "tiny.csv").write_text(TINY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    async with running(Experiment(dataset="tiny.csv", hidden=())) as (app, pilot):
        await press(app, pilot, "4", "enter", "right")
        await settled(pilot)
        assert "ols: a standard error is too large for float64" in text(app)
        await press(app, pilot, "5")
        await settled(pilot)
        assert "glm: a coefficient would be too large for float64" in text(app)
        await press(app, pilot, "1")
        assert "a coefficient" not in text(app)


@pytest.mark.parametrize("screen", ["1", "3", "4", "5"])
async def test_whatever_pane_or_bar_cannot_be_drawn_says_why_in_its_place(screen: str) -> None:
    async with running(built_in("circle"), size=(160, 50)) as (app, pilot):
        await press(app, pilot, screen)
        await settled(pilot)
        for pane in app.frame_screen.query(FrameWidget):
            break_down(pane, EngineError(f"{pane.id or type(pane).__name__} is too large"))
        app.show()
        await settled(pilot)
        for pane in app.frame_screen.query(FrameWidget):
            if pane.display and pane.size.area:
                words = " ".join(" ".join(pane._canvas.text_lines()).split())  # wrapped to its box
                assert words == f"{pane.id or type(pane).__name__} is too large"
        await press(app, pilot, "tab", "right", "z", "z")
        assert not app.return_code


async def test_the_error_names_the_user_s_keys_and_takes_as_many_lines_as_it_needs() -> None:
    async with running(built_in("circle"), size=(160, 50)) as (app, pilot):
        pane = app.frame_screen.query_one("#loss", Pane)
        break_down(pane, KeyHintError("press {play} " + "and wait " * 12 + "for the end"))
        app.show()
        await settled(pilot)
        assert "press space and wait" in text(app)
        assert "for the end" in text(app)


async def test_a_click_that_the_numbers_do_not_allow_is_a_message(monkeypatch) -> None:
    def on_click(pane: Pane, event: events.Click) -> None:
        raise EngineError("there is nothing to click on")

    async with running(built_in("circle")) as (app, pilot):
        pane = app.frame_screen.query_one("#loss", Pane)
        monkeypatch.setattr(type(pane), "_on_click", on_click, raising=False)
        pane.post_message(events.Click(pane, 3, 3, 0, 0, 1, False, False, False))
        await settled(pilot)
        assert app.message == "there is nothing to click on"
        assert not app.return_code


def break_down(pane: CanvasWidget, error: EngineError) -> None:
    """Have a pane fail whenever it draws or says its titles."""

    def fail(*_: object) -> None:
        raise error

    pane.draw = fail
    if isinstance(pane, Pane):
        pane.titles = fail
