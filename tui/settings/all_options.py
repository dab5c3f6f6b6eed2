"""The rows of the settings panel in their order, and which changes wait for a restart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine import Experiment
from engine.training.optimizers import OPTIMIZERS
from engine.training.schedules import SCHEDULES
from tui.session.settings_draft import Changes, Draft, Facts, data_facts
from tui.settings import data_options as data
from tui.settings import network_options as network
from tui.settings.feature_choices import candidates
from tui.settings.option import Option, integer_option, named_option, number_option
from tui.settings.value_ladders import (
    BATCHES,
    COSTS,
    PENALTIES,
    RATES,
    STEPS,
    WARM_UP_STEPS,
    Ladder,
)

TRAINING = (
    named_option("optimizer", OPTIMIZERS),
    number_option("learning_rate", Ladder(RATES, factor=2.0), "; + − double and halve it"),
    named_option("schedule", SCHEDULES),
    integer_option("schedule_steps", Ladder(STEPS)),
    integer_option("warm_up", Ladder(WARM_UP_STEPS)),
    integer_option("batch_size", Ladder(BATCHES, unit=1), "; + − by one"),
    number_option("l1", Ladder(PENALTIES)),
    number_option("l2", Ladder(PENALTIES)),
)

STOPPING = (
    integer_option("stop_steps", Ladder(STEPS, "never")),
    number_option("stop_below", Ladder(COSTS, "never")),
    integer_option("stop_patience", Ladder(STEPS, "never")),
)

FLAGS = {
    "predict": ("predict first", "hide each result on Backprop until you have guessed it"),
    "show_test": ("show test data", "draw the test examples too"),
    "discretise": ("discretise", "draw the output as the class it decides for, without shades"),
}
"""Preferences that are not part of the experiment: label and help, by id."""

Row = Option | str
"""An option, or the heading of those below it."""


def _none(experiment: Experiment, facts: Facts, by: int) -> Iterable[Changes]:
    return ()


APPLY = Option(
    "restart",
    (),
    "restart",
    "enter begins a new run with all that waits; the run now stays as a ghost where its costs "
    "compare, but on other data or inputs all runs go",
    lambda experiment, facts: "",
    _none,
)


def rows_of(
    experiment: Experiment, flags: Iterable[str] = (), facts: Facts | None = None
) -> list[Row]:
    """The options for an experiment under their headings; the last one restarts."""
    facts = facts or data_facts(experiment.dataset, experiment.target)
    layers = range(len(experiment.hidden))
    table: Sequence[Row] = (data.NOISE,) if facts.generated else (data.TARGET, data.STANDARDIZE)
    switches = [Option(name, (), *FLAGS[name], lambda e, f: "", _none) for name in flags]
    return [
        *("data", data.DATA_SET, *table, data.SHARE, data.SEED),
        *("features", data.INPUTS, data.DEGREE),
        *(data.feature_option(name, facts.names) for name in candidates(facts.names)),
        *("network", network.LAYERS, *map(network.units_option, layers), network.ACTIVATION),
        *(map(network.activation_option, layers) if len(layers) > 1 else ()),
        *(network.OUTPUT, network.LOSS, network.BIAS),
        *(network.INIT, network.INIT_SCALE, network.INIT_SEED),
        *("training", *TRAINING),
        *("pause by itself", *STOPPING),
        *(("view", *switches) if switches else ()),
        *("what waits", APPLY),
    ]


def waiting(draft: Draft, current: Experiment) -> list[tuple[str, str, str]]:
    """What a restart would change: labels, present values and new values."""
    wanted = draft.wanted(current)
    if not draft.pending:
        return []
    old_facts, new_facts = map(draft.facts, (current, wanted))
    options = (
        row for row in rows_of(wanted, facts=new_facts) if isinstance(row, Option) and row.is_field
    )
    return [
        (option.label, option.show(current, old_facts), option.show(wanted, new_facts))
        for option in options
        if differs(option, (current, old_facts), (wanted, new_facts))
    ]


def differs(option: Option, one: tuple[Experiment, Facts], other: tuple[Experiment, Facts]) -> bool:
    """Whether two experiments, each with the facts of its data, differ in an option.

    A part of a field, such as one input, is not compared between different data.
    """
    if not option.is_field and one[1] != other[1]:
        return False
    try:
        return option.show(*one) != option.show(*other)
    except IndexError:  # a layer that only one of them has
        return True
