"""The confusion matrix as a picture: shares are shades, and every count is readable."""

import numpy as np
import pytest
from rich.color import Color

from tui.dialogs.confusion import ConfusionMatrix, confusion_canvas
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, padded
from tui.drawing.colours.oklab import contrast
from tui.drawing.glyphs import ASCII
from tui.drawing.palette import DARK, LIGHT, Palette
from tui.panes.base.look import Look


def drawn(
    matrix: ConfusionMatrix, look: Look | None = None, size: tuple[int, int] = (70, 20)
) -> Canvas:
    return confusion_canvas([matrix], look or Look(), *size)


def packed(colour: Color) -> int:
    red, green, blue = colour.get_truecolor()
    return red << 16 | green << 8 | blue


NAMES = ("面积", "b", "c")
SHARES = ConfusionMatrix(
    "", np.array([[10, 0, 0], [5, 4, 1], [0, 7, 3]]), tuple(map(padded, NAMES))
)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_a_cell_of_the_confusion_is_brighter_the_larger_its_share_and_its_count_is_readable(
    palette: Palette,
) -> None:
    canvas = drawn(SHARES, Look(palette))
    digits = np.char.isdigit(canvas.chars)
    for style in (
        piece.style for strip in canvas.strips() for piece in strip if piece.text.strip()
    ):
        ink, ground = (packed(colour) for colour in (style.color, style.bgcolor))
        assert contrast(ink, ground) >= 4.5
    away = {}  # from the ground of the sheet, by share
    for i, row in enumerate(SHARES.shares):
        (y,) = (
            y for y, line in enumerate(canvas.text_lines()) if line.startswith(f"is {NAMES[i]}")
        )
        columns = np.flatnonzero(digits[y])
        starts = columns[np.diff(columns, prepend=-9) > 1]
        for share, x in zip(row.tolist(), starts, strict=True):
            away[share] = float(contrast(canvas.ground[y, x], palette.bg))
    assert [*dict(sorted(away.items())).values()] == sorted(away.values())
    assert len({*away.values()}) == len(away) == 7


def test_without_colour_and_in_ascii_the_counts_are_there() -> None:
    for look in (Look(colour=False), Look(glyphs=ASCII)):
        canvas = drawn(SHARES, look)
        counts = [line.split()[2:] for line in canvas.text_lines() if line.startswith("is ")]
        assert counts == [["10", "0", "0"], ["5", "4", "1"], ["0", "7", "3"]]
    assert {*drawn(SHARES, Look(colour=False)).ground.ravel().tolist()} == {DARK.bg}


@pytest.mark.parametrize("width", [12, 18, 30, 70])
def test_where_a_matrix_does_not_fit_the_mistakes_are_listed(width: int) -> None:
    lines = drawn(SHARES, size=(width, 9)).text_lines()
    assert all(cell_count(line) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    if width < 20:
        assert "7 of c taken for b 5 of b taken for 面积 1 of b taken for c" in text
    else:
        assert "taken for" in text and "is 面积" in text
