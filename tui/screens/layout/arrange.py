"""The arrangement of a screen's panes in a terminal of any size.

The picture that a screen is about has at least a sixth of the terminal's cells, and never gets
smaller when the terminal gets a column or a row more: its size is decided first, and the other
panes share what is left. A square map that has no room for a sixth, in a very low terminal, takes
all rows. A panel, of the settings or of a lesson, stands beside the panes, or else covers some, but
not the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import NamedTuple

from tui.screens.layout.boxes import (
    BARS,
    BOXED,
    COMPACT,
    Arrangement,
    Border,
    Box,
    Needs,
    Size,
    with_pane,
)


class ScreenLayout(NamedTuple):
    """How a screen is laid out: the pane of its picture, and for a terminal of a size the picture's
    size, the least that it may have beside the settings, and the panes about one of some size."""

    picture_pane: str
    picture: Callable[[int, int, Needs], Size]
    least: Callable[[int, int, Needs], Size]
    compose: Callable[[int, int, Size, Needs, Border, Sequence[str]], Arrangement | None]


@cache
def layout_of(screen: str) -> ScreenLayout:
    """The layout of a screen, from its module here: it is imported when the screen is shown."""
    module = import_module(f"tui.screens.layout.{screen}")
    return ScreenLayout(module.PICTURE, module.picture, module.least, module.compose)


BOXES_FROM = (100, 30)  # columns and rows of the terminal from which on there may be boxes
PANEL = 40, 38  # columns of a panel, in wide terminals and others
WIDE = 100  # columns
PANEL_ROWS = 15  # that it should have at least
LEAST_ROWS = 10  # that it needs at least
NARROW = 30  # columns that it needs at least, over other panes
ALONE = 36  # columns of a picture alone beside it


class Room(NamedTuple):
    """A terminal and what is to be shown on it."""

    width: int
    height: int
    needs: Needs = Needs()
    panel: str = ""  # the id of the panel that is shown, if one is
    zoomed: str = ""  # the pane that fills the area
    recent: tuple[str, ...] = ()  # panes that were focused, the latest last

    @property
    def is_wide(self) -> bool:
        """Whether there may be boxes."""
        return self.width >= BOXES_FROM[0] and self.height >= BOXES_FROM[1]


@lru_cache(maxsize=16)
def arrange(screen: str, room: Room) -> Arrangement:
    """The boxes of a screen's panes, and that of the panel."""
    width = PANEL[room.width < WIDE]
    if room.zoomed:
        return _zoomed(room, width)
    layout, size = layout_of(screen), (room.width, room.height)
    picture = layout.picture(*size, room.needs)
    if room.panel:
        least = layout.least(*size, room.needs)
        for chosen in dict.fromkeys((picture, least)):
            arrangement = _composed(layout, room, room.width - width, chosen)
            if arrangement:
                return with_pane(arrangement, room.panel, _at_right(room, width))
    arrangement = _composed(layout, room, room.width, picture)
    assert arrangement is not None, f"no room on {screen} in {size}"
    shown = room.needs.picture or layout.picture_pane
    return _covered(arrangement, shown, room, width) if room.panel else arrangement


def _composed(layout: ScreenLayout, room: Room, width: int, picture: Size) -> Arrangement | None:
    """The panes about a picture of that size, in boxes if there is room for these."""
    for border in (BOXED, COMPACT) if room.is_wide else (COMPACT,):
        arrangement = layout.compose(
            width, room.height - BARS, picture, room.needs, border, room.recent
        )
        if arrangement:
            return arrangement
    return None


def _at_right(room: Room, width: int) -> Box:
    return Box(room.width - width, 0, width, room.height - BARS)


def _zoomed(room: Room, width: int) -> Arrangement:
    """One pane over the whole area, or beside the panel."""
    border = BOXED if room.is_wide else COMPACT
    body = Box(0, 0, room.width, room.height - BARS)
    if not room.panel:
        return Arrangement(border, {room.zoomed: body})
    if room.width - width >= NARROW:
        pane, panel = body.columns(room.width - width)
    else:
        pane, panel = body.rows(body.height // 2)
    return Arrangement(border, {room.zoomed: pane, room.panel: panel})


def _covered(arrangement: Arrangement, picture: str, room: Room, width: int) -> Arrangement:
    """The arrangement with the panel over panes other than the picture; or the picture alone
    beside it, if these have too few columns."""
    box, height = arrangement.boxes[picture], room.height - BARS
    free = [
        Box(0, 0, box.x, height),
        Box(box.right, 0, room.width - box.right, height),
        Box(0, box.bottom, room.width, height - box.bottom),
        Box(0, 0, room.width, box.y),
    ]
    beside = [part for part in free[:2] if part.width >= NARROW]
    covered = max(beside or free[2:], key=lambda part: part.width * part.height)
    small = covered.width < width or covered.height < LEAST_ROWS
    if small and (room.width - width >= ALONE or covered.height < LEAST_ROWS):
        alone = Arrangement(COMPACT, {picture: Box(0, 0, room.width - width, height)})
        return with_pane(alone, room.panel, _at_right(room, width))
    for other in arrangement.boxes.values():
        # what stands at its top stays in sight, if there is room below it
        above = (other.x, other.y, other.width) == (covered.x, covered.y, covered.width)
        if above and covered.height - other.height >= PANEL_ROWS:
            return with_pane(arrangement, room.panel, covered.rows(other.height)[1])
    return with_pane(arrangement, room.panel, covered)
