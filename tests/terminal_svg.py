"""Cells of a screen as a small SVG: one picture, or a film whose frames replace only what differs.

A film is moved by CSS alone. Where that is not supported, or the reader has asked for less motion,
its last frame stands still.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_letters
from typing import TypeVar
from xml.sax.saxutils import escape

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region

from tui.session_app import SessionApp

CELL = 10  # pixels: a cell is so wide, and twice as high
FONT_SIZE = 16.6  # at which a letter of most monospaced fonts is a cell wide
BASELINE = 15  # of a letter, from the top of its cell
MARGIN = 8  # pixels around the cells
FONT = "Fira Code,DejaVu Sans Mono,Menlo,Consolas,monospace"
BLOCKS = {  # of a cell of 1 by 2: from, to, the middle of a bar, and how thick it is
    "█": (0, 1, 1, 2), "▀": (0, 1, 0.5, 1), "▄": (0, 1, 1.5, 1), "▌": (0, 0.5, 1, 2),
    "▐": (0.5, 1, 1, 2), "━": (0, 1, 1, 0.3), "╸": (0, 0.5, 1, 0.3), "╺": (0.5, 1, 1, 0.3),
    "┄": (0.2, 0.8, 1, 0.1), "─": (0, 1, 1, 0.1),
}  # fmt: skip
LINES = {  # from the middle of the cell to its sides
    "│": "tb", "┌": "rb", "┐": "lb", "└": "rt", "┘": "lt", "├": "rtb", "┤": "ltb",
    "┬": "lrb", "┴": "lrt", "┼": "lrtb",
}  # fmt: skip
SIDES = {"l": "h-.5", "r": "h.5", "t": "v-1", "b": "v1"}


@dataclass(frozen=True)
class Cell:
    """A character and its colours."""

    text: str
    ink: str
    ground: str
    bold: bool = False


T = TypeVar("T")
Place = tuple[int, int]  # column and row
Cells = Mapping[Place, Cell]


@dataclass(frozen=True)
class Frame:
    """The cells of a moment, and for how many seconds they are shown. All of them are drawn if it
    ``is_new``, as another screen is: then nothing of the frames before shows at the edges."""

    cells: Cells
    seconds: float
    is_new: bool = False


def cells_of(app: SessionApp, region: Region | None = None) -> dict[Place, Cell]:
    """The cells of the app's screen, or of a region of it, which begins at (0, 0)."""
    region = region or app.size.region
    palette = app.look.palette
    hi, bg = (f"#{colour:06x}" for colour in (palette.hi, palette.bg))
    found = {}
    for y, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        x = 0
        for segment in strip:
            style = segment.style or Style()
            ink = style.color.get_truecolor().hex if style.color else hi
            ground = style.bgcolor.get_truecolor().hex if style.bgcolor else bg
            if style.reverse:
                ink, ground = ground, ink
            for character in segment.text:
                if region.contains(x, y):
                    cell = Cell(character, ink, ground, bool(style.bold))
                    found[x - region.x, y - region.y] = cell
                x += cell_len(character)
    return found


def svg(frames: Sequence[Frame], title: str) -> str:
    """The picture of one frame, or the film of several, without end."""
    columns, rows = (1 + max(place[axis] for place in frames[0].cells) for axis in (0, 1))
    width, height = columns * CELL + 2 * MARGIN, rows * 2 * CELL + 2 * MARGIN
    ground = frames[0].cells[0, 0].ground
    classes: dict[str, str] = {}
    total = sum(frame.seconds for frame in frames)
    rules, groups, start = [], [], 0.0
    before: Cells = {}
    for i, frame in enumerate(frames):
        changed = {at: cell for at, cell in frame.cells.items() if before.get(at) != cell}
        if frame.is_new:
            changed = dict(frame.cells)
        moving = f' style="animation:f{i} {total:g}s infinite step-end"' if i else ""
        groups.append(f"<g{moving}>{_drawn(changed, classes)}</g>")
        if i:
            shown = f"{100.0 * start / total:.2f}%{{opacity:1}}"
            rules.append(f"@keyframes f{i}{{0%{{opacity:0}}{shown}}}")
        start, before = start + frame.seconds, frame.cells
    rules += [f".{name}{{fill:{ink};stroke:{ink}}}" for ink, name in classes.items()]
    font = f"font:{FONT_SIZE}px {FONT};white-space:pre"
    still = "@media (prefers-reduced-motion:reduce){g{animation:none!important}}"
    style = f"text{{{font};stroke:none}}path{{fill:none!important}}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img"><title>{escape(title)}</title>'
        f"<style>{style}.bold{{font-weight:bold}}{''.join(rules)}{still}</style>"
        f'<rect width="{width}" height="{height}" rx="8" fill="{ground}"/>'
        f'<g transform="translate({MARGIN} {MARGIN})">{"".join(groups)}</g></svg>\n'
    )


def _drawn(cells: Cells, classes: dict[str, str]) -> str:
    """The cells as bars and texts, those of a colour together."""
    bars: dict[float, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))  # by thickness
    texts: dict[tuple[str, bool], list[str]] = defaultdict(list)  # by colour, and whether bold
    for y, row in groupby(sorted(cells, key=lambda at: at[::-1]), key=lambda at: at[1]):
        line = {x: cells[x, y] for x, _ in row}
        for ground, run in _runs(line, lambda cell: cell.ground):
            bars[2][ground].append(f"M{run[0]} {2 * y + 1}h{len(run)}")
        for (character, ink), run in _runs(line, lambda cell: (cell.text, cell.ink)):
            if character in BLOCKS:
                start, stop, middle, thickness = BLOCKS[character]
                whole, length = stop - start == 1, stop - start
                for x, n in [(run[0], len(run))] if whole else [(x, length) for x in run]:
                    shape = f"M{x + start:g} {2 * y + middle:g}h{n:g}"
                    bars[thickness][ink].append(shape)
            elif character in LINES:
                bars[0.1][ink] += [_line(character, x, y) for x in run]
        for (kind, ink, bold), run in _runs(line, _kind):
            if kind:
                text = "".join(line[x].text for x in run)
                texts[ink, bold].append(_text(text, run[0], y))
    paths = []
    for thickness in sorted(bars, reverse=True):  # the grounds first
        paths.append(f'<g stroke-width="{thickness:g}">')
        for ink, shape in bars[thickness].items():
            paths.append(f'<path class="{_class(ink, classes)}" d="{"".join(shape)}"/>')
        paths.append("</g>")
    words = (
        f'<g class="{_class(ink, classes)}{" bold" if bold else ""}">{"".join(text)}</g>'
        for (ink, bold), text in texts.items()
    )
    return f'<g transform="scale({CELL})">{"".join(paths)}</g>{"".join(words)}'


def _kind(cell: Cell) -> tuple[str, str, bool]:
    """Which text a cell belongs to: in one run a font draws all letters, or all braille dots; ""
    for a cell without letters."""
    if cell.text.isspace() or cell.text in BLOCKS or cell.text in LINES:
        return "", "", False
    kind = "braille" if "\u2800" <= cell.text <= "\u28ff" else "letters"
    return kind, cell.ink, cell.bold


def _line(character: str, x: int, y: int) -> str:
    middle = f"M{x + 0.5:g} {2 * y + 1}"
    return "".join(f"{middle}{SIDES[side]}" for side in LINES[character])


def _text(text: str, x: int, y: int) -> str:
    """A run of characters, as wide as its cells whatever the font."""
    length = f' textLength="{len(text) * CELL}"' if len(text) > 1 else ""
    return f'<text x="{x * CELL}" y="{2 * y * CELL + BASELINE}"{length}>{escape(text)}</text>'


def _runs(line: Mapping[int, Cell], key: Callable[[Cell], T]) -> list[tuple[T, list[int]]]:
    """Neighbouring columns of a row whose cells have the same key."""
    runs: list[tuple[T, list[int]]] = []
    for x, cell in line.items():
        this = key(cell)
        if runs and runs[-1][0] == this and runs[-1][1][-1] == x - 1:
            runs[-1][1].append(x)
        else:
            runs.append((this, [x]))
    return runs


def _class(ink: str, classes: dict[str, str]) -> str:
    """The name of a colour: a letter and digits."""
    n = len(classes)
    return classes.setdefault(ink, ascii_letters[n % 52] + str(n // 52))
