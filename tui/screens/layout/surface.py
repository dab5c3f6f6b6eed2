"""Surface: one pane, over the whole area."""

from __future__ import annotations

from collections.abc import Sequence

from tui.screens.layout.boxes import BOXED, Arrangement, Border, Box, Needs, Size, sixth

PICTURE = "surface"


def picture(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height)


least = picture


def compose(
    width: int, height: int, relief: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    """A pane alone needs no box around it."""
    box = Box(0, 0, width, height)
    columns, rows = relief.columns + border.columns, relief.rows + border.rows
    if border == BOXED or width < columns or height < rows:
        return None
    return Arrangement(border, {PICTURE: box})
