"""The rows of the settings panel in their order, and which changes wait for a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine import Experiment
from engine.training.fields import FIELDS, GROUPS, When
from tui.session.settings_draft import Changes, DataFacts, Draft, data_facts
from tui.settings import data_options as data
from tui.settings import network_options as network
from tui.settings import training_options as training
from tui.settings.option import Option, field_option, yes_or_no

SPECIAL: dict[str, Callable[[Experiment, DataFacts], Iterable[Option]]] = {
    "dataset": lambda e, facts: [data.DATA_SET],
    "noise": lambda e, facts: [data.NOISE] if facts.generated else [],
    "target": lambda e, facts: [] if facts.generated else [data.TARGET],
    "classes": lambda e, facts: [data.CLASSES] if facts.has_labels else [],
    "keep_constant": lambda e, facts: [] if facts.generated else [field_option("keep_constant")],
    "standardize": lambda e, facts: [] if facts.generated else [field_option("standardize")],
    "na": lambda e, facts: [] if facts.generated else [field_option("na")],
    "train_fraction": lambda e, facts: [data.SHARE],
    "features": lambda e, facts: data.feature_options(facts),
    "hidden": network.layer_options,
    "activation": network.activation_options,
    "init": lambda e, facts: [network.INIT],
    "skips": lambda e, facts: [network.pairs_option("skips")] if e.hidden else [],
    "convolutions": lambda e, facts: [network.pairs_option("convolutions")] if e.hidden else [],
    "momentum": lambda e, facts: training.constant_options("momentum", e),
    "betas": lambda e, facts: training.constant_options("betas", e),
    "epsilon": lambda e, facts: training.constant_options("epsilon", e),
}
"""The options of settings for which ``field_option`` is not enough."""

ORDINARY = {
    name: field_option(name)
    for name, field in FIELDS.items()
    if field.group and name not in SPECIAL
}

MOST_USED = ("learning_rate", "activation", "hidden", "dataset")
"""The settings at the top, above the other ones of their groups."""

FIRST = (
    *("optimizer", "batch_size", "l1", "l2"),
    *("output", "loss", "bias"),
    *("noise", "target", "classes", "standardize", "keep_constant", "na", "train_fraction"),
)
"""The first settings of their group; the others follow in the order of ``FIELDS``."""

ORDER = (*FIRST, *(name for name in FIELDS if name not in FIRST))

FLAGS = {
    "predict": ("predict first", "hide each result on Backprop until you have guessed it"),
    "show_test": ("show test data", "draw the test examples too"),
    "discretise": ("discretise", "draw the output as the class it decides for, without shades"),
    "bias_node": ("node of the bias", "draw a node that is always 1 on Explore: its weights are b"),
}
"""Preferences that are not part of the experiment: label and help, by id."""

Row = Option | str
"""An option, or the heading of those below it."""


def _none(experiment: Experiment, facts: DataFacts, by: int) -> Iterable[Changes]:
    return ()


APPLY = Option(
    "restart",
    (),
    "restart",
    "enter restarts with the changes that wait. The current run stays as a ghost; with other data "
    "or inputs all runs are deleted.",
    lambda experiment, facts: "",
    _none,
)

AT_ONCE, BY_RESTART = "from the next step", "needs a restart"
"""What headings say of when the changes below them take effect."""


def rows_of(
    experiment: Experiment, flags: Iterable[str] = (), facts: DataFacts | None = None
) -> list[Row]:
    """The options for an experiment under their headings; the last one restarts."""
    facts = facts or data_facts(experiment)
    rows: list[Row] = []
    for name in MOST_USED:
        restarts = FIELDS[name].when is When.RESTART
        heading = BY_RESTART if restarts else AT_ONCE
        if heading not in rows:
            rows.append(heading)
        rows += _options(name, experiment, facts)
    for group in GROUPS:
        names = [name for name in ORDER if FIELDS[name].group == group and name not in MOST_USED]
        rows.append(group + HEADING_ENDS[FIELDS[names[0]].when])
        rows += [option for name in names for option in _options(name, experiment, facts)]
    switches = [
        Option(name, (), *FLAGS[name], lambda e, f: "", _none, choices=yes_or_no) for name in flags
    ]
    if switches:
        rows += ["view", *switches]
    return [*rows, "what waits", APPLY]


HEADING_ENDS = {When.STEP: f" · {AT_ONCE}", When.RESTART: f" · {BY_RESTART}", When.PLAY: ""}


def _options(name: str, experiment: Experiment, facts: DataFacts) -> Iterable[Option]:
    return SPECIAL[name](experiment, facts) if name in SPECIAL else [ORDINARY[name]]


def matching(
    rows: Sequence[Row], typed: str, experiment: Experiment, facts: DataFacts
) -> tuple[list[Row], str]:
    """The options that have every typed word in their label, id or choices, or if there is none in
    their help, under their headings; and the id of the one that fits best: by its label alone."""
    words = typed.casefold().split()
    if not words:
        return [*rows], ""
    options = [row for row in rows if isinstance(row, Option)]
    by_label = [row for row in options if _has(words, row)]
    by_choice = [row for row in options if _has(words, row, row.choices(experiment, facts))]
    chosen = by_choice or [row for row in options if _has(words, row, [row.help])]
    ids = {row.id for row in chosen}
    kept: list[Row] = []
    heading: Row = ""
    for row in rows:
        if isinstance(row, str):
            heading = row
        elif row.id in ids:
            kept += [row] if heading in kept else [heading, row]
    best = (by_label or chosen)[:1]
    return kept, best[0].id if best else ""


def _has(words: Sequence[str], option: Option, more: Sequence[str] = ()) -> bool:
    """Whether each word is in the option's label, its id, or ``more`` texts, or the first letters
    of the label are the only word: lr."""
    text = " ".join((option.label, option.id.replace("_", " "), *more)).casefold()
    initials = "".join(word[0] for word in option.label.casefold().split())
    return all(word in text for word in words) or [initials] == [*words]


def waiting(draft: Draft, current: Experiment) -> list[tuple[str, str, str]]:
    """What a restart would change: labels, present values and new values."""
    wanted = draft.wanted(current)
    return differences(draft, current, wanted) if draft.pending else []


def differences(
    draft: Draft, current: Experiment, wanted: Experiment
) -> list[tuple[str, str, str]]:
    """The options in which two experiments differ: labels, values of the one and of the other."""
    old_facts, new_facts = map(draft.facts, (current, wanted))
    # the weights' seed that follows the seed is no change of its own
    follows = all(one.init_seed in (None, one.seed) for one in (current, wanted))
    options = (
        row for row in rows_of(wanted, facts=new_facts) if isinstance(row, Option) and row.is_field
    )
    return [
        (option.label, option.show(current, old_facts), option.show(wanted, new_facts))
        for option in options
        if differs(option, (current, old_facts), (wanted, new_facts))
        and not (option.id == "init_seed" and follows)
    ]


def differs(
    option: Option, one: tuple[Experiment, DataFacts], other: tuple[Experiment, DataFacts]
) -> bool:
    """Whether two experiments, each with the facts of its data, differ in an option.

    A part of a field, such as one input, is not compared between different data.
    """
    if not option.is_field and one[1] != other[1]:
        return False
    try:
        return option.show(*one) != option.show(*other)
    except IndexError:  # a layer that only one of them has
        return True
