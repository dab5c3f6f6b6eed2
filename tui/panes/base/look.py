"""Look: how the app draws, by its theme and its terminal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.drawing.canvas import needs_signs
from tui.drawing.glyphs import LEVEL_SIGNS, UNICODE, Glyphs, IdsAsKeys
from tui.drawing.palette import DARK, Palette


@dataclass(frozen=True)
class Look:
    """How to draw: colours, characters, and whether colour can be told apart at all."""

    palette: Palette = DARK
    glyphs: Glyphs = UNICODE
    colour: bool = True
    keys: Mapping[str, str] = field(default_factory=IdsAsKeys)  # as shown, by ids of actions

    @property
    def signs(self) -> bool:
        """Whether sign and size need glyphs: see ``Canvas.signs``."""
        return needs_signs(self.palette, self.glyphs, self.colour)

    @property
    def words(self) -> Mapping[str, str]:
        """What − and + look like as colours, on maps and as edges, for texts that explain them."""
        below, small, _, above, large = tuple(LEVEL_SIGNS)
        palette, words = self.palette, dict[str, str]()
        for sign, name, colour, signs, edge in (
            ("−", "negative", palette.negative_name, f"{small} and {below}", "with gaps"),
            ("+", "positive", palette.positive_name, f"{above} and {large}", "without gaps"),
        ):
            colours, has_signs = [colour] * self.colour, self.signs
            words[f"{name}_colour"] = colour if self.colour else sign
            words[f"{name}_fill"] = " with ".join([*colours, *[signs] * has_signs])
            words[f"{name}_edge"] = " ".join([*colours, *[edge] * has_signs])
        return words
