"""What the README says is true: its commands run, its keys are the app's, its pictures exist."""

import re
import shlex
from pathlib import Path

import pytest
from screen import running, text

from engine import DATASETS
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
    assert len(lines) == 7 and lines[0] in script


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
