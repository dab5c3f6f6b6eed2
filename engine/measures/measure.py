"""What a measure is."""

from collections.abc import Callable
from typing import NamedTuple

from engine.errors import EngineError
from engine.quoting import shown

UNITS = "in the unit of C"
ROUNDING = "0 but for rounding"
WITH_TEST = "with test examples"


class Argument(NamedTuple):
    """What a measure is told: one of ``names``, or, without names, a whole number from ``least`` to
    ``most``. It may be left out if it has a ``default``.

    Example:
        >>> from engine.measures.measure import Argument
        >>> Argument("degree", least=0, most=30).values
        'a whole number from 0 to 30'
    """

    name: str
    names: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    default: str = ""

    @property
    def values(self) -> str:
        """Its values in words."""
        if self.names:
            return f"one of: {', '.join(self.names)}"
        return f"a whole number from {self.least} to {self.most}"

    def check(self, value: object) -> None:
        """EngineError if this is none of its values."""
        if self.names:
            is_right = value in self.names
        else:
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            is_right = is_whole and self.least <= value <= self.most  # type: ignore[operator]
        if not is_right:
            raise EngineError(f"{self.name} is {shown(value)}; it must be {self.values}")


class Measure(NamedTuple):
    """A number that can be measured on a run.

    ``meaning`` says what it is, in words that follow "the". ``of`` computes it from a moment and
    the values of ``arguments``. ``values`` says what to expect of the number, ``runs`` which runs
    it is of, in words that follow "a run" ("": all). ``of_any``: it can also be measured on a run
    that has diverged.
    """

    meaning: str
    of: Callable[..., float]
    values: str
    runs: str = ""
    arguments: tuple[Argument, ...] = ()
    of_any: bool = False

    @property
    def needs(self) -> tuple[str, ...]:
        """The arguments that must be given."""
        return tuple(argument.name for argument in self.arguments if not argument.default)


Measures = dict[str, Measure]
