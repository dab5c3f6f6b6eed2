"""The environment: without a home, or with nonsense in it, the app starts or says what would do."""

import os

import pytest

from tui import config
from tui.cli import main as cli
from tui.cli import open_app
from tui.custom_keys import RESERVED, cannot_be_pressed
from tui.storage import recent
from tui.storage.saving import shortened
from tui.system import app_folders, environment


@pytest.fixture
def homeless(monkeypatch, tmp_path):
    """Nobody's: no home, and no entry for the user."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)

    def no_entry(uid):
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    pwd = pytest.importorskip("pwd", reason="Windows knows no such users")
    monkeypatch.setattr(pwd, "getpwuid", no_entry)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_home_there_are_the_defaults_and_nothing_is_kept(homeless):
    assert config.load() == config.Preferences()
    (homeless / "d.csv").touch()
    recent.remember(homeless / "d.csv")
    assert recent.recent() == ()
    assert not app_folders.state_dir().exists()
    with pytest.raises(OSError, match="no home folder is known"):
        app_folders.state_dir().mkdir(parents=True)
    assert shortened(homeless.parent / "x.csv") == str(homeless.parent / "x.csv")


@pytest.mark.parametrize("arguments", [["config"], ["config", "--init"]])
def test_without_a_home_config_says_what_would_do(homeless, capsys, arguments):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert "no home folder is known: set HOME, or XDG_CONFIG_HOME" in capsys.readouterr().err


def test_without_a_home_there_is_nothing_to_recover(homeless, capsys, monkeypatch):
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    with pytest.raises(SystemExit) as end:
        cli.main(["--recover"])
    assert end.value.code == 2
    assert capsys.readouterr().err == (
        "nn-explore: no session was saved: there is nothing to recover\n"
    )


def test_a_relative_folder_in_the_environment_is_ignored(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, "relative")
    for path in (app_folders.config_path(), app_folders.state_dir()):
        assert path.is_absolute()


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("COLUMNS", ("x", "-1", "0", "999999999", "", "٣"), ("1", "80", "2000")),
        ("LINES", ("x", "-1", "1e3", "2001"), ("24",)),
        ("TEXTUAL_COLOR_SYSTEM", ("x", "TRUECOLOR"), ("256", "truecolor", "auto")),
        ("TEXTUAL_DRIVER", ("x", "os:path"), ("textual.drivers.web_driver:WebDriver",)),
        ("TEXTUAL_LOG", ("/nonexistent/x", "/"), (os.devnull,)),
    ],
)
def test_what_the_drawing_library_would_stop_at_is_forgotten(monkeypatch, name, wrong, right):
    for value in wrong:
        monkeypatch.setenv(name, value)
        environment.remove_invalid_variables()
        assert name not in os.environ, value
    for value in right:
        monkeypatch.setenv(name, value)
        environment.remove_invalid_variables()
        assert os.environ[name] == value


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_list_of_recent_files_that_has_no_end_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    app_folders.state_dir().mkdir()
    (app_folders.state_dir() / "recent.txt").symlink_to("/dev/zero")
    assert recent.recent() == ()


# preferences


@pytest.fixture
def preferences(monkeypatch, tmp_path):
    """Write the preferences file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = app_folders.config_path()
    path.parent.mkdir(parents=True)
    return path.write_bytes


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "not UTF-8 text"),
        (b"#" * 2_000_000, "is too large: 1 MB is the most"),
        (b"frame_rate = 1" + b"0" * 5000, "line 1: a number has thousands of digits"),
        (b"theme = 1979-05-27", "line 1: theme = 1979-05-27 is not one of dark, light"),
        (b"ascii = 'yes'", "line 1: ascii = 'yes' is not true or false"),
        (b"frame_rate = true", "line 1: frame_rate = true is not a number"),
        (b"[keys]\nplay = ['ctrl+m']", "line 2: play = 'ctrl+m' cannot work: terminals se"),
    ],
)
def test_wrong_preferences_are_one_line(preferences, content, says):
    preferences(content)
    with pytest.raises(config.PreferencesError) as error:
        config.load()
    assert says in str(error.value)
    assert len(str(error.value)) < 400


def test_preferences_may_begin_with_the_mark_that_some_editors_write(preferences):
    preferences(b"\xef\xbb\xbfascii = true\n")
    assert config.load().ascii


@pytest.mark.parametrize(
    ("key", "why"),
    [("ctrl+m", "enter"), ("ctrl+i", "tab"), ("ctrl+h", "backspace"), ("ctrl+[", "escape"),
     ("ctrl+q", "it always quits"), ("ctrl+M", r"ctrl\+m")],
)  # fmt: skip
def test_keys_that_a_terminal_sends_as_others_are_refused_with_the_reason(preferences, key, why):
    preferences(f"[keys]\nplay = '{key}'\n".encode())
    with pytest.raises(config.PreferencesError, match=f"cannot work: .*{why}"):
        config.load()


def test_no_key_that_an_action_has_is_one_of_them():
    from tui.commands.keys import ACTIONS

    keys = [key for action in ACTIONS for key in action.keys]
    assert not [key for key in keys if cannot_be_pressed(key)]
    assert {"ctrl+i", "ctrl+m", "ctrl+q"} <= RESERVED.keys()
