"""Names that no file can have, and pastes that no line can hold: a line says so, nothing ends."""

import json
import os
from pathlib import Path
from threading import Event

import pytest
from screen import press, running, settled, text
from textual import events
from textual.widgets import Input, Label

from engine import DataError, EngineError, Experiment
from engine.storage.share_code import share_code
from tui.cli import main as cli
from tui.cli import open_app
from tui.commands import files as opening
from tui.commands.files import read
from tui.dialogs import files
from tui.dialogs.base import MAX_LENGTH, one_line
from tui.dialogs.files import OpenFile
from tui.experiments.library import built_in
from tui.session.session import Session
from tui.storage.saving import Opened
from tui.system.paths import shortened, typed_path

LONG, LONGER = "n" * 300, "n" * 5000
DONE = Opened(Session(built_in("xor")), "big")
NAMES = {
    "~nosuchuser/x": "there is no user 'nosuchuser'",
    "~/" + LONG: "File name too long",
    LONG: "File name too long",
    LONGER: "File name too long",
    f"{LONG}/x": "File name too long",
    "nul\0l": "NUL",
}


@pytest.mark.parametrize(
    ("key", "endings"), [("ctrl+o", (".npz", ".toml", ".csv")), ("ctrl+s", (".npz", ".toml"))]
)
async def test_a_name_that_no_file_can_have_is_told_in_the_dialog(
    monkeypatch, tmp_path, key: str, endings: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running() as (app, pilot):
        await press(app, pilot, key)
        dialog = app.screen
        for name, says in NAMES.items():
            for ending in endings:
                dialog.query_one(Input).value = name + ending
                await press(app, pilot, "enter")
                mistake = str(dialog.query_one(".mistake", Label).render())
                assert says in mistake
                assert len(mistake) < 200
        await press(app, pilot, "escape")
        assert app.frame_screen is app.screen
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["", ".npz", ".toml", ".csv", ".tsv"])
def test_a_name_that_no_file_can_have_is_one_line_on_the_command_line(
    capsys, monkeypatch, name: str, ending: str
) -> None:
    monkeypatch.setattr(open_app, "check_terminal", lambda: None)
    with pytest.raises(SystemExit) as stop:
        cli.main([name + ending])
    assert stop.value.code == 2
    err = capsys.readouterr().err
    assert NAMES[name] in err
    assert err.count("\n") == 1
    assert len(err) < 300


@pytest.mark.parametrize("name", [LONG + ".csv", "nul\0l.csv", "~nosuchuser/x.csv"])
def test_a_data_set_that_no_file_can_hold_is_refused_in_every_kind_of_file(
    tmp_path, name: str
) -> None:
    with pytest.raises(EngineError):
        read(share_code(Experiment(dataset=name)))
    path = tmp_path / "one.toml"
    path.write_text(f"dataset = {json.dumps(name)}\n", encoding="utf-8")
    with pytest.raises(EngineError):
        read(str(path))


def test_what_is_typed_is_the_path_from_home_or_of_a_file_that_is_called_so(
    monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert typed_path("~/x.csv") == tmp_path / "x.csv"
    assert typed_path("x.csv") == Path("x.csv")
    with pytest.raises(DataError, match=r"a file of that name is \./~x\.csv"):
        typed_path("~x.csv")
    Path("~x.csv").touch()
    assert typed_path("~x.csv") == Path("~x.csv")
    assert typed_path("./~x.csv") == Path("~x.csv")


async def test_a_data_set_typed_in_the_settings_is_told_from_home_and_shown_from_here(
    monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "own.csv").write_text("x,y\n1,2\n2,3\n3,5\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    async with running(Experiment(dataset="own.csv", hidden=())) as (app, _):
        assert app.session.experiment.dataset == str(tmp_path / "own.csv")
        assert shortened(app.session.experiment.dataset) == "own.csv"


# pastes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo", "one"),
        ("\n\n  one  \ntwo", "one"),
        ("nnx1:ab\ncd\r\n ef", "nnx1:abcdef"),
        ("a\tb\x1b[31mc", "ab[31mc"),
        ("", ""),
        (" \n ", ""),
        ("x" * 10_000_000, "x" * MAX_LENGTH),
    ],
)
def test_of_a_paste_a_line_takes_what_it_can_hold(text: str, line: str) -> None:
    assert one_line(text) == line


async def test_share_codes_are_never_longer_than_a_line() -> None:
    weights = tuple(tuple(tuple(i + j / 7 for j in range(8)) for i in range(18)) for _ in range(1))
    code = share_code(Experiment(dataset="x" * 200 + ".csv", hidden=(), weights=weights))
    assert len(code) < MAX_LENGTH


@pytest.mark.parametrize("key", ["ctrl+o", "ctrl+s", "g"])
async def test_a_large_text_is_pasted_as_one_line_from_the_app_and_from_the_terminal(
    key: str,
) -> None:
    text = "9 of many\n" * 40_000
    async with running(built_in("circle")) as (app, pilot):
        await press(app, pilot, key)
        line = app.screen.query_one(Input)
        line.value = ""
        app.copy_to_clipboard(text)
        await press(app, pilot, "ctrl+v")
        first = line.value
        line.value = ""
        line.post_message(events.Paste(text))
        await settled(pilot)
        assert first == line.value == ("" if line.restrict else "9 of many")
        await press(app, pilot, "ctrl+v", "ctrl+v")
        assert "\n" not in line.value


async def test_a_file_that_takes_long_is_read_while_keys_are_answered_and_can_be_given_up(
    monkeypatch,
) -> None:
    monkeypatch.setattr(files, "AT_ONCE", 0.0)
    may_go_on = Event()
    monkeypatch.setattr(opening, "read", lambda *_: may_go_on.wait() and DONE)
    async with running() as (app, pilot):
        await press(app, pilot, "ctrl+o", "b", "i", "g", "enter")
        assert "reading big: esc ends it" in text(app)
        await press(app, pilot, "enter")  # once is enough
        await press(app, pilot, "escape")
        assert not isinstance(app.screen, OpenFile)
        before = app.session
        await press(app, pilot, "ctrl+o", "b", "enter")
        dialog = app.screen
        assert isinstance(dialog, OpenFile) and not dialog.look()
        may_go_on.set()
        while not dialog.look():
            await pilot.pause(0.01)
        await settled(pilot)
        assert app.session is DONE.session is not before


async def test_a_name_with_what_a_terminal_would_obey_stays_on_its_line(tmp_path, monkeypatch):
    odd = tmp_path / "two\nlines\x1b[31m.npz"
    monkeypatch.setattr(opening, "recent", lambda: [odd])
    async with running() as (app, pilot):
        await press(app, pilot, "ctrl+o", "down")
        assert len(text(app).splitlines()) == 40
        assert "twolines[31m.npz" in text(app)


async def test_a_number_of_any_length_is_typed_on_at_once():
    """Textual's own pattern would take as many years as there are digits."""
    async with running(size=(80, 24)) as (app, pilot):
        await press(app, pilot, "G")
        app.screen.query_one(Input).value = "1" * 200
        await press(app, pilot, "x", "2")
        assert app.screen.query_one(Input).value == "1" * 200 + "2"
        await press(app, pilot, "escape")
