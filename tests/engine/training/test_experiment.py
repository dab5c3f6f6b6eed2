"""Experiments: TOML both ways, what is left open, and what every wrong value says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experiments import EXPERIMENTS
from hypothesis import given

import engine

pytestmark = pytest.mark.trained


@given(EXPERIMENTS)
def test_toml_gives_back_an_equal_experiment(experiment):
    assert engine.Experiment.from_toml(experiment.to_toml()) == experiment


def test_weights_in_the_file_are_the_weights_of_the_run_to_the_last_bit():
    network = engine.Trainer(engine.Experiment(hidden=(3,))).step(100).network
    experiment = engine.Experiment(hidden=(3,), weights=network.weights, biases=network.biases)
    again = engine.Trainer(engine.Experiment.from_toml(experiment.to_toml())).network
    assert again.parameters.tobytes() == network.parameters.tobytes()


@pytest.mark.parametrize(
    ("given", "output", "loss"),
    [
        ({"dataset": "circle"}, "tanh", "quadratic"),
        ({"dataset": "circle", "loss": "binary_cross_entropy"}, "sigmoid", "binary_cross_entropy"),
        ({"dataset": "circle", "output": "sigmoid"}, "sigmoid", "binary_cross_entropy"),
        ({"dataset": "circle", "loss": "cross_entropy"}, "softmax", "cross_entropy"),
        ({"dataset": "line"}, "identity", "quadratic"),
        ({"dataset": "mtcars"}, "identity", "quadratic"),
        ({"dataset": "mtcars", "loss": "poisson"}, "exp", "poisson"),
        ({"dataset": "mtcars", "loss": "gamma"}, "exp", "gamma"),
        ({"dataset": "circle", "output": "probit"}, "probit", "binary_cross_entropy"),
        ({"dataset": "mtcars", "output": "softplus"}, "softplus", "quadratic"),
    ],
)
def test_what_is_closed_open_suits_the_data(given, output, loss):
    experiment = engine.Trainer(engine.Experiment(**given)).experiment
    assert (experiment.output, experiment.loss) == (output, loss)


def test_cross_entropy_recodes_plus_minus_one_as_zero_and_one():
    trainer = engine.Trainer(engine.Experiment(loss="binary_cross_entropy"))
    assert set(trainer.prepared.targets.ravel()) == {0.0, 1.0}
    two = engine.Trainer(engine.Experiment(loss="cross_entropy")).prepared.targets
    assert two.shape[1] == 2
    assert (two.sum(axis=1) == 1.0).all()


def test_costs_times_the_scale_are_in_the_data_s_own_units():
    trainer = engine.Trainer(engine.Experiment(dataset="mtcars"))
    prepared = trainer.prepared
    predicted = prepared.dataset.y_scale.undo(trainer.network.predict(prepared.inputs))
    own = ((predicted - prepared.dataset.Y) ** 2).mean()
    assert trainer.costs()[0] * prepared.cost_scale == pytest.approx(own, rel=1e-12)


def test_a_target_is_standardised_only_for_an_output_and_a_loss_that_take_any_number():
    counts = {"hidden": (), "output": "exp", "loss": "poisson"}
    for settings, is_plain in (({}, False), (counts, True)):
        data = engine.Trainer(engine.Experiment(dataset="mtcars", **settings)).prepared.dataset
        assert data.y_scale.is_identity == is_plain
        assert not data.x_scale.is_identity


def test_another_init_seed_draws_other_weights_for_the_same_data():
    one, other = (engine.Trainer(engine.Experiment(init_seed=s)).prepared for s in (0, 1))
    assert np.array_equal(one.dataset.X, other.dataset.X)
    assert not np.array_equal(one.network.parameters, other.network.parameters)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("seed = 1\nhidden = [4,\n", "(at the end, line 2)"),
        ("seed = 1\n\nlearning_rate = 'x'", "line 3: learning_rate = 'x' is not a number"),
        ("hidden = [\n 2, 0]", "line 1: hidden"),
        ("schedule = 'linear'", "is not one of constant, step, cosine"),
        (
            "learning_rates = 1",
            "line 1: unknown key 'learning_rates'; did you mean 'learning_rate'?",
        ),
        ("learning_rate = 'fast'", "learning_rate = 'fast' is not a number above 0"),
        ("learning_rate = true", "learning_rate = true is not a number"),
        ("learning_rate = inf", "is not a number above 0"),
        ("batch_size = 2.5", "batch_size = 2.5 is not a whole number"),
        ("hidden = 4", "hidden = 4 is not a list of unit counts"),
        ("hidden = [0]", "not a list of unit counts, each 1 or more"),
        ("activation = 'rleu'", "unknown activation 'rleu'; there are: identity"),
        ("activation = ['relu']", "activation lists 1 name for 2 hidden layers"),
        ("loss = 'cross_entropy'\noutput = 'tanh'", "loss cross_entropy goes with output softmax"),
        ("init = 'big'", "is not one of he, glorot"),
        ("bias = 'yes'", "bias = 'yes' is not true or false"),
        ("train_fraction = 0", "train_fraction = 0 is not a share above 0"),
        ("biases = [[1.0]]", "biases without weights"),
        ("weights = [['a']]", "is not a finite number"),
        ("weights = " + "[" * 5000, "lists are nested too deeply"),
        ("seed = " + "9" * 5000, "line 1: a number has thousands of digits"),
        ("seed = 0x8000000000000000", "line 1: seed = 9223372036854775808 is not a whole number"),
        ("warm_up = 0x" + "f" * 5000, "(too long to show) is not a whole number, 0 or more, and"),
        ("dataset = '\u2028\x85'\nseed = 'x'", "line 2: seed"),
        ("seed = 1\nskips = [[0, 9]]", "line 2: no skip connection (0, 9)"),
        ("biases = [[1.0]]\nweights = [[[1.0]]]\nskips = [[2, 1]]", "line 3: no skip"),
        ("hidden = [3]\nactivation = ['relu', 'tanh']\nseed = 3", "line 2: activation lists 2"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(toml, says):
    with pytest.raises(engine.ExperimentError) as error:
        engine.Experiment.from_toml(toml)
    assert says in str(error.value)


def test_a_long_wrong_value_is_shown_in_short():
    with pytest.raises(engine.ExperimentError) as error:
        engine.Experiment(learning_rate=[1.0] * 100_000)
    assert len(str(error.value)) < 200


def test_names_that_are_no_text_are_refused():
    with pytest.raises(engine.ExperimentError, match="written as UTF-8"):
        engine.Experiment(dataset="\ud800.csv")


def test_weights_scaled_beyond_every_float_are_refused():
    with pytest.raises(engine.ExperimentError, match=r"init_scale = 1e.308 is too large"):
        engine.Trainer(engine.Experiment(init_scale=1e308))


def test_weights_of_another_shape_are_refused():
    experiment = replace(engine.Experiment(), weights=[[[1.0, 2.0]]])
    with pytest.raises(engine.ExperimentError, match="2-1, but the data and hidden layers need"):
        engine.Trainer(experiment)


ONE_LAYER_GLMS = ("challenger", "dobson", "beetles", "exam")  # they reach the best that there is
# their learning is tested digit by digit; one row is its own mean
WORKED = ("xor01", "nand", "nielsen", "mazur", "micrograd", "adam", "prakash", "cs231n")
LEARNED = [name for name in engine.DATASETS if name not in ONE_LAYER_GLMS + WORKED]


@pytest.mark.parametrize("name", LEARNED)
def test_every_built_in_experiment_learns_visibly_better_than_the_mean(name):
    from tui.experiments.library import built_in

    # ten seconds of play are far more steps than these, on the slowest of machines
    experiment = built_in(name)
    if name == "runge":  # from seed 0, four and three units end dead
        experiment = replace(experiment, hidden=(8, 8))
    trainer = engine.Trainer(experiment).step(20_000)
    _, costs, _ = trainer.curve()
    targets = trainer.prepared.targets[trainer.prepared.dataset.train]
    mean_cost = ((targets - targets.mean(axis=0)) ** 2).sum(axis=1).mean()
    assert trainer.divergence is None
    # the lowest: at a constant rate Adam jumps out of a minimum now and then, when differs by
    # processor
    assert costs.min() < 0.5 * mean_cost


def test_mtcars_with_no_further_flag_beats_the_mean_and_least_squares(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = Path(engine.__file__).parent / "data" / "csv" / "mtcars.csv"
    (tmp_path / "mtcars.csv").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    trainer = engine.Trainer(engine.Experiment(dataset="mtcars.csv", target="mpg")).step(20_000)
    prepared = trainer.prepared
    assert trainer.costs()[0] < engine.ols(prepared.inputs, prepared.targets).ssr / 32 < 0.5
