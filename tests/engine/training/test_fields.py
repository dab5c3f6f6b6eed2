"""The table of settings has what the experiment has, and every text it reads means one value."""

from dataclasses import asdict, fields

import pytest

from engine import Experiment, ExperimentError, Settings
from engine.training.fields import (
    FIELDS,
    SWITCH,
    Decides,
    When,
    fields_that,
    fields_when,
    read_typed,
)

DEFAULTS = Experiment()
TYPED = {
    "dataset": ("xor", "xor"),
    "hidden": ("8, 4,", (8, 4)),
    "activation": ("relu,tanh", ("relu", "tanh")),
    "output": ("tanh", "tanh"),
    "loss": ("poisson", "poisson"),
    "optimizer": ("adam", "adam"),
    "learning_rate": ("1e-3", 0.001),
    "schedule": ("cosine", "cosine"),
    "schedule_steps": ("20", 20),
    "warm_up": ("5", 5),
    "batch_size": ("7", 7),
    "l1": ("0.5", 0.5),
    "l2": ("0.25", 0.25),
    "frozen": ("0,3", (0, 3)),
    "momentum": ("0.5", 0.5),
    "betas": ("0.8,0.99", (0.8, 0.99)),
    "epsilon": ("1e-6", 1e-6),
    "noise": ("12.5", 12.5),
    "train_fraction": ("0.8", 0.8),
    "features": ("x1,x1^2", ("x1", "x1^2")),
    "init": ("zeros", "zeros"),
    "init_scale": ("2", 2.0),
    "init_bias": ("0.5", 0.5),
    "seed": ("3", 3),
    "init_seed": ("4", 4),
    "skips": ("1-3,2-4", ((1, 3), (2, 4))),
    "convolutions": ("1-3,2-4", ((1, 3), (2, 4))),
    "target": ("mpg", "mpg"),
    "na": ("mean", "mean"),
    "reading": ("delimiter=; decimal=,", "delimiter=; decimal=,"),
    "stop_steps": ("100", 100),
    "stop_below": ("0.1", 0.1),
    "stop_patience": ("50", 50),
    "edits": ('[["delete", 3]]', (("delete", 3),)),
    "weights": ("[[[1.5, -2.0]]]", (((1.5, -2.0),),)),
    "biases": ("[[0.5]]", ((0.5,),)),
}
"""For each setting what may be typed after its flag, and what it means."""


def test_there_is_a_row_for_each_field_of_an_experiment_in_its_order():
    assert [*FIELDS] == [field.name for field in fields(Experiment)]


def test_what_applies_from_the_next_step_are_the_settings_of_a_run():
    assert {*fields_when(When.STEP)} == asdict(Settings()).keys()
    for name, value in asdict(Settings()).items():
        assert getattr(DEFAULTS, name) == value


def test_which_table_is_loaded_decides_which_examples_there_are():
    assert {*fields_that(Decides.TABLE)} < {*fields_that(Decides.EXAMPLES)}


@pytest.mark.parametrize("name", [name for name in FIELDS if FIELDS[name].value_kind != SWITCH])
def test_what_is_typed_after_a_flag_is_a_value_that_its_check_takes(name):
    text, value = TYPED[name]
    field = FIELDS[name]
    assert field.check(name, read_typed(field, text)) == value
    default = getattr(DEFAULTS, name)
    assert default is None or field.check(name, default) == default


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hidden", "4,x"), ("seed", "1.5"), ("l1", "much"), ("skips", "1-2-3"), ("skips", "1"),
        ("frozen", "a"), ("weights", "[["), ("betas", "0.9,x"), ("edits", "nothing"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(name, text):
    with pytest.raises(ValueError):  # noqa: PT011
        read_typed(FIELDS[name], text)


@pytest.mark.parametrize("name", FIELDS)
def test_of_a_setting_something_is_refused(name):
    with pytest.raises(ExperimentError, match=name):
        FIELDS[name].check(name, object())
