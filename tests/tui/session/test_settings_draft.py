"""Every setting of an experiment can be chosen, and what is chosen is what the engine runs."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import DATASETS, EngineError, Experiment, Trainer
from engine.training import ladders
from engine.training.prepare import prepare
from tui.session.session import Session
from tui.session.settings_draft import AT_ONCE, Draft, data_facts, same_data, with_consequences
from tui.settings.all_options import rows_of, waiting
from tui.settings.feature_choices import degree_of, powers
from tui.settings.option import Option

NOT_CHOSEN = {"weights", "biases", "edits", "frozen", "reading"}
CIRCLE = prepare(Experiment()).experiment
CARS = prepare(Experiment(dataset="mtcars", hidden=(3,))).experiment
TRANSMISSION = prepare(Experiment(dataset="mtcars", target="am")).experiment
MOMENTUM, ADAM = (replace(CIRCLE, optimizer=name) for name in ("momentum", "adam"))


def options(experiment: Experiment) -> list[Option]:
    return [row for row in rows_of(experiment) if isinstance(row, Option)]


def option(experiment: Experiment, name: str) -> Option:
    return next(row for row in options(experiment) if row.id == name)


def facts(experiment: Experiment):
    return data_facts(experiment)


def turned(draft: Draft, current: Experiment, name: str, by: int) -> dict:
    """What a turn of an option applies at once."""
    wanted = draft.wanted(current)
    chosen = option(wanted, name)
    return draft.choose_first(current, chosen.turn(wanted, facts(wanted), by))


def test_every_field_has_an_option_with_a_line_that_explains_it():
    experiments = (CIRCLE, CARS, MOMENTUM, ADAM, TRANSMISSION)
    every = [row for experiment in experiments for row in options(experiment)]
    reached = {field for row in every for field in row.fields}
    assert reached == {field.name for field in fields(Experiment)} - NOT_CHOSEN
    assert all(row.help for row in every)


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(DATASETS)),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([-1, 1])), max_size=8),
)
def test_whatever_is_chosen_by_keys_the_engine_runs(dataset, presses):
    current, draft = prepare(Experiment(dataset=dataset)).experiment, Draft()
    for index, by in presses:
        wanted = draft.wanted(current)
        every = options(wanted)
        name, pending = every[index % len(every)].id, dict(draft.pending)
        try:
            current = replace(current, **turned(draft, current, name, by))
        except EngineError:
            assert draft.pending == pending  # nothing is lost
    wanted = draft.wanted(current)
    assert Trainer(wanted).step(1).step_count == 1
    differing = {
        f.name for f in fields(wanted) if getattr(wanted, f.name) != getattr(current, f.name)
    }
    assert bool(differing - NOT_CHOSEN) == bool(waiting(draft, current))  # and it was said


@pytest.mark.parametrize(
    "experiment",
    [CIRCLE, CARS, MOMENTUM, ADAM, TRANSMISSION],
    ids=lambda e: f"{e.dataset}-{e.optimizer}",
)
def test_what_is_offered_to_be_typed_means_the_value_that_stands(experiment):
    for row in options(experiment):
        if row.read is not None:
            draft, text = Draft(), row.text(experiment, facts(experiment))
            changes = draft.choose(experiment, row.read(text, experiment, facts(experiment)))
            assert (replace(experiment, **changes), draft.pending) == (experiment, {}), row.id


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("hidden", "8,8,4", {"hidden": (8, 8, 4)}),
        ("hidden", "100 20", {"hidden": (100, 20)}),
        ("hidden", "none", {"hidden": ()}),
        ("units 2", "128", {"hidden": (4, 128)}),
        ("activation", "relu, tanh", {"activation": ("relu", "tanh")}),
        ("features", "x1, x1^2, sin(x2)", {"features": ("x₁", "x₁²", "sin x₂")}),
        ("features", "sin x1", {"features": ("sin x₁",)}),
        ("features", "x1 x2", {"features": ("x₁", "x₂")}),
        (
            "features",
            "C(x2, ref=1), I(x1/x2), x2:x1, tan(x1)",
            {"features": ("C(x2, ref=1)", "I(x₁/x₂)", "x₁x₂", "tan(x1)")},
        ),
        ("degree", "2", {"features": ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂")}),
        ("train_fraction", "80 %", {"train_fraction": 0.8}),
        ("learning_rate", "2e−3", {"learning_rate": 0.002}),
        ("batch_size", "3 000", {"batch_size": 3000}),
        ("stop_below", "never", {"stop_below": None}),
    ],
)
def test_typed_values_mean_what_they_say(name, text, expected):
    read = option(CIRCLE, name).read
    assert read is not None
    assert read(text, CIRCLE, facts(CIRCLE)) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [("hidden", "x"), ("learning_rate", "fast"), ("batch_size", "1.5"), ("degree", "99")],
)
def test_what_means_nothing_is_a_value_error(name, text):
    read = option(CIRCLE, name).read
    assert read is not None
    with pytest.raises(ValueError, match=text):
        read(text, CIRCLE, facts(CIRCLE))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"learning_rate": 1e308}, "learning_rate = 1e308 is too large: 1 000 000 is the most"),
        ({"batch_size": 10**9}, "batch_size = 1e9 is too large: 1 000 000 is the most"),
        ({"init_scale": 1e7}, "init_scale = 1e7 is too large"),
        ({"stop_below": -0.5}, "C is never below −0.5 with the loss quadratic: "),
        ({"stop_below": 0.0}, "C is never below 0 with"),
    ],
)
def test_what_nobody_means_is_refused_and_what_is_allowed_is_said(changes, says):
    draft = Draft()
    with pytest.raises(EngineError, match=re.escape(says)):
        draft.choose(CIRCLE, changes)
    assert not draft.pending


def test_a_cost_that_can_be_negative_may_be_waited_for_and_what_is_too_large_made_smaller():
    counts = replace(CIRCLE, dataset="cars", loss="poisson", output="exp")
    assert Draft().choose(counts, {"stop_below": -0.5}) == {"stop_below": -0.5}
    large = replace(CIRCLE, learning_rate=4e6)  # as a file may have it
    assert Draft().choose(large, {"learning_rate": 2e6}) == {"learning_rate": 2e6}
    session = Session(replace(CIRCLE, learning_rate=8e5))
    with pytest.raises(EngineError, match="too large"):
        session.scale_learning_rate(2.0)
    session.scale_learning_rate(0.5)
    assert session.experiment.learning_rate == 4e5


def test_an_output_brings_the_loss_that_goes_with_it_and_the_reverse():
    draft = Draft()
    for changes, output, loss in (
        ({"loss": "binary_cross_entropy"}, "sigmoid", "binary_cross_entropy"),
        ({"output": "probit"}, "probit", "binary_cross_entropy"),  # a GLM's link: the loss stays
        ({"output": "tanh"}, "tanh", "quadratic"),
        ({"output": "softmax"}, "softmax", "cross_entropy"),
        ({"loss": "quadratic"}, "tanh", "quadratic"),
    ):
        draft.choose(CIRCLE, changes)
        wanted = draft.wanted(CIRCLE)
        assert (wanted.output, wanted.loss) == (output, loss)


def test_another_data_set_brings_its_own_inputs_output_and_loss():
    noisy = replace(CIRCLE, noise=20.0, features=("x₁", "x₁²"), optimizer="adam")
    cars = prepare(with_consequences(noisy, {"dataset": "mtcars"})).experiment
    assert (cars.output, cars.loss, cars.noise) == ("identity", "quadratic", 0.0)
    assert cars.features is not None
    assert len(cars.features) == 10
    assert (cars.hidden, cars.optimizer) == (noisy.hidden, "adam")  # the rest stays


def test_weights_that_were_given_and_frozen_ones_go_with_the_layers_they_were_of():
    network = Trainer(CIRCLE).network
    weights = tuple(W.tolist() for W in network.weights)
    given_ = replace(CIRCLE, weights=weights, frozen=(3,), activation=("relu", "tanh"))
    wider = with_consequences(given_, {"hidden": (4, 3, 3)})
    assert (wider.weights, wider.frozen) == (None, ())
    assert wider.activation == ("relu", "tanh", "tanh")
    assert with_consequences(given_, {"activation": "tanh"}).weights == given_.weights


def test_another_seed_draws_other_weights_unless_theirs_was_chosen():
    assert with_consequences(CIRCLE, {"seed": 7}).init_seed == 7
    assert with_consequences(replace(CIRCLE, init_seed=3), {"seed": 7}).init_seed == 3


def test_what_is_changed_and_changed_back_does_not_wait():
    draft = Draft()
    for name in ("dataset", "hidden", "noise", "seed", "feature x₁²", "units 1"):
        turned(draft, CIRCLE, name, 1)
        assert draft.pending
        turned(draft, CIRCLE, name, 1 if name.startswith("feature") else -1)
        assert not draft.pending
    assert draft.wanted(CIRCLE) == CIRCLE


def test_what_waits_is_told_with_the_values_now_and_then():
    draft = Draft()
    draft.choose(CIRCLE, {"hidden": (8, 8)})
    draft.choose(CIRCLE, {"noise": 10.0})
    assert waiting(draft, CIRCLE) == [
        ("hidden layers", "4, 3", "8, 8"),
        ("noise", "0 %", "10 %"),
    ]


def test_a_refused_choice_leaves_the_draft_as_it_was():
    draft = Draft()
    draft.choose(CIRCLE, {"hidden": (8, 8)})
    for changes in ({"hidden": (0,)}, {"features": ()}, {"dataset": "./none.csv"}, {"l1": -1.0}):
        with pytest.raises(EngineError):
            draft.choose(CIRCLE, changes)
        assert draft.pending == {"hidden": (8, 8)}


def test_a_draft_that_no_longer_fits_is_dropped():
    draft = Draft()
    draft.choose(CIRCLE, {"activation": ("relu", "tanh")})
    assert draft.wanted(replace(CIRCLE, hidden=(2,))).activation == "relu"


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "adam"},
        {"schedule": "cosine", "schedule_steps": 40},
        {"batch_size": 3, "l2": 0.01},
    ],
)
def test_settings_apply_from_the_next_step_bit_for_bit_as_the_trainer_does(changes):
    session, trainer = Session(CIRCLE), Trainer(CIRCLE)
    session.time.step(20)
    assert Draft().choose(session.experiment, changes) == changes
    session.change(**changes)
    trainer.step(20).change(**changes)
    session.time.step(30)
    assert session.trainer.step_count == 50
    assert np.array_equal(session.trainer.network.parameters, trainer.step(30).network.parameters)
    assert session.experiment == trainer.experiment


def test_stop_conditions_are_no_events_of_the_run():
    session = Session(CIRCLE)
    session.time.step(5)
    before = session.trainer.network.parameters.copy()
    session.change(stop_below=0.1)
    assert session.experiment.stop_below == 0.1
    assert session.trainer.history.events == []
    assert np.array_equal(session.trainer.network.parameters, before)


def test_what_applies_at_once_is_what_the_trainer_can_change_and_the_stop_conditions():
    marked = {
        field
        for experiment in (CIRCLE, MOMENTUM, ADAM)
        for row in options(experiment)
        if row.fields and not row.needs_restart
        for field in row.fields
    }
    assert marked == AT_ONCE - {"frozen"}


def test_runs_on_the_same_data_are_told_from_others():
    assert same_data(CIRCLE, replace(CIRCLE, hidden=(2,), init_seed=5, loss="quadratic"))
    assert not same_data(CIRCLE, replace(CIRCLE, noise=5.0))


def test_ladders_go_to_the_next_rung_and_end_at_the_last():
    rates = ladders.RATES
    assert rates.step(0.02, 1) == 0.03
    assert rates.step(0.02, -1) == 0.01
    assert rates.step(10.0, 1) == 10.0
    assert rates.nudge(0.03, -1) == 0.015
    steps = ladders.Ladder((100, 300), nothing="never")
    assert steps.step(None, 1) == 100
    assert steps.step(100, -1) is None


def test_a_degree_is_all_its_powers_and_products_and_is_found_again():
    assert powers(("x",), 3) == ("x", "x²", "x³")
    for names in (("x",), ("x₁", "x₂"), ("a b", "c")):
        for degree in range(1, 6):
            assert degree_of(names, powers(names, degree)) == degree
    assert powers(("x",), 13) == ()
    assert degree_of(("x₁", "x₂"), ("x₁", "x₁²")) is None
