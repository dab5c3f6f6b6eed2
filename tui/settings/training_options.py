"""The options of training: the constants of the optimiser that is chosen."""

from engine import Experiment
from engine.training.optimizers import optimizer_named
from tui.drawing.numbers import setting
from tui.session.settings_draft import Changes, DataFacts
from tui.settings.option import Option, field_option, label_and_help
from tui.settings.value_ladders import comma_list, read_list, read_number


def constant_options(name: str, e: Experiment) -> list[Option]:
    """The option of a constant, where the optimiser uses it."""
    if name not in optimizer_named(e.optimizer).uses:
        return []
    return [BETAS if name == "betas" else field_option(name)]


def _read_betas(text: str, e: Experiment, facts: DataFacts) -> Changes:
    return {"betas": tuple(read_number(part) for part in read_list(text))}


BETAS = Option(
    "betas",
    ("betas",),
    *label_and_help("betas"),
    lambda e, facts: comma_list([*map(setting, e.betas)]),
    lambda e, facts, by: (),
    read=_read_betas,
    text=lambda e, facts: comma_list(e.betas),
)
