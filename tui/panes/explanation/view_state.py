"""ViewState: which numbers of an explanation are visible, and which quantity is chosen."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.notation import Name


@dataclass(frozen=True)
class ViewState:
    """``hidden``: the result is hidden until the user guesses it. ``revealed``: the entries (row,
    column) that are visible, of the matrices that the micro-step computes (None: all). ``chosen``:
    the quantity that a key explains next. ``steady``: numbers keep their usual digits, as they
    should while they change, even if it takes more to make the result."""

    hidden: bool = False
    revealed: Collection[tuple[int, int]] | None = None
    chosen: Name | None = None
    steady: bool = False


ALL_VISIBLE = ViewState()
