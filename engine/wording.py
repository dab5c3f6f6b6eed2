"""Whole numbers and their nouns as text: the only place where a plural is made."""


def count(n: int) -> str:
    """n with its thousands set apart: ``3 000``."""
    return f"{n:,}".replace(",", " ").replace("-", "−")


def plural(n: int, noun: str, nouns: str | None = None) -> str:
    """The number and its noun: ``1 row``, ``2 rows``, ``3 000 rows``; ``nouns`` if not noun + s."""
    return f"{count(n)} {noun_for(n, noun, nouns)}"


def noun_for(n: float, noun: str, nouns: str | None = None) -> str:
    """The noun, or verb, that goes with n: ``noun_for(2, "is", "are")``."""
    return noun if n == 1 else nouns or f"{noun}s"
