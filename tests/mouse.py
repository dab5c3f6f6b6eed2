"""The mouse as a terminal sends it, at cells of the screen, and what those cells show."""

from collections.abc import Iterator
from dataclasses import dataclass

from screen import settled
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from tui.app import NNExplore

Cell = tuple[int, int]  # x, y


def send(app: NNExplore, kind: type[events.MouseEvent], cell: Cell) -> None:
    """One event at a cell of the screen; Textual finds out which widget's it is."""
    app.post_message(kind(None, *cell, 0, 0, 1, False, False, False, *cell))


async def click(app: NNExplore, pilot: Pilot, cell: Cell) -> None:
    """Press the button there and let it go: Textual makes a click of it."""
    await drag(app, pilot, cell)


async def drag(app: NNExplore, pilot: Pilot, start: Cell, *over: Cell) -> None:
    """Press the button at a cell, move over others, and let it go at the last one."""
    send(app, events.MouseDown, start)
    for cell in over:
        await settled(pilot)
        send(app, events.MouseMove, cell)
    await settled(pilot)
    send(app, events.MouseUp, (start, *over)[-1])
    await settled(pilot)


async def wheel(app: NNExplore, pilot: Pilot, widget: Widget, by: int) -> None:
    """Turn the wheel by one notch over the middle of a widget: down for by > 0."""
    width, height = widget.content_size
    kind = events.MouseScrollDown if by > 0 else events.MouseScrollUp
    send(app, kind, at(widget, width // 2, height // 2))
    await settled(pilot)


def at(widget: Widget, x: int, y: int) -> Cell:
    """Where on the screen a cell of what a widget draws is."""
    left, top = widget.content_region.offset
    return left + x, top + y


def around(widget: Widget) -> Iterator[Cell]:
    """Cells of the screen on a widget's title, and left of what it draws."""
    inner = widget.content_region
    yield widget.region.x + 4, widget.region.y
    yield inner.x - 1, inner.y + 1


@dataclass(frozen=True)
class Row:
    """A row of what a widget draws, as the screen shows it; ``lit``: on the ground of what is
    selected, in its first cell."""

    text: str
    lit: bool


def rows(app: NNExplore, widget: Widget) -> list[Row]:
    """The rows of what a widget draws."""
    region, found = widget.content_region, []
    for strip in app.screen._compositor.render_strips(app.size)[region.y : region.bottom]:
        row = strip.crop(region.x, region.right)
        ground = next(s.style.bgcolor for s in row if s.style is not None)
        assert ground is not None and ground.triplet is not None
        found.append(Row(row.text, int(ground.triplet.hex[1:], 16) == app.look.palette.sel))
    return found


def lines(app: NNExplore, widget: Widget) -> list[str]:
    """Their texts."""
    return [row.text for row in rows(app, widget)]
