"""Whole numbers with their nouns, and lists, as text: the only place where a plural is made."""

from collections.abc import Sequence


def count(n: int) -> str:
    """n with its thousands set apart: ``3 000``."""
    return f"{n:,}".replace(",", " ").replace("-", "−")


def plural(n: int, noun: str, nouns: str | None = None) -> str:
    """The number and its noun: ``1 row``, ``2 rows``, ``3 000 rows``; ``nouns`` if not noun + s."""
    return f"{count(n)} {noun_for(n, noun, nouns)}"


def noun_for(n: float, noun: str, nouns: str | None = None) -> str:
    """The noun, or verb, that goes with n: ``noun_for(2, "is", "are")``."""
    return noun if n == 1 else nouns or f"{noun}s"


def listed(names: Sequence[str], limit: int) -> str:
    """``a, b``; of more than ``limit`` names the first ones: ``a, b and 3 more``."""
    if len(names) <= limit:
        return ", ".join(names)
    return f"{', '.join(names[: limit - 1])} and {len(names) - limit + 1} more"
