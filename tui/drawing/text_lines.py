"""Lines of text in several inks: composed, wrapped to a width, truncated and drawn."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting, most_cells
from tui.drawing.grid import cut
from tui.drawing.numbers import CELLS, TOO_LARGE, WIDE, num
from tui.drawing.palette import Palette

DOT = " · "  # between the parts of a title
TITLE_ENDS = 4  # cells of the content's width that a title leaves free
MANY = 1000

MORE = "…"
_TIE = "\N{NO-BREAK SPACE}"
_CLAUSE_ENDS = re.compile(r"[?!;:](?=\s)|\.(?=\s+[^\sa-z])")  # not at "std. residual"
_BETWEEN_WORDS = re.compile(r"(?<!\d)\s+|\s+(?!%|\d{3}(?!\d))")


@dataclass(frozen=True)
class Span:
    """A piece of a line in one ink."""

    text: str
    ink: int
    bold: bool = False


Line = list[Span]


def width_of(line: Iterable[Span]) -> int:
    """How many cells a line takes."""
    return sum(len(span.text) for span in line)


def most_cells_of(line: Iterable[Span]) -> int:
    """How many cells a line takes at most, in Unicode or ASCII."""
    return sum(most_cells(span.text) for span in line)


def draw_line(canvas: Canvas, y: int, line: Line, x: int = 0) -> None:
    """Write a line from column x on."""
    for span in line:
        canvas.text(x, y, span.text, span.ink, bold=span.bold)
        x += len(canvas.glyphs.text(span.text))  # as it is spelt


def draw_words(canvas: Canvas, text: str, ink: int | None = None, y: int = 0) -> None:
    """Write a text from row y on, wrapped to the canvas."""
    ink = canvas.palette.mid if ink is None else ink
    for row, line in enumerate(words(text, ink, canvas.width), start=y):
        draw_line(canvas, row, line)


def flowed(parts: Sequence[Line], width: int, indent: int = 0, gap: int = 1) -> list[Line]:
    """Parts one after the other with ``gap`` blanks between, wrapped between parts; all lines but
    the first are indented."""
    lines: list[Line] = []
    for part in parts:
        if not lines:
            lines.append([*part])
        elif most_cells_of(lines[-1]) + gap + most_cells_of(part) <= width:
            lines[-1] += [Span(" " * gap, 0), *part]
        else:
            lines.append([Span(" " * indent, 0), *part])
    return lines


def words(text: str, ink: int, width: int) -> list[Line]:
    """A text wrapped into lines; a word longer than a line goes on in the next."""
    room = max(1, width)
    parts = [
        [Span(word[start : start + room], ink)]
        for word in split_words(text)
        for start in range(0, len(word), room)
    ]
    return flowed(parts, width)


def fitting_lines(forms: Iterable[str], ink: int, width: int, rows: int) -> list[Line]:
    """The first of a text's forms, long ones first, that takes at most so many rows; [] if none."""
    wrapped_forms = (words(form, ink, width) for form in forms)
    return next((lines for lines in wrapped_forms if len(lines) <= rows), [])


def split_words(text: str) -> list[str]:
    """The words of a text; a number with its thousands set apart, or with %, is one word."""
    return [word for word in _BETWEEN_WORDS.split(text) if word]


def wrapped(text: str, width: int) -> list[str]:
    """A text wrapped into lines, not inside a number."""
    tied = " ".join(word.replace(" ", _TIE) for word in split_words(text))
    return [line.replace(_TIE, " ") for line in wrap(tied, width)]


def truncated_text(texts: Iterable[str], ink: int, width: int, max_lines: int) -> list[Line]:
    """Texts wrapped into at most so many lines, each text on lines of its own. What does not fit is
    left out by whole clauses; only where not even one fits is it cut, with ``…``."""
    lines: list[Line] = []
    for text in texts:
        room = max_lines - len(lines)
        whole = words(text, ink, width)
        chosen = whole if len(whole) <= room else []
        chosen = chosen or fitting_lines(shorter_forms(text), ink, width, room)
        if not chosen and not lines:
            chosen = _cut_lines(whole, ink, width, max_lines)
        lines += chosen
        if chosen is not whole:
            break
    return lines


def shorter_forms(text: str) -> Iterator[str]:
    """The text, then its beginnings that end with a clause, the longest first: not at
    a comma, behind which a condition may stand."""
    yield text
    for end in reversed([match.start() for match in _CLAUSE_ENDS.finditer(text)]):
        clause = text[: end + 1]
        yield clause if clause[-1] in ".?!" else clause[:-1]


def _cut_lines(lines: list[Line], ink: int, width: int, max_lines: int) -> list[Line]:
    if len(lines) > max_lines > 0:
        last = lines[max_lines - 1]
        if width_of(last) + 2 > width:
            text = "".join(span.text for span in last)[: width - 1]
            kept = text[: text.rfind(" ")] if " " in text else cut(text, width - 2).rstrip(MORE)
            last = [Span(kept.rstrip(), ink)]
        lines[max_lines - 1] = [*last, Span(f" {MORE}", ink)]
    return lines[: max(0, max_lines)]


def number(value: float, palette: Palette, cells: int = CELLS) -> Span:
    """A signed number in 6 cells or more, in the ink of its sign."""
    return Span(num(value).rjust(cells), palette.ink(value))


def terms(
    slopes: Iterable[float],
    offset: float,
    names: Iterable[str],
    palette: Palette,
    gap: str = " ",
) -> list[Line]:
    """+0.951 x₁ +3.682 x₂ +1.725, a part for each term; ``gap`` before the names."""
    products = [
        [wide_number(slope, palette), Span(gap + name, palette.mid)]
        for slope, name in zip(slopes, names, strict=True)
    ]
    return [*products, [wide_number(offset, palette)]]


def wide_number(value: float, palette: Palette) -> Span:
    """A signed number in 6 cells, or in up to 8 if it is too large for four digits in 6."""
    cells = CELLS if abs(value) < TOO_LARGE else WIDE
    return Span(num(value, cells), palette.ink(value))


# titles of panes


def fitting_title(forms: Sequence[str], width: int) -> str:
    """The first of a title's forms that fits to a pane whose content has so many cells (0: not
    known yet); else the last."""
    return first_fitting(forms, width - TITLE_ENDS if width else MANY) or forms[-1]


def whole_parts(title: str, room: int) -> str:
    """As many parts of a title, between dots, as fit; of a first one that is too long the
    beginning."""
    while len(title) > room and DOT in title:
        title = title.rpartition(DOT)[0]
    return cut(title, max(room, 0))


def on_one_line(title: str, subtitle: str, room: int) -> str:
    """The title followed by those parts of the subtitle that fit."""
    for part in filter(None, map(str.strip, subtitle.split(DOT.strip()))):
        if len(title) + len(DOT) + len(part) > room:
            break
        title += DOT + part
    return title
