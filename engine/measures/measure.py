"""What a measure is."""

from collections.abc import Callable
from typing import NamedTuple

from engine.measures.moment import Moment


class Measure(NamedTuple):
    """A number that can be measured on a run.

    ``meaning`` says what it is, in words that follow "the". ``of`` computes it from a moment and
    the values of ``arguments``, which are names of what else it must be told. It is 0 where
    something is exactly what theory says (``is_gap``): such a number comes from rounding alone.
    ``of_any`` says that it can also be measured on a run that has diverged.
    """

    meaning: str
    of: Callable[..., float]
    arguments: tuple[str, ...] = ()
    is_gap: bool = False
    of_any: bool = False


Measures = dict[str, Measure]
MomentMeasure = Callable[[Moment], float]
