"""The arrangement of a screen's panes in a terminal of any size.

The picture that a screen is about has at least a sixth of the terminal's cells, and never gets
smaller when the terminal gets a column or a row more: its size is decided first, and the other
panes share what is left. A square map that has no room for a sixth, in a very low terminal, takes
all rows. The settings panel stands beside the panes, or else covers some, but not the picture.
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
SETTINGS = "settings"
PANEL = 40, 38  # columns of the settings panel, in wide terminals and others
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
    settings: bool = False
    zoomed: str = ""  # the pane that fills the area
    recent: tuple[str, ...] = ()  # panes that were focused, the latest last

    @property
    def is_wide(self) -> bool:
        """Whether there may be boxes."""
        return self.width >= BOXES_FROM[0] and self.height >= BOXES_FROM[1]


@lru_cache(maxsize=16)
def arrange(screen: str, room: Room) -> Arrangement:
    """The boxes of a screen's panes, and that of the settings panel."""
    panel = PANEL[room.width < WIDE]
    if room.zoomed:
        return _zoomed(room, panel)
    layout, size = layout_of(screen), (room.width, room.height)
    picture = layout.picture(*size, room.needs)
    if room.settings:
        least = layout.least(*size, room.needs)
        for chosen in dict.fromkeys((picture, least)):
            arrangement = _composed(layout, room, room.width - panel, chosen)
            if arrangement:
                return with_pane(arrangement, SETTINGS, _at_right(room, panel))
    arrangement = _composed(layout, room, room.width, picture)
    assert arrangement is not None, f"no room on {screen} in {size}"
    shown = room.needs.picture or layout.picture_pane
    return _covered(arrangement, shown, room, panel) if room.settings else arrangement


def _composed(layout: ScreenLayout, room: Room, width: int, picture: Size) -> Arrangement | None:
    """The panes about a picture of that size, in boxes if there is room for these."""
    for border in (BOXED, COMPACT) if room.is_wide else (COMPACT,):
        arrangement = layout.compose(
            width, room.height - BARS, picture, room.needs, border, room.recent
        )
        if arrangement:
            return arrangement
    return None


def _at_right(room: Room, panel: int) -> Box:
    return Box(room.width - panel, 0, panel, room.height - BARS)


def _zoomed(room: Room, panel: int) -> Arrangement:
    """One pane over the whole area, or beside the settings."""
    border = BOXED if room.is_wide else COMPACT
    body = Box(0, 0, room.width, room.height - BARS)
    if not room.settings:
        return Arrangement(border, {room.zoomed: body})
    if room.width - panel >= NARROW:
        pane, settings = body.columns(room.width - panel)
    else:
        pane, settings = body.rows(body.height // 2)
    return Arrangement(border, {room.zoomed: pane, SETTINGS: settings})


def _covered(arrangement: Arrangement, picture: str, room: Room, panel: int) -> Arrangement:
    """The arrangement with the settings over panes other than the picture; or the picture alone
    beside them, if these have too few columns."""
    box, height = arrangement.boxes[picture], room.height - BARS
    free = [
        Box(0, 0, box.x, height),
        Box(box.right, 0, room.width - box.right, height),
        Box(0, box.bottom, room.width, height - box.bottom),
        Box(0, 0, room.width, box.y),
    ]
    beside = [part for part in free[:2] if part.width >= NARROW]
    covered = max(beside or free[2:], key=lambda part: part.width * part.height)
    small = covered.width < panel or covered.height < LEAST_ROWS
    if small and (room.width - panel >= ALONE or covered.height < LEAST_ROWS):
        alone = Arrangement(COMPACT, {picture: Box(0, 0, room.width - panel, height)})
        return with_pane(alone, SETTINGS, _at_right(room, panel))
    for other in arrangement.boxes.values():
        # what stands at its top stays in sight, if there is room below it
        above = (other.x, other.y, other.width) == (covered.x, covered.y, covered.width)
        if above and covered.height - other.height >= PANEL_ROWS:
            return with_pane(arrangement, SETTINGS, covered.rows(other.height)[1])
    return with_pane(arrangement, SETTINGS, covered)
