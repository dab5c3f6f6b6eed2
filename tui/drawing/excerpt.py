"""As much of a text as there is room for."""

from collections.abc import Iterable

from tui.drawing.grid import cut
from tui.drawing.text_lines import Line, Span, width_of, words

MORE = "…"


def excerpt(texts: Iterable[str], ink: int, width: int, most: int) -> list[Line]:
    """Texts broken into at most so many lines, each text on lines of its own; a last ``…``
    stands for what is left out."""
    lines = [line for text in texts for line in words(text, ink, width)]
    if len(lines) > most > 0:
        last = lines[most - 1]
        if width_of(last) + 2 > width:
            text = "".join(span.text for span in last)[: width - 1]
            kept = text[: text.rfind(" ")] if " " in text else cut(text, width - 2).rstrip(MORE)
            last = [Span(kept.rstrip(), ink)]
        lines[most - 1] = [*last, Span(f" {MORE}", ink)]
    return lines[:most]
