"""A link of TensorFlow Playground opens as a share code does: by command line and in the app."""

from screen import press, running, text
from textual import events
from textual.widgets import Label

from engine import Experiment
from engine.storage.playground_link import experiment_of_link
from tui.cli.open_app import experiment_for, parser

LINK = (
    "https://playground.tensorflow.org/#activation=relu&batchSize=5&dataset=xor&learningRate=0.1"
    "&regularization=L2&regularizationRate=0.003&networkShape=3,2&seed=0.5&x=true&y=true"
)


def test_a_link_opens_from_the_command_line_and_flags_change_it():
    opened = experiment_for(parser().parse_args([LINK]))
    assert opened == experiment_of_link(LINK)
    assert (opened.dataset, opened.hidden, opened.l2) == ("xor", (3, 2), 0.003)
    changed = experiment_for(parser().parse_args([LINK, "--learning-rate", "0.3"]))
    assert changed.learning_rate == 0.3


async def test_a_link_broken_into_lines_is_pasted_and_opened_whole():
    async with running(Experiment(), size=(120, 40)) as (app, pilot):
        await press(app, pilot, "ctrl+o")
        app.screen.focused.post_message(events.Paste(f"{LINK[:70]}\n{LINK[70:]}\n"))
        await press(app, pilot, "enter")
        assert "opened the Playground link" in app.message
        opened = app.session.experiment
        assert (opened.dataset, opened.loss, opened.batch_size) == ("xor", "half_quadratic", 5)
        assert set(app.session.trainer.network.biases[0].tolist()) == {0.1}


async def test_a_wrong_part_of_a_link_is_named_and_nothing_is_opened():
    async with running(Experiment(), size=(120, 40)) as (app, pilot):
        await press(app, pilot, "ctrl+o")
        app.screen.focused.value = LINK.replace("dataset=xor", "dataset=moons")
        await press(app, pilot, "enter")
        mistake = str(app.screen.query_one(".mistake", Label).render())
        assert "dataset='moons'; it takes one of circle, xor, gauss, spiral" in mistake
        assert "dataset='moons'" in text(app)
        assert app.session.experiment.dataset == "circle"
