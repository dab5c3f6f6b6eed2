"""The way in: the callouts of the first start, Explore without details, the first enter, and what
to look for in an experiment of the gallery."""

from pathlib import Path

import pytest
from screen import press, running, settled, text
from stored_runs import stored

from engine import Experiment
from tui.app import NNExplore
from tui.cli import open_app
from tui.config import LAYOUTS, Preferences, from_toml, to_toml
from tui.dialogs.explanation import ExplanationScreen
from tui.dialogs.gallery.entries import LIST, draw
from tui.dialogs.gallery.picture import draw_data
from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.experiments.library import entry, gallery
from tui.intro import LESSONS
from tui.screens.callout import CalloutBox, placed
from tui.screens.layout.arrange import Room, arrange
from tui.screens.layout.boxes import Box, Needs
from tui.screens.look_for import keys_for
from tui.storage import first_start

BRIEF = Needs(details=False, sizes=(2, 4, 3, 1))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has never started the app, on a terminal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    return tmp_path


def started(*arguments: str) -> NNExplore:
    made = open_app.opened_app(arguments)
    assert made is not None
    return made[0]


def callouts(app: NNExplore) -> list[str]:
    return [box.callout.title for box in app.frame_screen.query(CalloutBox) if box.display]


# the introduction


def test_it_is_shown_at_the_first_start_without_an_experiment_and_then_only_if_asked_for(state):
    assert not started("--dataset", "xor")._shows_intro
    assert not started("--experiment", "line")._shows_intro
    assert not started("demo")._shows_intro
    assert not started("--learning-rate", "0.1")._shows_intro
    assert started("--ascii")._shows_intro  # how it looks is not what it opens
    assert not started()._shows_intro
    assert started("--intro")._shows_intro


def test_a_state_folder_that_cannot_be_written_does_not_make_every_start_the_first(
    state, monkeypatch
):
    (state / "state").write_text("a file where the folder should be", encoding="utf-8")
    assert not started()._shows_intro
    assert first_start.kept() == first_start.Kept()


@pytest.mark.parametrize("text", ["intro_shown = tr", "\udcff", "x" * 20_000])
def test_of_a_damaged_state_the_introduction_was_shown(state, text):
    folder = state / "state" / "nn-explore"
    folder.mkdir(parents=True)
    (folder / "start.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert first_start.kept() == first_start.Kept(intro_shown=True)
    assert first_start.keep(details=True)
    assert first_start.kept() == first_start.Kept(intro_shown=True, details=True)


async def test_each_callout_waits_for_the_key_it_names_and_all_keys_work_meanwhile():
    async with running(stored("circle"), (80, 24), intro=True, details=False) as (app, pilot):
        keys = app.shown_keys
        titles = [f"{n} of 4: press {keys[one.actions[0]]}" for n, one in enumerate(LESSONS, 1)]
        assert callouts(app) == titles[:1] and titles[0] in text(app)
        await press(app, pilot, "tab", "home")  # which it does not wait for
        assert callouts(app) == titles[:1] and app.session.trainer.step_count == 0
        await press(app, pilot, "space", "space")
        assert callouts(app) == titles[1:2]
        await press(app, pilot, "3")  # also on a screen without the pane it is about
        assert callouts(app) == titles[1:2]
        await press(app, pilot, "1", "home")
        assert callouts(app) == titles[2:3]
        await press(app, pilot, "2")
        assert callouts(app) == titles[3:]
        await press(app, pilot, "enter")
        assert isinstance(app.screen, ExplanationScreen) and callouts(app) == []


async def test_escape_ends_the_introduction():
    async with running(stored("circle"), (80, 24), intro=True) as (app, pilot):
        await press(app, pilot, "space", "escape")
        assert not app.frame_screen.query(CalloutBox)
        await press(app, pilot, "left", "2")
        assert not app.frame_screen.query(CalloutBox)


async def test_a_script_sees_no_callout_and_every_number():
    async with running(Experiment(), (80, 24)) as (app, _):
        assert not app.frame_screen.query(CalloutBox) and "∂C/∂b" in text(app)


async def test_a_callout_gives_way_to_the_settings_and_to_what_a_small_terminal_says():
    async with running(stored("circle"), (80, 24), intro=True) as (app, pilot):
        await press(app, pilot, "o")
        assert callouts(app) == []
        await press(app, pilot, "escape")
        assert len(callouts(app)) == 1
        await pilot.resize_terminal(50, 15)
        await settled(pilot)
        assert callouts(app) == []


def test_every_callout_has_at_most_25_words():
    assert all(len(lesson.text.split()) <= 25 for lesson in LESSONS)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (250, 80)])
def test_a_callout_stands_whole_between_the_bars_beside_what_it_is_about(size):
    for target in (Box(0, 0, 12, 1), Box(0, 1, 30, 9), Box(size[0] - 30, 1, 30, size[1] - 3)):
        box, side = placed(target, 36, 7, size, ("left", "right", "above", "below"))
        assert box.x >= 0 and box.right <= size[0] and box.y >= 1 and box.bottom <= size[1] - 2
        assert not box.overlaps(target), (target, box, side)


# Explore without details


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (120, 40), (200, 60)])
def test_without_details_the_map_is_no_smaller_and_the_layers_have_a_line_each(size):
    brief, full = (arrange("explore", Room(*size, needs)) for needs in (BRIEF, Needs()))
    assert brief.boxes["output"].width * brief.boxes["output"].height >= (
        full.boxes["output"].width * full.boxes["output"].height
    )
    assert brief.inner("layers").rows == 6  # heads, three layers, and the count


async def test_without_details_there_are_the_two_norms_of_each_layer_and_the_count():
    async with running(stored("circle-start"), (80, 24)) as (app, pilot):
        app.preferences.details = False
        app.show()
        await settled(pilot)
        shown = text(app)
        assert all(part in shown for part in ("‖δ‖", "‖∂C/∂W‖", "linear regions"))
        assert "∇" not in shown and "epoch" not in shown.splitlines()[-2] and "∂z" not in shown
        kept = []
        app.keep_layout = kept.append
        await press(app, pilot, "O")
        assert "∂C/∂b" in text(app) and kept == [True]
        await press(app, pilot, "O")
        assert "∂C/∂b" not in text(app) and kept == [True, False]


async def test_a_layer_is_selected_by_the_arrows_and_by_a_click():
    async with running(stored("circle"), (80, 24)) as (app, pilot):
        app.preferences.details = False
        app.show()
        await settled(pilot)
        await press(app, pilot, "tab", "tab", "down")
        assert app.session.selection.unit == (1, 0)
        await press(app, pilot, "down", "down", "down")
        assert app.session.selection.unit == (3, 0)
        await pilot.click("#layers", offset=(3, 3))
        await settled(pilot)
        assert app.session.selection.unit == (2, 0)


def test_details_stay_as_they_were_left_unless_the_preferences_say_otherwise(state):
    assert not started().preferences.details
    first_start.keep(details=True)
    assert started().preferences.details
    config = state / "config" / "nn-explore" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('layout = "simple"', encoding="utf-8")
    assert not started().preferences.details
    for layout in LAYOUTS:
        assert from_toml(to_toml(Preferences(layout=layout))).layout == layout


# the first enter


@pytest.mark.parametrize("details", [True, False])
async def test_the_first_enter_explains_the_output(details):
    async with running(stored("circle-start"), (80, 24)) as (app, pilot):
        app.preferences.details = details
        await press(app, pilot, "enter")
        assert isinstance(app.screen, ExplanationScreen)
        assert app.session.selection.unit == (3, 0) and "a⁽³⁾₁" in text(app)


# what to look for


async def test_the_sentence_of_an_entry_stays_with_its_keys_until_escape():
    async with running(stored("circle"), (80, 24)) as (app, pilot):
        await press(app, pilot, "ctrl+g", "enter", "right")
        rows = text(app).splitlines()
        assert rows[1].startswith(" ▸ Descent arrives at the line of least squares")
        assert rows[2].endswith("G 1000   4 Linear   esc") and "Network" in rows[3]
        await press(app, pilot, "escape")
        assert "Descent" not in text(app) and "Network" in text(app).splitlines()[1]


async def test_where_there_is_no_room_for_the_sentence_it_is_told():
    async with running(stored("circle"), (60, 20)) as (app, pilot):
        await press(app, pilot, "ctrl+g", "enter")
        assert "Descent arrives" in app.message and not app.frame_screen.shows_what_to_look_for


def test_the_sentence_is_there_for_an_entry_named_on_the_command_line_as_it_is(state):
    assert started("--experiment", "line").look_for == entry("line").look_for
    assert not started("--experiment", "line", "--learning-rate", "1").look_for


@pytest.mark.parametrize(
    ("name", "keys"),
    [("line", ("G 1000", "4 Linear")), ("two-relu", ("G 3000", "3 Regions")), ("reg-plane", ())],
)
def test_what_a_sentence_names_are_keys(name, keys):
    shown = NNExplore().shown_keys
    assert keys_for(entry(name).look_for, shown) == (*keys, "esc")


@pytest.mark.parametrize(
    ("name", "marks"),
    [("line", "•"), ("circle", "◦•"), ("iris", "abc"), ("mtcars", "◦•"), ("sine", "•")],
)
def test_the_gallery_shows_the_data_of_the_chosen_entry(name, marks):
    canvas = Canvas(100, 28, DARK)
    draw(canvas, gallery(), entry(name), "", 0)
    picture = "\n".join(row[LIST:] for row in canvas.text_lines()[10:])
    assert all(picture.count(mark) > 4 for mark in marks), picture


def test_every_entry_has_a_picture_where_there_is_room_for_it():
    for one in gallery():
        canvas = Canvas(60, 16, DARK)
        draw_data(canvas, one.name)
        rows = canvas.text_lines()
        assert sum(bool(row.strip()) for row in rows) >= 4, one.name
        assert all(row[58:].strip() == "" for row in rows[:-1]), one.name
