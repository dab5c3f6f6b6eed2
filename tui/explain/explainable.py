"""Explainable: a number on the screen that can be explained, and the numbers next to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from engine import Dataset, Divergence, EngineError
from engine.notation import Name

if TYPE_CHECKING:
    from engine.explain import Explanation


class Explainable:
    """One number of a list, and of a chain of quantities that are computed from each other.

    It holds what its explanation needs, and none of that changes: the run may go on.
    """

    chain_label = ""  # what the chain leads through

    def explain(self) -> Explanation:
        """Where the number comes from; EngineError where it cannot be explained."""
        raise NotImplementedError

    def position(self) -> tuple[int, int]:
        """Its index in the list, and the length of the list."""
        return 0, 1

    def next_in_list(self, by: int) -> Explainable:
        """The number ``by`` places further in the list, at most the last (by < 0: the first)."""
        return self

    def next_in_chain(self, by: int) -> Explainable:
        """The number ``by`` places further in the chain, at most the last (by < 0: the first)."""
        return self

    def operands(self, explanation: Explanation) -> dict[Name, Explainable]:
        """The numbers in its explanation that can be explained themselves, by name."""
        return {}

    def description(self) -> str:
        """What the number belongs to, such as "example 5"."""
        return ""

    def numbers(self) -> list[tuple[str, float]]:
        """Its name, with what it belongs to, and its value."""
        symbol, owner = self.explain().symbol, self.description()
        name = symbol.name.written() if symbol.name else ""
        return [(f"{name} ({owner})" if owner else name, symbol.value)]


@dataclass(frozen=True)
class ListedNumber(Explainable):
    """One of a list of ``count`` numbers, such as the coefficients of a fit: ``make`` explains the
    number at an index. ``owner`` is its description. ``follow`` explains the numbers that occur in
    the explanation, by their names; it returns None for those that have no explanation."""

    make: Callable[[int], Explanation]
    count: int = 1
    index: int = 0
    owner: str = ""
    follow: Callable[[Name], Callable[[], Explanation] | None] | None = None

    def explain(self) -> Explanation:
        return self.make(self.index)

    def position(self) -> tuple[int, int]:
        return self.index, self.count

    def next_in_list(self, by: int) -> ListedNumber:
        return replace(self, index=min(max(self.index + by, 0), self.count - 1))

    def operands(self, explanation: Explanation) -> dict[Name, Explainable]:
        """The numbers in its explanation that ``follow`` explains."""
        from engine.explain import symbols

        if self.follow is None:
            return {}
        definitions = explanation.definitions[::-1]
        names = [s.name for d in definitions for s in symbols(d.expression) if s.name]
        found: dict[Name, Explainable] = {}
        for name in dict.fromkeys(names):
            if operand := self.follow(name):
                found[name] = replace(self, make=partial(_only, operand), count=1, index=0)
        return found

    def description(self) -> str:
        return self.owner


@dataclass(frozen=True)
class JoinedNumbers(Explainable):
    """Lists of numbers, one after the other, as one list."""

    parts: tuple[ListedNumber, ...]
    index: int = 0

    def explain(self) -> Explanation:
        return self._here.explain()

    def position(self) -> tuple[int, int]:
        return self.index, sum(part.count for part in self.parts)

    def next_in_list(self, by: int) -> JoinedNumbers:
        last = self.position()[1] - 1
        return replace(self, index=min(max(self.index + by, 0), last))

    def operands(self, explanation: Explanation) -> dict[Name, Explainable]:
        return self._here.operands(explanation)

    def description(self) -> str:
        return self._here.description()

    @property
    def _here(self) -> ListedNumber:
        """The number, as one of its own list."""
        at = self.index
        for part in self.parts:
            if at < part.count:
                return replace(part, index=at)
            at -= part.count
        raise IndexError(self.index)


def _only(explain: Callable[[], Explanation], index: int) -> Explanation:
    """The explanation of the one number of a list."""
    return explain()


def refuse_diverged(divergence: Divergence | None) -> None:
    """EngineError after a divergence, when the numbers are not finite."""
    if divergence:
        raise EngineError(f"{divergence}: go back to ask where a number comes from")


def standardised_note(data: Dataset) -> str:
    """The end of a description where the network's units differ from the data's own, else ""."""
    scales = data.x_scale, data.y_scale
    scaled = any((scale.mean != 0.0).any() or (scale.sd != 1.0).any() for scale in scales)
    return " · standardised" if scaled else ""
