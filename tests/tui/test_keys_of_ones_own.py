"""The gallery by its key, and keys of one's own choice."""

from importlib import import_module
from pkgutil import walk_packages
from string import Formatter

import pytest
from screen import press, running, settled, text
from textual.widgets import Static

from engine import EngineError, Experiment
from tui import dialogs, panes
from tui.app import NNExplore
from tui.cli import open_app
from tui.commands.keys import BY_ID
from tui.custom_keys import keys_of, rebound
from tui.dialogs.offers.key_list import KeyList
from tui.experiments.library import entry
from tui.message_line import MessageLine
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane


async def test_the_gallery_opens_an_experiment_by_one_key():
    async with running() as (app, pilot):
        await press(app, pilot, "ctrl+g", *"spiral", "down", "enter")
        assert app.session.experiment.dataset == "spiral"
        assert app.session.trainer.step_count == 0
        await press(app, pilot, "ctrl+g", "escape")
        assert app.session.experiment.dataset == "spiral"


async def test_an_action_moves_to_the_key_that_was_chosen():
    async with running(size=(120, 80), keys={"on": ("f4",), "help": ("f5",)}) as (app, pilot):
        await press(app, pilot, "f4")
        assert app.session.trainer.step_count == 1
        await press(app, pilot, "right")
        assert app.session.trainer.step_count == 1
        assert app.message == "→ micro-step is on 2 Backprop"
        await press(app, pilot, "escape")
        assert ", F4 step" in text(app)
        await press(app, pilot, "f5")
        assert "Help · Network" in text(app)
        await press(app, pilot, "question_mark")
        assert "F4         a step on" in text(app)


def test_a_key_is_bound_once_however_many_apps_there_have_been():
    NNExplore(keys={"on": ("f4",)})
    for keys in ({}, {"on": ("f4",)}):
        bound = NNExplore(keys=keys)._bindings.key_to_bindings
        named = {key: [b.action for b in bound[key]].count(f"press('{key}')") for key in bound}
        assert {named[key] for key in keys_of(rebound(keys))} == {1}


def test_two_actions_cannot_have_one_key():
    with pytest.raises(EngineError, match="space"):
        rebound({"on": ("space",)})


def test_the_command_line_opens_an_experiment_of_the_gallery():
    options = open_app.parser().parse_args(["--experiment", "dead-relu", "--seed", "3"])
    experiment = open_app.experiment_for(options)
    assert experiment.init == entry("dead-relu").experiment.init
    assert experiment.seed == 3


def test_an_unknown_experiment_is_answered_with_those_there_are():
    options = open_app.parser().parse_args(["--experiment", "ded-relu"])
    with pytest.raises(EngineError, match="did you mean dead-relu"):
        open_app.experiment_for(options)


async def test_the_hint_names_the_key_that_was_chosen():
    async with running(keys={"play": ("f5",)}) as (app, _):
        assert "press F5 to train" in text(app)


async def test_advice_names_the_key_that_was_chosen():
    diverging = Experiment(dataset="reg-plane", output="identity", learning_rate=1000.0)
    async with running(diverging, keys={"postmortem": ("f6",)}) as (app, pilot):
        app.end_demo()
        app.seek(1000)
        await settled(pilot)
        assert "F6 goes back and lowers η" in text(app)


def every(kind):
    return {kind}.union(*(every(sub) for sub in kind.__subclasses__()))


def test_help_of_every_pane_names_keys_by_their_actions():
    for package in (panes, dialogs):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    named = {
        kind.__name__: {name for _, name, *_ in Formatter().parse(kind.HELP) if name is not None}
        for kind in every(Pane)
    }
    assert set().union(*named.values()) <= BY_ID.keys() | Look().words.keys()
    assert {"up", "down", "zoom"} <= named["CollapsePane"]
    assert {"settings", "undo"} <= named["SettingsPanel"]


async def test_help_and_the_settings_panel_name_the_keys_that_were_chosen():
    keys = {"settings": ("f9",), "undo": ("ctrl+y",), "up": ("ctrl+u",)}
    async with running(size=(120, 60), keys=keys) as (app, pilot):
        await press(app, pilot, "f1")
        assert "ctrl+u ↓ j select a unit" in text(app)
        await press(app, pilot, "escape", "f9")
        assert "enter type  esc close" in text(app)
        await press(app, pilot, "f1")
        shown = " ".join(str(app.screen.query_one(Static).content).split())
        assert "F9 returns to it" in shown
        assert "ctrl+y takes back" in shown
        await press(app, pilot, "escape", "o")
        assert app.draft.typed == "o"
        await press(app, pilot, "escape", "down", "right", "f9")
        assert "esc discard  F9 keep" in text(app)
        await press(app, pilot, "f9")
        assert not app.draft.shown


@pytest.mark.parametrize(
    ("keys", "presses", "says"),
    [
        ({"mark": ("f5",), "changes": ("f6",)}, ["f6"], "F5 marks this one, for F6"),
        ({"mark": ("f5",), "changes": ("f6",)}, ["f5"], "F6 shows what has changed"),
        ({"branch": ("f5",)}, ["greater_than_sign"], "F5 begins another"),
        ({"restart": ("f5",)}, ["vertical_line", "delete"], "F5 restarts it"),
        ({"add_example": ("f5",)}, ["A"], "F5 adds an example"),
        ({"undo": ("f6",)}, ["V", "v"], "F6 undoes it"),
        ({"weight": ("f5",)}, ["2", "f"], "F5 goes through the"),
        ({"undo": ("f5",)}, ["2", "i", "f"], "F5 undoes it"),
        ({"predict": ("f5",)}, ["2", "f5"], "F5 ends this"),
        ({"grow": ("f5",)}, ["5", "minus", "minus", "a"], "F5 adds a layer"),
        ({"surface_plane": ("f5",)}, ["right", "S", "f5", "f5", "d"], "F5 for other planes"),
    ],
)
async def test_messages_name_the_keys_that_were_chosen(keys, presses, says):
    async with running(Experiment("circle"), keys=keys) as (app, pilot):
        await press(app, pilot, *presses)
        assert says in app.message


@pytest.mark.parametrize(
    ("keys", "presses", "says"),
    [
        ({"branch": ("f5",), "play": ("f6",)}, ["vertical_line"], "F5 begins a branch"),
        ({"play": ("f5",)}, ["vertical_line"], "F5 trains both"),
        ({"weight": ("f5",)}, ["down"], "F5 selects a weight"),
        ({"edit": ("f5",), "freeze": ("f6",)}, ["i"], "F5 edits · F6 freezes"),
        ({"freeze": ("f6",)}, ["i", "f6"], "F6 lets it learn"),
        ({"walk": ("f5",)}, ["3", "f5"], "F5 ends the walk"),
        ({"become": ("f5",)}, ["5"], "(F5 makes it:"),
        ({"input_before": ("f5",)}, ["2", *["right"] * 12], "F5 l input 1 of"),
    ],
)
async def test_panes_name_the_keys_that_were_chosen(keys, presses, says):
    async with running(Experiment("circle"), size=(160, 48), keys=keys) as (app, pilot):
        await press(app, pilot, *presses)
        assert says in " ".join(text(app).replace("│", " ").split())


async def test_in_ascii_the_help_of_every_screen_and_what_is_said_are_ascii():
    async with running(Experiment("circle"), ascii=True) as (app, pilot):
        for screen in "12345S":
            await press(app, pilot, screen, "tab", "f1")
            helped = str(app.screen.query_one(Static).content)
            assert helped.isascii() and text(app).isascii()
            await press(app, pilot, "question_mark")
            assert isinstance(app.screen, KeyList) and text(app).isascii()
            await press(app, pilot, "escape")
        app.tell("C [W] → ∂C\nδ")
        await settled(pilot)
        assert app.screen.query_one(MessageLine)._lines()[0] == ["C [W] -> dC", "delta"]
        assert text(app).isascii()
