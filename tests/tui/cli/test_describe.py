"""nn-explore describe and F3: each sentence is true, in odd situations too."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from frames import snapshot_of
from screen import press, running, text

from engine import Experiment, backpropagate
from tui.cli import main as cli
from tui.commands.keys import SHOWN
from tui.experiments.library import built_in, entry
from tui.explain.description.facts import facts_of
from tui.explain.description.sentences import sentences
from tui.session.session import Session
from tui.storage.saving import saved

CIRCLE = built_in("circle")
SCREENS = ("explore", "backprop", "regions", "linear", "glm", "approximate", "compare", "surface")


def said(experiment: Experiment, steps: int = 0, screen: str = "explore") -> str:
    session = Session(experiment)
    session.time.seek(steps)
    session.advance(screen)
    session.counter.wait()
    frame = snapshot_of(session, screen)
    return "\n".join(sentences(frame, facts_of(frame), screen, SHOWN))


@pytest.fixture
def printed(capsys):
    """What a command line prints."""

    def run(*arguments):
        cli.main(["describe", *arguments])
        return capsys.readouterr().out

    return run


def test_the_numbers_are_those_of_the_trainer(printed):
    facts = json.loads(printed("circle", "--step", "30", "--json"))
    session = Session(CIRCLE)
    session.time.seek(30)
    trainer, prepared = session.trainer, session.prepared
    assert facts["step"] == facts["latest_step"] == 30
    assert [facts["cost"], facts["test_cost"]] == list(trainer.costs())
    w = trainer.network.parameters
    assert facts["largest_weight"]["value"] == w[np.abs(w).argmax()]
    rows = prepared.dataset.train[trainer.next_rows()]
    back = backpropagate(trainer.network, prepared.inputs[rows], prepared.targets[rows])
    assert abs(facts["largest_gradient"]["value"]) == np.abs(back.gradient).max()
    assert facts["gradient_rows"] == len(rows) == 10
    predicted = trainer.network.predict(prepared.inputs[prepared.dataset.train])
    right = (predicted > 0) == (prepared.targets[prepared.dataset.train] > 0)
    assert facts["train_score"] == {
        "value": right.mean(),
        "examples": right.size,
        "right": int(right.sum()),
    }


def test_the_sentences_say_the_same_as_the_numbers(printed):
    arguments = ("circle", "--step", "30")
    facts, words = json.loads(printed(*arguments, "--json")), printed(*arguments)
    assert "The run is at step 30, after 1 whole epoch.\n" in words
    assert f"C is {facts['cost']:.4f} on the training data, {facts['test_cost']:.4f} on" in words
    assert f"{facts['train_score']['right']} of 250 training examples (" in words
    regions = facts["activation_regions"], facts["linear_regions"]
    assert "has {} activation regions and {} linear regions".format(*regions) in words
    assert "collapse into one affine map: layer 1 is not linear (relu)." in words


def test_a_stack_of_identities_collapses_and_is_the_linear_model():
    words = said(replace(entry("deep-linear").experiment, hidden=(4, 4)), 30)
    assert "All 3 layers collapse: ŷ is one affine map of the inputs." in words
    assert "has the form of the generalised linear model (gaussian, identity)" in words


def test_a_run_that_diverged_certifies_nothing():
    words = said(replace(CIRCLE, activation="identity", output="identity"), 100)
    assert "The run has diverged: z of layer 3 is not finite at step 6." in words
    assert "The cost C is not finite on the training data" in words
    assert "No accuracy can be given: the predictions are not finite." in words
    assert "Whether the layers collapse into one affine map cannot be said." in words
    assert "(binomial, logit) cannot be said" in words
    assert not re.search(r"\b(nan|inf)\b", words)
    assert "No unit is dead" not in words  # that cannot be said either


def test_one_example_is_singular_and_has_no_r_squared():
    words = said(entry("nielsen").experiment)
    assert "nielsen, 1 training example with 1 input (x)" in words
    assert "the next batch, of 1 example," in words
    assert "No R² can be given: all targets are the same." in words
    assert "0 knots, and so 1 straight piece." in words


def test_several_classes_are_named():
    words = said(entry("iris").experiment, 40)
    assert "3 classes: setosa, versicolor, virginica;" in words
    assert "its class is setosa, the network says setosa" in words
    assert "the network is multinomial logistic regression." in words


def test_curved_layers_and_curved_features_have_no_regions():
    assert "to count: a hidden layer is curved." in said(replace(CIRCLE, activation="tanh"))
    squares = said(entry("circle-squares").experiment, screen="regions")
    assert "to count: the network sees curved features." in squares
    assert "there are no regions to list." in squares


def test_units_that_are_off_are_named():
    words = said(entry("dead-relu").experiment, 10)
    assert re.search(r"^Units a⁽¹⁾₁, .* are off on every training example", words, re.MULTILINE)


@pytest.mark.parametrize("screen", SCREENS)
def test_each_screen_is_described_in_whole_sentences(screen):
    *_, last = said(CIRCLE, 3, screen).split("\nScreen ")
    for line in last.splitlines():
        assert line.endswith(".") and "None" not in line and "nan" not in line


def test_a_saved_session_is_described_where_it_was_saved(printed, tmp_path):
    session = Session(CIRCLE)
    session.time.seek(20)
    session.time.seek(5)
    path = tmp_path / "run.npz"
    path.write_bytes(saved(session, tmp_path, {"screen": "regions"}).content())
    words = printed(str(path))
    assert "The run is at step 5, 15 steps before the latest one" in words
    assert "Screen Regions: " in words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["circle", "--step", "-1"], "--step"),
        (["no-such-thing"], "no file no-such-thing"),
        (["fit"], "fit comes first"),
        (["circle", "--screen", "nowhere"], "--screen"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["describe", *arguments])
    out, err = capsys.readouterr()
    assert stop.value.code == 2 and not out and message in err and err.count("\n") == 1


def test_ascii_has_no_other_characters(printed):
    assert printed("circle", "--ascii").isascii()
    assert printed("circle", "--ascii", "--json").isascii()


async def test_f3_shows_the_sentences_of_this_screen_and_y_copies_them():
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "right", "3", "f3")
        assert "Data: circle, 250 training examples" in text(app)
        await press(app, pilot, "y")
        assert app.clipboard.splitlines()[-2].startswith("Screen Regions: ")
        assert "copied" in app.message
        await press(app, pilot, "f3")
        assert "Data: circle" not in text(app)


async def test_f2_writes_a_picture_or_text_by_the_name_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        for name in ("a.svg", "b.txt"):
            await press(app, pilot, "f2")
            app.screen.query_one("Input").value = name
            await press(app, pilot, "enter")
            assert app.message == f"saved {name}"
        app.show_message()
        await press(app, pilot, "f2")
        app.screen.query_one("Input").value = "c.png"
        await press(app, pilot, "enter")
        assert "type a name that ends in .svg or .txt" in " ".join(text(app).split())
    written = (tmp_path / "b.txt").read_text(encoding="utf-8")
    assert written.count("\n") == 24 and "Network" in written and "saved" not in written
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert not (tmp_path / "c.png").exists()
