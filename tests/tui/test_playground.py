"""Every feature of TensorFlow Playground by its keys here, as the README's table lists them."""

import re
from pathlib import Path

import numpy as np
import pytest
from options import select
from screen import press, running, text

from engine.storage.share_code import read_share_code
from engine.training.prepare import prepare

README = Path(__file__).parents[2] / "README.md"
FEATURES = {}


def feature(name):
    """Marks what drives the feature of that name in the table."""

    def keep(drive):
        FEATURES[name] = drive
        return drive

    return keep


async def set_option(app, pilot, option, value):
    """Type a value of an option in the settings panel, and restart where that is needed."""
    await press(app, pilot, "o")
    await select(app, pilot, option)
    await press(app, pilot, "enter", *value, "enter")
    if app.draft.pending:
        await press(app, pilot, "enter")
    await press(app, pilot, "escape")


@feature("classification or regression")
async def _(app, pilot):
    await set_option(app, pilot, "dataset", "reg-plane")
    assert (app.session.experiment.output, app.session.prepared.dataset.task) == (
        "identity",
        "regression",
    )
    await set_option(app, pilot, "dataset", "circle")
    assert app.session.experiment.output == "tanh"


@feature("data: circle, xor, gauss, spiral, reg-plane, reg-gauss")
async def _(app, pilot):
    for name in ("xor", "gauss", "spiral", "reg-plane", "reg-gauss", "circle"):
        await set_option(app, pilot, "dataset", name)
        assert app.session.prepared.dataset.name == name


@feature("share of training data, 10 to 90 %")
async def _(app, pilot):
    await set_option(app, pilot, "train_fraction", "90 %")
    assert len(app.session.prepared.dataset.train) == 450


@feature("noise, 0 to 50")
async def _(app, pilot):
    before = app.session.prepared.dataset.Y
    await set_option(app, pilot, "noise", "50")
    assert app.session.experiment.noise == 50.0
    assert (before != app.session.prepared.dataset.Y).any()


@feature("regenerate the data")
async def _(app, pilot):
    before = app.session.prepared.dataset.X
    await set_option(app, pilot, "seed", "7")
    assert (before != app.session.prepared.dataset.X).any()


@feature("features x₁, x₂, x₁², x₂², x₁x₂, sin x₁, sin x₂")
async def _(app, pilot):
    await press(app, pilot, "o")
    for name in ("x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"):
        await select(app, pilot, f"feature {name}")
        await press(app, pilot, "right")
    await press(app, pilot, "enter")
    assert app.session.trainer.network.sizes[0] == 7


@feature("0 to 6 hidden layers of 1 to 8 neurons")
async def _(app, pilot):
    await set_option(app, pilot, "hidden", "8,7,6,5,4,3")
    assert app.session.trainer.network.sizes == (2, 8, 7, 6, 5, 4, 3, 1)
    await set_option(app, pilot, "hidden", "0")
    assert app.session.trainer.network.sizes == (2, 1)


@feature("activation: relu, tanh, sigmoid, linear")
async def _(app, pilot):
    for name in ("tanh", "sigmoid", "identity", "relu"):
        await set_option(app, pilot, "activation", name)
        assert set(app.session.trainer.network.activations) == {name}


@feature("the cost ½(a − y)²")
async def _(app, pilot):
    cost = app.session.trainer.costs()[0]
    await set_option(app, pilot, "loss", "half_quadratic")
    assert app.session.trainer.costs()[0] == 0.5 * cost


@feature("learning rate")
async def _(app, pilot):
    await set_option(app, pilot, "learning_rate", "0.3")
    await press(app, pilot, "left_square_bracket")
    assert app.session.experiment.learning_rate == 0.15


@feature("L1 or L2, and its rate")
async def _(app, pilot):
    await set_option(app, pilot, "l1", "0.003")
    await set_option(app, pilot, "l2", "0.1")
    assert (app.session.experiment.l1, app.session.experiment.l2) == (0.003, 0.1)


@feature("first weights between −½ and ½, biases 0.1")
async def _(app, pilot):
    await set_option(app, pilot, "init", "playground")
    network = app.session.trainer.network
    assert max(np.abs(W).max() for W in network.weights) <= 0.5
    assert {value for b in network.biases for value in b.tolist()} == {0.1}


@feature("batch size")
async def _(app, pilot):
    await set_option(app, pilot, "batch_size", "30")
    assert len(app.session.trainer.next_rows()) == 30


@feature("run and pause")
async def _(app, pilot):
    await press(app, pilot, "space")
    app.tick()
    assert app.session.trainer.step_count > 0
    await press(app, pilot, "space")
    assert not app.session.time.playing


@feature("step (an epoch)")
async def _(app, pilot):
    await press(app, pilot, "n")
    assert (app.session.trainer.epoch, app.session.trainer.step_count) == (1, 25)


@feature("reset")
async def _(app, pilot):
    start = app.session.trainer.network.parameters
    await press(app, pilot, "n", "r")
    assert app.session.trainer.step_count == 0
    np.testing.assert_array_equal(app.session.trainer.network.parameters, start)


@feature("test and training loss")
async def _(app, pilot):
    await press(app, pilot, "n")
    assert re.search(r"train +\d\.\d+", text(app))
    assert re.search(r"test +\d\.\d+", text(app))


@feature("output as a heat map, a picture of every neuron, weights as lines")
async def _(app, pilot):
    screen = text(app)
    assert "Output ŷ(x₁, x₂)" in screen
    assert screen.count("▀") > 500
    assert "weight" in screen


@feature("show test data")
async def _(app, pilot):
    before = text(app)
    await press(app, pilot, "H")
    after = text(app)
    assert "in test" in before
    assert "in test" not in after
    assert "▫" in before and "▫" not in after


@feature("discretise output")
async def _(app, pilot):
    grounds = []
    for _ in range(2):
        await press(app, pilot, "d")
        canvas = app.frame_screen.query_one("#output")._canvas
        grounds.append(len(set(canvas.ground[canvas.chars == "▀"].tolist())))
    assert grounds[0] < grounds[1]


@feature("orange is negative, blue positive")
async def _(app, pilot):
    before = app.look.palette
    title = "colours: playground"
    commands = {one.title: one.callback for one in app.get_system_commands(app.screen)}
    commands[title]()
    after = app.look.palette
    assert (after.negative, after.positive) == (before.positive, before.negative)
    assert after.negative_name == "orange"


@feature("edit a weight or a bias")
async def _(app, pilot):
    await press(app, pilot, "down", "i", "i", "i", "e", *"1.5", "enter")
    network = app.session.trainer.network
    assert 1.5 in network.parameters
    assert len(app.session.trainer.history.events) == 1


@feature("a link to the settings")
async def _(app, pilot):
    await set_option(app, pilot, "hidden", "5,5")
    await press(app, pilot, "x")
    await press(app, pilot, "enter")
    shared = read_share_code(app.clipboard).experiment
    assert prepare(shared).network.sizes == (2, 5, 5, 1)
    link = "https://playground.tensorflow.org/#dataset=xor&networkShape=4,2"
    await press(app, pilot, "escape", "ctrl+o", *link, "enter")
    assert app.session.trainer.network.sizes == (2, 4, 2, 1)
    assert app.session.experiment.dataset == "xor"


@pytest.mark.parametrize("name", [*FEATURES])
async def test_playgrounds_feature_works_by_keys(name):
    async with running() as (app, pilot):
        app.end_demo()
        await FEATURES[name](app, pilot)


def test_the_readme_lists_these_features():
    table = README.read_text(encoding="utf-8").split("| Playground | here |")[1]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table.split("\n\n")[0], re.MULTILINE)
    assert [name for name, _ in rows if name != "---"] == [*FEATURES]
    assert all("`" in keys for name, keys in rows if name != "---")
