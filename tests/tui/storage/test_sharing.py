"""Sharing: one line that opens the same experiment elsewhere, and checks what came out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screen import press, running, settled, text
from textual.widgets import Input

import engine
from engine.storage.share_code import MAX_PARAMETERS, Expected, read_share_code, share_code
from tui.cli import main as cli
from tui.cli import open_app
from tui.cli.startup import StartingSession
from tui.dialogs.files import OpenFile
from tui.dialogs.sharing import Share, Training
from tui.experiments.library import built_in, gallery
from tui.session.session import Session
from tui.storage.sharing import cost_of, offer, verdict

pytestmark = pytest.mark.trained

CIRCLE = built_in("circle")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


def said(app):
    return app.message


@given(
    st.sampled_from([entry.experiment for entry in gallery()]),
    st.integers(0, 300),
    st.lists(st.sampled_from(["learning_rate", "batch_size", "optimizer", "l2"]), max_size=3),
    st.booleans(),
)
@settings(max_examples=25)
def test_an_expected_result_comes_out_to_the_last_bit(experiment, steps, changed, with_weights):
    session = Session(experiment)
    values = {"learning_rate": 0.005, "batch_size": 7, "optimizer": "adam", "l2": 0.01}
    for name in changed:  # before the first step
        session.change(**{name: values[name]})
    session.time.step(steps)
    few = session.trainer.network.parameters.size <= MAX_PARAMETERS
    if session.trainer.divergence or (with_weights and not few):
        return
    shared = read_share_code(offer(session, with_weights).code)
    assert shared.expected.step == (0 if with_weights else steps)
    there = engine.Trainer(shared.experiment).seek(shared.expected.step)
    assert cost_of(there) == shared.expected.cost
    assert "✓ to the last bit" in verdict(there, shared.expected)


def test_a_run_changed_by_hand_promises_nothing():
    session = Session(CIRCLE)
    session.time.step(10)
    session.change(learning_rate=0.01)
    session.time.step(10)
    told = offer(session, with_weights=False)
    assert read_share_code(told.code).expected is None
    assert read_share_code(told.code).experiment.learning_rate == 0.01
    assert "no result to check" in told.holds
    session.time.seek(5)
    assert read_share_code(offer(session, with_weights=False).code).expected.step == 5


def test_another_result_is_told_apart_from_a_rounding_error():
    trainer = engine.Trainer(CIRCLE).step(100)
    cost = cost_of(trainer)
    assert "to the last bit" in verdict(trainer, Expected(100, cost))
    assert "as far as shown" in verdict(trainer, Expected(100, cost * (1.0 + 1e-12)))
    assert verdict(trainer, Expected(100, 2.0 * cost)).startswith("not as expected")


async def test_the_code_is_shown_and_copied_and_w_puts_the_weights_in():
    async with running(CIRCLE) as (app, pilot):
        app.session.time.step(20)
        await press(app, pilot, "x")
        assert isinstance(app.screen, Share)
        bare = read_share_code(app.clipboard)
        assert bare.experiment.weights is None
        assert bare.expected == Expected(20, cost_of(app.session.trainer))
        assert app.clipboard[:60] in text(app)
        await press(app, pilot, "w")
        weighty = read_share_code(app.clipboard)
        network = engine.Network.from_arrays(weighty.experiment.weights, weighty.experiment.biases)
        ours = app.session.trainer.network.parameters
        assert network.parameters.tobytes() == ours.tobytes()
        await press(app, pilot, "escape")
        assert not isinstance(app.screen, Share)


async def test_too_many_weights_are_left_out():
    async with running(replace(CIRCLE, hidden=(20, 20))) as (app, pilot):
        await press(app, pilot, "x")
        assert "with the present weights" not in text(app)
        await press(app, pilot, "w")
        assert "too many for one line" in " ".join(text(app).split())


@pytest.mark.parametrize(("cost", "says"), [(None, "✓ to the last bit"), (0.5, "not as expected")])
async def test_opening_a_code_trains_to_its_result_and_says_whether_it_came_out(cost, says):
    there = engine.Trainer(built_in("xor")).step(300)
    code = share_code(built_in("xor"), Expected(300, cost or cost_of(there)))
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "ctrl+o")
        app.screen.query_one(Input).value = code
        await press(app, pilot, "enter")
        while isinstance(app.screen, OpenFile | Training):
            if isinstance(app.screen, Training):
                app.screen.train()
            await settled(pilot)
        await settled(pilot)
        assert app.session.experiment.dataset == "xor"
        assert app.session.trainer.step_count == 300
        assert says in said(app)


async def test_the_check_can_be_cancelled():
    code = share_code(CIRCLE, Expected(10**9, 0.1))
    start = StartingSession(code, CIRCLE, recover=False)
    async with running(start.experiment, at_start=start.begin) as (app, pilot):
        while not isinstance(app.screen, Training):
            await settled(pilot)
        assert "of 1 000 000 000" in text(app) and "esc cancels" in text(app)
        await press(app, pilot, "escape")
        assert "cancelled at step" in said(app)
        assert app.session.trainer.step_count < 10**9


def test_the_command_line_prints_a_code_and_opens_it(capsys, monkeypatch):
    cli.main(["--dataset", "xor", "--layers", "3", "--seed", "5", "--share"])
    code, err = capsys.readouterr()
    assert (code.count("\n"), err) == (1, "")
    opened = open_app.experiment_for(open_app.parser().parse_args([code.strip()]))
    assert opened == replace(built_in("xor"), hidden=(3,), seed=5)
    changed = open_app.experiment_for(open_app.parser().parse_args([code.strip(), "--seed", "6"]))
    assert changed.seed == 6


def test_other_settings_do_not_promise_the_same_result():
    code = share_code(CIRCLE, Expected(100, 0.1))
    changed = open_app.experiment_for(open_app.parser().parse_args([code, "--seed", "6"]))
    assert StartingSession(code, CIRCLE, False)._expected == Expected(100, 0.1)
    assert StartingSession(code, changed, False)._expected is None


@pytest.mark.parametrize("arguments", [["nnx1:abc"], ["--share", "--loss", "hinge"]])
def test_what_cannot_be_shared_or_opened_is_one_line(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
