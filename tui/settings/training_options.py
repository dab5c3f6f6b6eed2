"""The options of training: the constants of the optimiser that is chosen."""

from collections.abc import Iterator

from engine import Experiment
from tui.drawing.numbers import setting
from tui.session.settings_draft import Changes, Facts
from tui.settings.option import Option, field_option, label_and_help
from tui.settings.value_ladders import read_list, read_number


def momentum_options(e: Experiment, facts: Facts) -> Iterator[Option]:
    """μ, where the optimiser has one."""
    if e.optimizer in ("momentum", "nesterov"):
        yield field_option("momentum")


def beta_options(e: Experiment, facts: Facts) -> Iterator[Option]:
    """β₁ and β₂ of Adam."""
    if e.optimizer == "adam":
        yield BETAS


def epsilon_options(e: Experiment, facts: Facts) -> Iterator[Option]:
    """ε, where the optimiser has one."""
    if e.optimizer in ("rmsprop", "adam"):
        yield field_option("epsilon")


def _show_betas(e: Experiment, facts: Facts) -> str:
    return ", ".join(map(setting, e.betas))


def _read_betas(text: str, e: Experiment, facts: Facts) -> Changes:
    return {"betas": tuple(read_number(part) for part in read_list(text))}


BETAS = Option(
    "betas",
    ("betas",),
    *label_and_help("betas"),
    _show_betas,
    lambda e, facts, by: (),
    read=_read_betas,
    text=lambda e, facts: ", ".join(map(repr, e.betas)),
)
