"""Boxes of panes, and an arrangement of them on a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

BARS = 3  # rows of the screen's bars: one above the panes, two below


class Box(NamedTuple):
    """A rectangle of cells, from the top left corner of the panes' area."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def columns(self, *widths: int) -> list[Box]:
        """Parts beside each other of these widths, and one of the rest."""
        parts, x = [], self.x
        for width in (*widths, self.width - sum(widths)):
            parts.append(Box(x, self.y, width, self.height))
            x += width
        return parts

    def rows(self, *heights: int) -> list[Box]:
        """Parts below each other of these heights, and one of the rest."""
        parts, y = [], self.y
        for height in (*heights, self.height - sum(heights)):
            parts.append(Box(self.x, y, self.width, height))
            y += height
        return parts


class Border(NamedTuple):
    """What a pane's border, title and padding take of its box."""

    columns: int
    rows: int


BOXED, COMPACT = Border(4, 2), Border(2, 1)  # a box around the pane, or one rule with its title


class Needs(NamedTuple):
    """What the layout has to know of what is shown.

    ``margin``: columns of the labels at the left of a map. ``terms``: of the least-squares fit.
    ``layers`` of the network; ``sizes`` of its layers, the inputs first, and if it has ``bias``.
    ``runs`` that are compared. ``without``: panes that have nothing to show. ``details``: whether
    Explore lists the units of each layer. ``picture``: the pane in place of the screen's usual one.
    """

    margin: int = 3
    terms: int = 3
    layers: int = 1
    runs: int = 2
    without: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    bias: bool = True
    details: bool = True
    picture: str = ""


class Size(NamedTuple):
    """Columns and rows of the picture that a screen is about, without border and labels."""

    columns: int
    rows: int


class Arrangement(NamedTuple):
    """The boxes of the panes by their ids. ``groups``: panes that share one place."""

    border: Border
    boxes: Mapping[str, Box]
    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def boxed(self) -> bool:
        return self.border == BOXED

    def inner(self, pane: str) -> Size:
        """The columns and rows that a pane can draw on."""
        box = self.boxes[pane]
        return Size(box.width - self.border.columns, box.height - self.border.rows)

    def group_of(self, pane: str) -> tuple[str, ...]:
        """The panes that share the place of a pane, itself among them; empty if it has none."""
        groups = (group for group in self.groups if pane in group)
        return next(groups, (pane,) if pane in self.boxes else ())


@dataclass
class ArrangementBuilder:
    """An arrangement in the making, of panes with a certain border."""

    border: Border
    recent: Sequence[str] = ()  # panes that were focused, the latest last
    boxes: dict[str, Box] = field(default_factory=dict)
    groups: list[tuple[str, ...]] = field(default_factory=list)

    def put(self, box: Box, *panes: str) -> None:
        """Give a place to a pane, or to several of which the one focused last is shown."""
        if len(panes) > 1:
            self.groups.append(panes)
        latest = max(panes, key=lambda pane: self._order(pane))
        self.boxes[latest] = box

    def _order(self, pane: str) -> int:
        return self.recent.index(pane) if pane in self.recent else -1

    def done(self) -> Arrangement:
        return Arrangement(self.border, self.boxes, tuple(self.groups))


def sixth(width: int, height: int, share: float = 1 / 2) -> Size:
    """A sixth of the cells of a terminal: a share of its columns, and as many rows as it takes."""
    return Size(ceil(share * width), ceil(height / (6 * share)))


def square_sixth(width: int, height: int) -> int:
    """The rows of the smallest square with a sixth of the cells of a terminal."""
    return square_share(width, height, 6)


def square_share(width: int, height: int, parts: int) -> int:
    """The rows of the smallest square (two columns are as wide as a row is high) with one of so
    many parts of the cells of a terminal."""
    rows = 1
    while 2 * parts * rows * rows < width * height:
        rows += 1
    return rows


def with_pane(arrangement: Arrangement, pane: str, box: Box) -> Arrangement:
    """The arrangement with one pane more, without those that it covers."""
    boxes = {name: b for name, b in arrangement.boxes.items() if not b.overlaps(box)}
    groups = tuple(g for g in arrangement.groups if any(name in boxes for name in g))
    return arrangement._replace(boxes={**boxes, pane: box}, groups=groups)
