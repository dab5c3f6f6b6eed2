"""Texts for why regions are not known, and for how far a count is."""

from engine.network.size import shape
from engine.wording import count, noun_for
from tui.drawing.numbers import large, percent
from tui.model.regions.result import (
    CountProgress,
    Failed,
    Reason,
    TooMany,
    TooSlow,
    Unknown,
    WasSlow,
)

SEPARATOR = " · "
UNKNOWN = {
    Unknown.COUNTING: "counting",
    Unknown.CURVED: "curved",
    Unknown.CURVED_FEATURES: "curved features",
    Unknown.DIVERGED: "diverged",
    Unknown.NOT_COUNTED: "not counted",
    Unknown.NOT_COUNTED_YET: "they had not been counted yet",
    Unknown.TOO_MANY_TO_REPEAT: "they are too many to count again",
}
COUNT_ONCE = "C counts once"
UNITS = (  # name, seconds, and the first number that is written in the next unit
    ("s", 1.0, 90.0),
    ("min", 60.0, 90.0),
    ("h", 3600.0, 36.0),
    ("days", 86400.0, 700.0),
)
YEAR = 31_557_600.0  # seconds


def reason_text(reason: Reason | None) -> str:
    """The whole text of a reason; "" without one."""
    return SEPARATOR.join(reason_parts(reason))


def brief_reason(reason: Reason | None) -> str:
    """The last part of a reason, its conclusion."""
    return reason_parts(reason)[-1]


def reason_parts(reason: Reason | None) -> list[str]:
    """A reason in one or more parts, from the facts to the conclusion; [""] without one."""
    match reason:
        case None:
            return [""]
        case Unknown():
            return [UNKNOWN[reason]]
        case TooSlow(step, sizes, regions, seconds):
            facts = [
                f"at step {count(step)}: {shape(sizes)}: {_large(sum(sizes[1:-1]), 'hidden unit')}"
            ]
            if regions is not None and seconds is not None:
                facts += [f"about {_large(_two_figures(regions), 'region')}"]
                facts += [f"about {duration(seconds)}"]
            return [*facts, COUNT_ONCE]
        case WasSlow(step, sizes, seconds):
            took = f"counting took {duration(seconds)}"
            return [f"at step {count(step)}: {shape(sizes)}: {took}", COUNT_ONCE]
        case TooMany(limit, close_calls):
            doubt = [f"{_large(close_calls, 'close call')}: not certain"] if close_calls else []
            return [*doubt, f"more than {_large(limit, 'region')}", "too many to draw"]
        case Failed(message):
            return message.split(SEPARATOR)


def progress_text(progress: CountProgress) -> str:
    """The number of regions so far and the share of the work: ``446 557, 13.8 %``."""
    if progress.regions is None:
        return "…"
    return f"{large(progress.regions)}, {percent(progress.share)}"


def duration(seconds: float) -> str:
    """A time in a suitable unit: ``40 s``, ``3 min``, ``2 days``."""
    for name, unit, limit in UNITS:
        if seconds < limit * unit:
            return f"{max(1, round(seconds / unit))} {name}"
    return _large(_two_figures(seconds / YEAR), "year")


def _large(n: int, noun: str) -> str:
    return f"{large(n)} {noun_for(n, noun)}"


def _two_figures(number: float) -> int:
    return int(float(f"{number:.1e}"))
