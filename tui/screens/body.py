"""The area of a screen's panes: places them in the boxes of an arrangement."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from tui.screens.layout.boxes import BARS, Arrangement


class BoxLayout(Layout):
    """Children in the boxes that a function of the terminal's size gives them by their ids."""

    name = "boxes"

    def __init__(self, arrangement: Callable[[int, int], Arrangement]) -> None:
        self._arrangement = arrangement

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        boxes = self._arrangement(size.width, size.height + BARS).boxes
        return [
            WidgetPlacement(Region(b.x, b.y, b.width, b.height), NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if (b := boxes.get(child.id or "")) is not None
        ]


class Body(Widget):
    """All panes of a screen."""

    def __init__(self, *panes: Widget, arrangement: Callable[[int, int], Arrangement]) -> None:
        super().__init__(*panes, id="body")
        self._boxes = BoxLayout(arrangement)

    @property
    def layout(self) -> Layout:
        return self._boxes

    def place_again(self) -> None:
        """Ask for the boxes anew: a widget's own ``refresh`` keeps where its children are."""
        for child in self.children:
            child.refresh(layout=True)
