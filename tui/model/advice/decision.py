"""The decision: which advice, if any, the evidence asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.training.fields import FIELDS
from engine.wording import plural
from tui.drawing.numbers import setting, spelled
from tui.model.advice.cures import Cure
from tui.model.advice.evidence import Evidence
from tui.model.advice.situations import SITUATIONS
from tui.model.advice.values import common


@dataclass(frozen=True)
class Advice:
    """A situation by its code, the values of its texts, and the cure if one helps."""

    code: str
    cause: str
    brief: str
    name: str
    help: str = ""
    cure: Cure | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def texts(self, keys: Mapping[str, str]) -> tuple[str, ...]:
        """Whole sentences, the longest first, with these keys by the ids of their actions."""
        forms = [self.cause, self.brief, self.name]
        if self.help:
            forms = [*(f"{form}; {self.help}" for form in forms), self.help, self.name]
        return tuple(form.format_map({**keys, **self.values}) for form in forms)


def advise(evidence: Evidence) -> Advice | None:
    """The advice of the first situation that is there; None if there is none."""
    with np.errstate(all="ignore"):
        found = next((s for s in SITUATIONS if s.when(evidence)), None)
        if found is None:
            return None
        values = common(evidence) | found.values(evidence)
        cure = found.remedy(evidence) if found.remedy else None
    help = (found.help or _help(cure, evidence.experiment.learning_rate)) if cure else ""
    return Advice(found.code, found.cause, found.brief, found.name, help, cure, values)


def _help(cure: Cure, rate: float) -> str:
    """What to press and to choose; ``rate`` is the present η."""
    if cure.actions == ("rate_double",) and cure.times == 1:
        return "{rate_double} doubles η"
    if cure.actions == ("rate_double",):
        eta = spelled(f"{rate * 2.0**cure.times:.2g}")
        return f"{{rate_double}} {plural(cure.times, 'time')}: η {eta}"
    chosen = " and ".join(_choice(name, value) for name, value in cure.settings.items())
    parts = {
        "settings": f"{{settings}}: {chosen}",
        "restart": "{restart}",
        "next_start": "{next_start} draws new weights",
        "rate_halve": "{rate_halve}" + (f" {plural(cure.times, 'time')}" if cure.times > 1 else ""),
    }
    return ", then ".join(parts[action] for action in cure.actions)


def _choice(name: str, value: Any) -> str:
    label = FIELDS[name].label.strip()
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else None
    return f"{label} {text or (value if isinstance(value, str) else setting(value))}"
