"""Only the cells that changed are sent to the terminal: over SSH a frame is then small.

Textual sends the rows of a widget whole, each cell with its full colours. Here the sequences are
read as a terminal reads them (ECMA-48), and compared with what the terminal shows already.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

# move to a row and column (where a line ends, a move follows), set a style, begin and end a frame
# or show and hide the cursor, text
TOKENS = re.compile(
    r"(?:\r?\n)?\x1b\[(?P<place>\d+;\d+)H|\x1b\[(?P<style>[\d;]*)m"
    r"|(?P<mode>\x1b\[\?(?:25|2026)[hl])|(?P<text>[^\x00-\x1f\x7f]+)"
)
RESET = "0"
HALF = "▀"  # of one colour it is a blank


class Style(NamedTuple):
    """The parameters of a style: attributes such as bold, the ink and the ground."""

    attributes: frozenset[str]
    ink: str
    ground: str

    @property
    def is_one_colour(self) -> bool:
        """Whether ink and ground are the same: 38;2;1;2;3 and 48;2;1;2;3, or 31 and 41."""
        is_named = self.ink[0] == "3" and self.ink != PLAIN.ink
        return is_named and self.ground == f"4{self.ink[1:]}"


PLAIN = Style(frozenset(), "39", "49")
Cell = tuple[str, Style]
END = ("", PLAIN)  # the second cell of a character of a wide script


class ChangedCells:
    """What a terminal shows, as far as it is known."""

    def __init__(self) -> None:
        self.sent = 0  # characters that were sent to it so far
        self.forget()

    def forget(self) -> None:
        """Know nothing of the terminal: it was resized, or another program has written to it."""
        self._rows: dict[int, dict[int, Cell]] = {}
        self._place: tuple[int, int] | None = None  # row and column of the terminal's cursor
        self._style: Style | None = None  # in force in the terminal

    def shortened(self, data: str) -> str:
        """Sequences that show the same as ``data``, and leave the cursor in the same place.

        Both begin and end in the plain style. From the first sequence on that is none of those
        of a frame, the rest is kept as it is.
        """
        output: list[str] = []
        at, row, column, style = 0, 0, 0, PLAIN  # row 0: not known
        while at < len(data):
            token = TOKENS.match(data, at)
            kind = token.lastgroup if token else None
            if token is None or (kind == "text" and not row):
                output += [self._move(row, column), _change(self._style, style), data[at:]]
                self.forget()
                return "".join(output)
            at, text = token.end(), token[0]
            if kind == "place":
                row, column = map(int, token["place"].split(";"))
            elif kind == "style":
                style = _style(token["style"], style)
            elif kind == "mode":
                output.append(text)
            else:
                column = self._write(output, row, column, text, style)
        output.append(self._move(row, column))
        shorter = "".join(output)
        self.sent += len(shorter)
        return shorter

    def _move(self, row: int, column: int) -> str:
        """The sequence that moves the cursor there from where it is; row 0 is not known."""
        if row == 0 or self._place == (row, column):
            return ""
        is_in_row = self._place is not None and self._place[0] == row
        self._place = row, column
        return f"\x1b[{column}G" if is_in_row else f"\x1b[{row};{column}H"

    def _write(self, output: list[str], row: int, column: int, text: str, style: Style) -> int:
        """Append what is needed to show a text; returns the column after it."""
        cells = self._rows.setdefault(row, {})
        if HALF in text and style.is_one_colour:
            text = text.replace(HALF, " ")
        blank = _seen(style)
        for character, width in _characters(text):
            cell = character, blank if character == " " else style
            before = cells.get(column)
            if before != cell:
                output.append(self._move(row, column))
                change, self._style = _change_for(character == " ", self._style, cell[1])
                output += [change, character]
                # of other characters terminals disagree where the next one stands
                is_simple = width == len(character) == 1
                self._place = (row, column + 1) if is_simple else None
                if before == END:
                    cells.pop(column - 1, None)  # the terminal has cut that character
                cells[column] = cell
                if width == 2:
                    cells[column + 1] = END
                if cells.get(column + width) == END:
                    cells.pop(column + width)
            column += width
        return column


@lru_cache(maxsize=1 << 12)
def _characters(text: str) -> tuple[tuple[str, int], ...]:
    """The characters of a text, each with those that are joined to it, and their cells."""
    if text.isascii():
        return tuple((character, 1) for character in text)
    joined: list[tuple[str, int]] = []
    for character in text:
        width = cell_len(character)
        if width == 0 and joined:
            before, cells = joined.pop()
            joined.append((before + character, cells))
        else:
            joined.append((character, width))
    return tuple(joined)


@lru_cache(maxsize=1 << 12)
def _seen(style: Style) -> Style:
    """What is seen of the style of a blank: not its ink, unless that draws a line, say."""
    return style if style.attributes else style._replace(ink=PLAIN.ink)


@lru_cache(maxsize=1 << 14)
def _style(parameters: str, before: Style) -> Style:
    """The style after a sequence with these parameters."""
    attributes, ink, ground = before.attributes, before.ink, before.ground
    numbers = iter((parameters or RESET).split(";"))
    for number in numbers:
        if number in ("38", "48"):
            kind = next(numbers, "")
            rest = [next(numbers, "") for _ in range(3 if kind == "2" else 1)]
            colour = ";".join([number, kind, *rest])
            ink, ground = (colour, ground) if number == "38" else (ink, colour)
        elif number in ("", RESET):
            attributes, ink, ground = PLAIN.attributes, PLAIN.ink, PLAIN.ground
        elif number[0] in "39" and len(number) == 2:
            ink = number
        elif (number[0] == "4" and len(number) == 2) or number[:2] == "10":
            ground = number
        else:
            attributes |= {number}
    return Style(attributes, ink, ground)


@lru_cache(maxsize=1 << 14)
def _change_for(is_blank: bool, before: Style | None, after: Style) -> tuple[str, Style]:
    """The sequence to the style of a cell, and the style then in force: a blank needs no ink."""
    if is_blank and before and not (after.attributes or before.attributes):
        after = after._replace(ink=before.ink)
    return _change(before, after), after


@lru_cache(maxsize=1 << 14)
def _change(before: Style | None, after: Style) -> str:
    """The sequence from one style to another; before None: from any."""
    if after == before:
        return ""
    if before is None or before.attributes - after.attributes:
        parameters = [RESET]
        before = PLAIN
    else:
        parameters = []
    parameters += sorted(after.attributes - before.attributes)
    parameters += [after.ink] * (after.ink != before.ink)
    parameters += [after.ground] * (after.ground != before.ground)
    return f"\x1b[{';'.join(parameters)}m"
