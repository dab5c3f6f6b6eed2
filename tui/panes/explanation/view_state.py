"""Reading: what of an explanation is to be seen, and which of its quantities is chosen."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.notation import Name


@dataclass(frozen=True)
class Reading:
    """``hidden``: the result waits for a guess. ``known``: the entries (row, column) that do not
    wait, of the matrices that the micro-step works out (None: all). ``chosen``: what a key leads
    to."""

    hidden: bool = False
    known: Collection[tuple[int, int]] | None = None
    chosen: Name | None = None


OPEN = Reading()
"""All is to be seen."""
