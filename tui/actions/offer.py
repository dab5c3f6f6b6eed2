"""What the list of keys and the palette offer."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """Something to choose from a list: its ``title``, a ``note`` on what happens, the ``keys`` that
    do it without the list, the ``group`` that it stands in, and what does it."""

    title: str
    note: str
    run: Callable[[], object]
    keys: str = ""
    group: str = ""
