"""Every setting of an experiment has a flag, and the flag sets it."""

import pytest

from engine import Experiment
from engine.training.fields import FIELDS, SWITCH
from tui.cli.open_app import experiment_for, flag_of, parser

VALUES = {
    "hidden": ("8", (8,)),
    "activation": ("tanh", "tanh"),
    "output": ("identity", "identity"),
    "loss": ("quadratic", "quadratic"),
    "optimizer": ("adam", "adam"),
    "schedule": ("step", "step"),
    "frozen": ("1", (1,)),
    "train_fraction": ("0.25", 0.25),
    "features": ("x1", ("x1",)),
    "init": ("glorot", "glorot"),
    "skips": ("1-3", ((1, 3),)),
    "momentum": ("0.5", 0.5),
    "betas": ("0.8,0.99", (0.8, 0.99)),
    "convolutions": ("2-3", ((2, 3),)),
    "target": ("y", "y"),
    "na": ("mean", "mean"),
    "reading": ("decimal=,", "decimal=,"),
    "edits": ('[["delete", 2]]', (("delete", 2),)),
    "weights": ("[[[1.0]]]", (((1.0,),),)),
    "biases": ("[[1.0]]", ((1.0,),)),
}


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "dataset"])
def test_the_flag_of_a_setting_sets_it(name):
    arguments = [f"--{flag_of(name)}"]
    if FIELDS[name].value_kind == SWITCH:
        value = not arguments[0].startswith("--no-")
    else:
        text, value = VALUES.get(name, ("3", 3))
        arguments.append(text)
    if name in ("skips", "convolutions"):
        arguments += ["--layers", "3,3,3"]
    if name == "biases":
        arguments += ["--weights", "[[[1.0]]]"]
    assert getattr(experiment_for(parser().parse_args(arguments)), name) == value
    assert value != getattr(Experiment(), name) or name in ("output", "loss")
