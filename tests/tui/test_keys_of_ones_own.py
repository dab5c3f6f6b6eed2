"""The gallery by its key, and keys of one's own choice."""

from importlib import import_module
from pkgutil import iter_modules
from string import Formatter

import pytest
from screen import press, running, settled, text

from engine import EngineError, Experiment
from tui import cli, panes
from tui.actions import BY_ID
from tui.keymap import rebound
from tui.library import entry
from tui.panes.pane import Pane


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


def every(kind):
    return {kind}.union(*(every(sub) for sub in kind.__subclasses__()))


def test_help_of_every_pane_names_keys_by_their_actions():
    for module in iter_modules(panes.__path__):
        import_module(f"tui.panes.{module.name}")
    named = {
        kind.__name__: {name for _, name, *_ in Formatter().parse(kind.HELP) if name is not None}
        for kind in every(Pane)
    }
    assert set().union(*named.values()) <= BY_ID.keys()
    assert {"up", "down", "zoom"} <= named["CollapsePane"]
    assert {"settings", "undo"} <= named["SettingsPanel"]


async def test_help_and_the_settings_panel_name_the_keys_that_were_chosen():
    keys = {"settings": ("f9",), "undo": ("ctrl+z",), "up": ("ctrl+u",)}
    async with running(size=(120, 60), keys=keys) as (app, pilot):
        await press(app, pilot, "f1")
        assert "ctrl+u ↓ j select a unit" in text(app)
        await press(app, pilot, "escape", "f9")
        assert "enter type  F9 close" in text(app)
        await press(app, pilot, "f1")
        shown = " ".join(text(app).split())
        assert "F9 and esc close it" in shown
        assert "ctrl+z takes back" in shown
        await press(app, pilot, "escape", "o")
        assert app.draft.shown
        await press(app, pilot, "right", "f9")
        assert "esc discard, F9 keep" in text(app)
        await press(app, pilot, "f9")
        assert not app.draft.shown
