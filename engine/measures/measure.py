"""What a measure is."""

from collections.abc import Callable
from typing import NamedTuple


class Measure(NamedTuple):
    """A number that can be measured on a run.

    ``meaning`` says what it is, in words that follow "the". ``of`` computes it from a moment and
    the values of ``arguments``, the names of what else it is told; those in ``optional`` may be
    left out. ``of_any``: it can also be measured on a run that has diverged.
    """

    meaning: str
    of: Callable[..., float]
    arguments: tuple[str, ...] = ()
    of_any: bool = False
    optional: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The arguments that must be given."""
        return tuple(name for name in self.arguments if name not in self.optional)


Measures = dict[str, Measure]
