"""The gallery by its key, and keys of one's own choice."""

import pytest
from screen import press, running, settled, text

from engine import EngineError, Experiment
from tui import cli
from tui.keymap import rebound
from tui.library import entry


async def test_the_gallery_opens_an_experiment_by_one_key():
    async with running() as (app, pilot):
        await press(app, pilot, "ctrl+g", *"spiral", "down", "enter")
        assert app.session.experiment.dataset == "spiral"
        assert app.session.trainer.step_count == 0
        await press(app, pilot, "ctrl+g", "escape")
        assert app.session.experiment.dataset == "spiral"


async def test_an_action_moves_to_the_key_that_was_chosen():
    async with running(keys={"on": ("f4",), "help": ("f3",)}) as (app, pilot):
        await press(app, pilot, "f4")
        assert app.session.trainer.step_count == 1
        await press(app, pilot, "right")
        assert app.session.trainer.step_count == 1
        assert "F4 step" in text(app)
        await press(app, pilot, "f3")
        assert "F4        a step on" in text(app)


def test_two_actions_cannot_have_one_key():
    with pytest.raises(EngineError, match="space"):
        rebound({"on": ("space",)})


def test_the_command_line_opens_an_experiment_of_the_gallery():
    options = cli.parser().parse_args(["--experiment", "dead-relu", "--seed", "3"])
    experiment = cli.experiment_for(options)
    assert experiment.init == entry("dead-relu").experiment.init
    assert experiment.seed == 3


def test_an_unknown_experiment_is_answered_with_those_there_are():
    options = cli.parser().parse_args(["--experiment", "ded-relu"])
    with pytest.raises(EngineError, match="did you mean dead-relu"):
        cli.experiment_for(options)


async def test_the_hint_names_the_key_that_was_chosen():
    async with running(keys={"play": ("f5",)}) as (app, _):
        assert "press F5 to train" in text(app)


async def test_advice_names_the_key_that_was_chosen():
    diverging = Experiment(dataset="reg-plane", output="identity", learning_rate=1000.0)
    async with running(diverging, keys={"postmortem": ("f6",)}) as (app, pilot):
        app.act_quietly()
        app.seek(1000)
        await settled(pilot)
        assert "F6, post-mortem" in text(app)
