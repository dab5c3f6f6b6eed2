"""The options of the data, and of the features made of their columns."""

from collections.abc import Iterator
from dataclasses import replace

from engine import Experiment
from engine.data.datasets import default_fraction
from engine.data.source import File, source
from engine.training import ladders
from engine.training.fields import FIELDS
from tui.session.settings_draft import Changes, DataFacts
from tui.settings.feature_choices import candidates, degree_of, powers, read_inputs, toggled
from tui.settings.option import Option, field_option, label_and_help, listed, yes_or_no
from tui.settings.value_ladders import (
    NOTHING,
    comma_list,
    number_text,
    read_integer,
    read_share,
)
from tui.system.paths import shortened, typed_path

NOISE = replace(
    field_option("noise"),
    show=lambda e, facts: f"{number_text(e.noise)} %",
    choices=lambda e, facts: listed(ladders.PERCENT, e.noise, " %"),
)


def _show_data(e: Experiment, facts: DataFacts) -> str:
    """The name as a user would type it: for a file its path from the current folder."""
    return shortened(e.dataset) if isinstance(source(e.dataset), File) else e.dataset


def _read_data(text: str, e: Experiment, facts: DataFacts) -> Changes:
    """A data set by its name or path, which may begin with ~."""
    return {"dataset": str(source(typed_path(text))) if text[:1] == "~" else text}


DATA_SET = replace(field_option("dataset"), show=_show_data, text=_show_data, read=_read_data)


def _show_share(e: Experiment, facts: DataFacts) -> str:
    return f"{number_text(round(100.0 * _share(e, facts), 3))} %"


def _turn_share(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
    share = _share(e, facts)
    value = ladders.SHARES.step(share, by)
    is_default = value == _share(replace(e, train_fraction=None), facts)
    return iter(()) if value == share else iter([{"train_fraction": None if is_default else value}])


def _share(e: Experiment, facts: DataFacts) -> float:
    """The share of the examples that is trained on; if it is not set, the default."""
    share = e.train_fraction
    return default_fraction(facts.generated) if share is None else share


SHARE = Option(
    "train_fraction",
    ("train_fraction",),
    *label_and_help("train_fraction"),
    _show_share,
    _turn_share,
    read=lambda text, e, facts: {"train_fraction": None if text in NOTHING else read_share(text)},
    text=lambda e, facts: "" if e.train_fraction is None else repr(e.train_fraction),
    choices=lambda e, facts: _shares(_share(e, facts)),
)


def _shares(present: float) -> list[str]:
    shares = sorted({*ladders.SHARES.rungs, present})
    return [f"{number_text(round(100.0 * share, 3))} %" for share in shares]


TARGET = Option(
    "target",
    ("target",),
    *label_and_help("target"),
    lambda e, facts: facts.target,
    lambda e, facts, by: (),
    read=lambda text, e, facts: {"target": _position(text) if text else None},
    text=lambda e, facts: _target_text(e),
)


def _target_text(e: Experiment) -> str:
    return comma_list(e.target) if isinstance(e.target, tuple) else str(e.target or "")


def _turn_classes(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
    yield {"classes": not facts.classes}


CLASSES = Option(
    "classes",
    ("classes",),
    *label_and_help("classes"),
    lambda e, facts: "yes" if facts.classes else "no",
    _turn_classes,
    choices=yes_or_no,
)


def _position(text: str) -> str | int:
    try:
        return read_integer(text)
    except ValueError:
        return text


def _turn_degree(e: Experiment, facts: DataFacts, by: int) -> Iterator[Changes]:
    degree = degree_of(facts.names, e.features)
    wanted = 1 if degree is None else degree + by
    features = powers(facts.names, wanted)
    if features:
        yield {"features": features}


def _read_degree(text: str, e: Experiment, facts: DataFacts) -> Changes:
    features = powers(facts.names, read_integer(text))
    if not features:
        raise ValueError(f"{text}: type a degree from 1 to 12, of fewer than 100 inputs in all")
    return {"features": features}


INPUTS = Option(
    "features",
    ("features",),
    FIELDS["features"].label,
    "what the network sees; enter takes a list, such as x1, x1^2, x1*x2, sin(x1), log(x2), C(x2); "
    "← → choose the polynomial degree; of unscaled data x1^3 diverges unless η is small",
    lambda e, facts: comma_list(e.features or facts.names),
    _turn_degree,
    read=lambda text, e, facts: {"features": read_inputs(facts.names, text)},
    text=lambda e, facts: comma_list(e.features or facts.names),
)

DEGREE = Option(
    "degree",
    ("features",),
    "degree",
    "column powers up to this, from 2 on products; high ones need a smaller η",
    lambda e, facts: str(degree_of(facts.names, e.features) or "–"),
    _turn_degree,
    read=_read_degree,
    text=lambda e, facts: str(degree_of(facts.names, e.features) or ""),
)


def feature_options(facts: DataFacts) -> Iterator[Option]:
    """The features as a list, their degree, and a switch for each that is offered."""
    yield from (INPUTS, DEGREE)
    yield from (feature_option(name, facts.names) for name in candidates(facts.names))


def feature_option(name: str, names: tuple[str, ...]) -> Option:
    """A switch that takes one feature in or leaves it out. ``names`` are those of the columns."""
    is_power = name not in names and "(" not in name
    warning = "; a large one needs a smaller η" if is_power else ""
    return Option(
        f"feature {name}",
        ("features",),
        f"  {name}",
        f"{name}: ← → use this input, or leave it out{warning}",
        lambda e, facts: "yes" if name in (e.features or facts.names) else "no",
        lambda e, facts, by: [{"features": toggled(facts.names, e.features, name)}],
        choices=yes_or_no,
    )
