"""What stands below a dialog, dimmed."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.css.styles import RulesMap
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class DimmedScreen(Visual):
    """A screen with a colour over it, as ``BackgroundScreen`` of Textual draws it.

    That one blends the colours of every segment; here each style is blended once.
    """

    def __init__(self, screen: Screen[object], colour: Color) -> None:
        self._screen, self._colour = screen, colour

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        ground = style.rich_style
        return [
            Strip(
                [Segment(text, _dimmed(ground, ink, self._colour)) for text, ink, _ in strip],
                strip.cell_length,
            ).crop(0, width)
            for strip in self._screen._compositor.render_strips()[:height]
        ]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._screen.size.height


@lru_cache(4096)
def _dimmed(ground: RichStyle, style: RichStyle | None, colour: Color) -> RichStyle | None:
    """The style of a segment below the colour."""
    (segment,) = BackgroundScreen.process_segments([Segment("", style)], colour)
    return ground + segment.style
