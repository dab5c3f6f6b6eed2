"""Goals: what training goes on to, as typed: ``C < 0.1``, ``accuracy 99 %``, ``500 steps``."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from math import isfinite, nan
from operator import ge, gt, le, lt
from typing import NamedTuple

import numpy as np

from engine import EngineError, Trainer
from engine.data.metrics import accuracy, confusion_matrix, r_squared
from engine.data.target_coding import coded_for
from engine.wording import count, plural
from tui.drawing.numbers import MINUS, spelled

MAX_STEPS = 10_000_000  # that may be typed
LIMIT = 100_000  # steps after which a goal that is no step is given up
STEP, STEPS = "step", "steps"
NAMES = {"c": "C", "cost": "C", "loss": "C", "acc": "accuracy", "accuracy": "accuracy",
         "r2": "R²", "r²": "R²"}  # fmt: skip
RELATIONS = {"<": lt, "≤": le, ">": gt, "≥": ge}
SPELLINGS = {"<=": "≤", "=<": "≤", ">=": "≥", "=>": "≥"}
QUANTITY = re.compile(
    r"(?:train(?:ing)? )?(?P<before>test[ _]?)?(?P<name>[a-z]+[2²]?)(?P<after>[ _]?test)? ?"
    r"(?P<relation>[<>≤≥=]{0,2}) ?(?P<number>[^ %<>≤≥=]+) ?(?P<percent>%?)"
)
THOUSANDS = re.compile(r"(?<=\d)[ _\u202f](?=\d{3}(\D|$))")


class Goal(NamedTuple):
    """``quantity`` is C, accuracy, R², step (the step of that number) or steps (so many more).

    ``relation`` is one of RELATIONS; "" of a step. An accuracy is a share from 0 to 1.
    """

    quantity: str
    relation: str
    value: float
    of_test: bool = False

    @property
    def is_step(self) -> bool:
        return self.quantity in (STEP, STEPS)

    @property
    def text(self) -> str:
        """``C < 0.1``, ``test accuracy ≥ 99 %``, ``step 2 000``, ``500 steps``."""
        if self.quantity == STEPS:
            return plural(int(self.value), "step")
        if self.quantity == STEP:
            return f"step {count(int(self.value))}"
        percent = self.quantity == "accuracy"
        value = f"{100.0 * self.value:.12g} %" if percent else f"{self.value:.15g}"
        return f"{self.name} {self.relation} {spelled(value)}"

    @property
    def name(self) -> str:
        """``C``, ``test accuracy``."""
        return f"{'test ' * self.of_test}{self.quantity}"

    def measured(self, trainer: Trainer) -> float:
        """The quantity at the present step, as the screen shows it; NaN where it cannot be said."""
        prepared = trainer.prepared
        assert prepared is not None
        if self.is_step:
            return trainer.step_count
        if self.quantity == "C":
            return trainer.cost(self.of_test) * prepared.cost_scale
        data = coded_for(prepared.experiment.loss, prepared.dataset)
        rows = data.test if self.of_test else data.train
        with np.errstate(all="ignore"):
            predicted = data.y_scale.undo(trainer.network.predict(prepared.inputs))
        if not np.isfinite(predicted[rows]).all():
            return nan
        if self.quantity == "R²":
            return r_squared(data, predicted, rows)
        return accuracy(confusion_matrix(data, predicted, rows))

    def measured_text(self, trainer: Trainer) -> str:
        """``C is 0.3151``."""
        value = self.measured(trainer)
        text = f"{100.0 * value:.4g} %" if self.quantity == "accuracy" else f"{value:.4g}"
        return f"{self.name} is {spelled(text)}"

    def holds(self, trainer: Trainer) -> bool:
        """Whether it is reached at the present step."""
        if self.is_step:
            return trainer.step_count >= self.value
        holds = RELATIONS[self.relation](self.measured(trainer), self.value)
        return holds and (self.quantity == "C" or isfinite(trainer.cost()))

    def from_step(self, step: int) -> Goal:
        """A number of steps more becomes the step that they lead to."""
        if self.quantity != STEPS:
            return self
        return Goal(STEP, "", step + self.value)

    def check(self, trainer: Trainer) -> None:
        """EngineError if training cannot go on to it: says why, and what would do."""
        prepared = trainer.prepared
        assert prepared is not None
        data, loss = prepared.dataset, prepared.experiment.loss
        has = "R²" if data.task == "regression" else "accuracy"
        if self.quantity in ("R²", "accuracy") and self.quantity != has:
            raise EngineError(f"this run has no {self.quantity}: it has C and {has}")
        if self.of_test and not len(data.test):
            raise EngineError("there are no test examples: leave out test")
        is_positive = self.quantity == "C" and loss != "poisson"  # whose C leaves out log y!
        if is_positive and not RELATIONS[self.relation](0, self.value):
            raise EngineError(f"{self.text} cannot be: C is never below 0")
        if trainer.divergence:
            raise EngineError(f"{trainer.divergence}: go back before you train on")
        if self.quantity == STEP and trainer.step_count >= self.value:
            now = count(trainer.step_count)
            raise EngineError(f"{self.text} is not ahead: the run is at step {now}")
        if not self.is_step and self.holds(trainer):
            raise EngineError(f"{self.text} holds already: {self.measured_text(trainer)}")


def read_goal(text: str) -> Goal:
    """The goal that was typed. ValueError says what is wrong, and what would do."""
    line = THOUSANDS.sub("", " ".join(text.replace(MINUS, "-").split()).lower())
    if steps := re.fullmatch(r"(?:(step) ?(\d+)|(\d+) ?steps?)", line):
        _, at, more = steps.groups()
        return _steps(int(at or more), STEP if at else STEPS)
    if re.fullmatch(r"\d+", line):
        number = int(line[:9])
        raise ValueError(f"{line} of what? type {plural(number, 'step')}, or step {number}")
    found = QUANTITY.fullmatch(line)
    name = NAMES.get(found["name"]) if found else None
    if not found or name is None:
        shown = text or "nothing"
        raise ValueError(f"{shown}: type such as C < 0.1, accuracy 99 %, R² > 0.9 or 500 steps")
    value = _number(found["number"])
    relation = SPELLINGS.get(found["relation"], found["relation"])
    of_test = bool(found["before"] or found["after"])
    return _quantity(name, relation, value, bool(found["percent"]), of_test)


def _steps(number: int, quantity: str) -> Goal:
    if not 1 <= number <= MAX_STEPS:
        raise ValueError(f"type 1 to {count(MAX_STEPS)} steps")
    return Goal(quantity, "", number)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("nan")
    if not isfinite(float(value)):
        raise ValueError(f"{text} is no number: type such as 0.1 or 2e-3")
    return value


def _quantity(name: str, relation: str, value: Decimal, percent: bool, of_test: bool) -> Goal:
    """The goal of a quantity. Without a relation it is the one that training leads to."""
    falls = name == "C"
    if relation in ("", "="):
        relation = "<" if falls else "≥"
    if relation not in RELATIONS:
        raise ValueError(f"{relation} is not one of <, ≤, >, ≥")
    if (relation in "<≤") != falls:
        example = "C < 0.1" if falls else f"{name} > {'90 %' if name == 'accuracy' else '0.9'}"
        raise ValueError(f"training makes {name} {'less' if falls else 'more'}: type {example}")
    if falls and percent:
        raise ValueError("C has no percent: type such as C < 0.1")
    if percent or (name == "accuracy" and value > 1):
        value /= 100  # a decimal number: 99.9 % is the double nearest to 0.999
    if not falls and not RELATIONS[relation](1, value):
        raise ValueError(f"{'an accuracy' if name == 'accuracy' else 'R²'} is at most "
                         f"{'100 %' if name == 'accuracy' else '1'}")  # fmt: skip
    return Goal(name, relation, float(value), of_test)
