"""Preferences: what a file sets, what every mistake in it says, and keys of one's own."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screen import press, running, text

from engine import EngineError, Experiment, ExperimentError
from engine.toml_lines import line_of
from tui.cli import config as config_command
from tui.cli.open_app import parser
from tui.commands.keys import ACTIONS, BY_ID
from tui.commands.screens import visit
from tui.config import (
    CHECKS,
    MAX_FRAME_RATE,
    MIN_FRAME_RATE,
    Preferences,
    PreferencesError,
    from_toml,
    load,
    to_toml,
)
from tui.custom_keys import key_named, key_text, rebound, shown_key
from tui.drawing.palette import SIGN_COLOURS, THEMES
from tui.session.play.speed import FASTEST, MAX, SLOWEST
from tui.system.app_folders import config_path, state_dir

EXAMPLE = """\
theme = "light"
ascii = true
frame_rate = 20

[keys]
play = ["P", "f5"]
plane_typed = "ctrl+right"
rate_halve = "$"
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def write(text: str | bytes) -> Path:
    path = config_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# the file


def test_a_file_sets_what_it_says_and_leaves_the_rest():
    write(EXAMPLE)
    assert load() == Preferences(
        "light",
        True,
        20.0,
        {
            "play": ("P", "f5"),
            "plane_typed": ("ctrl+right",),
            "rate_halve": ("dollar_sign",),
        },
    )
    assert from_toml('theme = "light"') == Preferences(theme="light")


def test_without_a_file_all_are_the_defaults():
    assert load() == from_toml("") == Preferences()


preferences = st.builds(
    Preferences,
    st.sampled_from(["dark", "light", "contrast"]),
    st.booleans(),
    st.floats(MIN_FRAME_RATE, MAX_FRAME_RATE),
    st.dictionaries(
        st.sampled_from(["play", "zoom", "quit"]),
        st.just(()) | st.sampled_from(["f6", "f7", "quotation_mark", "backslash", "ä"]).map(
            lambda key: (key,)
        ),
        max_size=1,
    ),
    st.sampled_from(["standard", "playground"]),
    st.sampled_from([None, MAX]) | st.floats(SLOWEST, FASTEST),
)  # fmt: skip


@given(preferences)
def test_preferences_survive_the_way_to_toml_and_back(chosen):
    assert from_toml(to_toml(chosen, "# ")) == chosen
    everything = from_toml(to_toml(chosen))
    assert rebound(everything.keys) == rebound(chosen.keys)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('theme = "dork"', 1, "theme = 'dork' is not one of dark, light"),
        ("\ntheme = 3", 2, "theme = 3 is not one of dark, light"),
        ('ascii = "yes"', 1, "ascii = 'yes' is not true or false"),
        ("frame_rate = 31", 1, "is not a number from 1 to 30"),
        ("frame_rate = 0.5", 1, "is not a number from 1 to 30"),
        ("frame_rate = nan", 1, "is not a number from 1 to 30"),
        ("frame_rate = true", 1, "is not a number from 1 to 30"),
        ("speed = 0", 1, 'speed = 0 is not "auto" or "max", or a number from 1 to 30000'),
        ("speed = true", 1, 'is not "auto" or'),
        ('speed = "fast"', 1, "speed = 'fast' is not \"auto\" or"),
        ("speed = [1]", 1, "speed = [1] is not"),
        ("speed = inf", 1, "speed = inf is not"),
        (
            '# a comment\nthem = "dark"',
            2,
            "unknown preference 'them'; did you mean theme? There are: theme, ascii, frame_rate,",
        ),
        ("keys = 1", 1, "keys = 1 is not a table"),
        ('[keys]\npley = "p"', 2, "unknown action 'pley'; did you mean play?"),
        ("[keys]\n\nplay = 3", 3, "play = 3 is not a key or a list of keys"),
        ('[keys]\nplay = ["f5", "spac"]', 2, "play = 'spac' is not a key"),
        ('[keys]\nundo = "f5"\nplay = "z"', 3, "the key z is that of zoom (zoom the focused pane)"),
        ('[keys]\nplay = "f5"\nquit = "f5"', 2, "the key F5 is that of quit"),
        ('keys.play = "z"', 1, "the key z is that of zoom"),
        ('ascii = true\nkeys = {play = "z"}', 2, "the key z is that of zoom"),
    ],
)
def test_a_mistake_names_file_line_and_what_would_do(text, line, said):
    path = write(text)
    with pytest.raises(PreferencesError) as mistake:
        load()
    assert str(mistake.value).startswith(f"{path}: line {line}: ")
    assert said in str(mistake.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [("theme = \nascii = true", "line 1"), (b"theme = '\xff'", "not UTF-8 text")],
)
def test_what_is_no_toml_is_refused_by_name(content, said):
    path = write(content)
    with pytest.raises(PreferencesError, match=said) as mistake:
        load()
    assert str(path) in str(mistake.value)


def test_a_directory_in_its_place_is_refused():
    config_path().mkdir(parents=True)
    with pytest.raises(PreferencesError, match="directory"):
        load()


def test_config_and_state_follow_xdg(home):
    assert config_path() == home / "config" / "nn-explore" / "config.toml"
    assert state_dir() == home / "state" / "nn-explore"


# keys


def test_no_two_usual_keys_meet_on_a_screen_but_where_one_goes_before_the_other():
    assert rebound({action.id: action.keys for action in ACTIONS}) == ACTIONS


def test_keys_are_named_as_textual_does_and_written_as_they_are_typed():
    for action in ACTIONS:
        for key in action.keys:
            assert key_named(key) == key_named(key_text(key)) == key
    assert key_named("[") == "left_square_bracket"
    assert key_named("+") == "plus"
    assert key_named("ctrl++") is None
    assert key_named("hyper+a") is None
    assert key_named("") is None
    assert [shown_key(key) for key in ("shift+right", "f2", "plus", "space")] == [
        "shift+→", "F2", "+", "space"
    ]  # fmt: skip


def test_a_moved_action_has_its_new_keys_in_help_and_no_other():
    actions = {action.id: action for action in rebound({"play": ("f5", "P"), "plane_typed": ()})}
    assert actions["play"].keys == ("f5", "P")
    assert actions["play"].shown == "F5 P"
    assert actions["plane_typed"].keys == ()
    unmoved = actions.keys() - {"play", "plane_typed"}
    assert all(actions[name] is BY_ID[name] for name in unmoved)


def test_an_action_of_one_screen_clashes_with_one_of_all_screens_unless_it_went_before_it():
    with pytest.raises(EngineError, match="the key w is that of walk"):
        rebound({"play": ("w",)})
    swapped = {"on": ("f6",), "microstep_on": ("f6",)}
    assert len(rebound(swapped)) == len(ACTIONS)
    with pytest.raises(EngineError, match="that of"):
        rebound({"play": ("f6",), "microstep_on": ("f6",)})


def test_keys_may_be_swapped():
    moved = {action.id: action for action in rebound({"play": ("q",), "quit": ("space",)})}
    assert (moved["play"].keys, moved["quit"].keys) == (("q",), ("space",))


# the command


def printed(capsys, *arguments: str) -> str:
    config_command.main(arguments)
    return str(capsys.readouterr().out)


def test_config_prints_the_path_what_is_set_and_the_defaults(capsys):
    path = write(EXAMPLE)
    out = printed(capsys)
    assert out.startswith(f"# {path}\n")
    assert from_toml(out) == load()
    assert '\ntheme = "light"\n' in out
    assert '# zoom = "z"' in out


def test_config_says_where_the_file_would_be(capsys):
    out = printed(capsys)
    assert str(config_path()) in out
    assert "--init" in out
    assert from_toml(out) == Preferences()


def test_the_file_that_init_writes_shows_the_defaults_and_sets_none(capsys):
    printed(capsys, "--init")
    text = config_path().read_text(encoding="utf-8")
    assert load() == Preferences()
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", text)
    assert rebound(from_toml(uncommented).keys) == ACTIONS
    assert uncommented.count(" = ") == len(ACTIONS) + len(CHECKS) - 1  # [keys] is a table
    assert [*config_path().parent.iterdir()] == [config_path()]


def test_init_never_writes_over_a_file(capsys):
    path = write(EXAMPLE)
    with pytest.raises(SystemExit) as stop:
        config_command.main(["--init"])
    assert stop.value.code == 2
    assert "exists already" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == EXAMPLE


def test_a_mistake_in_the_file_is_one_line_on_stderr(capsys):
    write("frame_rate = 99")
    with pytest.raises(SystemExit) as stop:
        config_command.main([])
    assert stop.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


# lines of TOML


def test_a_line_is_found_in_its_own_table():
    text = 'play = 1\n[other]\nplay = 2\n[keys]\n# play = 3\n"play" = 4\n[more]\nzoom = 5\n'
    assert line_of("play", text) == 1
    assert line_of("play", text, "other") == 3
    assert line_of("play", text, "keys") == 6
    assert line_of("zoom", text, "keys") == 4


def test_an_experiment_still_names_the_line_of_a_mistake():
    with pytest.raises(ExperimentError, match="line 3: batch_size"):
        Experiment.from_toml('dataset = "circle"\n\nbatch_size = 0\n')


async def test_a_dialog_is_closed_by_the_key_that_opened_it_wherever_that_was_moved_to():
    moved = {"changes": ("f6",), "confusion": ("f7",), "help": ("f8",), "share": ("f9",)}
    async with running(keys=moved) as (app, pilot):
        await press(app, pilot, "m")
        for (key,) in moved.values():
            await press(app, pilot, key)
            assert app.screen is not app.frame_screen
            await press(app, pilot, key)
            assert app.screen is app.frame_screen


async def test_the_keys_of_the_loss_surface_and_of_compare_can_be_moved():
    async with running(keys={"surface_plane": ("f6",), "leave": ("f7",)}) as (app, pilot):
        await press(app, pilot, "S")
        kind = app.session.surface.kind
        await press(app, pilot, "p")
        assert app.session.surface.kind == kind
        await press(app, pilot, "f6")
        assert app.session.surface.kind != kind
        assert "f6" in text(app).lower()
        visit(app, "compare")
        await press(app, pilot, "escape")
        assert app.screen.name == "compare"
        await press(app, pilot, "f7")
        assert app.screen.name == "surface"


def test_the_command_line_offers_the_themes_and_colours_there_are() -> None:
    """Their modules would take time to import before a mistake is reported."""
    choices = {action.dest: action.choices for action in parser()._actions}
    assert choices["theme"] == tuple(THEMES) and choices["colours"] == tuple(SIGN_COLOURS)
