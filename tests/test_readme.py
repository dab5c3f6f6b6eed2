"""What the README says is true: its commands run, its keys are the app's, its pictures exist."""

import re
import shlex
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from screen import press, running, text
from terminal_svg import Cell, Frame, svg
from textual.widgets import TextArea

from engine import DATASETS, Experiment, Trainer
from engine.training.prepare import prepare
from tui.cli import lesson, open_app, present
from tui.cli import main as cli
from tui.commands.keys import BY_ID, ROWS, markdown
from tui.commands.lessons.scenes import present as show_scenes
from tui.commands.lessons.steps import open_lesson
from tui.experiments.library import gallery

PAGE = 830.0  # pixels of width that a page has for a picture
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line]
USES = [command for command in COMMANDS if command.startswith("nn-explore")]
PRINTED = {  # of each subcommand
    "fit": "intercept",
    "describe": "The run is at step 300",
    "lesson relu": "## 7. Training moves the knots",
    "lesson --format": "ols_gap",
}
OPENS_LESSON = [use for use in USES if use.split()[1:3] == ["lesson", "#"]]
PRESENTS = [use for use in USES if use.split()[1] == "present"]
STARTS = [
    use
    for use in USES
    if use not in [*OPENS_LESSON, *PRESENTS]
    and not any(f"nn-explore {name}" in use for name in PRINTED)
]
NOT_OPENING = [use for use in USES if use not in [*STARTS, *OPENS_LESSON, *PRESENTS]]
PICTURES = re.findall(r"!\[.*?\]\((.*?)\)", README)


@pytest.mark.parametrize("command", STARTS)
async def test_every_command_opens_the_app(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = shlex.split(command, comments=True)[1:]
    options = open_app.parser().parse_args(arguments)
    experiment = open_app.experiment_for(options)
    async with running(experiment, demo=options.file == "demo") as (app, _):
        assert "Network" in text(app)
        assert app.session.trainer.step_count == 0


@pytest.mark.parametrize("command", OPENS_LESSON)
async def test_the_command_for_lessons_opens_the_first(command, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    options = lesson.parser().parse_args(shlex.split(command, comments=True)[2:])
    async with running(None) as (app, pilot):
        open_lesson(app, lesson.lesson_named(options.name))
        await pilot.pause()
        assert "Lesson · 1 of 7" in text(app)


@pytest.mark.parametrize("command", PRESENTS)
async def test_the_command_for_presentations_shows_the_first_scene(command):
    options = present.parser().parse_args(shlex.split(command, comments=True)[2:])
    async with running(None) as (app, pilot):
        show_scenes(app, lesson.lesson_named(options.name), options.step - 1)
        await pilot.pause()
        assert "scene 1 of 7" in text(app)


@pytest.mark.parametrize("command", NOT_OPENING)
def test_every_subcommand_prints_what_it_is_for(command, monkeypatch, capsys):
    arguments = shlex.split(command, comments=True)
    monkeypatch.setattr("sys.argv", arguments)
    cli.main()
    expected = next(shown for name, shown in PRINTED.items() if f"nn-explore {name}" in command)
    assert expected in capsys.readouterr().out


def test_the_two_set_up_commands_are_those_that_ci_runs():
    # .ci/run takes them from here and runs them, in a copy of the tree
    start, test = (command for command in COMMANDS if "venv" in command)
    assert start.endswith("&& .venv/bin/nn-explore")
    assert test.endswith("&& .venv/bin/python -m pytest -n auto")
    assert len(USES) + 2 == len(COMMANDS)


def test_the_script_runs(capsys):
    (script,) = (block for kind, block in BLOCKS if kind == "python")
    exec(compile(script, "README.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 11 and lines[0] in script
    assert "0.2983711" in lines[5] and "0.35891648" in lines[7]


def test_the_exercise_is_mazurs_and_one_example_more():
    (exercise,) = (block for kind, block in BLOCKS if kind == "toml")
    experiment = Experiment.from_toml(exercise)
    prepared = prepare(experiment)
    assert prepared.dataset.X.tolist() == [[0.05, 0.1], [0.1, 0.05]]
    cost = Trainer(replace(experiment, edits=())).costs()[0]
    assert cost == pytest.approx(0.298371109, abs=5e-10)  # mattmazur.com, 2015


async def test_mazurs_example_is_typed_as_the_readme_says(monkeypatch):
    monkeypatch.chdir(ROOT)
    (command,) = (command for command in USES if "mazur" in command)
    options = open_app.parser().parse_args(shlex.split(command)[1:])
    async with running(open_app.experiment_for(options), size=(120, 40)) as (app, pilot):
        app.end_demo()
        typed_by_keys = ((".15 .2 .35; .25 .3 .35", "h", "E"), (".4 .45 .6; .5 .55 .6", "l", "E"))
        for typed, *keys in typed_by_keys:
            assert f"{'`, `'.join(keys)}`, `{typed}`, `enter`" in README
            await press(app, pilot, *keys)
            app.screen.query_one(TextArea).text = typed
            await press(app, pilot, "enter")
        assert app.session.frame().cost == pytest.approx(0.298371109, abs=5e-10)
        await press(app, pilot, "right")
        w = app.session.trainer.network.weights
        assert w[1][0, 0] == pytest.approx(0.35891648, abs=5e-9)  # mattmazur.com, 2015
        assert w[0][0, 0] == pytest.approx(0.149780716, abs=5e-10)


def test_the_keys_are_those_of_the_app():
    assert markdown() in README
    assert len(markdown().splitlines()) <= 34


def test_the_rows_of_keys_name_actions_of_the_app():
    named = [name for _, ids, _ in ROWS for name in ids.split()]
    assert len({*named}) == len(named)
    assert {*named} <= BY_ID.keys()


def test_the_pictures_exist_and_ask_for_nothing_from_afar():
    assert PICTURES
    for picture in [*PICTURES, *(ROOT / "screenshots").glob("*.svg")]:
        drawing = (ROOT / picture).read_text(encoding="utf-8")
        assert "@font-face" not in drawing
        assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_small_has_no_script_and_letters_that_can_be_read(picture):
    drawing = (ROOT / picture).read_bytes()
    assert len(drawing) <= 400_000
    root = ElementTree.fromstring(drawing)
    assert not root.findall(".//{*}script") and not root.findall(".//{*}image")
    shown = min(1.0, PAGE / float(root.attrib["width"]))  # a page shows it smaller if it is wider
    (size,) = re.findall(rb"font:([\d.]+)px", drawing)
    assert float(size) * shown >= 14.0


def test_the_film_moves_without_a_script_and_stands_still_on_request():
    film = (ROOT / PICTURES[0]).read_text(encoding="utf-8")
    frames = film.count("@keyframes")
    assert frames > 20 and film.count("animation:f") == frames
    assert "prefers-reduced-motion" in film


def test_a_film_draws_only_the_cells_that_change():
    first = {(x, 0): Cell(text, "#ffffff", "#000000") for x, text in enumerate("C 0.97")}
    second = first | {(4, 0): Cell("1", "#ffffff", "#000000")}
    one, two = svg([Frame(first, 1.0)], "C"), svg([Frame(first, 1.0), Frame(second, 1.0)], "C")
    texts = [
        [text.text for text in ElementTree.fromstring(s).findall(".//{*}text")] for s in (one, two)
    ]
    assert texts == [["C", "0.97"], ["C", "0.97", "1"]]
    assert svg([Frame(first, 1.0), Frame(second, 1.0)], "C") == two


def test_every_data_set_is_named_and_the_gallery_counted():
    (named,) = re.findall(r"Built-in data: (.*?)\. A `.toml`", README, flags=re.DOTALL)
    ends = {end for name in re.split(r",\s", named) for end in name.split(" … ")}
    assert ends == {name for name in DATASETS if name not in ("anscombe-2", "anscombe-3")}
    assert f"one of the {len(gallery())} of the gallery" in README
