"""The table of settings: one row for each field of ``Experiment``.

TOML keys, flags of the command line, the settings panel, limits, and whether a change needs a new
run all follow from these rows.
"""

from collections.abc import Callable
from enum import Enum, Flag, auto
from typing import Any, NamedTuple

from engine.data.reading.options import NA, na_named
from engine.data.source import DATASETS
from engine.network.activations import ACTIVATIONS, OUTPUTS, output_named
from engine.network.losses import LOSSES, loss_named
from engine.network.structure.initialisation import INITIALISATIONS
from engine.terms.lists import split_list
from engine.toml_lines import table_of
from engine.training import ladders
from engine.training.field_checks import (
    LARGEST_SHARE,
    Check,
    check_activation,
    check_arrays,
    check_betas,
    check_convolution,
    check_edits,
    check_flag,
    check_indices,
    check_init,
    check_named,
    check_number,
    check_pair,
    check_reading,
    check_schedule,
    check_several,
    check_target,
    check_text,
    check_whole,
)
from engine.training.ladders import Ladder
from engine.training.optimizers import OPTIMIZERS, optimizer_named
from engine.training.schedules import SCHEDULES


class When(Enum):
    """When a change of a setting takes effect."""

    STEP = auto()  # from the next step, as an event of the run
    PLAY = auto()  # at once, as no step depends on it
    RESTART = auto()  # in a new run


class Decides(Flag):
    """What a setting determines, and what is therefore made again if it changes."""

    NOTHING = 0
    TABLE = auto()  # the rows that are loaded, and their scaling and split
    EXAMPLES = auto()  # the training examples
    WEIGHTS = auto()  # the first weights
    SIZES = auto()  # the number of parameters


NUMBER, NUMBERS, WHOLE, NAME, NAMES, COLUMNS, UNITS, PAIRS, WHOLES, VALUE, SWITCH = (
    "a number",
    "two numbers such as 0.9,0.999",
    "a whole number",
    "a name",
    "a name, or a list of names such as relu,tanh",
    "a list of columns such as x1,x2",
    "a list of unit counts such as 4,3 (0 for no hidden layer)",
    "a list of pairs such as 1-3,2-4",
    "a list of whole numbers such as 0,3",
    "a value as TOML writes it",
    "",
)
"""Kinds of values, as described after a flag on the command line; a switch has no value."""


GROUPS = TRAINING, NETWORK, DATA, FEATURES, PAUSE = (
    "training", "network", "data", "features", "pause automatically",
)  # fmt: skip
"""The groups of the settings panel, in their order. All settings of a group take effect alike."""


class Field(NamedTuple):
    """A setting: its check, its label on the screen, and a line of help.

    ``maximum`` limits the values that a user can enter, to catch typing errors. ``value_kind`` is
    the kind of value after its ``flag`` on the command line, for instance ``example``; a switch is
    turned off by its flag, or has two: ``--classes`` and ``--no-classes``. ``names`` are the names
    that it can have.

    ``group`` is the heading above it in the settings panel; without one it is not there. There it
    steps through its ``names`` or its ``ladder``, or is a switch; ``hint`` is added to its help.
    """

    check: Check
    label: str
    help: str
    value_kind: str = NAME
    example: str = "NAME"
    when: When = When.RESTART
    decides: Decides = Decides.NOTHING
    maximum: int | None = None
    flag: str = ""  # "": the name of the field with dashes
    names: tuple[str, ...] = ()
    group: str = ""
    ladder: Ladder | None = None
    hint: str = ""


_data = Decides.TABLE | Decides.EXAMPLES
_inputs = Decides.WEIGHTS | Decides.SIZES
_count = check_whole("a whole number, 1 or more", 1)
_seed = check_whole("a whole number, 0 or more", 0)
_share = check_number("a share above 0, up to 1", above=0.0, maximum=1.0)
_penalty = check_number("a number, 0 or more", minimum=0.0)
_scheduled = "; ".join(f"{name}: {line.partition(' (')[0]}" for name, line in SCHEDULES.items())

FIELDS: dict[str, Field] = {
    "dataset": Field(
        check_text, "data set", "a built-in data set", decides=_data | _inputs,
        names=tuple(DATASETS), group=DATA,
        hint="; enter takes the path of your own, such as ./data.csv",
    ),
    "hidden": Field(
        check_several(
            check_whole("a list of unit counts, each 1 or more", 1), "a list of unit counts"
        ),
        "hidden layers", "units of the hidden layers; 0 for none", UNITS, "4,3",
        decides=_inputs, flag="layers", group=NETWORK,
    ),
    "activation": Field(
        check_activation, "activation", "of the hidden layers: one for all, or one for each", NAMES,
        names=tuple(ACTIVATIONS), group=NETWORK,
    ),
    "output": Field(
        check_named(output_named), "output",
        "activation of the last layer, for GLMs the inverse link", decides=Decides.SIZES,
        names=tuple(OUTPUTS), group=NETWORK,
        hint="; a loss that does not fit it is changed as well",
    ),
    "loss": Field(
        check_named(loss_named), "loss", "the cost C_x of one example", decides=Decides.SIZES,
        names=tuple(LOSSES), group=NETWORK,
        hint="; an output that does not fit it is changed as well",
    ),
    "optimizer": Field(
        check_named(optimizer_named), "optimiser", "how a step follows from the gradient",
        when=When.STEP, names=tuple(OPTIMIZERS), group=TRAINING,
    ),
    "learning_rate": Field(
        check_number("a number above 0", above=0.0), "learning rate",
        "η: how far a step goes along −∇C; too large a value diverges", NUMBER, "0.03", When.STEP,
        maximum=1_000_000, group=TRAINING, ladder=ladders.RATES, hint="; + − double and halve it",
    ),
    "schedule": Field(
        check_schedule, "schedule", _scheduled, when=When.STEP,
        names=tuple(SCHEDULES), group=TRAINING,
    ),
    "schedule_steps": Field(
        _count, "  its steps", "after how many steps η is halved (step), or is 0 (cosine)",
        WHOLE, "1000", When.STEP, maximum=1_000_000_000, group=TRAINING, ladder=ladders.STEPS,
    ),
    "warm_up": Field(
        check_whole("a whole number, 0 or more", 0), "  warm-up",
        "number of first steps over which η rises linearly; 0: none", WHOLE, "0", When.STEP,
        maximum=1_000_000_000, group=TRAINING, ladder=ladders.WARM_UP_STEPS,
    ),
    "batch_size": Field(
        _count, "batch size", "examples a step learns from", WHOLE, "10", When.STEP,
        maximum=1_000_000, group=TRAINING, ladder=ladders.BATCHES, hint="; + − by one",
    ),
    "l1": Field(
        _penalty, "L1", "adds l1·Σ|w|: pulls weights to 0", NUMBER, "0", When.STEP,
        maximum=1_000_000, group=TRAINING, ladder=ladders.PENALTIES,
    ),
    "l2": Field(
        _penalty, "L2", "adds ½·l2·Σw²: keeps weights small", NUMBER, "0", When.STEP,
        maximum=1_000_000, group=TRAINING, ladder=ladders.PENALTIES,
    ),
    "frozen": Field(
        check_indices, "frozen", "numbers of the weights and biases that do not learn, from 0",
        WHOLES, "0,3", When.STEP,
    ),
    "momentum": Field(
        check_number("a number from 0 to below 1", minimum=0.0, maximum=LARGEST_SHARE),
        "momentum μ",
        "the part of the velocity that a step keeps (optimisers momentum, nesterov)",
        NUMBER, "0.9", When.STEP, group=TRAINING, ladder=ladders.MOMENTA,
    ),
    "betas": Field(
        check_betas, "Adam's β₁, β₂", "how much Adam's means keep of themselves: of g, and of g²",
        NUMBERS, "0.9,0.999", When.STEP, group=TRAINING,
    ),
    "epsilon": Field(
        check_number("a number above 0", above=0.0), "ε",
        "added to the root of the mean of g² (optimisers rmsprop, adam)",
        NUMBER, "1e-8", When.STEP, maximum=1_000_000, group=TRAINING, ladder=ladders.EPSILONS,
    ),
    "noise": Field(
        check_number("a percentage from 0 to 50", minimum=0.0, maximum=50.0), "noise",
        "scatter of the generated data, 0 to 50 percent", NUMBER, "0", decides=_data,
        group=DATA, ladder=ladders.PERCENT,
    ),
    "train_fraction": Field(
        _share, "train on", "the share of the examples to learn from; the others test",
        NUMBER, "0.5", decides=_data,
        group=DATA, ladder=ladders.SHARES, hint=" (0.8 and 80 % may be typed)",
    ),
    "features": Field(
        check_several(check_text, "a list of column names"), "inputs",
        "what the network sees: x1,x2,x1^2,x1*x2,sin(x1)", COLUMNS, "x1,x2",
        decides=Decides.EXAMPLES | _inputs, group=FEATURES,
    ),
    "init": Field(
        check_init, "first weights",
        "he: N(0, 2/inputs), for relu; glorot: for tanh; uniform: −½ … ½; zeros; "
        "playground: uniform, with biases 0.1",
        decides=Decides.WEIGHTS, names=tuple(INITIALISATIONS), group=NETWORK,
    ),
    "init_scale": Field(
        _penalty, "weights' scale", "multiplies the first weights as drawn", NUMBER, "1",
        decides=Decides.WEIGHTS, maximum=1_000_000, group=NETWORK, ladder=ladders.SCALES,
    ),
    "init_bias": Field(
        _penalty, "biases' spread", "standard deviation of the first biases; 0: all are 0",
        NUMBER, "0", decides=Decides.WEIGHTS, maximum=1_000_000, group=NETWORK,
        ladder=ladders.SPREADS,
    ),
    "seed": Field(
        _seed, "seed", "draws the data, the split and the batches", WHOLE, "0", decides=_data,
        group=DATA, ladder=ladders.NATURAL_NUMBERS,
    ),
    "init_seed": Field(
        _seed, "weights' seed", "draws the first weights; the data stay", WHOLE, "0",
        decides=Decides.WEIGHTS, group=NETWORK, ladder=ladders.NATURAL_NUMBERS,
    ),
    "bias": Field(
        check_flag, "biases", "whether units have a bias b: z = Wa + b", SWITCH,
        decides=_inputs, flag="no-bias", group=NETWORK,
    ),
    "skips": Field(
        check_several(check_pair, "a list of pairs [s, t] of layers"), "skips",
        "skip connections, typed: 1-3 adds a of layer 1 to z of layer 3", PAIRS, "1-3",
        group=NETWORK,
    ),
    "convolutions": Field(
        check_several(check_convolution, "a list of pairs [layer, kernel length]"), "convolutions",
        "l-m: layer l is a convolution of the one before, with a kernel of m weights: m − 1 units "
        "fewer, or as many, and zeros on both sides (odd m)",
        PAIRS, "1-3", decides=_inputs, group=NETWORK,
    ),
    "target": Field(
        check_target, "target", "the column to be predicted: its name, or its number from 1, or "
        "from −1 at the end; o1,o2: two columns", decides=_data | _inputs, group=DATA,
    ),
    "classes": Field(
        check_flag, "classes",
        "whether a target's numbers are labels of classes; if not set: 0/1, ±1 and 0/1/2 are",
        SWITCH, decides=_data | _inputs, group=DATA,
    ),
    "keep_constant": Field(
        check_flag, "keep constants", "whether constant columns are used", SWITCH,
        decides=_data | _inputs, group=DATA,
    ),
    "standardize": Field(
        check_flag, "standardise", "a table's columns to mean 0 and sd 1", SWITCH, decides=_data,
        flag="no-standardize", group=DATA,
    ),
    "na": Field(
        check_named(na_named), "missing cells", "drop: their rows; level: a category; mean: filled",
        decides=_data | _inputs, names=NA, group=DATA,
    ),
    "reading": Field(
        check_reading, "reading", "how a file is read: delimiter=; decimal=, header=no",
        example="header=no", decides=_data | _inputs,
    ),
    "stop_steps": Field(
        _count, "after steps", "pause at this step", WHOLE, "1000", When.PLAY,
        maximum=1_000_000_000, group=PAUSE, ladder=ladders.STEPS_OR_NEVER,
    ),
    "stop_below": Field(
        check_number("a number"), "C below", "pause at the first step at which C is below this",
        NUMBER, "0.1", When.PLAY, group=PAUSE, ladder=ladders.COSTS,
    ),
    "stop_patience": Field(
        _count, "no better for",
        "pause where C (of the test data, if there are any) is no better for so many steps",
        WHOLE, "1000", When.PLAY, maximum=1_000_000_000, group=PAUSE, ladder=ladders.STEPS_OR_NEVER,
    ),
    "edits": Field(
        check_edits, "edits", "examples added, moved and deleted by hand", VALUE, "LIST",
        decides=Decides.EXAMPLES,
    ),
    "weights": Field(
        check_arrays, "weights", "the first weights, for each layer a list of rows", VALUE, "LIST"
    ),
    "biases": Field(
        check_arrays, "first biases", "the first biases, a list for each layer", VALUE, "LIST"
    ),
}  # fmt: skip


def fields_that(decide: Decides) -> tuple[str, ...]:
    """The names of the settings that determine all of this."""
    return tuple(name for name, field in FIELDS.items() if decide in field.decides)


def fields_when(*when: When) -> tuple[str, ...]:
    """The names of the settings whose changes take effect at one of these times."""
    return tuple(name for name, field in FIELDS.items() if field.when in when)


def read_typed(field: Field, text: str) -> Any:
    """The value of a text after a flag; ValueError if it is not a ``field.value_kind``."""
    return _READERS[field.value_kind](text)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.rstrip(",").split(","))


def _names(text: str) -> str | tuple[str, ...]:
    parts = _list(text)
    return parts[0] if len(parts) == 1 else parts


def _units(text: str) -> tuple[int, ...]:
    units = tuple(int(part) for part in _list(text))
    return () if units == (0,) else units


def _pairs(text: str) -> tuple[tuple[int, int], ...]:
    pairs = (part.split("-") for part in _list(text))
    return tuple((int(s), int(t)) for s, t in pairs)


_READERS: dict[str, Callable[[str], Any]] = {
    NUMBER: float,
    NUMBERS: lambda text: tuple(float(part) for part in _list(text)),
    WHOLE: int,
    NAME: str,
    NAMES: _names,
    COLUMNS: lambda text: split_list(text.rstrip(",")),
    UNITS: _units,
    PAIRS: _pairs,
    WHOLES: lambda text: tuple(int(part) for part in _list(text)),
    VALUE: lambda text: table_of(f"value = {text}")["value"],
}
