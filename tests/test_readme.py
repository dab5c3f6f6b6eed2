"""What the README says is true: its commands run, its keys are the app's, its pictures exist."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from screen import press, running, text
from textual.widgets import TextArea

from engine import DATASETS, Experiment, Trainer
from engine.training.prepare import prepare
from tui.cli import main as cli
from tui.cli import open_app
from tui.commands.keys import markdown
from tui.experiments.library import gallery

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line]
USES = [command for command in COMMANDS if command.startswith("nn-explore")]
STARTS = [command for command in USES if not command.startswith("nn-explore fit")]


@pytest.mark.parametrize("command", STARTS)
async def test_every_command_opens_the_app(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = shlex.split(command, comments=True)[1:]
    options = open_app.parser().parse_args(arguments)
    experiment = open_app.experiment_for(options)
    async with running(experiment, demo=options.file == "demo") as (app, _):
        assert "Network" in text(app)
        assert app.session.trainer.step_count == 0


@pytest.mark.parametrize("command", [use for use in USES if use not in STARTS])
def test_every_fit_prints_its_coefficients(command, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", shlex.split(command, comments=True))
    cli.main()
    assert "intercept" in capsys.readouterr().out


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
        app.end_tour()
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


def test_the_pictures_exist_and_ask_for_nothing_from_afar():
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", README)
    assert pictures
    for picture in [*pictures, *(ROOT / "screenshots").glob("*.svg")]:
        drawing = (ROOT / picture).read_text(encoding="utf-8")
        assert "@font-face" not in drawing
        assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


def test_every_data_set_is_named_and_the_gallery_counted():
    (named,) = re.findall(r"Built-in data: (.*?)\. A `.toml`", README, flags=re.DOTALL)
    ends = {end for name in re.split(r",\s", named) for end in name.split(" … ")}
    assert ends == {name for name in DATASETS if name not in ("anscombe-2", "anscombe-3")}
    assert f"one of the {len(gallery())} of the gallery" in README
